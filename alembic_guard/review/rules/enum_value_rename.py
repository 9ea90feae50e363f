"""GRD409: an enum value renamed under the running application."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterType
from . import Rule, rule


@rule
class EnumValueRename(Rule):
    """An enum value renamed under the running application.

    What it does
    ------------
    Finds ALTER TYPE ... RENAME VALUE.

    Why it matters
    --------------
    Running code still writes the old value ("invalid input value for enum") and does not know the
    new one it reads (LookupError in SQLAlchemy).

    Instead
    -------
    Add the new value, release code that knows both, move the rows, and stop using the old one.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertype.html
    """

    code = "GRD409"
    name = "enum-value-rename"
    hazard = "C09"
    severity = "error"
    dialects = ("postgresql",)
    on = (AlterType,)
    bad = ("op.execute(\"ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'\")",)
    good = (
        """
        op.execute("CREATE TYPE mood AS ENUM ('ok', 'bad')")
        op.execute("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'")
        """,
    )

    def check(self, statement: AlterType, at: Place) -> Iterator[Finding]:
        known = at.schema.types.get(statement.name)
        if statement.action != "rename_value" or (known is not None and known.created_in == at.key):
            return
        old, new = statement.value, statement.new
        yield self.finding(
            at,
            statement,
            f"Running code still writes '{old}', which {statement.name} refuses from here on, and cannot read "
            f"'{new}'.",
            f"""
            Add the new value beside the old one:

                with op.get_context().autocommit_block():
                    op.execute("ALTER TYPE {statement.name} ADD VALUE IF NOT EXISTS '{new}'")

            then release code that knows both, move the rows in batches, and stop using '{old}'.
            """,
            objects=[statement.name],
        )
