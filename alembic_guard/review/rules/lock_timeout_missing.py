"""GRD113: DDL without a lock timeout."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.locks import exclusive_tables
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class LockTimeoutMissing(Rule):
    """DDL without a lock timeout.

    What it does
    ------------
    Finds revisions that lock existing tables before any lock_timeout is set.

    Why it matters
    --------------
    DDL that waits for one long query makes every later query wait behind it.

    Instead
    -------
    ``SET LOCAL lock_timeout`` first, and retry; ``Guard.run_migrations`` does that for you.

    References
    ----------
    https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
    """

    code = "GRD113"
    name = "lock-timeout-missing"
    hazard = "L13"
    severity = "note"
    dialects = ("postgresql", "mysql", "mariadb")
    opinion = True
    bad = ('op.add_column("orders", sa.Column("note", sa.Text()))',)
    good = (
        """
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.add_column("orders", sa.Column("note", sa.Text()))
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        for statement, tables in exclusive_tables(revision.upgrade, at):
            position = revision.upgrade.index(statement)
            if any(
                isinstance(s, st.SetVariable) and s.name in ("lock_timeout", "lock_wait_timeout")
                for s in revision.upgrade[:position]
            ):
                return
            yield self.finding(
                at,
                statement,
                f"Nothing bounds how long this waits for {tables[0]}, and who queues behind it.",
                "op.execute(\"SET LOCAL lock_timeout = '2s'\") first; guard.run_migrations does it for you.",
                objects=tables,
            )
            return
