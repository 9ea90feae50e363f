"""GRD902: do block ddl."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.kinds import is_ddl
from ..knowledge.locks import locks
from ..place import Place
from . import Rule, rule

_EXECUTES = re.compile(
    r"\bEXECUTE\b[^;]*\b(?:ALTER|DROP|CREATE\s+(?:UNIQUE\s+)?INDEX|TRUNCATE)\b", re.IGNORECASE
)


@rule
class DoBlockDdl(Rule):
    """DDL hidden in a DO block.

    What it does
    ------------
    Finds ALTER, CREATE INDEX, DROP and TRUNCATE of existing tables inside ``DO $$ ... $$``.

    Why it matters
    --------------
    Inside the block the statement cannot run concurrently, cannot be rendered offline for review and
    changes with the state of the database; its locks are held until the whole transaction ends.

    Instead
    -------
    Use plain operations; ``IF EXISTS`` covers most conditions.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-do.html
    """

    code = "GRD902"
    name = "do-block-ddl"
    hazard = "O02"
    severity = "warning"
    dialects = ("postgresql",)
    on = (st.DoBlock,)
    bad = ('op.execute("DO $$ BEGIN ALTER TABLE orders ADD COLUMN note text; END $$")',)
    good = (
        """
        op.execute("DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        """,
    )

    def check(self, statement: st.DoBlock, at: Place) -> Iterator[Finding]:
        hidden = [s for s in statement.inner if locks(s, at) and is_ddl(s)]
        if not hidden and not _EXECUTES.search(statement.body):
            return
        tables = list(dict.fromkeys(table for s in hidden for table, _ in locks(s, at)))
        what = f"DDL on {', '.join(tables)}" if tables else "dynamic DDL"
        yield self.finding(
            at,
            statement,
            f"This DO block hides {what}: it depends on what it finds, cannot run concurrently, and its "
            "locks last until the transaction ends.",
            "Write the statements as operations of their own; IF EXISTS and IF NOT EXISTS cover most conditions.",
            objects=tables,
        )
