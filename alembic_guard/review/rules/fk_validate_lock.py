"""GRD105: A foreign key added and checked in one step."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import index_name, listed, quoted, short
from ..place import Place
from ..statements import AddColumn, AddConstraint
from . import Example, Rule, rule


@rule
class FkValidateLock(Rule):
    """A foreign key added and checked in one step.

    What it does
    ------------
    Finds foreign keys on existing tables that the server checks against all rows at once.

    Why it matters
    --------------
    The statement holds SHARE ROW EXCLUSIVE on both tables (on MySQL the table is copied) while it
    reads every row: writes to either table wait, and one orphaned row makes the deployment fail.

    Instead
    -------
    Add it with ``postgresql_not_valid=True``, which checks new rows only, and ``VALIDATE
    CONSTRAINT`` in a later revision, which blocks nobody.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD105"
    name = "fk-validate-lock"
    hazard = "L05"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (
        AddConstraint,
        AddColumn,
    )
    bad = (
        'op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])',
        'op.execute("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)")',
        Example(
            'op.create_foreign_key("fk_orders_user", "orders", "users", ["user_id"], ["id"])',
            "mysql",
        ),
    )
    good = (
        """
        op.create_foreign_key(
            "fk_orders_user", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True
        )
        """,
        'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user")',
    )

    def check(self, statement: AddConstraint | AddColumn, at: Place) -> Iterator[Finding]:
        if at.is_new(statement.table):
            return
        if isinstance(statement, AddColumn):
            spec = statement.column.foreign if statement.via == "sql" else None
            if spec is None or at.dialect != "postgresql" or statement.column.default is None:
                return  # without a default the new column is NULL everywhere: nothing to check
        else:
            spec = statement.constraint
        if spec.kind != "foreign" or spec.not_valid:
            return
        name = spec.name or index_name(statement.table, spec.columns, "fk")
        target = spec.ref_table or "the referenced table"
        if at.dialect == "postgresql":
            blocked = f"blocks writes to {statement.table} and {target} while every row is checked"
        else:
            blocked = f"copies {statement.table} while writes to it wait (unless foreign_key_checks is off)"
        yield self.finding(
            at,
            statement,
            f"The foreign key {name} {blocked}, and fails if one row of {statement.table} has no "
            f"match in {target}.",
            self._instead(
                at, statement.table, name, spec.columns, spec.ref_table, spec.ref_columns
            ),
            objects=[statement.table, target, name],
        )

    def _instead(
        self,
        at: Place,
        table: str,
        name: str,
        columns: tuple[str, ...],
        target: str | None,
        target_columns: tuple[str, ...],
    ) -> str:
        if at.dialect != "postgresql":
            return f"""
                Check for orphans first, then run it when {table} is quiet, or add it online with
                gh-ost or pt-online-schema-change.
                """
        return f"""
            Add it for new rows now, and check the old ones in the next revision:

                op.create_foreign_key({quoted(name)}, {quoted(short(table))}, {quoted(short(target or "table"))},
                                      {listed(columns)}, {listed(target_columns or ["id"])},
                                      postgresql_not_valid=True)

                # next revision
                op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
            """
