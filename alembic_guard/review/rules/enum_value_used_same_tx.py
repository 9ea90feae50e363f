"""GRD306: A new enum value used in the transaction that adds it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..specs import Default
from ..statements import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    CreateTable,
    Dml,
    OtherSql,
)
from . import Rule, rule


@rule
class EnumValueUsedSameTx(Rule):
    """A new enum value used in the transaction that adds it.

    What it does
    ------------
    Finds statements that name an enum value added above in the same transaction.

    Why it matters
    --------------
    PostgreSQL refuses it: "unsafe use of new value". The whole migration is rolled back.

    Instead
    -------
    Add the value in a revision of its own (or in ``autocommit_block()``), and use it in the next.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES
    """

    code = "GRD306"
    name = "enum-value-used-same-tx"
    hazard = "F06"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        Dml,
        AddColumn,
        AlterColumn,
        AddConstraint,
        CreateTable,
        CreateIndex,
        OtherSql,
    )
    bad = (
        """
        op.execute("ALTER TYPE mood ADD VALUE 'fine'")
        op.execute("UPDATE people SET mood = 'fine' WHERE id = 1")
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE 'fine'")
        op.execute("UPDATE people SET mood = 'fine' WHERE id = 1")
        """,
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        for earlier in at.earlier_in_transaction():
            if (
                not isinstance(earlier, st.AlterType)
                or earlier.action != "add_value"
                or not earlier.value
            ):
                continue
            known = at.schema.types.get(earlier.name)
            if known is not None and known.created_in == at.key:
                continue
            if not self._uses(statement, earlier.value, at):
                continue
            yield self.finding(
                at,
                statement,
                f"'{earlier.value}' was added to {earlier.name} in this transaction (line {earlier.line}); "
                "PostgreSQL refuses to use it before the transaction is committed.",
                f"""
                Add the value in a revision of its own, or commit it first:

                    with op.get_context().autocommit_block():
                        op.execute("ALTER TYPE {earlier.name} ADD VALUE IF NOT EXISTS '{earlier.value}'")
                """,
                objects=[earlier.name],
            )
            return

    def _uses(self, statement: st.Statement, value: str, at: Place) -> bool:
        """Whether the value stands in the data, a default or a condition."""
        if isinstance(statement, st.Dml):
            literal = re.compile(rf"['\"]{re.escape(value)}['\"]")
            text = f"{statement.condition} {statement.origin.text} {self._source(statement, at)}"
            return value in statement.literals or literal.search(text) is not None
        if isinstance(statement, st.AddColumn):
            default = statement.column.default
            return default is not None and value in (
                default.text,
                default.text.partition("::")[0].strip("'"),
            )
        if isinstance(statement, st.AlterColumn):
            new = statement.server_default
            return isinstance(new, Default) and value in (
                new.text,
                new.text.partition("::")[0].strip("'"),
            )
        return f"'{value}'" in statement.origin.text

    def _source(self, statement: st.Dml, at: Place) -> str:
        """The lines of a statement written with SQLAlchemy Core, whose values stand in Python."""
        if statement.via != "core":
            return ""
        lines = at.revision.source.splitlines()
        return "\n".join(lines[statement.line - 1 : statement.origin.end_line or statement.line])
