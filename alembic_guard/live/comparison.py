"""Compare models with the database and decide what can be bridged; no I/O, only names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..facts import SchemaChange
from .catalog import Catalog
from .naming import column_names, table_name

DifferenceKind = Literal[
    "renamed_column",
    "renamed_table",
    "missing_column",
    "missing_table",
    "new_column",
    "gone_column",
]


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """One column of a model.

    :param keep: why it must not read as NULL, or None when it may be masked.
    :param old_names: names it had before, from ``renamed_from``.
    :param is_added: whether a watcher mapped it, and not the program.
    """

    name: str
    keep: str | None = None
    old_names: tuple[str, ...] = ()
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class ModelTable:
    """One table of a model; `copy` counts models that describe it in the same words."""

    schema: str | None
    name: str
    columns: tuple[ModelColumn, ...]
    old_names: tuple[str, ...] = ()
    copy: int = 0

    @property
    def label(self) -> str:
        """The table as people write it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a model and the database differ.

    :param database_name: the name in the database, where there is one.
    :param bridge: ``rename``, ``mask`` or ``add`` when the application keeps working.
    :param why: what is known about it, for people.
    """

    kind: DifferenceKind
    table: ModelTable
    column: str | None = None
    database_name: str | None = None
    bridge: Literal["rename", "mask", "add"] | None = None
    why: str = ""

    def describe(self) -> str:
        """One line: what differs, and what becomes of it."""
        label = f"{self.table.label}.{self.column}" if self.column else self.table.label
        text = {
            "renamed_column": f"{label} is called {self.database_name} in the database",
            "renamed_table": f"table {label} is called {self.database_name} in the database",
            "missing_column": f"{label} is not in the database",
            "missing_table": f"table {label} is not in the database",
            "new_column": f"{self.table.label}.{self.database_name} is only in the database",
            "gone_column": f"{label}, which the program does not declare, has gone again",
        }[self.kind]
        return f"{text} ({self.why})" if self.why else text

    def to_dict(self) -> dict[str, str | None]:
        """JSON-ready form."""
        return {
            "kind": self.kind,
            "schema": self.table.schema,
            "table": self.table.name,
            "column": self.column,
            "database_name": self.database_name,
            "bridge": self.bridge,
            "why": self.why or None,
        }


@dataclass(frozen=True)
class History:
    """What is known about names.

    :param changes: every change of the ledger, oldest first.
    :param recent: those since this process knew its models to fit the database.
    :param pending: changes of revisions that are not applied yet.
    :param ahead: those of them the models already have: they were pending at the start.
    :param pending_columns: ``table.column`` -> the pending revision that adds it.
    :param seen: ``table.column`` of the models that this process has met in the database.
    """

    changes: Sequence[SchemaChange] = ()
    recent: Sequence[SchemaChange] = ()
    pending: Sequence[SchemaChange] = ()
    ahead: Sequence[SchemaChange] = ()
    pending_columns: Mapping[str, str] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    unknown: str = "no pending revision is known to add it"


def compare(
    tables: Iterable[ModelTable], catalog: Catalog, history: History, *, mask: bool = True
) -> list[Difference]:
    """Every difference, in the order of the models."""
    differences: list[Difference] = []
    for table in tables:
        name = table_name(table, catalog, history)
        columns = catalog.columns(table.schema, name) if name is not None else None
        if columns is None:
            why = _pending(history, table.name)
            differences.append(Difference("missing_table", table, why=why))
            continue
        if name is not None and catalog.fold(name) != catalog.fold(table.name):
            differences.append(
                Difference("renamed_table", table, database_name=name, bridge="rename")
            )
        schema = table.schema or catalog.home(name)
        found = column_names(table, schema, columns, catalog, history)
        differences += _compare_columns(table, columns, found, catalog, history, mask=mask)
    return differences


def _compare_columns(
    table: ModelTable,
    columns: tuple[str, ...],
    found: Mapping[ModelColumn, str | None],
    catalog: Catalog,
    history: History,
    *,
    mask: bool,
) -> list[Difference]:
    differences: list[Difference] = []
    extra = [name for name in columns if name not in found.values()]
    is_explained = True
    for column, name in found.items():
        if name is None and column.is_added:
            # it cannot be taken out of the models, and nothing the program declares needs it
            differences.append(Difference("gone_column", table, column.name, bridge="mask"))
        elif name is None:
            why, is_safe = _explain(table, column, extra, catalog, history)
            is_explained = is_explained and is_safe
            bridge: Literal["mask"] | None = "mask" if mask and is_safe else None
            differences.append(
                Difference("missing_column", table, column.name, bridge=bridge, why=why)
            )
        elif catalog.fold(name) != catalog.fold(column.name):
            differences.append(
                Difference("renamed_column", table, column.name, name, bridge="rename")
            )
    # the new name of a missing column, seen before the ledger says so, must not be mapped
    # beside it: an attribute once added cannot be taken away
    add: Literal["add"] | None = "add" if is_explained else None
    for name in extra:
        differences.append(Difference("new_column", table, database_name=name, bridge=add))
    return differences


def _explain(
    table: ModelTable,
    column: ModelColumn,
    extra: Sequence[str],
    catalog: Catalog,
    history: History,
) -> tuple[str, bool]:
    """Why a column is missing, and whether reading it as NULL would be the truth.

    A column that was there and is gone, or one beside which an unexplained column stands,
    may have been renamed: its values exist, so NULL would be a lie.
    """
    target = f"{table.name}.{column.name}"
    why = _pending(history, target)
    if column.keep is not None:
        return f"{why or history.unknown}; it cannot be masked, because {column.keep}", False
    if _was_dropped(table, column, catalog, history):
        return "it was dropped", True
    if target in history.seen:
        return "it was there before and nothing says what became of it", False
    if why:
        return why, True
    if extra:
        return f"{history.unknown}; it may be what the database calls {', '.join(extra)}", False
    return history.unknown, True


def _was_dropped(
    table: ModelTable, column: ModelColumn, catalog: Catalog, history: History
) -> bool:
    """Whether the last thing the ledger says of this name is that it was dropped."""
    about = [
        change
        for change in history.changes
        if change.table == table.name
        and catalog.fold(column.name)
        in (catalog.fold(change.old or ""), catalog.fold(change.new or ""))
    ]
    return bool(about) and about[-1].kind == "drop_column"


def _pending(history: History, target: str) -> str:
    revision = history.pending_columns.get(target)
    return f"revision {revision} is pending" if revision else ""
