"""`sa.Column(...)`, SQLAlchemy types and constraints as the values rules work with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..specs import (
    UNSET,
    ColumnSpec,
    ConstraintSpec,
    Default,
    TypeSpec,
    Unset,
)
from .evaluate import text_of
from .sql.columns import default_from_text, text_kind
from .sql.types import ALIASES
from .values import Class, Obj, Ref, Unknown, shown

_TYPES = {
    "integer": "integer", "int": "integer", "biginteger": "bigint", "bigint": "bigint",
    "smallinteger": "smallint", "smallint": "smallint", "string": "varchar", "varchar": "varchar",
    "unicode": "varchar", "nvarchar": "varchar", "autostring": "varchar", "text": "text",
    "unicodetext": "text", "clob": "text", "char": "char", "nchar": "char", "numeric": "numeric",
    "decimal": "numeric", "float": "float", "real": "real", "double": "double",
    "double_precision": "double", "boolean": "boolean", "datetime": "timestamp",
    "timestamp": "timestamp", "date": "date", "time": "time", "interval": "interval",
    "largebinary": "bytea", "bytea": "bytea", "blob": "blob", "binary": "binary",
    "varbinary": "varbinary", "json": "json", "jsonb": "jsonb", "uuid": "uuid", "enum": "enum",
    "array": "array", "inet": "inet", "cidr": "cidr", "macaddr": "macaddr", "hstore": "hstore",
    "tsvector": "tsvector", "bit": "bit", "money": "money", "oid": "oid", "citext": "citext",
    "int4range": "int4range", "int8range": "int8range", "tsrange": "tsrange", "numrange": "numrange",
    "tstzrange": "tstzrange", "daterange": "daterange", "tinyint": "tinyint",
    "mediumint": "mediumint", "tinytext": "tinytext", "mediumtext": "mediumtext",
    "longtext": "longtext", "tinyblob": "tinyblob", "mediumblob": "mediumblob",
    "longblob": "longblob", "year": "year", "set": "set", "pickletype": "bytea", "domain": "domain",
}  # fmt: skip
_MYSQL_NAMES = {"timestamp": "datetime", "bytea": "blob", "jsonb": "json", "boolean": "tinyint"}


def type_spec(value: Any, dialect: str) -> TypeSpec | None:
    """The spec of a type object, class or variant."""
    if value is None:
        return None
    if isinstance(value, Ref):
        value = Obj(value.path)
    if not isinstance(value, Obj):
        return TypeSpec("unknown", text=shown(value))
    if value.attr == "with_variant" and isinstance(value.base, Obj):
        return _variant(value, dialect)
    if value.attr and isinstance(value.base, Obj):
        return type_spec(value.base, dialect)
    return _plain_type(value, dialect)


def _variant(value: Obj, dialect: str) -> TypeSpec | None:
    """``String().with_variant(JSONB(), "postgresql")`` for the reviewed dialect."""
    chosen: Any = (
        value.base.base if value.base.attr == "with_variant" and not value.args else value.base
    )
    args = list(value.args)
    if len(args) >= 2 and any(isinstance(d, str) and _same_dialect(d, dialect) for d in args[1:]):
        chosen = args[0]
    return type_spec(chosen, dialect)


def _same_dialect(name: str, dialect: str) -> bool:
    return name == dialect or {name, dialect} <= {"mysql", "mariadb"}


_NUMBERED: dict[tuple[object, ...], TypeSpec] = {}
"""The specs of types that are given nothing but numbers: most are the same as many others."""


def _plain_type(value: Obj, dialect: str) -> TypeSpec:
    for given in (*value.args, *value.kwargs.values()):
        if type(given) is not int:
            return _made_type(value, dialect)
    key = (dialect, value.path, *value.args, *value.kwargs.items())
    found = _NUMBERED.get(key)
    if found is None:
        found = _NUMBERED[key] = _made_type(value, dialect)
    return found


def _made_type(value: Obj, dialect: str) -> TypeSpec:
    name = _TYPES.get(value.last.lower())
    if name is None:
        return TypeSpec("unknown", text=value.path)
    args = list(value.args)
    kwargs = value.kwargs
    if name == "enum" or name == "set":
        return _enum(value, name)
    if name == "array":
        inner = type_spec(args[0] if args else kwargs.get("item_type"), dialect)
        dimensions = kwargs.get("dimensions")
        depth = dimensions if isinstance(dimensions, int) else 1
        base = inner.name if inner else "unknown"
        return TypeSpec(base, inner.args if inner else (), array=depth, text=f"{base}[]")
    if name == "timestamp" and (kwargs.get("timezone") is True or True in args):
        name = "timestamptz"
    elif name == "time" and (kwargs.get("timezone") is True or True in args):
        name = "timetz"
    if dialect in ("mysql", "mariadb") and not value.path.startswith("sqlalchemy.dialects"):
        name = _MYSQL_NAMES.get(name, name)
    if name == "bit" and (kwargs.get("varying") is True or True in args):
        name = "bit varying"
    if dialect == "postgresql" and name == "float":
        name = "double"
    collation = kwargs.get("collation")
    return TypeSpec(
        name,
        _numbers(name, args, kwargs),
        collation=collation if isinstance(collation, str) else None,
        charset=kwargs.get("charset") if isinstance(kwargs.get("charset"), str) else None,
        unsigned=kwargs.get("unsigned") is True,
        text=value.last,
        unsized=_is_unsized(value),
    )


_SIZED = ("String", "Unicode", "VARCHAR", "NVARCHAR", "VARBINARY")
"""MySQL has these only with a length."""


def _is_unsized(value: Obj) -> bool:
    """Whether a length was left out; SQLModel's AutoString brings one along."""
    sized = value.args or "length" in value.kwargs
    return value.path.startswith("sqlalchemy.") and not sized and value.last in _SIZED


