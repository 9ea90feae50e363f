"""GRD925: A name with capital letters."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..specs import is_known
from ..statements import AddColumn, CreateTable, RenameColumn, RenameTable
from . import Rule, rule


@rule
class CaseSensitiveName(Rule):
    """A name with capital letters.

    What it does
    ------------
    Finds new tables and columns that need quotes because of their case.

    Why it matters
    --------------
    Unquoted SQL folds names: ``SELECT userId`` looks for ``userid`` and fails.

    Instead
    -------
    Lower case with underscores.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
    """

    code = "GRD925"
    name = "case-sensitive-name"
    hazard = "K05"
    severity = "note"
    on = (
        CreateTable,
        AddColumn,
        RenameColumn,
        RenameTable,
    )
    opinion = True
    bad = ('op.add_column("items", sa.Column("userId", sa.Integer()))',)
    good = ('op.add_column("items", sa.Column("user_id", sa.Integer()))',)

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            names = [statement.table, *(column.name for column in statement.columns)]
        elif isinstance(statement, AddColumn):
            names = [statement.column.name]
        else:
            assert isinstance(statement, (RenameColumn, RenameTable))
            names = [statement.new]
        for name in names:
            if name != name.lower() and is_known(name):
                yield self.finding(
                    at,
                    statement,
                    f"{name} must be quoted wherever it is used in SQL.",
                    "Use lower case with underscores.",
                    objects=[name],
                )
