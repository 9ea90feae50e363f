"""GRD118: A trigger created or dropped on a table in use."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import CodeStatement
from . import Rule, rule


@rule
class TriggerLock(Rule):
    """A trigger created or dropped on a table in use.

    What it does
    ------------
    Finds CREATE TRIGGER and DROP TRIGGER on existing tables.

    Why it matters
    --------------
    CREATE TRIGGER takes SHARE ROW EXCLUSIVE, which waits for and blocks writers; DROP TRIGGER
    takes ACCESS EXCLUSIVE, which blocks readers too. From then on every write also pays for the
    function.

    Instead
    -------
    Set a short ``lock_timeout`` and retry, in a revision that does nothing else.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createtrigger.html
    """

    code = "GRD118"
    name = "trigger-lock"
    hazard = "L18"
    dialects = ("postgresql",)
    on = (CodeStatement,)
    bad = (
        'op.execute("CREATE TRIGGER audit AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION audit()")',
        'op.execute("DROP TRIGGER audit ON orders")',
    )
    good = (
        """
        op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("CREATE TRIGGER audit AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION audit()")
        """,
        """
        op.execute("CREATE VIEW inbox AS SELECT id FROM notes")
        op.execute("CREATE TRIGGER inbox_add INSTEAD OF INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION add_note()")
        """,
        """
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("CREATE TRIGGER audit AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION audit()")
        """,
    )

    def check(self, statement: CodeStatement, at: Place) -> Iterator[Finding]:
        if statement.kind != "trigger" or statement.action == "alter" or at.is_new(statement.table):
            return
        if at.is_going(statement.table) or statement.table in at.schema.views:
            return
        if any(isinstance(s, st.SetVariable) and s.name == "lock_timeout" for s in at.earlier):
            return
        table = statement.table or "its table"
        if statement.action == "drop":
            what, who = "Dropping", f"every read and write of {table} waits"
        else:
            what, who = "Creating", f"every write to {table} waits"
        yield self.finding(
            at,
            statement,
            f"{what} the trigger {statement.name} has to wait for every open transaction that wrote to "
            f"{table}; {who} behind it, without limit.",
            """
            Bound the wait, in a revision that does nothing else, and run it again when it gives up:

                op.execute("SET LOCAL lock_timeout = '2s'")
            """,
            objects=[table, statement.name],
        )