def _numbers(name: str, args: Sequence[Any], kwargs: Any) -> tuple[int | str, ...]:
    """Length, or precision and scale."""
    if name in ("timestamptz", "timetz", "boolean", "enum", "uuid", "json", "jsonb"):
        keys: tuple[str, ...] = ("precision",)
        args = ()
    elif name in ("varchar", "char", "binary", "varbinary", "text", "blob", "bit", "bit varying"):
        keys = ("length",)
    elif name in ("numeric", "float", "double", "real"):
        keys = ("precision", "scale")
    else:
        keys = ("precision", "fsp")
    values = [*args[: len(keys)]] or [kwargs[key] for key in keys if key in kwargs]
    return tuple(v for v in values if isinstance(v, int) and not isinstance(v, bool))


def _enum(value: Obj, name: str) -> TypeSpec:
    members: list[str] = []
    for arg in value.args:
        if isinstance(arg, str):
            members.append(arg)
        elif isinstance(arg, (list, tuple)):
            members.extend(str(item) for item in arg)
    enum_name = value.kwargs.get("name")
    written = value.args[0] if value.args else None
    if isinstance(written, Class):
        members = [
            name for name, member in written.values.items() if isinstance(member, (str, int))
        ]
    if enum_name is None and isinstance(written, (Class, Ref)):
        enum_name = (written.name if isinstance(written, Class) else written.last).lower()
    schema = value.kwargs.get("schema")
    if isinstance(enum_name, str) and isinstance(schema, str):
        enum_name = f"{schema}.{enum_name}"
    created = value.kwargs.get("create_type")
    return TypeSpec(
        name,
        values=tuple(members),
        enum_name=enum_name if isinstance(enum_name, str) else None,
        create_type=created if isinstance(created, bool) else None,
        native=value.kwargs.get("native_enum") is not False,
        text=value.last,
    )


def default_spec(value: Any, line: int = 0) -> Default | Unset | None:
    """A `server_default=`; a plain string is a literal, as SQLAlchemy renders it."""
    if value is UNSET or isinstance(value, Unset):
        return UNSET
    if value is None or value is False:
        return None
    if isinstance(value, Unknown):
        return Default(value.source, "python" if value.cause else "unknown", line)
    if isinstance(value, str):
        return Default(str(value), text_kind(value), line)
    if isinstance(value, Obj) and value.last == "FetchedValue":
        return Default("fetched", "unknown", line)
    if isinstance(value, Obj):
        inner = text_of(value)
        if isinstance(inner, str):
            computed = text_kind(inner) == "python"
            return Default(inner, "python", line) if computed else default_from_text(inner, line)
        if (constant := _constant(value)) is not None:
            return default_from_text(constant, line)
        if not _is_sql(value.root):
            return Default(_function_text(value), "unknown", line)
        return Default(_function_text(value), "expression", line)
    if isinstance(value, Ref):
        called = _is_sql(value)
        return Default(value.last + "()", "expression" if called else "unknown", line)
    return Default(str(value), "literal", line)


