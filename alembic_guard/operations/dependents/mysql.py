"""Dependents on MySQL and MariaDB: views, triggers, routines and events are all kept as text."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..lexing import tokens
from .changes import Dependent, TableChange
from .rewriting import Scope, mentions_in_strings, rewrite

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = logging.getLogger("alembic_guard.operations")
_VIEWS = """
SELECT table_schema, table_name FROM information_schema.views
WHERE table_schema = coalesce(:schema, database()) ORDER BY 2
"""
_TRIGGERS = """
SELECT trigger_schema, trigger_name, event_object_table, event_manipulation, action_timing,
  action_statement FROM information_schema.triggers
WHERE trigger_schema = coalesce(:schema, database()) ORDER BY 2
"""
_ROUTINES = """
SELECT routine_schema, routine_name, routine_type FROM information_schema.routines
WHERE routine_schema = coalesce(:schema, database()) AND routine_type IN ('PROCEDURE', 'FUNCTION')
ORDER BY 2
"""
_EVENTS = """
SELECT event_schema, event_name FROM information_schema.events
WHERE event_schema = coalesce(:schema, database()) ORDER BY 2
"""
_AFTER_CREATE = re.compile(r"^CREATE( OR REPLACE)?\b", re.IGNORECASE)


def find(connection: Connection, changes: Sequence[TableChange]) -> Iterator[Dependent]:
    """What does not follow `changes`, views first."""
    for schema in dict.fromkeys(change.schema for change in changes):
        own = [change for change in changes if change.schema == schema]
        reader = _Reader(connection, schema, own)
        for sources in (reader.views, reader.triggers, reader.routines, reader.events):
            yield from sources()


class _Reader:
    """Reads the objects of one schema and rewrites those that use an old name."""

    def __init__(
        self, connection: Connection, schema: str | None, changes: Sequence[TableChange]
    ) -> None:
        self.connection = connection
        self.schema = schema
        self.changes = changes
        self.is_mariadb = bool(getattr(connection.dialect, "is_mariadb", False))

    def views(self) -> Iterator[Dependent]:
        for schema, name in self._rows(_VIEWS):
            created = self._show("VIEW", schema, name, 1)
            found = self._dependent("view", name, created, "it fails when it is read (error 1356)")
            if found is not None:
                yield _with_output_names(found, self.changes)

    def triggers(self) -> Iterator[Dependent]:
        rows = self._rows(_TRIGGERS)
        events = [(row[2], row[3], row[4]) for row in rows]
        for row in rows:
            rows_of = next((item for item in self.changes if item.old == row[2]), None)
            created = self._show("TRIGGER", row[0], row[1], 2)
            found = self._dependent(
                "trigger", row[1], created, f"every {row[3].lower()} fails", rows_of
            )
            if found is not None:
                # Several triggers of one event run in the order they were created in.
                alone = events.count((row[2], row[3], row[4])) == 1
                yield found if alone else _uncertain(found)

    def routines(self) -> Iterator[Dependent]:
        for schema, name, kind in self._rows(_ROUTINES):
            created = self._show(kind, schema, name, 2)
            found = self._dependent(kind.lower(), name, created, "it fails when it is called")
            if found is not None:
                yield found

    def events(self) -> Iterator[Dependent]:
        for schema, name in self._rows(_EVENTS):
            created = self._show("EVENT", schema, name, 3)
            found = self._dependent("event", name, created, "it fails when it is due")
            if found is not None:
                yield found

    def _rows(self, query: str) -> list[Any]:
        return list(self.connection.execute(sa.text(query), {"schema": self.schema}))

    def _show(self, kind: str, schema: str, name: str, column: int) -> str:
        quote = self.connection.dialect.identifier_preparer.quote_identifier
        path = f"{quote(schema)}.{quote(name)}" if self.schema else quote(name)
        try:
            row = self.connection.exec_driver_sql(f"SHOW CREATE {kind} {path}").one()
        except DBAPIError as error:
            log.warning("Cannot see whether %s %s uses an old name: %s", kind, name, error.orig)
            return ""
        return str(row[column] or "")

    def _dependent(
        self,
        kind: str,
        name: str,
        created: str,
        problem: str,
        rows_of: TableChange | None = None,
    ) -> Dependent | None:
        quote = self.connection.dialect.identifier_preparer.quote_identifier
        scope = Scope("mysql", self.changes, quote, rows_of, _variables(created))
        head, body = _split(created, kind)
        result = rewrite(body, scope)
        if rows_of is not None and rows_of.new != rows_of.old:
            # The server moves the trigger itself along with its table.
            head = _retargeted(head, rows_of, quote)
        if not result.changed:
            if not mentions_in_strings(body, scope):
                return None
            return Dependent(kind, name, "it may use the old name in SQL put together at run time")
        return Dependent(
            kind,
            name,
            f"it is text with the old name: {problem}",
            self._replaced(kind, name, head + result.text),
            self._replaced(kind, name, created),
            result.certain,
        )

    def _replaced(self, kind: str, name: str, created: str) -> tuple[str, ...]:
        if self.is_mariadb or kind == "view":
            return (_AFTER_CREATE.sub("CREATE OR REPLACE", created),)
        quote = self.connection.dialect.identifier_preparer.quote_identifier
        return (f"DROP {kind.upper()} {quote(name)}", created)


def _split(created: str, kind: str) -> tuple[str, str]:
    """What declares the object, and its body, the only part with names to replace."""
    found = list(tokens(created, "mysql"))
    starters = {"view": ("AS",), "trigger": ("ROW",), "event": ("DO",)}.get(kind)
    if starters is not None:
        at = next((token.end for token in found if token.is_word(*starters)), 0)
        return created[:at], created[at:]
    depth = 0
    for token in found:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == ")" and depth == 0:
            return created[: token.end], created[token.end :]
    return "", created


def _retargeted(head: str, table: TableChange, quote: Any) -> str:
    found = [token for token in tokens(head, "mysql") if token.name.lower() == table.old.lower()]
    if not found:
        return head
    return head[: found[-1].start] + str(quote(table.new)) + head[found[-1].end :]


def _variables(created: str) -> set[str]:
    """Parameters and declared variables; too many rather than too few."""
    declared = re.findall(r"\bDECLARE\s+([\w`,\s]+)", created, re.IGNORECASE)
    parameters = re.findall(r"\b(?:IN|OUT|INOUT)\s+`?(\w+)`?\s", created, re.IGNORECASE)
    signature = re.search(
        r"\bFUNCTION\b[^(]*\((.*?)\)\s*RETURNS", created, re.IGNORECASE | re.DOTALL
    )
    words = [*declared, *parameters, signature.group(1) if signature else ""]
    return {name.lower() for text in words for name in re.findall(r"\w+", text)}


def _with_output_names(view: Dependent, changes: Sequence[TableChange]) -> Dependent:
    """Give output columns that were called after a renamed column its new name."""
    columns = {
        old.lower(): new for change in changes for old, new in change.columns.items() if old != new
    }
    fixed = []
    for statement in view.statements:
        text = statement
        found = list(tokens(statement, "mysql"))
        for at in range(len(found) - 1, 2, -1):
            old, word, source = found[at], found[at - 1], found[at - 2]
            new = columns.get(old.name.lower())
            if new is not None and word.is_word("AS") and source.name == new:
                text = f"{text[: old.start]}`{new.replace('`', '``')}`{text[old.end :]}"
        fixed.append(text)
    return Dependent(view.kind, view.name, view.problem, tuple(fixed), view.undo, view.certain)


def _uncertain(found: Dependent) -> Dependent:
    return Dependent(found.kind, found.name, found.problem, found.statements, found.undo)
