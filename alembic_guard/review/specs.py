"""What migrations say about columns, types, defaults and constraints, as small values.

`sa.Column(...)` in an operation and ``ADD COLUMN ...`` in SQL text give the same values,
so a rule never needs to know how the migration was written.
"""

from __future__ import annotations

from typing import Final, Literal

from ..record import field, record


class Unset:
    """The keyword was not given: different from `None`, which often means "drop it"."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        """Read back as the one and only value, so that ``is UNSET`` holds in every process."""
        return "UNSET"


UNSET: Final = Unset()

ConstraintKind = Literal["primary", "unique", "check", "foreign", "exclude", "not_null", "unknown"]
DefaultKind = Literal["literal", "expression", "python", "unknown"]


def is_known(name: str | None) -> bool:
    """Whether a name is spelled out: the parts nobody could know are rendered as ``{expr}``."""
    return name is not None and "{" not in name


@record
class TypeSpec:
    """A column type under its usual SQL name in lower case, such as ``varchar`` or ``timestamptz``.

    :param args: length, or precision and scale.
    :param values: members of an enum or set; `enum_name` is the name of its database type.
    :param create_type: False when the operation says that it does not create the enum type.
    :param native: False for an enum stored as varchar, with or without a CHECK.
    :param unsized: a SQLAlchemy string type that was given no length.
    :param array: number of array dimensions.
    :param text: as written, for messages.
    """

    name: str
    args: tuple[int | str, ...] = ()
    values: tuple[str, ...] = ()
    enum_name: str | None = None
    create_type: bool | None = None
    native: bool = True
    array: int = 0
    collation: str | None = None
    charset: str | None = None
    unsigned: bool = False
    text: str = ""
    unsized: bool = False

    @property
    def known(self) -> bool:
        """Whether the reader could tell which type this is."""
        return self.name != "unknown" and "{" not in self.name

    @property
    def length(self) -> int | None:
        """The first argument when it is a number."""
        return self.args[0] if self.args and isinstance(self.args[0], int) else None

    def __str__(self) -> str:
        shown = ", ".join(str(arg) for arg in self.args)
        name = self.enum_name or self.name
        return (f"{name}({shown})" if shown else name) + "[]" * self.array


@record
class Default:
    """A server default.

    :param text: the SQL, without the quotes of a plain literal.
    :param kind: ``python`` when a Python call computed the value while the migration ran.
    :param wrapped: written in parentheses, which makes it an expression to MySQL.
    """

    text: str
    kind: DefaultKind = "literal"
    line: int = 0
    wrapped: bool = False


@record
class ConstraintSpec:
    """A constraint of a table, wherever it was written.

    :param name: None when unnamed.
    :param using_index: the index of ``ADD CONSTRAINT ... USING INDEX``.
    :param line: 1-based line it stands on.
    """

    kind: ConstraintKind
    name: str | None = None
    columns: tuple[str, ...] = ()
    expression: str = ""
    ref_table: str | None = None
    ref_columns: tuple[str, ...] = ()
    not_valid: bool = False
    not_enforced: bool = False
    using_index: str | None = None
    ondelete: str | None = None
    onupdate: str | None = None
    deferrable: bool = False
    no_inherit: bool = False
    line: int = 0


@record
class ColumnSpec:
    """A column as an operation or SQL text defines it.

    :param generated: ``stored`` or ``virtual`` for a computed column.
    :param identity: GENERATED AS IDENTITY, serial or AUTO_INCREMENT.
    :param python_default: a `default=` that only the ORM applies: the database never sees it.
    :param unique, index: the shorthand flags of `sa.Column`, or an inline UNIQUE.
    """

    name: str
    type: TypeSpec | None = None
    nullable: bool = True
    primary_key: bool = False
    default: Default | None = None
    unique: bool = False
    index: bool = False
    foreign: ConstraintSpec | None = None
    checks: tuple[ConstraintSpec, ...] = ()
    generated: Literal["stored", "virtual"] | None = None
    identity: bool = False
    autoincrement: bool = False
    python_default: bool = False
    comment: str | None = None
    position: str | None = None
    on_update: str | None = None
    line: int = 0


@record
class IndexSpec:
    """An index: `columns` are names, or the text of an expression in parentheses."""

    name: str | None
    columns: tuple[str, ...] = ()
    unique: bool = False
    where: str | None = None
    method: str | None = None
    include: tuple[str, ...] = ()
    valid: bool = True
    options: tuple[tuple[str, str], ...] = field(default=())
