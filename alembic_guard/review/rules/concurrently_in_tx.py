"""GRD304: CONCURRENTLY inside Alembic's transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import AlterTable, CreateIndex, DropIndex, Reindex
from . import Rule, rule


@rule
class ConcurrentlyInTx(Rule):
    """CONCURRENTLY inside Alembic's transaction.

    What it does
    ------------
    Finds concurrent index and partition statements outside ``autocommit_block()``, and those sent
    together with other statements in one call.

    Why it matters
    --------------
    PostgreSQL refuses them in a transaction, and Alembic runs each migration in one: the
    deployment fails. Several statements in one call are one transaction too, in autocommit mode as
    well.

    Instead
    -------
    Put them into ``with op.get_context().autocommit_block():``, each into a call of its own.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    """

    code = "GRD304"
    name = "concurrently-in-tx"
    hazard = "F04"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        CreateIndex,
        DropIndex,
        Reindex,
        AlterTable,
    )
    directions = ("upgrade", "downgrade")
    bad = (
        'op.create_index("ix_orders_user", "orders", ["user_id"], postgresql_concurrently=True)',
        'op.execute("DROP INDEX CONCURRENTLY ix_orders_user")',
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY ix_orders_user; DROP INDEX CONCURRENTLY ix_orders_lane")
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_user", "orders", ["user_id"], postgresql_concurrently=True)
        """,
    )

    def check(
        self, statement: CreateIndex | DropIndex | Reindex | AlterTable, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, AlterTable):
            concurrently, name = bool(statement.options.get("concurrently")), statement.target
        else:
            concurrently, name = statement.concurrently, statement.name
        if not concurrently:
            return
        if statement.context.autocommit:
            if not statement.origin.alone:
                yield self._together(statement, name or "", at)
            return
        ended = ("commit", "rollback")
        if any(
            isinstance(s, st.TransactionControl) and s.verb in ended
            for s in at.earlier_in_transaction()
        ):
            return
        yield self.finding(
            at,
            statement,
            f"CONCURRENTLY cannot run inside a transaction, and this line does: PostgreSQL refuses {name}.",
            """
            Leave the transaction for it:

                with op.get_context().autocommit_block():
                    ...  # this statement
            """,
            objects=[name or ""],
        )

    def _together(self, statement: st.Statement, name: str, at: Place) -> Finding:
        return self.finding(
            at,
            statement,
            "CONCURRENTLY cannot run together with other statements in one call: PostgreSQL takes them as "
            f"one transaction, in autocommit mode as well, and refuses {name}.",
            "Write one op.execute(...) for each statement, all inside the autocommit block.",
            objects=[name],
        )
