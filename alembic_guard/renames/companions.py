"""Indexes and constraints that are the same under another name.

A pair of equal definition is interchangeable, so renaming it can lose nothing; what is asked
of it is only that it is the one pair.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..facts import Hint, Rename, RenameKind
from .model import IndexFacts, NameMap, SchemaFacts, TableFacts
from .words import likeness

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Which companions the database can rename without rebuilding them."""

    index: bool = True
    unique: bool = True
    foreign_key: bool = True
    primary_key: bool = True
    check: bool = True


@dataclass(frozen=True, slots=True)
class _Named:
    """Something with a name; `definition` is in the words of the new side.

    :param follows: whether it stands on a renamed table or column.
    :param compared: whether Alembic compares its name. It does not for primary and foreign
     keys, so these are renamed only when they follow: an old project whose names differ
     would be flooded otherwise.
    """

    kind: RenameKind
    name: str
    definition: Hashable
    columns: tuple[str, ...]
    follows: bool
    compared: bool = True


def companions(
    before: SchemaFacts,
    after: SchemaFacts,
    names: NameMap,
    capabilities: Capabilities,
    *,
    hints: Sequence[Hint] = (),
    only_following: bool = False,
) -> list[Rename]:
    """Renames of indexes and constraints that are the same, table by table.

    :param hints: what people said of them.
    :param only_following: leave alone what stands on nothing that is renamed.
    """
    new_tables = after.by_key()
    moved_out = _names_in_created_tables(before, after, names)
    renames: list[Rename] = []
    for old in sorted(before.tables, key=lambda table: (table.schema or "", table.name)):
        new = new_tables.get(names.table(old.key))
        if new is not None:
            about = [hint for hint in hints if (hint.schema, hint.table) in (old.key, new.key)]
            said = list(_said(old, new, about))
            done = {name for rename in said for name in (rename.old, rename.new)}
            renames += said
            renames += (
                rename
                for rename in _of_table(old, new, names, capabilities, only_following, moved_out)
                if not done & {rename.old, rename.new}
            )
    return renames


def _names_in_created_tables(
    before: SchemaFacts, after: SchemaFacts, names: NameMap
) -> frozenset[str]:
    """Names that tables to be created want.

    Where the old name goes to a new table, a table makes room for its successor.
    """
    kept = {names.table(table.key) for table in before.tables}
    return frozenset(
        item.name
        for table in after.tables
        if table.key not in kept
        for item in _named(table, Capabilities(), NameMap())
    )


def _said(old: TableFacts, new: TableFacts, hints: Sequence[Hint]) -> Iterable[Rename]:
    """What people said, where both names are there."""
    everything = Capabilities()
    olds = {item.name: item.kind for item in _named(old, everything, NameMap())}
    news = {item.name: item.kind for item in _named(new, everything, NameMap())}
    for hint in hints:
        if hint.kind in ("index", "constraint") and hint.old in olds and hint.new in news:
            yield Rename(
                olds[hint.old or ""], old.schema, old.name, hint.old or "", hint.new or "",
                hint.evidence_class, (hint.source,),
            )  # fmt: skip


def _of_table(
    old: TableFacts,
    new: TableFacts,
    names: NameMap,
    capabilities: Capabilities,
    only_following: bool,
    moved_out: Collection[str],
) -> Iterable[Rename]:
    olds = list(_named(old, capabilities, names))
    news = list(_named(new, capabilities, NameMap()))
    old_names, new_names = {item.name for item in olds}, {item.name for item in news}
    groups: dict[Hashable, tuple[list[_Named], list[_Named]]] = {}
    for item in olds:
        free = item.compared and not only_following and item.name not in moved_out
        if item.name not in new_names and (item.follows or free):
            groups.setdefault(item.definition, ([], []))[0].append(item)
    for item in news:
        if item.name not in old_names:
            groups.setdefault(item.definition, ([], []))[1].append(item)
    for left, right in groups.values():
        for one, other in _closest(left, right):
            why = (f"same definition on {', '.join(one.columns)}",)
            yield Rename(one.kind, old.schema, old.name, one.name, other.name, "B", why)


def _closest(left: list[_Named], right: list[_Named]) -> Iterable[tuple[_Named, _Named]]:
    """Pair equals by name; with several equals any pairing is right, so take the likeliest."""
    rest = sorted(right, key=lambda item: item.name)
    for one in sorted(left, key=lambda item: item.name):
        if not rest:
            return
        other = max(rest, key=lambda item: likeness(one.name, item.name))
        rest.remove(other)
        yield one, other


def _named(table: TableFacts, capabilities: Capabilities, names: NameMap) -> Iterable[_Named]:
    """Everything of a table that has a name."""
    columns = names.columns.get(table.key, {})
    moved = table.key in names.tables

    def new(listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(columns.get(name, name) for name in listed)

    def follows(listed: Iterable[str]) -> bool:
        return moved or any(name in columns for name in listed)

    if capabilities.index:
        for index in table.indexes:
            listed = new(index.columns)
            yield _Named(
                "index",
                index.name,
                ("index", listed, *_index_rest(index)),
                listed,
                follows(index.columns),
            )
    if capabilities.unique:
        for item in table.uniques:
            if item.name:
                listed = new(item.columns)
                yield _Named(
                    "constraint", item.name, ("unique", listed), listed, follows(item.columns)
                )
    if capabilities.foreign_key:
        for key in table.foreign_keys:
            if key.name:
                target = names.table(key.target)
                pointed = tuple(names.column(key.target, name) for name in key.target_columns)
                listed = new(key.columns)
                definition = ("foreign key", listed, target, pointed, key.options)
                touched = follows(key.columns) or (target, pointed) != (
                    key.target,
                    key.target_columns,
                )
                yield _Named("constraint", key.name, definition, listed, touched, False)
    if capabilities.check:
        for check in table.checks:
            if check.name and check.text:
                text = _check_text(check.text, columns)
                touched = moved or text != check.text
                yield _Named("constraint", check.name, ("check", text), (text,), touched, False)
    primary = table.primary_key
    if capabilities.primary_key and primary and primary.name:
        listed = new(primary.columns)
        yield _Named(
            "constraint",
            primary.name,
            ("primary key", listed),
            listed,
            follows(primary.columns),
            False,
        )


def _check_text(text: str | None, columns: Mapping[str, str]) -> str:
    """The condition of a check with its columns under their new names."""
    return _WORD.sub(lambda match: columns.get(match[0], match[0]), text or "")


def _index_rest(index: IndexFacts) -> tuple[Hashable, ...]:
    return (index.unique, index.extra)
