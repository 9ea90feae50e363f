"""GRD813: orm session."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule

_KINDS = ("orm_session", "orm_query", "orm_add")


@rule
class OrmSession(Rule):
    """A migration works with an ORM session.

    What it does
    ------------
    Finds ``Session``, ``sessionmaker`` and ``session.query`` in a migration.

    Why it matters
    --------------
    The session opens or ends transactions of its own, loads rows one by one into memory while the
    migration holds its locks, and needs mapped classes that will change.

    Instead
    -------
    Use Core statements on ``op.get_bind()``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/cookbook.html
    """

    code = "GRD813"
    name = "orm-session"
    hazard = "N03"
    severity = "warning"
    on = (st.PythonFact,)
    bad = (
        """
        from sqlalchemy.orm import Session

        revision = "a1"
        down_revision = None

        def upgrade():
            session = Session(bind=op.get_bind())
            session.flush()

        def downgrade():
            raise NotImplementedError("no")
        """,
    )
    good = ('op.get_bind().execute(sa.text("SELECT 1"))',)

    def check(self, statement: st.PythonFact, at: Place) -> Iterator[Finding]:
        if statement.kind not in _KINDS:
            return
        if any(isinstance(s, st.PythonFact) and s.kind in _KINDS for s in at.earlier):
            return
        yield self.finding(
            at,
            statement,
            f"{statement.what} brings its own transactions and loads rows one by one into this process "
            "while the migration holds its locks.",
            """
            Say it in one statement:

                op.get_bind().execute(sa.update(customers).where(...).values(...))
            """,
        )
