"""GRD814: large bulk insert."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule

LIMIT = 1000


@rule
class LargeBulkInsert(Rule):
    """A large data set inside a migration.

    What it does
    ------------
    Finds bulk_insert and INSERT ... VALUES of 1,000 rows or more.

    Why it matters
    --------------
    The rows travel through one statement in the deployment's transaction, are parsed by every tool that
    reads the history, and cannot be corrected once merged.

    Instead
    -------
    Load them with a script or a fixture after the migration.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.bulk_insert
    """

    code = "GRD814"
    name = "large-bulk-insert"
    hazard = "N04"
    severity = "warning"
    on = (st.Dml,)
    bad = ('op.bulk_insert(sa.table("codes", sa.column("id")), [{"id": n} for n in range(20000)])',)
    good = ('op.bulk_insert(sa.table("codes", sa.column("id")), [{"id": n} for n in range(10)])',)

    def check(self, statement: st.Dml, at: Place) -> Iterator[Finding]:
        if statement.verb == "insert" and statement.rows is not None and statement.rows >= LIMIT:
            yield self.finding(
                at,
                statement,
                f"This inserts {statement.rows:,} rows into {statement.table} in the deployment's transaction.",
                f"Load {statement.table} with a script of its own after the migration.",
                objects=(statement.table,),
            )
