"""GRD309: drop_constraint(None, ...): a constraint without a name cannot be dropped."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..effects import constraint_name
from ..knowledge.wording import index_name, quoted
from ..place import Place
from ..statements import AddConstraint, DropConstraint
from . import Example, Rule, rule


@rule
class UnnamedConstraint(Rule):
    """drop_constraint(None, ...): a constraint without a name cannot be dropped.

    What it does
    ------------
    Finds ``op.drop_constraint(None, ...)``, and unnamed constraints created in a SQLite batch
    block.

    Why it matters
    --------------
    Alembic does not look the name up, not even with a naming convention on the metadata: it
    always fails. SQLite batch blocks refuse unnamed constraints.

    Instead
    -------
    Name the constraint where it is created, by hand or with ``MetaData(naming_convention=...)``,
    and use that name.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/naming.html
    """

    code = "GRD309"
    name = "unnamed-constraint"
    hazard = "F09"
    severity = "error"
    on = (
        DropConstraint,
        AddConstraint,
    )
    directions = ("upgrade", "downgrade")
    bad = (
        'op.drop_constraint(None, "users", type_="unique")',
        Example(
            'op.execute("SELECT 1")',
            down='op.drop_constraint(None, "users", type_="unique")',
        ),
    )
    good = (
        Example(
            """
            op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK (id > 0) NOT VALID")
            """,
            down='op.drop_constraint("ck", "users", type_="check")',
        ),
    )

    def check(self, statement: DropConstraint | AddConstraint, at: Place) -> Iterator[Finding]:
        table = statement.table
        if isinstance(statement, AddConstraint):
            spec = statement.constraint
            if at.dialect == "sqlite" and spec.name is None and statement.via == "batch":
                prefix = {"foreign": "fk", "unique": "uq", "check": "ck"}.get(spec.kind, "ct")
                name = index_name(table, spec.columns, prefix)
                yield self.finding(
                    at,
                    statement,
                    f"A batch block refuses an unnamed constraint on {table}: this always fails.",
                    f"Name it, for example {quoted(name)}.",
                    objects=[table],
                )
            return
        if statement.name is not None or statement.via == "sql":
            return
        guess = self._created_name(statement, at)
        yield self.finding(
            at,
            statement,
            f"drop_constraint(None, ...) cannot know which constraint of {table} is meant: it always fails.",
            f"Write the name it has in the database{guess}.",
            objects=[table],
        )

    def _created_name(self, statement: DropConstraint, at: Place) -> str:
        """What the database called the constraint that `upgrade` created without a name."""
        if at.dialect != "postgresql":
            return ""
        for other in at.revision.upgrade:
            if isinstance(other, AddConstraint) and other.table == statement.table:
                return f", probably {quoted(constraint_name(other.table, other.constraint))}"
        return ""
