"""What is left over after `upgrade` and then `downgrade`: what a second `upgrade` trips over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..record import field, mutable_record, record
from . import statements as st
from .revision import Revision

Thing = tuple[str, str, str]
"""Kind, table and name, such as ``("column", "orders", "note")``."""


@record
class Leftovers:
    """What a downgrade does not take back.

    :param made: what `upgrade` makes and `downgrade` leaves.
    :param gone: what `upgrade` drops and `downgrade` does not bring back.
    :param renamed: the old and the new of what `downgrade` does not rename back.
    :param missed: an index made `IF NOT EXISTS` that stays, and the unknown one dropped in its place.
    """

    made: list[Thing] = field(default_factory=list)
    gone: list[Thing] = field(default_factory=list)
    renamed: list[tuple[Thing, Thing]] = field(default_factory=list)
    missed: list[tuple[Thing, Thing]] = field(default_factory=list)


@mutable_record
class _Ledger:
    """What exists, as far as one revision says: True made, False gone."""

    there: dict[Thing, bool] = field(default_factory=dict)
    covers: dict[Thing, tuple[str, ...]] = field(default_factory=dict)
    forgiving: set[Thing] = field(default_factory=set)
    born: set[Thing] = field(default_factory=set)
    """What was not there before `upgrade`: dropped again, it need not come back."""
    originals: dict[Thing, Thing] = field(default_factory=dict)
    """What was renamed, by its newest name."""
    temporary: set[str] = field(default_factory=set)
    """Tables that end with the session, whatever is done to them."""

    def make(self, thing: Thing, *, columns: Sequence[str] = (), forgiving: bool = False) -> None:
        if thing not in self.there:
            self.born.add(thing)
        self.there[thing] = True
        self.covers[thing] = tuple(columns)
        if forgiving:
            self.forgiving.add(thing)

    def drop(self, thing: Thing, *, forgiving: bool = False) -> None:
        self.there[thing] = False
        if forgiving:
            self.forgiving.add(thing)

    def drop_within(self, table: str, column: str | None = None) -> None:
        """What goes with a table or a column."""
        for thing in list(self.there):
            kind, owner, _ = thing
            if owner != table or kind == "table" or not self.there[thing]:
                continue
            if column is None or column in self.covers.get(thing, ()):
                self.there[thing] = False
                if column is None:
                    self.forgiving.add(thing)

    def rename(self, old: Thing, new: Thing) -> None:
        if new not in self.there and (old in self.born or old not in self.there):
            self.born.add(new)
        self.there[old] = False
        self.there[new] = True
        self.originals[new] = self.originals.pop(old, old)

    def move_table(self, old: str, new: str) -> None:
        for kind, owner, name in list(self.there):
            if owner == old and kind != "table":
                moved = self.there.pop((kind, owner, name))
                self.there[kind, new, name] = moved
                if (kind, owner, name) in self.covers:
                    self.covers[kind, new, name] = self.covers.pop((kind, owner, name))


def leftovers(revision: Revision) -> Leftovers:
    """What is left, nothing when either direction holds something that cannot be known."""
    if not _is_transparent(revision.upgrade) or not _is_transparent(revision.downgrade):
        return Leftovers()
    ledger = _Ledger()
    _walk(ledger, revision.upgrade)
    made = {thing for thing, there in ledger.there.items() if there and thing in ledger.born}
    gone = {
        thing for thing, there in ledger.there.items() if not there and thing not in ledger.born
    }
    skip, originals = set(ledger.forgiving), dict(ledger.originals)
    before = set(ledger.there)
    _walk(ledger, revision.downgrade)
    left = [t for t in made if ledger.there.get(t) and t not in skip and not _shadowed(t, ledger)]
    if any(getattr(s, "cascade", False) for s in revision.downgrade):
        left = [t for t in left if t[0] not in ("function", "view")]  # whatever depends goes along
    missing = [t for t in gone if ledger.there.get(t) is False and t not in skip]
    missing = [t for t in missing if not _made_elsewhere(t, ledger)]
    missed = _missed(made & skip, ledger, before)
    if not left and not missing:
        return Leftovers(missed=missed)
    vague = _vaguely_dropped((*revision.upgrade, *revision.downgrade))
    vague_gone = vague | _vaguely_made(revision.downgrade)
    rest = Leftovers(_named(left, vague), _named(missing, vague_gone), missed=missed)
    for new in list(rest.made):
        old = originals.get(new)
        if old in rest.gone:
            rest.made.remove(new)
            rest.gone.remove(old)
            rest.renamed.append((old, new))
    return rest


def _missed(
    made: Iterable[Thing], ledger: _Ledger, before: set[Thing]
) -> list[tuple[Thing, Thing]]:
    """Indexes that stay while an index of the same table goes that `upgrade` never spoke of."""
    strays = {
        thing
        for thing, there in ledger.there.items()
        if thing[0] == "index" and not there and thing not in before
    }
    if len(strays) != 1:
        return []
    stray = strays.pop()
    left = [t for t in made if t[0] == "index" and ledger.there.get(t) and not _shadowed(t, ledger)]
    if len(left) != 1 or stray[1] not in ("", left[0][1]) or "{" in "".join((*left[0], *stray)):
        return []
    return [(left[0], stray)]


def _vaguely_dropped(statements: Iterable[st.Statement]) -> set[str]:
    """Tables that lose a constraint of unknown name: it may be any of theirs."""
    return {
        s.table
        for s in statements
        if isinstance(s, st.DropConstraint) and (s.name is None or "{" in s.name)
    }


def _vaguely_made(statements: Iterable[st.Statement]) -> set[str]:
    """Tables that get a constraint the server names: it may be any that they lost."""
    return {
        s.table for s in statements if isinstance(s, st.AddConstraint) and s.constraint.name is None
    }


def _named(things: Iterable[Thing], vague: set[str]) -> list[Thing]:
    """Those whose name is known and was not perhaps dropped, in a stable order."""
    return sorted(
        thing
        for thing in things
        if not any("{" in part for part in thing)
        and not (thing[0] == "constraint" and thing[1] in vague)
    )


_OPAQUE = frozenset((st.Opaque, st.BrokenSql, st.DoBlock))
_BY_PYTHON = frozenset(("create_all", "drop_all", "table_create", "table_drop", "raises"))


def _is_transparent(statements: Iterable[st.Statement]) -> bool:
    for s in statements:
        kind, context = type(s), s.origin.context
        if kind in _OPAQUE or context.conditional or context.loop:
            return False
        if isinstance(s, st.PythonFact):
            if s.kind in _BY_PYTHON:
                return False
        elif "{" in (getattr(s, "table", None) or ""):
            return False
    return True


def _shadowed(thing: Thing, ledger: _Ledger) -> bool:
    """Whether its table or column went in the downgrade."""
    _, table, _ = thing
    if ledger.there.get(("table", table, "")) is False:
        return True
    return any(
        ledger.there.get(("column", table, column)) is False
        for column in ledger.covers.get(thing, ())
    )


def _made_elsewhere(thing: Thing, ledger: _Ledger) -> bool:
    """A dropped column, index or constraint that came back with its table, or under no table's name."""
    kind, table, name = thing
    if kind != "table" and (
        ledger.there.get(("table", table, "")) is True
        or ledger.there.get(("table", table, "")) is False
    ):
        return True
    return kind in ("index", "constraint") and any(
        there and other[2] == name and other[0] in ("index", "constraint")
        for other, there in ledger.there.items()
    )


