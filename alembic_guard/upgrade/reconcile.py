"""What a step really did: what its statements claim, checked against the catalog.

A claim that does not fit is dropped (``ADD COLUMN IF NOT EXISTS`` of a column that was
there), and what nobody claimed is added (DDL inside a ``DO`` block, a table rebuilt by
hand). Only a rename cannot be seen in the catalog, which is why claims are needed at all; and in
another database of a MySQL server nothing can, so there they are believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..facts import SchemaChange
from ..ledger.catalog import Catalog, TableState

_ABOUT_COLUMNS = frozenset({"rename_column", "add_column", "drop_column"})
_BEYOND_TABLES = frozenset(
    {
        "rename_index",
        "rename_constraint",
        "rename_sequence",
        "rename_enum_type",
        "rename_enum_value",
    }
)

Key = tuple[str, str]


def reconcile(
    claims: Sequence[SchemaChange], before: Catalog, after: Catalog
) -> tuple[SchemaChange, ...]:
    """The changes between two catalogs, with renames told apart by `claims`."""
    replay = _Replay(before, after)
    for claim in without_rebuilds(claims):
        replay.claim(claim)
    replay.add_unclaimed()
    return tuple(replay.changes)


def touched_tables(changes: Iterable[SchemaChange]) -> tuple[str, ...]:
    """Every table the changes name, under its old and its new name, sorted."""
    names = set()
    for change in changes:
        own = {change.old, change.new} if change.kind == "rename_table" else {change.table}
        names |= {f"{change.schema}.{name}" if change.schema else name for name in own if name}
    return tuple(sorted(names))


def without_rebuilds(claims: Sequence[SchemaChange]) -> list[SchemaChange]:
    """The claims without tables that were only copied into a twin and swapped with it.

    Alembic's batch mode on SQLite: create ``_alembic_tmp_x``, copy, drop ``x``, rename.
    """
    result = list(claims)
    for swap in [claim for claim in claims if claim.kind == "rename_table"]:
        twin = _matching(result, "add_table", swap.old)
        original = _matching(result, "drop_table", swap.new)
        if twin is not None and original is not None:
            for claim in (twin, original, swap):
                result.remove(claim)
    return result


def _matching(claims: list[SchemaChange], kind: str, table: str | None) -> SchemaChange | None:
    found = (claim for claim in claims if claim.kind == kind and claim.table == table)
    return next(found, None)


class _Replay:
    """Plays the claims on the old catalog's names and keeps those that fit."""

    def __init__(self, before: Catalog, after: Catalog) -> None:
        self.changes: list[SchemaChange] = []
        self._before, self._after = before, after
        # a column's definition is None when it was added on the way
        self._columns: dict[Key, dict[str, str | None]] = {
            key: dict(state.columns) for key, state in before.tables.items()
        }
        self._origin: dict[Key, Key] = {key: key for key in before.tables}

    def claim(self, claim: SchemaChange) -> None:
        if claim.kind in _BEYOND_TABLES or not self._before.covers(claim.schema):
            self.changes.append(claim)
        elif claim.kind == "rename_table":
            self._rename_table(claim)
        elif claim.kind in _ABOUT_COLUMNS:
            self._column(claim)
        elif claim.kind == "drop_table":
            key = self._key(claim)
            if key in self._columns and key not in self._after.tables:
                self._columns.pop(key)
                self._origin.pop(key, None)
                self.changes.append(claim)
        elif claim.kind == "other":
            key = self._key(claim)
            if key in self._columns and self._is_changed(key):
                self.changes.append(claim)

    def _key(self, claim: SchemaChange, name: str | None = None) -> Key:
        return (claim.schema or self._before.default_schema, name or claim.table or "")

    def _rename_table(self, claim: SchemaChange) -> None:
        old, new = self._key(claim, claim.old), self._key(claim, claim.new)
        if old in self._columns and new not in self._columns:
            self._columns[new] = self._columns.pop(old)
            if old in self._origin:
                self._origin[new] = self._origin.pop(old)
            self.changes.append(claim)

    def _column(self, claim: SchemaChange) -> None:
        columns = self._columns.get(self._key(claim))
        if columns is None:
            return
        old, new = claim.old, claim.new
        if (old is not None and old not in columns) or (new is not None and new in columns):
            return
        definition = columns.pop(old) if old is not None else None
        if new is not None:
            columns[new] = definition
        self.changes.append(claim)

    def _is_changed(self, key: Key) -> bool:
        after = self._after.tables.get(key)
        origin = self._before.tables.get(self._origin.get(key, key))
        return after is None or origin is None or after.digest != origin.digest

    def add_unclaimed(self) -> None:
        """What the catalog shows and no claim explains."""
        for key in sorted(self._columns.keys() - self._after.tables.keys()):
            self.changes.append(self._change("drop_table", key, old=key[1]))
        for key, state in sorted(self._after.tables.items()):
            if key not in self._columns:
                self.changes.append(self._change("add_table", key, new=key[1]))
            else:
                self._add_unclaimed_columns(key, state)

    def _add_unclaimed_columns(self, key: Key, state: TableState) -> None:
        claimed = self._columns[key]
        before = len(self.changes)
        present = dict(state.columns)
        for name in [name for name in claimed if name not in present]:
            self.changes.append(self._change("drop_column", key, old=name))
        for name, definition in state.columns:
            if name not in claimed:
                self.changes.append(self._change("add_column", key, new=name))
            elif claimed[name] not in (None, definition):
                self.changes.append(self._change("alter_column", key, name, name))
        is_explained = len(self.changes) > before or self._is_mentioned(key)
        if not is_explained and self._is_changed(key):
            self.changes.append(self._change("other", key))

    def _is_mentioned(self, key: Key) -> bool:
        """Whether a kept change is about this table, under the name it had at the time."""
        names = {key[1], self._origin.get(key, key)[1]}
        return any(
            change.table in names or (change.kind == "rename_table" and change.new in names)
            for change in self.changes
        )

    def _change(
        self, kind: str, key: Key, old: str | None = None, new: str | None = None
    ) -> SchemaChange:
        schema = self._before.short_schema(key[0])
        return SchemaChange(kind, schema, key[1], old, new)  # type: ignore[arg-type]  # kind is a literal at each call
