"""GRD815: metadata create all."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class MetadataCreateAll(Rule):
    """Tables are created from the application's metadata.

    What it does
    ------------
    Finds ``create_all``, ``drop_all`` and ``__table__.create`` in a migration.

    Why it matters
    --------------
    It creates the tables as the models are on the day it runs, not as they were when it was written:
    databases of different age end up with different schemas.

    Instead
    -------
    Write the tables out with ``op.create_table``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.create_table
    """

    code = "GRD815"
    name = "metadata-create-all"
    hazard = "N05"
    severity = "error"
    on = (st.PythonFact,)
    bad = ("sa.MetaData().create_all(op.get_bind())",)
    good = ('op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))',)

    def check(self, statement: st.PythonFact, at: Place) -> Iterator[Finding]:
        if statement.kind not in ("create_all", "drop_all", "table_create", "table_drop"):
            return
        drops = statement.kind in ("drop_all", "table_drop")
        yield self.finding(
            at,
            statement,
            f"{statement.what} {'drops' if drops else 'creates'} what the models say on the day it runs: "
            "databases of different age get different schemas.",
            "Write each table out with op.create_table(...), as `alembic revision --autogenerate` does.",
        )
