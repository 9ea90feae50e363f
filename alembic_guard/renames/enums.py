"""Enum types and values under other names.

Nothing is ever asked of them: Alembic drops neither types nor values, so no data is at stake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..facts import Hint, Rename
from .model import EnumFacts, NameMap, SchemaFacts, TableKey
from .words import likeness

_ALIKE = 0.5


def enum_renames(
    before: SchemaFacts,
    after: SchemaFacts,
    names: NameMap,
    hints: Sequence[Hint],
    *,
    unasked: bool,
    certain_only: bool,
) -> list[Rename]:
    """Types whose columns now use another type of the same values, and renamed values.

    :param unasked: whether a value that changed in its place counts as renamed.
    :param certain_only: leave out whatever nobody said.
    """
    olds, news = before.enums(), after.enums()
    said = {
        (hint.schema, hint.old): hint
        for hint in hints
        if hint.kind == "enum_type" and hint.old and hint.new
    }
    types: dict[TableKey, TableKey] = {}
    renames = []
    for key, target in _types(before, after, names, olds, news).items():
        hint = said.get(key)
        same = set(olds[key].values) == set(news[target].values)
        if key[0] != target[0] or (hint is None and (certain_only or not same)):
            continue
        types[key] = target
        why = (hint.source,) if hint else ("its columns use a type with the same values",)
        kind = hint.evidence_class if hint else "B"
        renames.append(Rename("enum_type", key[0], None, key[1], target[1], kind, why))
    for key, enum in sorted(olds.items(), key=str):
        other = news.get(types.get(key, key))
        if other is not None:
            renames += _values(enum, other, hints, unasked)
    return renames


def _types(
    before: SchemaFacts,
    after: SchemaFacts,
    names: NameMap,
    olds: Mapping[TableKey, EnumFacts],
    news: Mapping[TableKey, EnumFacts],
) -> dict[TableKey, TableKey]:
    """Types that went, with the one type that took their place in every column."""
    tables = after.by_key()
    found: dict[TableKey, set[TableKey]] = {}
    for table in before.tables:
        other = tables.get(names.table(table.key))
        if other is None:
            continue
        columns = other.by_name()
        for column in table.columns:
            new = columns.get(names.column(table.key, column.name))
            if column.enum and new and new.enum:
                key = (column.enum.schema, column.enum.name)
                found.setdefault(key, set()).add((new.enum.schema, new.enum.name))
    pairs = {
        key: next(iter(targets))
        for key, targets in found.items()
        if len(targets) == 1 and key not in news and not targets & olds.keys()
    }
    taken = list(pairs.values())
    return {key: pairs[key] for key in sorted(pairs, key=str) if taken.count(pairs[key]) == 1}


def _values(
    old: EnumFacts, new: EnumFacts, hints: Sequence[Hint], unasked: bool
) -> Iterable[Rename]:
    owners = {(old.schema, old.name), (new.schema, new.name)}
    said = {
        hint.old: hint
        for hint in hints
        if hint.kind == "enum_value" and (hint.schema, hint.table) in owners
    }
    for value in old.values:
        hint = said.get(value)
        if hint is not None and hint.new in new.values:
            yield Rename(
                "enum_value", old.schema, old.name, value, hint.new or "",
                hint.evidence_class, (hint.source,),
            )  # fmt: skip
    if unasked and not said:
        yield from _in_place(old, new)


def _in_place(old: EnumFacts, new: EnumFacts) -> Iterable[Rename]:
    """The one value that changed where it stands, if the names are alike."""
    if len(old.values) != len(new.values):
        return
    changed = [pair for pair in zip(old.values, new.values, strict=True) if pair[0] != pair[1]]
    if len(changed) != 1:
        return
    value, other = changed[0]
    if other not in old.values and value not in new.values and likeness(value, other) >= _ALIKE:
        why = ("the only value that changed, in the same place",)
        yield Rename("enum_value", old.schema, old.name, value, other, "C", why)
