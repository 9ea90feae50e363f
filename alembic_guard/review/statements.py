"""One vocabulary for what a revision does, whether written as an operation or as SQL text.

A revision is read into a flat list of these. Names are plain strings; ``schema.name`` when
a schema was given, and ``{expr}`` stands for a part that cannot be known before it runs
(`specs.is_known`).

Comparison and representation are not generated: nobody compares statements, and the methods of
forty classes would take longer to make than a file to review.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ..record import field, plain_record, record
from .specs import UNSET, ColumnSpec, ConstraintKind, ConstraintSpec, Default, TypeSpec, Unset

Direction = Literal["upgrade", "downgrade"]
Via = Literal["op", "batch", "sql", "core", "orm", "python"]


@record
class Batch:
    """The `op.batch_alter_table` block a statement stands in."""

    table: str
    recreate: str = "auto"
    options: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0


@record
class Context:
    """The circumstances a statement runs in.

    :param autocommit: inside `autocommit_block()` or on an autocommit connection.
    :param transaction: statements with the same number run in one transaction, in one direction.
    :param loop: inside a loop whose number of rounds is not known.
    :param conditional: under a condition that is only known when it runs.
    :param guard: source text of the innermost such condition.
    :param helper: the function it was written in when that is not `upgrade` or `downgrade`.
    """

    direction: Direction = "upgrade"
    autocommit: bool = False
    transaction: int = 0
    batch: Batch | None = None
    loop: bool = False
    conditional: bool = False
    guard: str = ""
    helper: str | None = None


@record
class Origin:
    """Where a statement stands and how it was written.

    :param line: the line to report: of the call, or of the SQL statement inside its string.
    :param call_line: the line of the call that executes it.
    :param text: the SQL as far as known, or the operation's name.
    :param related: a second line worth showing: where the SQL text or the caller stands.
    """

    path: str
    line: int
    column: int = 1
    end_line: int | None = None
    call_line: int = 0
    via: Via = "op"
    text: str = ""
    related: int | None = None
    context: Context = field(default_factory=Context)


@plain_record
class Statement:
    """Anything a migration does; the subclasses say what."""

    origin: Origin

    def __repr__(self) -> str:
        names = [name for kind in type(self).__mro__ for name in getattr(kind, "__slots__", ())]
        shown = (f"{name}={getattr(self, name)!r}" for name in names if name != "origin")
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def line(self) -> int:
        """The 1-based line to report."""
        return self.origin.line

    @property
    def context(self) -> Context:
        """The circumstances it runs in."""
        return self.origin.context

    @property
    def via(self) -> Via:
        """How it was written: ``op``, ``batch``, ``sql``, ``core``, ``orm`` or ``python``."""
        return self.origin.via


@plain_record
class TableStatement(Statement):
    """Anything that happens to one existing or new table."""

    table: str


# --- tables ---------------------------------------------------------------------------


@plain_record
class CreateTable(TableStatement):
    columns: tuple[ColumnSpec, ...] = ()
    constraints: tuple[ConstraintSpec, ...] = ()
    if_not_exists: bool = False
    temporary: bool = False
    unlogged: bool = False
    from_select: bool = False
    like: str | None = None
    partition_of: str | None = None
    partition_by: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@plain_record
class DropTable(TableStatement):
    if_exists: bool = False
    cascade: bool = False


@plain_record
class RenameTable(TableStatement):
    new: str


@plain_record
class AlterTable(TableStatement):
    """Any other ALTER TABLE action; `action` such as ``set_logged``, ``attach_partition``.

    The values: set_logged, set_unlogged, set_tablespace, set_access_method, set_schema,
    attach_partition, detach_partition, enable_trigger, disable_trigger, enable_rls,
    disable_rls, force_rls, no_force_rls, replica_identity, owner, set_options, reset_options,
    inherit, no_inherit, cluster_on, drop_primary_key, convert_charset, engine, auto_increment,
    lock_option, algorithm_option, comment, other. `target` is the object named by it (the
    partition, trigger, schema, index...); `options` the rest, e.g. ``concurrently``.
    """

    action: str
    target: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


# --- columns --------------------------------------------------------------------------


@plain_record
class AddColumn(TableStatement):
    column: ColumnSpec
    if_not_exists: bool = False


@plain_record
class DropColumn(TableStatement):
    column: str
    if_exists: bool = False
    cascade: bool = False


@plain_record
class RenameColumn(TableStatement):
    """`existing_type` and `existing_nullable` as `op.alter_column` states them: MySQL needs both."""

    column: str
    new: str
    existing_type: TypeSpec | None = None
    existing_nullable: bool | None = None


@plain_record
class AlterColumn(TableStatement):
    """What changes is set, the rest is `UNSET`; ``server_default=None`` drops the default.

    :param using: the USING expression of a type change.
    :param modify: written as MySQL MODIFY or CHANGE: the whole column is restated.
    :param drop: ``identity`` or ``expression`` when that is dropped.
    """

    column: str
    type: TypeSpec | None = None
    nullable: bool | None = None
    server_default: Default | Unset | None = UNSET
    comment: str | Unset | None = UNSET
    using: str | None = None
    existing_type: TypeSpec | None = None
    existing_nullable: bool | None = None
    existing_server_default: Default | Unset | None = UNSET
    existing_comment: str | Unset | None = UNSET
    autoincrement: bool | None = None
    identity: bool = False
    modify: bool = False
    drop: str | None = None
    statistics: bool = False


# --- constraints and indexes ------------------------------------------------------------


@plain_record
class AddConstraint(TableStatement):
    constraint: ConstraintSpec


@plain_record
class DropConstraint(TableStatement):
    """`name` None: written as `drop_constraint(None, ...)`; `kind` as far as stated."""

    name: str | None
    kind: ConstraintKind = "unknown"
    if_exists: bool = False
    cascade: bool = False


@plain_record
class ValidateConstraint(TableStatement):
    name: str


@plain_record
class RenameConstraint(TableStatement):
    name: str
    new: str


@plain_record
class CreateIndex(TableStatement):
    name: str | None
    columns: tuple[str, ...] = ()
    unique: bool = False
    concurrently: bool = False
    if_not_exists: bool = False
    where: str | None = None
    method: str | None = None
    include: tuple[str, ...] = ()
    only: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@plain_record
class DropIndex(Statement):
    """`table` None when the call does not say (SQL on PostgreSQL never does): see the state."""

    name: str | None
    table: str | None = None
    concurrently: bool = False
    if_exists: bool = False
    cascade: bool = False


@plain_record
class RenameIndex(Statement):
    name: str
    new: str
    table: str | None = None


@plain_record
class Reindex(Statement):
    """`kind` is ``index``, ``table``, ``schema``, ``database`` or ``system``."""

    kind: str
    name: str
    concurrently: bool = False


# --- types, sequences, views, code -------------------------------------------------------


@plain_record
class CreateType(Statement):
    """`kind` is ``enum``, ``composite``, ``domain`` or ``other``."""

    name: str
    kind: str = "enum"
    values: tuple[str, ...] = ()
    checkfirst: bool = False
    base: TypeSpec | None = None
    constraints: tuple[ConstraintSpec, ...] = ()


@plain_record
class DropType(Statement):
    name: str
    kind: str = "enum"
    if_exists: bool = False
    cascade: bool = False


@plain_record
class AlterType(Statement):
    """`action` is ``add_value``, ``rename_value``, ``rename``, ``set_schema`` or ``other``."""

    name: str
    action: str
    value: str | None = None
    new: str | None = None
    if_not_exists: bool = False
    position: str | None = None


@plain_record
class AlterDomain(Statement):
    """`action`: add_constraint, validate_constraint, drop_constraint, set_not_null,
    drop_not_null, set_default, drop_default, rename or other."""

    name: str
    action: str
    constraint: ConstraintSpec | None = None
    target: str | None = None


@plain_record
class SequenceStatement(Statement):
    """`action` is ``create``, ``drop``, ``alter``, ``rename`` or ``setval``."""

    name: str
    action: str
    owned_by: str | None = None
    new: str | None = None


@plain_record
class ViewStatement(Statement):
    """`action`: create, replace, drop, refresh, rename or alter."""

    name: str
    action: str
    materialized: bool = False
    concurrently: bool = False
    cascade: bool = False
    if_exists: bool = False
    body: str = ""
    with_data: bool = True


@plain_record
class CodeStatement(Statement):
    """A function, procedure, trigger, rule, event or policy.

    `kind` names which; `action` is ``create``, ``replace``, ``drop`` or ``alter``; `table` is
    the table of a trigger, rule or policy.
    """

    name: str
    kind: str
    action: str
    table: str | None = None
    body: str = ""
    security_definer: bool = False
    has_search_path: bool = False
    cascade: bool = False


@plain_record
class DoBlock(Statement):
    """``DO $$ ... $$``: `body` as text, `inner` the statements that could be read in it."""

    body: str
    inner: tuple[Statement, ...] = ()


@plain_record
class SchemaStatement(Statement):
    """`kind` is ``schema``, ``database`` or ``extension``; `action` create, drop, rename or alter."""

    kind: str
    name: str
    action: str
    cascade: bool = False
    new: str | None = None
    version: str | None = None
    if_exists: bool = False


# --- data -------------------------------------------------------------------------------


@plain_record
class Dml(Statement):
    """INSERT, UPDATE, DELETE, MERGE or SELECT.

    :param table: the written table; for a SELECT the first one read.
    :param where: whether a WHERE (or join) limits the rows; `condition` is its text.
    :param limited: LIMIT, FETCH FIRST, a bounded subquery, BETWEEN or a bound parameter range:
        the statement touches a batch.
    :param columns: columns written.
    :param rows: number of rows of an INSERT ... VALUES or bulk_insert, None when unknown.
    :param from_select: INSERT ... SELECT.
    :param reads: other tables read.
    """

    verb: Literal["insert", "update", "delete", "merge", "select"]
    table: str
    where: bool = False
    condition: str = ""
    limited: bool = False
    columns: tuple[str, ...] = ()
    rows: int | None = None
    from_select: bool = False
    reads: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    for_update: bool = False


@plain_record
class Truncate(Statement):
    tables: tuple[str, ...]
    cascade: bool = False


# --- session, transaction, maintenance -----------------------------------------------------


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
