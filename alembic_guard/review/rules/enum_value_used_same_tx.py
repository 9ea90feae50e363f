"""GRD306: A new enum value used in the transaction that adds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    ViewStatement,
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
        ViewStatement,
    )
    bad = (
        """
        op.execute("ALTER TYPE mood ADD VALUE 'fine'")
        op.execute("UPDATE people SET mood = 'fine' WHERE id = 1")
        """,
        """
        op.execute("ALTER TYPE mood ADD VALUE 'fine'")
        op.execute(
            sa.text("UPDATE people SET mood = :mood WHERE id = 1").bindparams(mood="fine")
        )
        """,
        """
        op.execute("ALTER TYPE mood ADD VALUE 'fine'")
        op.create_check_constraint("ck_people_mood", "people", "mood <> 'fine'", postgresql_not_valid=True)
        """,
        """
        new = "fine"
        op.execute(f"ALTER TYPE mood ADD VALUE '{new}'")
        people = sa.table("people", sa.column("mood"))
        op.execute(people.update().where(people.c.mood == "glad").values(mood=new))
        """,
    )
    good = (
        """
        op.execute("ALTER TYPE mood ADD VALUE 'fine'")
        people = sa.table("people", sa.column("mood"))
        op.execute(people.update().where(people.c.mood == "glad").values(mood="happy"))
        """,
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
            is_new = known is not None and known.created_in == at.key
            if is_new and at.is_able("enum_value_of_new_type"):
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
        texts = [statement.origin.text]
        if isinstance(statement, st.ViewStatement):
            texts.append(statement.body)
        elif isinstance(statement, st.CreateIndex):
            texts.append(statement.where or "")
        elif isinstance(statement, st.AddConstraint):
            texts.append(statement.constraint.expression)
        elif isinstance(statement, st.CreateTable):
            enums = [c for c in statement.columns if c.type is not None and c.type.name == "enum"]
            if any(c.default is not None and _bare(c.default.text) == value for c in enums):
                return True
            texts += [spec.expression for spec in statement.constraints]
        return any(f"'{value}'" in text for text in texts)

    def _source(self, statement: st.Dml, at: Place) -> str:
        """The call of a statement whose values stand in Python: Core, or SQL with parameters."""
        if statement.via == "sql" and not _PARAMETER.search(statement.origin.text):
            return ""
        if statement.via not in ("core", "sql"):
            return ""
        return _call(at.revision.source.splitlines()[statement.origin.call_line - 1 :])


_PARAMETER = re.compile(r"(?<![:\w]):[a-z_]|%\(|%s", re.IGNORECASE)


def _call(lines: Sequence[str]) -> str:
    """The first lines up to where their parentheses are closed."""
    depth, found = 0, []
    for line in lines:
        found.append(line)
        depth += line.count("(") - line.count(")")
        if depth <= 0:
            break
    return "\n".join(found)


def _bare(text: str) -> str:
    return text.partition("::")[0].strip("'")
