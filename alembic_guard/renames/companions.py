"""Indexes and constraints that are the same under another name.

A pair of equal definition is interchangeable, so renaming it can lose nothing. Alembic compares
the names of indexes and unique constraints, and would build them anew. Those of other constraints
it does not compare, so they are renamed only where the new name says what is there. Of those that
stand on nothing renamed only foreign keys are, whose old name speaks of what is there no more: a
project whose names merely differ from the database's would be flooded otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from ..facts import Hint, Rename, RenameKind
from .expressions import rename_words
from .model import NameMap, SchemaFacts, TableFacts, TableKey
from .naming import Subject
from .words import likeness


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Which companions the database can rename without rebuilding them.

    :param outdated: whether to rename foreign keys, too, that stand on nothing renamed now but
     whose names are left from an earlier rename.
    """

    index: bool = True
    unique: bool = True
    foreign_key: bool = True
    primary_key: bool = True
    check: bool = True
    outdated: bool = True


@dataclass(frozen=True, slots=True)
class _Named:
    """Something with a name; `definition` is in the words of the new side.

    :param follows: whether it stands on a renamed table or column.
    :param subject: what an uncompared name may speak of; None where Alembic compares it.
    :param lingers: whether the name may be left from an earlier rename.
    :param chosen: whether somebody chose the name, rather than the server.
    """

    kind: RenameKind
    name: str
    definition: Hashable
    columns: tuple[str, ...]
    follows: bool
    subject: Subject | None = None
    lingers: bool = False
    chosen: bool = True


def companions(
    before: SchemaFacts,
    after: SchemaFacts,
    names: NameMap,
    capabilities: Capabilities,
    *,
    hints: Sequence[Hint] = (),
    only_following: bool = False,
    guessed: Collection[TableKey] = (),
) -> list[Rename]:
    """Renames of indexes and constraints that are the same, table by table.

    :param hints: what people said of them.
    :param only_following: leave alone what stands on nothing that is renamed.
    :param guessed: tables whose rename nobody vouched for. A primary key there that has the
     server's own name keeps it.
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
            pairing = _Pairing(names, capabilities, only_following, moved_out)
            renames += said
            renames += (
                rename
                for rename in pairing.renames(old, new, is_guess=old.key in guessed)
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


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Pairs what is equal in one table."""

    names: NameMap
    capabilities: Capabilities
    only_following: bool
    moved_out: Collection[str]

    def renames(self, old: TableFacts, new: TableFacts, *, is_guess: bool) -> Iterable[Rename]:
        olds = list(_named(old, self.capabilities, self.names))
        news = list(_named(new, self.capabilities, NameMap()))
        old_names, new_names = {item.name for item in olds}, {item.name for item in news}
        groups: dict[Hashable, tuple[list[_Named], list[_Named]]] = {}
        for item in olds:
            if item.name not in new_names and (item.follows or self._is_free(item)):
                groups.setdefault(item.definition, ([], []))[0].append(item)
        for item in news:
            if item.name not in old_names:
                groups.setdefault(item.definition, ([], []))[1].append(item)
        for left, right in groups.values():
            for one, other in _closest(left, right):
                is_vouched = one.follows and not is_guess
                if _is_due(one, other, is_twin=len(left) != len(right)) and (
                    is_vouched or one.chosen or other.chosen
                ):
                    why = (f"same definition on {', '.join(one.columns)}",)
                    yield Rename(one.kind, old.schema, old.name, one.name, other.name, "B", why)

    def _is_free(self, item: _Named) -> bool:
        """Whether it may be renamed though it stands on nothing renamed."""
        compared = item.subject is None
        lingers = item.lingers and self.capabilities.outdated
        return (compared or lingers) and not self.only_following and item.name not in self.moved_out


def _is_due(one: _Named, other: _Named, *, is_twin: bool) -> bool:
    """Whether an uncompared name has to change; a compared one always does."""
    if other.subject is None:
        return True
    if one.follows:
        return other.subject.explains(other.name, one.name)
    return not is_twin and other.subject.outdates(one.name, other.name)


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
    reading = _Reading(table, names)
    if capabilities.index:
        yield from reading.indexes()
    if capabilities.unique:
        yield from reading.uniques()
    if capabilities.foreign_key:
        yield from reading.foreign_keys()
    if capabilities.check:
        yield from reading.checks()
    if capabilities.primary_key:
        yield from reading.primary_key()


class _Reading:
    """A table's named things in the words of the new side."""

    def __init__(self, table: TableFacts, names: NameMap) -> None:
        self.table = table
        self.names = names
        self.columns = names.columns.get(table.key, {})
        self.moved = table.key in names.tables
        # Expressions are kept in lower case.
        self._lower = {old.lower(): new.lower() for old, new in self.columns.items()}

    def _new(self, listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.columns.get(name, name) for name in listed)

    def _text(self, text: str) -> str:
        return rename_words(text, self._lower)

    def _option(self, key: str, value: str) -> str:
        if key == "include":
            return rename_words(value, self.columns)
        return self._text(value) if key == "where" else value

    def _follows(self, listed: Iterable[str]) -> bool:
        return self.moved or any(name in self.columns for name in listed)

    def _subject(self, columns: Iterable[str], target: Iterable[str] = ()) -> Subject:
        return Subject(self.names.table(self.table.key)[1], columns, target)

    def indexes(self) -> Iterable[_Named]:
        known = set(self.table.column_names())
        for index in self.table.indexes:
            listed = tuple(
                self.columns.get(part, part) if part in known else self._text(part)
                for part in index.columns
            )
            rest = tuple((key, self._option(key, value)) for key, value in index.extra)
            changed = listed != index.columns or rest != index.extra
            definition = ("index", listed, index.unique, rest)
            yield _Named("index", index.name, definition, listed, self.moved or changed)

    def uniques(self) -> Iterable[_Named]:
        for item in self.table.uniques:
            if item.name:
                listed = self._new(item.columns)
                follows = self._follows(item.columns)
                yield _Named("constraint", item.name, ("unique", listed), listed, follows)

    def foreign_keys(self) -> Iterable[_Named]:
        for key in self.table.foreign_keys:
            if key.name:
                target = self.names.table(key.target)
                pointed = tuple(self.names.column(key.target, name) for name in key.target_columns)
                listed = self._new(key.columns)
                touched = (target, pointed) != (key.target, key.target_columns)
                yield _Named(
                    "constraint",
                    key.name,
                    ("foreign key", listed, target, pointed, key.options),
                    listed,
                    touched or self._follows(key.columns),
                    self._subject(listed, (target[1], *pointed)),
                    lingers=True,
                )

    def checks(self) -> Iterable[_Named]:
        for check in self.table.checks:
            if check.name and check.text:
                text = self._text(check.text)
                touched = self.moved or text != check.text
                subject = self._subject([text])
                yield _Named("constraint", check.name, ("check", text), (text,), touched, subject)

    def primary_key(self) -> Iterable[_Named]:
        primary = self.table.primary_key
        if primary and primary.name:
            listed = self._new(primary.columns)
            yield _Named(
                "constraint",
                primary.name,
                ("primary key", listed),
                listed,
                self._follows(primary.columns),
                self._subject(listed),
                chosen=primary.is_conventional
                or not _is_servers_own(primary.name, self.table.name),
            )


def _is_servers_own(name: str, table: str) -> bool:
    """Whether it is what PostgreSQL calls a primary key nobody names, counting when taken.

    ``ChooseIndexName`` and ``ChooseRelationName`` in PostgreSQL's ``indexcmds.c``.
    """
    return name.rstrip("0123456789") == f"{table}_pkey"
