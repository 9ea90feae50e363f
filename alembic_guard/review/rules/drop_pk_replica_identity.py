"""GRD418: A primary key dropped: logical replication stops."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import DropConstraint
from . import Rule, rule


@rule
class DropPkReplicaIdentity(Rule):
    """A primary key dropped: logical replication stops.

    What it does
    ------------
    Finds dropped primary keys that the revision does not replace.

    Why it matters
    --------------
    Without a key a published table has no replica identity: every UPDATE and DELETE fails, and
    foreign keys that reference it block the drop.

    Instead
    -------
    Set another replica identity first, or replace the key in the same transaction.

    References
    ----------
    https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
    """

    code = "GRD418"
    name = "drop-pk-replica-identity"
    hazard = "C18"
    severity = "error"
    dialects = ("postgresql",)
    on = (DropConstraint,)
    bad = ('op.drop_constraint("items_pkey", "items", type_="primary")',)
    good = (
        """
        op.execute("ALTER TABLE items REPLICA IDENTITY FULL")
        op.drop_constraint("items_pkey", "items", type_="primary")
        """,
    )

    def check(self, statement: DropConstraint, at: Place) -> Iterator[Finding]:
        table = statement.table
        if at.is_new(table) or not self._is_primary(statement, at):
            return
        for other in (*at.earlier, *at.later):
            if getattr(other, "table", None) != table:
                continue
            if isinstance(other, st.AlterTable) and other.action == "replica_identity":
                return
            if isinstance(other, st.AddConstraint) and other.constraint.kind == "primary":
                return
        yield self.finding(
            at,
            statement,
            f"Without its primary key {table} has no replica identity: where it is published, every UPDATE and "
            "DELETE on it fails.",
            f"""
            Give it another identity first, or the new key in the same transaction:

                op.execute("ALTER TABLE {table} REPLICA IDENTITY USING INDEX ...")
            """,
            objects=[table],
        )

    def _is_primary(self, statement: DropConstraint, at: Place) -> bool:
        if statement.kind != "unknown":
            return statement.kind == "primary"
        table = at.table(statement.table)
        known = table.constraint(statement.name) if table is not None else None
        if known is not None:
            return known.kind == "primary"
        name = statement.name or ""
        return name.endswith("_pkey") or name.startswith("pk_")
