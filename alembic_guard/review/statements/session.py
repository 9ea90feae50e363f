"""Locks, transactions, settings, and what can only be quoted."""

from __future__ import annotations

from ...record import plain_record
from .origin import Statement


@plain_record
class LockTable(Statement):
    tables: tuple[str, ...]
    mode: str = "ACCESS EXCLUSIVE"


@plain_record
class Maintenance(Statement):
    """`verb`: vacuum, analyze, cluster, optimize, checkpoint or other; `full` for VACUUM FULL."""

    verb: str
    table: str | None = None
    full: bool = False


@plain_record
class SetVariable(Statement):
    """SET, RESET and PRAGMA; `local` for SET LOCAL; `scope` session, global or pragma."""

    name: str
    value: str = ""
    local: bool = False
    scope: str = "session"
    reset: bool = False


@plain_record
class TransactionControl(Statement):
    """`verb`: begin, commit, rollback, savepoint, release or prepare."""

    verb: str


@plain_record
class Grant(Statement):
    """GRANT or REVOKE (`revoke`)."""

    privileges: str
    on: str
    to: tuple[str, ...]
    revoke: bool = False


@plain_record
class CommentOn(Statement):
    kind: str
    name: str


@plain_record
class OtherSql(Statement):
    """SQL whose first words are known but which no rule needs in detail (`verb`)."""

    verb: str
    sql: str


@plain_record
class BrokenSql(Statement):
    """SQL that cannot be parsed; `reason` names the place."""

    sql: str
    reason: str


@plain_record
class Opaque(Statement):
    """Something executed that cannot be known before it runs; `what` is its source text."""

    what: str
    reason: str = ""


@plain_record
class PythonFact(Statement):
    """Something Python does that matters to a reviewer.

    `kind`: orm_session, orm_query, orm_add, commit, create_all, drop_all, table_create,
    table_drop, nondeterministic, environment, file, network, top_level_op, subprocess,
    raises, fetch. `what` is the call as written; `used_in` tells where its value went
    (``sql``, ``default``, ``name`` or empty).
    """

    kind: str
    what: str
    used_in: str = ""