def _is_sql(value: Any) -> bool:
    """Whether it is SQL for sure, and not whatever the application calls so."""
    return getattr(value, "path", "@").startswith(("sqlalchemy", "alembic", "@"))


def _constant(value: Obj) -> str | None:
    """What ``sa.literal(5)``, ``sa.cast(5, sa.Integer)`` or ``sa.null()`` come to, None for the rest."""
    if value.path.startswith("sqlalchemy") and value.last == "null":
        return "NULL"
    if value.last not in ("literal", "cast", "type_coerce") or ".func." in value.path:
        return None
    inner = value.args[0] if value.args else None
    if isinstance(inner, Obj):
        found = text_of(inner)
        return found if isinstance(found, str) else _constant(inner)
    return None if inner is None or isinstance(inner, (Ref, Unknown)) else str(inner)


def _function_text(value: Obj) -> str:
    """``sa.func.now()`` as ``now()``."""
    if value.last in ("true", "false"):
        return value.last
    args = ", ".join(repr(str(a)) if isinstance(a, str) else shown(a) for a in value.args)
    if value.path == "@expression":
        return str(value.kwargs.get("source", "expression"))
    return f"{value.last}({args})"


_COLUMN_CALLS = frozenset(["Column", "mapped_column"])


def is_column(value: Any) -> bool:
    """Whether this is a call of `sa.Column`."""
    return isinstance(value, Obj) and value.last in _COLUMN_CALLS


def column_spec(value: Any, dialect: str, name: str | None = None) -> ColumnSpec | None:
    """`sa.Column("name", type, ...)`."""
    if not isinstance(value, Obj):
        return None
    if value.attr in ("copy", "_copy") and isinstance(value.base, Obj):
        value = value.base
    if not is_column(value):
        return None
    args = list(value.args)
    kwargs = value.kwargs
    if args and (isinstance(args[0], (str, Unknown)) or args[0] is None):
        name = shown(args.pop(0))
    elif "name" in kwargs:
        name = shown(kwargs["name"])
    result: dict[str, Any] = {"name": name or "{column}", "line": value.line}
    if "type_" in kwargs:
        result["type"] = type_spec(kwargs["type_"], dialect)
    for arg in args:
        _column_argument(arg, result, dialect)
    _column_options(kwargs, result, value.line)
    return ColumnSpec(**result)


def _column_argument(arg: Any, result: dict[str, Any], dialect: str) -> None:
    last = arg.last if isinstance(arg, (Obj, Ref)) else ""
    if last == "ForeignKey":
        result["foreign"] = _foreign_key(arg, result["name"])
    elif last == "CheckConstraint":
        spec = constraint_spec(arg, dialect)
        result["checks"] = (*result.get("checks", ()), *((spec,) if spec else ()))
    elif last == "Computed":
        persisted = arg.kwargs.get("persisted", arg.args[1] if len(arg.args) > 1 else None)
        default = "virtual" if dialect in ("mysql", "mariadb", "sqlite") else "stored"
        result["generated"] = {True: "stored", False: "virtual"}.get(persisted, default)
    elif last == "Identity":
        result.update(identity=True, nullable=False)
    elif last == "Sequence":
        result["identity"] = True
    elif last in ("FetchedValue", "DefaultClause"):
        result["default"] = Default("fetched", "unknown")
    elif "type" not in result:
        result["type"] = type_spec(arg, dialect)


def _column_options(kwargs: Any, result: dict[str, Any], line: int) -> None:
    primary = kwargs.get("primary_key") is True
    if primary:
        result.update(primary_key=True, nullable=False)
    nullable = kwargs.get("nullable")
    if isinstance(nullable, bool):
        result["nullable"] = nullable
    elif nullable is not None:
        result.setdefault("nullable", True)
    if "server_default" in kwargs:
        default = default_spec(kwargs["server_default"], line)
        result["default"] = None if isinstance(default, Unset) else default
    result["python_default"] = kwargs.get("default") is not None
    result["unique"] = kwargs.get("unique") is True
    result["index"] = kwargs.get("index") is True
    result["autoincrement"] = kwargs.get("autoincrement") is True or _counts(kwargs, result)
    comment = kwargs.get("comment")
    result["comment"] = comment if isinstance(comment, str) else None


