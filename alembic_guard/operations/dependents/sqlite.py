"""Dependents on SQLite, which rewrites its own views and triggers and stumbles over broken ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ..lexing import tokens
from .changes import Dependent, TableChange

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def find(connection: Connection, changes: Sequence[TableChange]) -> Iterator[Dependent]:
    """Views that keep SQLite from renaming at all, and text that would become a column."""
    quote = connection.dialect.identifier_preparer.quote
    new_names = {
        new.lower() for change in changes for old, new in change.columns.items() if old != new
    }
    rows = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE type IN ('view', 'trigger') AND sql IS NOT NULL ORDER BY type, name"
    )
    for kind, name, stored in rows.fetchall():
        problem = _broken(connection, quote(name)) if kind == "view" else None
        if problem is not None:
            yield Dependent(
                kind,
                name,
                f"it is broken ({problem}), and SQLite renames nothing while it is there",
                (f"DROP VIEW {quote(name)}",),
                (stored,),
            )
        elif text := _misread(stored, new_names):
            yield Dependent(
                kind,
                name,
                f"it says {text} in double quotes, a string today and the column afterwards: "
                "write it in single quotes",
            )


def _broken(connection: Connection, view: str) -> str | None:
    try:
        connection.exec_driver_sql(f"EXPLAIN SELECT * FROM {view}".replace("%", "%%")).close()
    except DBAPIError as error:
        return str(error.orig)
    return None


def _misread(stored: str, new_names: set[str]) -> str | None:
    """SQLite takes a double-quoted word that is no column for a string."""
    for token in tokens(stored, "sqlite"):
        if token.text.startswith('"') and token.name.lower() in new_names:
            return token.text
    return None
