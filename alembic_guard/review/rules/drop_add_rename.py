"""GRD405: A column dropped and another of the same type added: probably a rename."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.wording import quoted, short
from ..place import Place
from ..revision import Revision
from ..specs import ColumnSpec
from . import Example, Rule, rule


@rule
class DropAddRename(Rule):
    """A column dropped and another of the same type added: probably a rename.

    What it does
    ------------
    Finds a drop and an add of columns of equal type in one table, and of tables with mostly equal
    columns.

    Why it matters
    --------------
    Autogenerate cannot tell a rename from a drop and an add, and writes the latter: the new
    column is empty and the old values are lost.

    Instead
    -------
    ``op.alter_column(..., new_column_name=...)`` if it is a rename; copy the values if it is not.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/autogenerate.html#what-does-autogenerate-detect-and-what-does-it-not-detect
    """

    code = "GRD405"
    name = "drop-add-rename"
    hazard = "C05"
    severity = "error"
    where = (st.DropColumn, st.DropTable)
    bad = (
        Example(
            """
            op.add_column("users", sa.Column("remarks", sa.Text(), nullable=True))
            op.drop_column("users", "notes")
            """,
            down="""
            op.add_column("users", sa.Column("notes", sa.Text(), nullable=True))
            op.drop_column("users", "remarks")
            """,
        ),
    )
    good = (
        Example(
            (
                """
                op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))
                """,
                'op.add_column("users", sa.Column("b", sa.Integer, nullable=True))',
            )
        ),
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        yield from self._columns(revision, at)
        yield from self._tables(revision, at)

    def _columns(self, revision: Revision, at: Place) -> Iterator[Finding]:
        added = [
            s for s in revision.upgrade if isinstance(s, st.AddColumn) and not at.is_new(s.table)
        ]
        dropped = [
            s for s in revision.upgrade if isinstance(s, st.DropColumn) and not at.is_new(s.table)
        ]
        copied = {column for s in revision.upgrade if isinstance(s, st.Dml) for column in s.columns}
        for drop in dropped:
            old = self._old_column(drop, revision, at)
            for add in added:
                new = add.column
                if add.table != drop.table or new.name == drop.column or new.name in copied:
                    continue
                if (
                    old is None
                    or old.type is None
                    or new.type is None
                    or not self._is_like(old, new)
                ):
                    continue
                added.remove(add)
                yield self._found(add, drop, at)
                break

    def _old_column(self, drop: st.DropColumn, revision: Revision, at: Place) -> ColumnSpec | None:
        """The dropped column: as the chain knows it, or as `downgrade` adds it again."""
        table = at.before.table(drop.table)
        known = table.columns.get(drop.column) if table is not None else None
        if known is not None and known.type is not None:
            return known
        for statement in revision.downgrade:
            if (
                isinstance(statement, st.AddColumn)
                and statement.table == drop.table
                and statement.column.name == drop.column
            ):
                return statement.column
        return None

    def _is_like(self, old: ColumnSpec, new: ColumnSpec) -> bool:
        if old.type is None or new.type is None or not old.type.known:
            return False
        same = (old.type.name, old.type.array, old.type.enum_name) == (
            new.type.name, new.type.array, new.type.enum_name,
        )  # fmt: skip
        return same and (old.type.args == new.type.args or _share_a_word(old.name, new.name))

    def _found(self, add: st.AddColumn, drop: st.DropColumn, at: Place) -> Finding:
        table, old, new = add.table, drop.column, add.column.name
        return self.finding(
            at,
            add,
            f"{table}.{new} has the type of {old}, which line {drop.line} drops: if this is a rename, all values "
            f"of {old} are lost and {new} starts empty.",
            f"""
            If it is a rename:

                op.alter_column({quoted(short(table))}, {quoted(old)}, new_column_name={quoted(new)})

            If it is not, say so by copying or discarding the old values in a statement of its own.
            """,
            objects=[f"{table}.{old}", f"{table}.{new}"],
        )

    def _tables(self, revision: Revision, at: Place) -> Iterator[Finding]:
        created = [s for s in revision.upgrade if isinstance(s, st.CreateTable) and not s.temporary]
        filled = {s.table for s in revision.upgrade if isinstance(s, st.Dml)}
        for drop in revision.upgrade:
            if not isinstance(drop, st.DropTable):
                continue
            names = set(self._old_names(drop.table, revision, at))
            for create in created:
                same = names & {column.name for column in create.columns}
                if (
                    create.table in (drop.table, *filled)
                    or len(names) < 2
                    or len(same) < 0.7 * len(names)
                ):
                    continue
                yield self.finding(
                    at,
                    create,
                    f"{create.table} has the columns of {drop.table}, which line {drop.line} drops: if this is a "
                    "rename, all its rows are lost.",
                    f'If it is a rename: op.rename_table("{drop.table}", "{create.table}")',
                    objects=[drop.table, create.table],
                )

    def _old_names(self, table: str, revision: Revision, at: Place) -> Iterable[str]:
        known = at.before.table(table)
        if known is not None and known.columns:
            return known.columns
        for statement in revision.downgrade:
            if isinstance(statement, st.CreateTable) and statement.table == table:
                return [column.name for column in statement.columns]
        return []


def _share_a_word(old: str, new: str) -> bool:
    """Whether the names have a word in common, or one contains the other."""
    words = {word for word in old.split("_") if len(word) > 2}
    return not words.isdisjoint(new.split("_")) or old in new or new in old
