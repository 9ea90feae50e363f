"""What is left over after `upgrade` and then `downgrade`: what a second `upgrade` trips over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..record import field, mutable_record
from . import statements as st
from .revision import Revision

Thing = tuple[str, str, str]
"""Kind, table and name, such as ``("column", "orders", "note")``."""


@mutable_record
class _Ledger:
    """What exists, as far as one revision says: True made, False gone."""

    there: dict[Thing, bool] = field(default_factory=dict)
    covers: dict[Thing, tuple[str, ...]] = field(default_factory=dict)
    forgiving: set[Thing] = field(default_factory=set)
    born: set[Thing] = field(default_factory=set)
    """What was not there before `upgrade`: dropped again, it need not come back."""

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
        if old in self.born or old not in self.there:
            self.born.add(new)
        self.there[old] = False
        self.there[new] = True

    def move_table(self, old: str, new: str) -> None:
        for kind, owner, name in list(self.there):
            if owner == old and kind != "table":
                moved = self.there.pop((kind, owner, name))
                self.there[kind, new, name] = moved
                if (kind, owner, name) in self.covers:
                    self.covers[kind, new, name] = self.covers.pop((kind, owner, name))


def leftovers(revision: Revision) -> tuple[list[Thing], list[Thing]]:
    """What `upgrade` makes and `downgrade` leaves, and what it drops and does not bring back.

    Nothing when either direction holds something that cannot be known.
    """
    if not _is_transparent(revision.upgrade) or not _is_transparent(revision.downgrade):
        return [], []
    ledger = _Ledger()
    _walk(ledger, revision.upgrade)
    made = {thing for thing, there in ledger.there.items() if there and thing in ledger.born}
    gone = {
        thing for thing, there in ledger.there.items() if not there and thing not in ledger.born
    }
    skip = set(ledger.forgiving)
    _walk(ledger, revision.downgrade)
    left = [t for t in made if ledger.there.get(t) and t not in skip and not _shadowed(t, ledger)]
    missing = [t for t in gone if ledger.there.get(t) is False and t not in skip]
    missing = [t for t in missing if not _made_elsewhere(t, ledger)]
    vague = _vaguely_dropped((*revision.upgrade, *revision.downgrade))
    return _named(left, vague), _named(missing, vague)


def _vaguely_dropped(statements: Iterable[st.Statement]) -> set[str]:
    """Tables that lose a constraint of unknown name: it may be any of theirs."""
    return {
        s.table
        for s in statements
        if isinstance(s, st.DropConstraint) and (s.name is None or "{" in s.name)
    }


def _named(things: Iterable[Thing], vague: set[str]) -> list[Thing]:
    """Those whose name is known and was not perhaps dropped, in a stable order."""
    return sorted(
        thing
        for thing in things
        if not any("{" in part for part in thing)
        and not (thing[0] == "constraint" and thing[1] in vague)
    )


def _is_transparent(statements: Iterable[st.Statement]) -> bool:
    return not any(
        isinstance(s, (st.Opaque, st.BrokenSql, st.DoBlock))
        or s.context.conditional
        or s.context.loop
        or "{" in str(getattr(s, "table", ""))
        or (isinstance(s, st.PythonFact) and s.kind in ("create_all", "drop_all", "table_create", "table_drop", "raises"))
        for s in statements
    )  # fmt: skip


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
        table = getattr(statement, "table", None)
        if table is None or ledger.there.get(("temporary", table, "")) is None:
            _note(ledger, statement)


def _note(ledger: _Ledger, s: st.Statement) -> None:
    match s:
        case st.CreateTable():
            if s.temporary:
                ledger.there["temporary", s.table, ""] = False
                ledger.born.add(("temporary", s.table, ""))
            elif s.partition_of:
                ledger.make(("partition", s.partition_of, s.table), forgiving=s.if_not_exists)
            else:
                ledger.make(("table", s.table, ""), forgiving=s.if_not_exists)
        case st.DropTable() if parent := _owner(ledger, "partition", s.table):
            ledger.drop(("partition", parent, s.table), forgiving=s.if_exists)
        case st.DropTable():
            ledger.drop(("table", s.table, ""), forgiving=s.if_exists)
            ledger.drop_within(s.table)
        case st.RenameTable():
            new = (
                s.new
                if "." in s.new or "." not in s.table
                else f"{s.table.rpartition('.')[0]}.{s.new}"
            )
            ledger.rename(("table", s.table, ""), ("table", new, ""))
            ledger.move_table(s.table, new)
        case st.AddColumn():
            ledger.make(("column", s.table, s.column.name), forgiving=s.if_not_exists)
        case st.DropColumn():
            ledger.drop(("column", s.table, s.column), forgiving=s.if_exists)
            ledger.drop_within(s.table, s.column)
        case st.RenameColumn():
            ledger.rename(("column", s.table, s.column), ("column", s.table, s.new))
        case _:
            _note_part(ledger, s)


def _note_part(ledger: _Ledger, s: st.Statement) -> None:
    """Indexes, constraints and views."""
    match s:
        case st.CreateIndex():
            if s.name is not None:
                name = _stored(s.name)
                ledger.make(("index", s.table, name), columns=s.columns, forgiving=s.if_not_exists)
        case st.DropIndex():
            if s.name is not None:
                name = _stored(s.name)
                _drop_named(
                    ledger, "index", s.table or _owner(ledger, "index", name), name, s.if_exists
                )
        case st.RenameIndex():
            table = s.table or _owner(ledger, "index", s.name)
            ledger.rename(("index", table, s.name), ("index", table, s.new))
        case st.AddConstraint():
            spec = s.constraint
            if spec.using_index:
                ledger.drop(
                    (
                        "index",
                        _owner(ledger, "index", spec.using_index) or s.table,
                        spec.using_index,
                    )
                )
            if spec.name is not None:
                columns = spec.columns or _words(spec.expression)
                ledger.make(("constraint", s.table, spec.name), columns=columns)
        case st.DropConstraint():
            if s.name is not None:
                ledger.drop(("constraint", s.table, s.name), forgiving=s.if_exists)
        case st.RenameConstraint():
            ledger.rename(("constraint", s.table, s.name), ("constraint", s.table, s.new))
        case st.ViewStatement() if s.action == "create":
            ledger.make(("view", s.name, s.name))
        case st.ViewStatement() if s.action == "drop":
            ledger.drop(("view", s.name, s.name), forgiving=s.if_exists)
            ledger.drop_within(s.name)


def _stored(name: str) -> str:
    """An identifier as PostgreSQL cuts it."""
    return name.encode()[:63].decode(errors="ignore")


def _drop_named(ledger: _Ledger, kind: str, table: str, name: str, forgiving: bool) -> None:
    known = _owner(ledger, kind, name)
    ledger.drop((kind, known or table, name), forgiving=forgiving)


def _owner(ledger: _Ledger, kind: str, name: str) -> str:
    """The table a thing was made for: SQL drops an index by its name alone."""
    owners = [t for k, t, n in ledger.there if k == kind and n == name]
    return next(filter(None, owners), "")


def _words(expression: str) -> tuple[str, ...]:
    import re

    return tuple(re.findall(r"[A-Za-z_]\w*", expression))


def described(things: Sequence[Thing]) -> str:
    """``column orders.note, index ix_orders_note``."""
    parts = []
    for kind, table, name in things[:5]:
        if kind == "column":
            parts.append(f"column {table}.{name}")
        elif kind == "table":
            parts.append(f"table {table}")
        else:
            parts.append(f"{kind} {name}")
    more = f" and {len(things) - 5} more" if len(things) > 5 else ""
    return ", ".join(parts) + more
