"""What source declares: classes, attributes, tables, as small values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ...facts import Location
from ...record import field, plain_record

AttributeKind = Literal[
    "column",  # Column(...), mapped_column(...), Field(...), or Mapped[...] with a value
    "annotation",  # Mapped[...] alone
    "field",  # a plain annotation: a column in SQLModel, nothing in SQLAlchemy
    "relationship",  # relationship, synonym, composite, association_proxy: mapped, not a column
    "computed",  # property, hybrid, cached property
    "method",
    "stub",  # a method or property that is there to be overridden
    "metadata",  # a MetaData or registry, which is what the name is for
    "other",
]

MAPPED_KINDS = ("column", "annotation", "relationship")
BEHAVIOUR_KINDS = ("method", "computed")


Span = tuple[str, int, int, int, int]
"""Path, line, column, end line, end column: a `Location` before anybody asks for one."""


class AttributeFacts(NamedTuple):
    """One name in a class body; `column` is the database name where source gives one.

    A named tuple because a project has tens of thousands of them, and they cost a third of
    a dataclass to make.
    """

    name: str
    kind: AttributeKind
    span: Span
    column: str | None = None
    has_value: bool = True

    @property
    def location(self) -> Location:
        return Location(*self.span)

    @property
    def column_name(self) -> str:
        return self.name if self.column is None else self.column


@plain_record
class TableFacts:
    """A ``Table("name", metadata, Column(...))``: `variable` is what it was assigned to."""

    name: str
    columns: tuple[AttributeFacts, ...]
    span: Span
    variable: str | None = None


@plain_record
class ClassFacts:
    """One class statement. `bases` and `decorators` are dotted names as imported.

    `from_attributes` and `orm_mode`: a Pydantic class is filled from objects, as its version 2
    and its version 1 say it.
    """

    name: str
    module: str
    span: Span
    bases: tuple[str, ...]
    attributes: Mapping[str, AttributeFacts]
    decorators: tuple[str, ...] = ()
    table: str | None = None
    table_span: Span | None = None
    has_own_table: bool = False
    abstract: bool = False
    sqlmodel_table: bool = False
    core_table: TableFacts | None = None
    from_attributes: bool = False
    orm_mode: bool = False

    @property
    def location(self) -> Location:
        return Location(*self.span)


@plain_record
class LateAssignment:
    """``Model.name = mapped_column(...)`` outside of the class statement."""

    owner: str
    attribute: AttributeFacts


@plain_record
class ModuleFacts:
    """Everything one file declares.

    `is_revision`: an Alembic revision, so what it declares is history. `declarative_bases` are variables made by ``declarative_base()`` and its kin;
    `imperative` pairs a class name with the variable or name of the table it is mapped to.
    """

    path: str
    module: str
    classes: tuple[ClassFacts, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    late: tuple[LateAssignment, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict)
    declarative_bases: tuple[str, ...] = ()
    imperative: tuple[tuple[str, str], ...] = ()
    is_revision: bool = False
