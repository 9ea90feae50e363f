"""Tables, their columns, constraints and indexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...record import field, plain_record
from ..specs import UNSET, ColumnSpec, ConstraintKind, ConstraintSpec, Default, TypeSpec, Unset
from .origin import Statement, TableStatement

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
    lock_option, algorithm_option, row_format, force, partition_by, remove_partitioning, comment,
    other. `target` is the object named by it (the
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
