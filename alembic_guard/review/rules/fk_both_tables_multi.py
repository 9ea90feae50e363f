"""GRD121: several foreign keys on existing tables in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.wording import first_words
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class FkBothTablesMulti(Rule):
    """Several foreign keys on existing tables in one transaction.

    What it does
    ------------
    Finds revisions that add NOT VALID foreign keys from or to three or more tables at once.

    Why it matters
    --------------
    Each one locks both its tables against writes until the transaction ends, in an order the
    application does not follow: writers wait for all of them, or deadlock.

    Instead
    -------
    One foreign key for each revision, with ``transaction_per_migration=True``.

    References
    ----------
    https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS
    """

    code = "GRD121"
    name = "fk-both-tables-multi"
    hazard = "L21"
    dialects = ("postgresql",)
    where = (st.AddConstraint,)
    bad = (
        """
        op.create_foreign_key("fk_a", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)
        op.create_foreign_key("fk_b", "orders", "shops", ["shop_id"], ["id"], postgresql_not_valid=True)
        """,
    )
    good = (
        """
        op.create_foreign_key("fk_a", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        added: dict[int, list[st.AddConstraint]] = {}
        for statement in revision.upgrade:
            if isinstance(statement, st.AddConstraint) and statement.constraint.kind == "foreign":
                spec = statement.constraint
                if (
                    spec.not_valid
                    and not statement.context.autocommit
                    and not at.is_new(statement.table)
                ):
                    added.setdefault(statement.context.transaction, []).append(statement)
        for statements in added.values():
            tables = [t for s in statements for t in (s.table, s.constraint.ref_table or "") if t]
            names = list(dict.fromkeys(tables))
            if len(names) >= 3:
                yield self.finding(
                    at,
                    statements[-1],
                    f"{len(statements)} foreign keys in one transaction keep {first_words(names)} locked "
                    "against writes together, and deadlock with code that uses them in another order.",
                    "Write one revision for each foreign key and run with transaction_per_migration=True.",
                    objects=names,
                )
