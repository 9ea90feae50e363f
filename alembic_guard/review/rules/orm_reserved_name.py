"""GRD922: A column whose natural attribute name SQLAlchemy reserves."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.words import orm_effect
from ..place import Place
from ..statements import AddColumn, CreateTable, RenameColumn
from . import Rule, rule


@rule
class OrmReservedName(Rule):
    """A column whose natural attribute name SQLAlchemy reserves.

    What it does
    ------------
    Finds new columns named ``metadata``, ``registry`` and the like.

    Why it matters
    --------------
    A declarative model with an attribute of that name fails at import ("Attribute name 'metadata'
    is reserved"), so model and database must use two names for one thing.

    Instead
    -------
    Another column name, before it ships.

    References
    ----------
    https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#naming-columns-distinctly-from-attribute-names
    """

    code = "GRD922"
    name = "orm-reserved-name"
    hazard = "K02"
    on = (
        CreateTable,
        AddColumn,
        RenameColumn,
    )
    bad = ('op.add_column("items", sa.Column("metadata", sa.JSON()))',)
    good = ('op.add_column("items", sa.Column("item_metadata", sa.JSON()))',)

    def check(
        self, statement: CreateTable | AddColumn | RenameColumn, at: Place
    ) -> Iterator[Finding]:
        for name, line in self._names(statement):
            effect = orm_effect(name)
            if effect is not None:
                yield self.finding(
                    at,
                    line or statement,
                    f"A model cannot map {statement.table}.{name} under its own name: {effect}.",
                    f"Call the column {statement.table.rpartition('.')[2].rstrip('s')}_{name} before it ships.",
                    objects=[f"{statement.table}.{name}"],
                )

    def _names(
        self, statement: CreateTable | AddColumn | RenameColumn
    ) -> Iterator[tuple[str, int]]:
        if isinstance(statement, CreateTable):
            for column in statement.columns:
                yield column.name, column.line
        elif isinstance(statement, AddColumn):
            yield statement.column.name, 0
        else:
            yield statement.new, 0
