"""Look at a planned migration: names it would bring in, columns it would lose."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.util import PriorityDispatchResult
from sqlalchemy import Column, MetaData, Table

from ..errors import ReservedNames
from ..facts import Finding, Location
from ..settings import Settings
from ..usage import UsageError
from .identifiers import identifier_hazards
from .mapping import lost_columns, mappers_of
from .names import Hazard, Vocabulary, attribute_hazards, hazards, normalise_database
from .suggest import suggest_names

log = logging.getLogger(__name__)

POLICIES = ("error", "warn", "rename", "ignore")


@dataclass(frozen=True)
class _Planned:
    """A table or column a migration is about to create."""

    table: str
    name: str
    place: str
    operation: Any
    taken: tuple[str, ...] = ()
    attribute: str | None = None
    owner: str = ""


def spot_reserved(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Any
) -> PriorityDispatchResult:
    """Report reserved names among planned tables and columns; refuse to drop a lost column.

    :raises ReservedNames: a planned DROP is of a column a mixin declares and SQLAlchemy did
        not map, or a new name's policy is ``error``.
    """
    settings = _settings(autogen_context)
    refuse_lost_drops(autogen_context, upgrade_ops)
    refused = []
    for planned in _new_names(autogen_context, upgrade_ops):
        found = _hazards_of(planned, _vocabulary(autogen_context, settings))
        policy = _policy(planned, settings)
        if not found or policy == "ignore":
            continue
        new = next(iter(suggest_names(planned.name, planned.table, planned.taken)), None)
        finding = _finding(planned, found[0], new)
        if policy == "error" and finding.severity != "note":
            refused.append(finding)
        elif policy == "rename" and finding.severity != "note" and new is not None:
            _rename(planned, new)
            log.warning("%s Planned as %r; let the model follow. %s",
                        finding.message, new, finding.help)  # fmt: skip
        else:
            level = logging.INFO if finding.severity == "note" else logging.WARNING
            log.log(level, "%s: %s %s", finding.code, finding.message, finding.help)
    if refused:
        intro = "Reserved names are about to enter the schema; nothing was written."
        raise ReservedNames(refused, intro=intro)
    return PriorityDispatchResult.CONTINUE


def _settings(autogen_context: AutogenContext) -> Settings:
    given = autogen_context.opts.get("alembic_guard")
    return given if isinstance(given, Settings) else Settings()


def _policy(planned: _Planned, settings: Settings) -> str:
    """The policy of this table's column, else of the name anywhere, else the general one."""
    keys = (f"{planned.table}.{planned.name}", planned.name)
    policies = {key.lower(): value for key, value in settings.reserved_policy.items()}
    for key in keys:
        policy = policies.get(key.lower())
        if policy is not None:
            if policy not in POLICIES:
                raise UsageError(
                    f"{settings.source}: reserved_policy: {key} is {policy!r}; "
                    f"it can be {', '.join(POLICIES)}"
                )
            return policy
    return settings.reserved


def _vocabulary(autogen_context: AutogenContext, settings: Settings) -> Vocabulary:
    """The words of the database being migrated, read from the server where it can tell."""
    cached = autogen_context.opts.get("_guard_vocabulary")
    if isinstance(cached, Vocabulary):
        return cached
    from .live import server_words

    team = {name.lower(): "" for name in settings.reserved_names}
    connection = autogen_context.connection
    database = normalise_database(autogen_context.dialect.name)
    if connection is None:
        return Vocabulary({database: None}, team=team)
    database, version, words = server_words(connection)
    vocabulary = Vocabulary({database: version}, team=team, live={database: words} if words else {})
    autogen_context.opts["_guard_vocabulary"] = vocabulary
    return vocabulary


