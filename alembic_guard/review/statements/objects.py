"""Types, sequences, views, schemas and stored code."""

from __future__ import annotations

from ...record import plain_record
from ..specs import ConstraintSpec, TypeSpec
from .origin import Statement


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
    cascade: bool = False


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