def _counts(kwargs: Any, result: dict[str, Any]) -> bool:
    """Whether SQLAlchemy makes an integer key count by itself: SERIAL or AUTO_INCREMENT."""
    kind = result.get("type")
    return (
        kwargs.get("primary_key") is True
        and kwargs.get("autoincrement") in (None, "auto")
        and kind is not None
        and kind.name in ("integer", "bigint", "smallint")
        and not result.get("foreign")
        and result.get("default") is None
    )


def _foreign_key(value: Obj, column: str) -> ConstraintSpec:
    target = value.args[0] if value.args else value.kwargs.get("column")
    table: str | None = None
    ref_columns: tuple[str, ...] = ()
    if isinstance(target, str):
        table, _, ref_column = target.rpartition(".")
        ref_columns = (ref_column,)
    return ConstraintSpec(
        "foreign",
        _text_or_none(value.kwargs.get("name")),
        (column,),
        ref_table=unqualified(table) if table else "{table}",
        ref_columns=ref_columns,
        ondelete=_text_or_none(value.kwargs.get("ondelete")),
        onupdate=_text_or_none(value.kwargs.get("onupdate")),
        line=value.line,
    )


def unqualified(table: str) -> str:
    """The table without ``public.``, the schema everybody has."""
    return table[7:] if table.startswith("public.") else table


def _text_or_none(value: Any) -> str | None:
    return shown(value) if value is not None else None


def names(values: Any) -> tuple[str, ...]:
    """Column names of a constraint or index: strings, columns, or expressions in parentheses."""
    if isinstance(values, (str, Obj)):
        values = [values]
    if not isinstance(values, (list, tuple)):
        return (shown(values),) if values is not None else ()
    return tuple(_one_name(item) for item in values)


def _one_name(item: Any) -> str:
    if isinstance(item, Obj):
        if item.last in ("text", "literal_column") and item.args:
            text = shown(item.args[0])
            return text if text.isidentifier() else f"({text})"
        if is_column(item) and item.args:
            return shown(item.args[0])
        return f"({_function_text(item)})"
    return shown(item)


_KINDS = {
    "PrimaryKeyConstraint": "primary",
    "UniqueConstraint": "unique",
    "CheckConstraint": "check",
    "ForeignKeyConstraint": "foreign",
    "ExcludeConstraint": "exclude",
}


def constraint_spec(value: Any, dialect: str) -> ConstraintSpec | None:
    """`sa.UniqueConstraint(...)` and its relatives."""
    if not isinstance(value, Obj) or value.last not in _KINDS:
        return None
    kind = _KINDS[value.last]
    kwargs = value.kwargs
    shared: dict[str, Any] = {
        "name": _text_or_none(kwargs.get("name")),
        "line": value.line,
        "deferrable": kwargs.get("deferrable") is True,
        "not_valid": kwargs.get("postgresql_not_valid") is True,
    }
    if kind in ("primary", "unique"):
        return ConstraintSpec(kind, columns=names(list(value.args)), **shared)  # type: ignore[arg-type]  # the two kinds
    if kind == "check":
        return ConstraintSpec("check", expression=condition(value.args), **shared)
    if kind == "exclude":
        return ConstraintSpec("exclude", **shared)
    local = names(value.args[0]) if value.args else ()
    targets = (
        [shown(item) for item in value.args[1]]
        if len(value.args) > 1 and isinstance(value.args[1], (list, tuple))
        else []
    )
    table = targets[0].rpartition(".")[0] if targets else "{table}"
    return ConstraintSpec(
        "foreign",
        columns=local,
        ref_table=unqualified(table) or "{table}",
        ref_columns=tuple(target.rpartition(".")[2] for target in targets),
        ondelete=_text_or_none(kwargs.get("ondelete")),
        onupdate=_text_or_none(kwargs.get("onupdate")),
        **shared,
    )


def condition(args: Sequence[Any]) -> str:
    """The text of a CHECK."""
    if not args:
        return ""
    value = args[0]
    if isinstance(value, Obj):
        inner = text_of(value)
        return inner if isinstance(inner, str) else str(value.kwargs.get("source", value.path))
    return shown(value)


__all__ = ["ALIASES", "column_spec", "constraint_spec", "default_spec", "type_spec"]