def refuse_lost_drops(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> None:
    """Refuse to drop what a mixin declares and SQLAlchemy did not map.

    :raises ReservedNames: if a planned DROP is of such a column.
    """
    drops = {
        (operation.schema, operation.table_name, operation.column_name)
        for operation in _flat(upgrade_ops)
        if isinstance(operation, ops.DropColumnOp)
    }
    refuse_lost(autogen_context, drops)


def refuse_lost(
    autogen_context: AutogenContext, gone: Collection[tuple[str | None, str, str]]
) -> None:
    """Refuse to take a column that a mixin declares and SQLAlchemy did not map for one that went.

    :param gone: columns the database has and the mapped tables have not, as
        ``(schema, table, column)`` in the schema names of the models.
    :raises ReservedNames: if one of them is declared after all.
    """
    if not gone:
        return
    findings = []
    for mapper in _mappers(autogen_context):
        table = mapper.local_table
        for lost in lost_columns(mapper) if isinstance(table, Table) else ():
            if (table.schema, table.name, lost.column) in gone:
                findings.append(lost.finding())
    if findings:
        intro = "A planned DROP COLUMN is of a column the models declare; nothing was written."
        raise ReservedNames(findings, intro=intro)


def _mappers(autogen_context: AutogenContext) -> list[Any]:
    given = autogen_context.metadata
    metadatas = given if isinstance(given, (list, tuple)) else [given]
    return [
        mapper for item in metadatas if isinstance(item, MetaData) for mapper in mappers_of(item)
    ]


def _flat(container: Any) -> Iterator[Any]:
    for operation in container.ops:
        if hasattr(operation, "ops"):
            yield from _flat(operation)
        else:
            yield operation


def _new_names(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> Iterator[_Planned]:
    operations = [
        item
        for item in _flat(upgrade_ops)
        if isinstance(item, (ops.CreateTableOp, ops.AddColumnOp))
    ]
    attributes = _attributes(autogen_context) if operations else {}
    for operation in operations:
        key = (operation.schema, operation.table_name)
        if isinstance(operation, ops.CreateTableOp):
            yield _Planned(operation.table_name, operation.table_name, "table", operation)
            columns = [item for item in operation.columns if isinstance(item, Column)]
        else:
            columns = [operation.column]
        taken = tuple(item.name for item in columns)
        for column in columns:
            owner, attribute = attributes.get((*key, column.name), ("", None))
            yield _Planned(
                operation.table_name, column.name, "column", operation, taken, attribute, owner
            )


def _attributes(
    autogen_context: AutogenContext,
) -> dict[tuple[str | None, str, str], tuple[str, str]]:
    """For each mapped column the class and the attribute that map it."""
    found = {}
    for mapper in _mappers(autogen_context):
        table = mapper.local_table
        for key, column in mapper.columns.items() if isinstance(table, Table) else ():
            if column.table is table:
                found[table.schema, table.name, column.name] = (mapper.class_.__name__, key)
    return found


def _hazards_of(planned: _Planned, vocabulary: Vocabulary) -> list[Hazard]:
    found = []
    if planned.attribute is not None:
        found += attribute_hazards(planned.attribute, owner=planned.owner)
    place = "table" if planned.place == "table" else "column"
    found += hazards(planned.name, place=place, vocabulary=vocabulary)  # type: ignore[arg-type]  # narrowed above
    found += [
        item
        for item in identifier_hazards(planned.table, planned.taken, vocabulary.databases)
        if item.word == planned.name
    ]
    return sorted(found, key=lambda item: ("error", "warning", "note").index(item.severity))


def _finding(planned: _Planned, hazard: Hazard, new: str | None) -> Finding:
    target = planned.table if planned.place == "table" else f"{planned.table}.{planned.name}"
    help = ""
    if new and planned.place == "column":
        attribute = planned.attribute or planned.name
        help = (
            f'Keep the column and call the attribute {new} = mapped_column("{planned.name}", ...), '
            f"or call both {new}; `alembic-guard fix --name {planned.owner or planned.table}."
            f"{attribute}` does either."
        )
    return Finding(
        hazard.rule.code,
        hazard.rule.name,
        hazard.severity,
        f"New {planned.place} {target}: {hazard.effect}.",
        Location("", 1),
        f"{help} ({hazard.documented})",
        objects=(planned.table, planned.name),
    )


def _rename(planned: _Planned, new: str) -> None:
    if planned.place == "table":
        planned.operation.table_name = new
        return
    if isinstance(planned.operation, ops.AddColumnOp):
        planned.operation.column = _renamed(planned.operation.column, new)
        return
    columns = planned.operation.columns
    for index, column in enumerate(columns):
        if isinstance(column, Column) and column.name == planned.name:
            columns[index] = _renamed(column, new)


def _renamed(column: Column[Any], new: str) -> Column[Any]:
    copied = column._copy()
    copied.name = copied.key = new
    return copied