def _walk(ledger: _Ledger, statements: Iterable[st.Statement]) -> None:
    for statement in statements:
        note = _NOTES.get(type(statement))
        if note is not None and getattr(statement, "table", None) not in ledger.temporary:
            note(ledger, statement)


def _create_table(ledger: _Ledger, s: st.CreateTable) -> None:
    if s.temporary:
        ledger.temporary.add(s.table)
    elif s.partition_of:
        ledger.make(("partition", s.partition_of, s.table), forgiving=s.if_not_exists)
    else:
        ledger.make(("table", s.table, ""), forgiving=s.if_not_exists)


def _drop_table(ledger: _Ledger, s: st.DropTable) -> None:
    if parent := _owner(ledger, "partition", s.table):
        ledger.drop(("partition", parent, s.table), forgiving=s.if_exists)
        return
    name = _made_as(ledger, "table", s.table)
    ledger.drop(("table", name, ""), forgiving=s.if_exists)
    ledger.drop_within(name)


def _rename_table(ledger: _Ledger, s: st.RenameTable) -> None:
    here = s.table.rpartition(".")[0]
    new = f"{here}.{s.new}" if here and "." not in s.new else s.new
    ledger.rename(("table", s.table, ""), ("table", new, ""))
    ledger.move_table(s.table, new)


def _add_column(ledger: _Ledger, s: st.AddColumn) -> None:
    ledger.make(("column", s.table, s.column.name), forgiving=s.if_not_exists)


def _drop_column(ledger: _Ledger, s: st.DropColumn) -> None:
    ledger.drop(("column", s.table, s.column), forgiving=s.if_exists)
    ledger.drop_within(s.table, s.column)


def _rename_column(ledger: _Ledger, s: st.RenameColumn) -> None:
    ledger.rename(("column", s.table, s.column), ("column", s.table, s.new))


def _create_index(ledger: _Ledger, s: st.CreateIndex) -> None:
    if s.name is not None:
        index = ("index", s.table, _stored(s.name))
        ledger.make(index, columns=s.columns, forgiving=s.if_not_exists)


