"""GRD310: A name longer than the database allows."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..specs import is_known
from ..statements import (
    AddColumn,
    AddConstraint,
    CreateIndex,
    CreateTable,
    CreateType,
    RenameColumn,
    RenameTable,
)
from . import Rule, rule


@rule
class IdentifierTooLong(Rule):
    """A name longer than the database allows.

    What it does
    ------------
    Finds names of more than 63 bytes on PostgreSQL and 64 characters on MySQL.

    Why it matters
    --------------
    PostgreSQL cuts the name silently in SQL text, so that a later statement does not find it or
    two names become equal; SQLAlchemy and MySQL refuse it.

    Instead
    -------
    A shorter name.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
    """

    code = "GRD310"
    name = "identifier-too-long"
    hazard = "F10"
    severity = "error"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (
        CreateTable,
        CreateIndex,
        AddConstraint,
        AddColumn,
        RenameTable,
        RenameColumn,
        CreateType,
    )
    bad = ('op.execute("CREATE TABLE " + "t" * 64 + " (id integer)")',)
    good = ('op.execute("CREATE TABLE " + "t" * 63 + " (id integer)")',)

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        limit = 63 if at.dialect == "postgresql" else 64
        for name, line in self._names(statement):
            bare = name.rpartition(".")[2]
            size = len(bare.encode()) if at.dialect == "postgresql" else len(bare)
            if size > limit and is_known(bare):
                refused = (
                    f"PostgreSQL cuts it to {bare.encode()[:limit].decode(errors='ignore')}"
                    if at.dialect == "postgresql"
                    else "MySQL refuses it"
                )
                yield self.finding(
                    at,
                    line or statement,
                    f"The name {bare} has {size} characters, {limit} are allowed: {refused}.",
                    f"Choose a name of at most {limit} characters.",
                    objects=[bare],
                )

    def _names(self, statement: st.Statement) -> Iterator[tuple[str, int]]:
        """The names a statement introduces, each with its own line where it has one."""
        if isinstance(statement, CreateTable):
            yield statement.table, 0
            yield from ((column.name, column.line) for column in statement.columns)
            yield from ((spec.name, spec.line) for spec in statement.constraints if spec.name)
        elif isinstance(statement, AddColumn):
            yield statement.column.name, 0
        elif isinstance(statement, AddConstraint):
            yield statement.constraint.name or "", 0
        elif isinstance(statement, (RenameTable, RenameColumn)):
            yield statement.new, 0
        elif isinstance(statement, (CreateIndex, CreateType)):
            yield statement.name or "", 0
