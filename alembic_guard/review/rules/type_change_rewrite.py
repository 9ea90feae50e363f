"""GRD201: A column type change that rewrites the table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.conversions import is_computed, is_rewrite
from ..knowledge.wording import quoted, short
from ..place import Place
from ..specs import TypeSpec
from ..statements import AlterColumn
from . import Example, Rule, rule

_MOMENTS = frozenset(["timestamp", "timestamptz"])


@rule
class TypeChangeRewrite(Rule):
    """A column type change that rewrites the table.

    What it does
    ------------
    Finds ALTER COLUMN TYPE where the stored bytes change, knowing the old type from the chain or
    from existing_type. Widenings such as varchar(40) to varchar(80) or numeric(8,2) to
    numeric(12,2) are silent.

    Why it matters
    --------------
    The table and all its indexes are written anew under ACCESS EXCLUSIVE: nobody can read or
    write it until that is done, and twice the disk space is needed.

    Instead
    -------
    Add a new column, write both, backfill in batches, switch the reads, drop the old one.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD201"
    name = "type-change-rewrite"
    hazard = "R01"
    severity = "error"
    dialects = ("postgresql",)
    on = (AlterColumn,)
    bad = (
        'op.alter_column("orders", "amount", existing_type=sa.Integer(), type_=sa.BigInteger())',
        'op.execute("ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz")',
        Example(
            (
                'op.create_table("users", sa.Column("name", sa.String(40)))',
                'op.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(80) USING name::varchar(20)")',
            )
        ),
        """
        op.execute("SET LOCAL timezone = 'Europe/Berlin'")
        op.alter_column(
            "users", "seen_at", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True)
        )
        """,
    )
    good = (
        """
        op.alter_column("users", "name", existing_type=sa.String(40), type_=sa.String(80))
        op.alter_column("users", "bio", existing_type=sa.String(400), type_=sa.Text())
        """,
        Example(
            (
                'op.create_table("users", sa.Column("name", sa.String(40)))',
                'op.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(80)")',
            )
        ),
        Example(
            (
                'op.create_table("users", sa.Column("name", sa.String(40)))',
                'op.execute("ALTER TABLE users ALTER COLUMN name TYPE varchar(80) USING name::varchar(80)")',
            )
        ),
        """
        op.execute("SET LOCAL TIME ZONE 'UTC'")
        op.alter_column(
            "users", "seen_at", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True)
        )
        """,
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        new, old = statement.type, at.old_type(statement)
        if new is None or at.is_new(statement.table) or not is_rewrite(old, new, statement.using):
            return
        moments = new.name in _MOMENTS and (
            old is None or not old.known or old.name in _MOMENTS - {new.name}
        )
        if moments and self._is_spared(statement, new, at):
            return
        table, column = statement.table, statement.column
        was = f"{old} to {new}" if old is not None and old.known else f"its old type to {new}"
        only_utc = (
            " (only a session in UTC is spared that)"
            if moments and old is not None and old.known and not statement.using
            else ""
        )
        yield self.finding(
            at,
            statement,
            f"Changing {table}.{column} from {was} rewrites the whole table and its indexes under ACCESS "
            f"EXCLUSIVE{only_utc}: every read and write of {table} waits.",
            f"""
            Go by way of a second column:

                op.add_column({quoted(short(table))}, sa.Column("{column}_new", ...))   # {new}, nullable
                # write both from the application or a trigger, backfill in batches, switch the reads
                op.drop_column({quoted(short(table))}, {quoted(column)})
            """,
            objects=[f"{table}.{column}"],
        )

    def _is_spared(self, statement: AlterColumn, new: TypeSpec, at: Place) -> bool:
        """Whether the session is in UTC, where the stored bytes stay; an index is built anew."""
        table = at.table(statement.table)
        is_indexed = table is not None and any(
            statement.column in index.columns for index in table.indexes.values()
        )
        return (
            at.is_able("timestamptz_in_utc")
            and at.is_in_utc()
            and not is_indexed
            and not is_computed(statement.using, new)
        )