def _drop_index(ledger: _Ledger, s: st.DropIndex) -> None:
    if s.name is not None:
        name = _stored(s.name)
        table = _owner(ledger, "index", name) or s.table or ""
        ledger.drop(("index", table, name), forgiving=s.if_exists)


def _rename_index(ledger: _Ledger, s: st.RenameIndex) -> None:
    table = s.table or _owner(ledger, "index", s.name)
    ledger.rename(("index", table, s.name), ("index", table, s.new))


def _add_constraint(ledger: _Ledger, s: st.AddConstraint) -> None:
    spec = s.constraint
    if spec.using_index:
        table = _owner(ledger, "index", spec.using_index) or s.table
        ledger.drop(("index", table, spec.using_index))
    if spec.name is not None:
        columns = spec.columns or _words(spec.expression)
        ledger.make(("constraint", s.table, spec.name), columns=columns)


def _drop_constraint(ledger: _Ledger, s: st.DropConstraint) -> None:
    if s.name is not None:
        ledger.drop(("constraint", s.table, s.name), forgiving=s.if_exists)


def _rename_constraint(ledger: _Ledger, s: st.RenameConstraint) -> None:
    ledger.rename(("constraint", s.table, s.name), ("constraint", s.table, s.new))


def _view(ledger: _Ledger, s: st.ViewStatement) -> None:
    if s.action == "create":
        ledger.make(("view", s.name, s.name))
    elif s.action == "drop":
        name = _made_as(ledger, "view", s.name)
        ledger.drop(("view", name, name), forgiving=s.if_exists)
        ledger.drop_within(name)


def _drop_schema(ledger: _Ledger, s: st.SchemaStatement) -> None:
    """CASCADE takes along what stands in the schema."""
    if s.kind == "schema" and s.action == "drop" and s.cascade:
        inside = [t for t, there in ledger.there.items() if there and t[1].startswith(f"{s.name}.")]
        for thing in inside:
            ledger.drop(thing, forgiving=True)


def _code(ledger: _Ledger, s: st.CodeStatement) -> None:
    """Functions and procedures; one that stood there before may be replaced or go for good."""
    if s.kind not in ("function", "procedure", "routine"):
        return
    short = s.name.rpartition(".")[2]
    if s.action == "create":
        ledger.make(("function", s.name, short))
        return
    for thing in list(ledger.there):
        if thing[0] == "function" and thing[2] == short:
            ledger.there[thing] = s.action != "drop"


_NOTES: Mapping[type[st.Statement], Callable[[_Ledger, Any], None]] = {
    st.CreateTable: _create_table,
    st.DropTable: _drop_table,
    st.RenameTable: _rename_table,
    st.AddColumn: _add_column,
    st.DropColumn: _drop_column,
    st.RenameColumn: _rename_column,
    st.CreateIndex: _create_index,
    st.DropIndex: _drop_index,
    st.RenameIndex: _rename_index,
    st.AddConstraint: _add_constraint,
    st.DropConstraint: _drop_constraint,
    st.RenameConstraint: _rename_constraint,
    st.ViewStatement: _view,
    st.CodeStatement: _code,
    st.SchemaStatement: _drop_schema,
}


def _stored(name: str) -> str:
    """An identifier as PostgreSQL cuts it."""
    return name.encode()[:63].decode(errors="ignore")


def _owner(ledger: _Ledger, kind: str, name: str) -> str:
    """The table a thing was made for: SQL drops an index by its name alone."""
    return next((t for k, t, n in ledger.there if k == kind and n == name and t), "")


def _made_as(ledger: _Ledger, kind: str, name: str) -> str:
    """The name a table or view was made under: search_path may say the schema for either side."""
    short, qualified = name.rpartition(".")[2], "." in name
    same = (t for k, t, _ in ledger.there if k == kind and t.rpartition(".")[2] == short)
    names = [t for t in same if t == name or ("." in t) != qualified]
    return name if name in names or len(names) != 1 else names[0]


def _words(expression: str) -> tuple[str, ...]:
    import re

    return tuple(re.findall(r"[A-Za-z_]\w*", expression))


def described(things: Sequence[Thing]) -> str:
    """``column orders.note, index ix_orders_note``."""
    more = f" and {len(things) - 5} more" if len(things) > 5 else ""
    return ", ".join(map(_described, things[:5])) + more


def described_renames(pairs: Sequence[tuple[Thing, Thing]]) -> str:
    """``column users.name renamed to full_name``."""
    more = f" and {len(pairs) - 5} more" if len(pairs) > 5 else ""
    return ", ".join(f"{_described(old)} renamed to {called(new)}" for old, new in pairs[:5]) + more


def called(thing: Thing) -> str:
    """The thing's own name."""
    kind, table, name = thing
    return table if kind == "table" else name


def _described(thing: Thing) -> str:
    kind, table, name = thing
    return f"column {table}.{name}" if kind == "column" else f"{kind} {called(thing)}"
