"""GRD509: enum value removal."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Example, Rule, rule


@rule
class EnumValueRemoval(Rule):
    """An enum loses a value that rows may use.

    What it does
    ------------
    Finds enum types that are rebuilt with fewer values, and DELETE FROM pg_enum.

    Why it matters
    --------------
    Rows with the value make the conversion fail; deleted from pg_enum, they cannot be read any more.

    Instead
    -------
    Move the rows to another value first, in a revision of its own.

    References
    ----------
    https://www.postgresql.org/docs/current/datatype-enum.html
    """

    code = "GRD509"
    name = "enum-value-removal"
    hazard = "D09"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        st.CreateType,
        st.Dml,
        st.AlterColumn,
    )
    bad = (
        """
        op.execute("DELETE FROM pg_enum WHERE enumlabel = 'cancelled'")
        """,
        Example(
            (
                "op.execute(\"CREATE TYPE state AS ENUM ('new', 'paid', 'gone')\")",
                """
            op.execute("ALTER TYPE state RENAME TO state_old")
            op.execute("CREATE TYPE state AS ENUM ('new', 'paid')")
            """,
            )
        ),
    )
    good = (
        """
        op.execute("CREATE TYPE state AS ENUM ('new', 'paid')")
        """,
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        if isinstance(statement, st.Dml):
            if statement.table in ("pg_enum", "pg_catalog.pg_enum") and statement.verb == "delete":
                yield self.finding(at, statement, "Rows that hold this enum value cannot be read any more.",
                                   "Build a new type and convert the column.")  # fmt: skip
            return
        if not isinstance(statement, st.CreateType):
            return
        old = _replaced(statement, at)
        gone = [value for value in old if value not in statement.values]
        if gone and statement.values:
            yield self.finding(
                at,
                statement,
                f"The new {statement.name} has no {', '.join(gone)}: converting a column fails as long as "
                "one row uses it.",
                f"""
                Move the rows first, in a revision of its own:

                    UPDATE ... SET ... = '{statement.values[0]}' WHERE ... = '{gone[0]}'
                """,
                objects=(statement.name,),
            )


def _replaced(statement: st.CreateType, at: Place) -> tuple[str, ...]:
    """The values of the type this one takes the name of."""
    for other in at.earlier:
        if (
            isinstance(other, st.AlterType)
            and other.action == "rename"
            and other.name == statement.name
        ):
            known = at.schema.types.get(other.new or "")
            return known.values if known is not None else ()
    return ()
