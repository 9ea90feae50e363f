"""Tables that only the database has, taken into models that are reflected from it.

An automap base and a reflected MetaData stand for whatever the database has, so a table that
a migration creates belongs to them without a restart. Declared models are left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import MetaData

from ..ledger import OWN_TABLES

log = logging.getLogger("alembic_guard.live")

_NOT_THEIRS = frozenset({*OWN_TABLES, "alembic_version"})


def adopt_new_tables(
    connection: sa.Connection,
    automaps: Collection[Any],
    reflected: Collection[MetaData],
    ignored: Collection[str] = (),
) -> list[str]:
    """Reflect, and for automap bases map, what the database has and the models lack.

    :param automaps: bases made by `automap_base`, prepared at least once.
    :param reflected: MetaData that shall have every table of its schema.
    :param ignored: names of tables the models have under another name.
    :returns: the names of the tables that are new to a model.
    """
    if not automaps and not reflected:
        return []
    inspector = sa.inspect(connection)
    adopted: list[str] = []
    for base in automaps:
        names = _missing(inspector, base.metadata, ignored)
        if names and _is_prepared(base):
            base.prepare(autoload_with=connection, reflection_options={"only": names})
            adopted += names
    for metadata in reflected:
        names = _missing(inspector, metadata, ignored)
        if names:
            metadata.reflect(connection, only=names)
            adopted += names
    if adopted:
        log.info("new tables were taken into the models: %s", ", ".join(adopted))
    return adopted


def _missing(inspector: sa.Inspector, metadata: MetaData, ignored: Collection[str]) -> list[str]:
    known = {table.name for table in metadata.tables.values() if table.schema == metadata.schema}
    found = inspector.get_table_names(schema=metadata.schema)
    return sorted({*found} - known - _NOT_THEIRS - {*ignored})


def _is_prepared(base: Any) -> bool:
    """Whether the program has reflected this base, and not only declared classes on it."""
    return bool(len(base.classes))
