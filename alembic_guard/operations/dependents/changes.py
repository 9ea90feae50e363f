"""What renames mean for one table, and what depends on it without following."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Dependent:
    """Something in the database that still uses an old name after the rename.

    :param kind: ``view``, ``materialized view``, ``function``, ``procedure``, ``trigger`` ...
    :param problem: what happens if nobody does anything.
    :param statements: what fixes it once the rename is done; empty when only a person can tell.
    :param undo: what puts it back once the rename is undone.
    :param certain: whether the statements may run unasked.
    """

    kind: str
    name: str
    problem: str
    statements: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    certain: bool = False

    @property
    def statement(self) -> str:
        """The statements that fix it as one text."""
        return ";\n".join(self.statements)


@dataclass(slots=True)
class TableChange:
    """The renames of one table: its own, and those of its columns, old name to new."""

    schema: str | None
    old: str
    new: str
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def old_names(self) -> list[str]:
        """Every name that ceases to exist."""
        own = [self.old] if self.old != self.new else []
        return own + [old for old in self.columns if self.columns[old] != old]


def table_changes(renames: Iterable[Any]) -> list[TableChange]:
    """The net effect of renames run one after another, temporary names left out.

    Takes `facts.Rename` values or rename operations; what renames neither a table nor a
    column has no dependents that lose it.
    """
    changes: list[TableChange] = []
    for rename in renames:
        if rename.kind == "table":
            _table(changes, rename.schema, _old(rename)).new = _new(rename)
        elif rename.kind == "column":
            change = _table(changes, rename.schema, _owner(rename))
            source = _source(change.columns, _old(rename))
            change.columns[source] = _new(rename)
    return changes


def _table(changes: list[TableChange], schema: str | None, name: str) -> TableChange:
    for change in changes:
        if (change.schema, change.new) == (schema, name):
            return change
    changes.append(TableChange(schema, name, name))
    return changes[-1]


def _source(columns: Mapping[str, str], name: str) -> str:
    return next((old for old, new in columns.items() if new == name), name)


def _old(rename: Any) -> str:
    return str(rename.old if hasattr(rename, "old") else rename.old_name)


def _new(rename: Any) -> str:
    return str(rename.new if hasattr(rename, "new") else rename.new_name)


def _owner(rename: Any) -> str:
    return str(rename.table if hasattr(rename, "table") else rename.table_name)
