"""GRD921: A name that is a reserved word of the database."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.words import reserved_effect
from ..place import Place
from ..specs import is_known
from ..statements import AddColumn, CreateTable, RenameColumn, RenameTable
from . import Rule, rule


@rule
class ReservedName(Rule):
    """A name that is a reserved word of the database.

    What it does
    ------------
    Finds new tables and columns named like a reserved word, such as ``order`` or ``user``.

    Why it matters
    --------------
    SQLAlchemy quotes the name, hand-written SQL does not: it fails, or, for ``user`` on
    PostgreSQL, silently returns the login instead of the column.

    Instead
    -------
    Another name, before it ships.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-keywords-appendix.html
    """

    code = "GRD921"
    name = "reserved-name"
    hazard = "K01"
    on = (
        CreateTable,
        AddColumn,
        RenameColumn,
        RenameTable,
    )
    bad = (
        'op.add_column("items", sa.Column("order", sa.Integer()))',
        'op.create_table("user", sa.Column("id", sa.Integer, primary_key=True))',
    )
    good = (
        'op.add_column("items", sa.Column("position", sa.Integer()))',
        'op.create_table("users", sa.Column("name", sa.String(9)), sa.Column("type", sa.String(9)))',
    )

    def check(
        self, statement: CreateTable | AddColumn | RenameColumn | RenameTable, at: Place
    ) -> Iterator[Finding]:
        for name, place, line in self._names(statement):
            bare = name.rpartition(".")[2] if place == "table" else name
            effect = (
                reserved_effect(bare, place, at.dialect, at.version) if is_known(bare) else None
            )
            if effect is not None:
                yield self.finding(
                    at,
                    line or statement,
                    f"{bare} makes a bad name for a {place}: {effect}.",
                    f"Call it something else before it ships, for example {self._other(bare, place)}.",
                    objects=[bare if place == "table" else f"{statement.table}.{bare}"],
                )

    def _names(
        self, statement: CreateTable | AddColumn | RenameColumn | RenameTable
    ) -> Iterator[tuple[str, str, int]]:
        """The names a statement introduces, and the line when that is not the statement's."""
        if isinstance(statement, CreateTable):
            yield statement.table, "table", 0
            for column in statement.columns:
                yield column.name, "column", column.line
        elif isinstance(statement, AddColumn):
            yield statement.column.name, "column", 0
        elif isinstance(statement, RenameColumn):
            yield statement.new, "column", 0
        else:
            yield statement.new, "table", 0

    def _other(self, name: str, place: str) -> str:
        return f"{name}s" if place == "table" else f"{name}_"
