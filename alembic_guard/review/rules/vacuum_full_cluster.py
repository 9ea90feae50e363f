"""GRD120: VACUUM FULL or CLUSTER."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import Maintenance
from . import Rule, rule


@rule
class VacuumFullCluster(Rule):
    """VACUUM FULL or CLUSTER.

    What it does
    ------------
    Finds statements that rewrite a table only to make it smaller or ordered.

    Why it matters
    --------------
    The whole table is copied under ACCESS EXCLUSIVE, with all its indexes: nobody can read it for
    minutes or hours.

    Instead
    -------
    Plain VACUUM, or pg_repack, outside migrations.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-vacuum.html
    """

    code = "GRD120"
    name = "vacuum-full-cluster"
    hazard = "L20"
    severity = "error"
    dialects = ("postgresql",)
    on = (Maintenance,)
    bad = (
        """
        with op.get_context().autocommit_block():
            op.execute("VACUUM FULL orders")
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("VACUUM (ANALYZE) orders")
        """,
        """
        op.execute("CREATE TABLE parcels (id integer PRIMARY KEY)")
        op.execute("CLUSTER parcels USING parcels_pkey")
        """,
    )

    def check(self, statement: Maintenance, at: Place) -> Iterator[Finding]:
        if statement.verb != "cluster" and not (statement.verb == "vacuum" and statement.full):
            return
        if at.is_new(statement.table):
            return
        verb = "CLUSTER" if statement.verb == "cluster" else "VACUUM FULL"
        table = statement.table or "every table"
        yield self.finding(
            at,
            statement,
            f"{verb} copies {table} and all its indexes under ACCESS EXCLUSIVE: nobody can read it "
            "until the copy is complete.",
            f"Use plain VACUUM, or pg_repack --table {statement.table or 'NAME'}, outside of migrations.",
            objects=[statement.table] if statement.table else [],
        )
