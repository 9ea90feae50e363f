"""SQL type names, folded to one usual name each."""

from __future__ import annotations

from ...specs import TypeSpec

ALIASES = {
    "int": "integer",
    "int4": "integer",
    "mediumint": "mediumint",
    "int8": "bigint",
    "int2": "smallint",
    "character varying": "varchar",
    "varchar2": "varchar",
    "nvarchar": "varchar",
    "national character varying": "varchar",
    "character": "char",
    "bpchar": "char",
    "nchar": "char",
    "decimal": "numeric",
    "dec": "numeric",
    "number": "numeric",
    "float8": "double",
    "double precision": "double",
    "float4": "real",
    "bool": "boolean",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "varbit": "bit varying",
    "serial4": "serial",
    "serial8": "bigserial",
    "serial2": "smallserial",
}
SERIALS = {"serial": "integer", "bigserial": "bigint", "smallserial": "smallint"}

_WORDS_AFTER = {
    "CHARACTER": ("VARYING",),
    "CHAR": ("VARYING",),
    "BIT": ("VARYING",),
    "DOUBLE": ("PRECISION",),
    "NATIONAL": ("CHARACTER", "CHAR", "VARYING"),
    "LONG": ("VARCHAR", "VARBINARY"),
}


def words_after(word: str) -> tuple[str, ...]:
    """The words that may continue a type name after `word`."""
    return _WORDS_AFTER.get(word, ())


def sql_type(
    name: str,
    args: tuple[int | str, ...] = (),
    *,
    array: int = 0,
    text: str = "",
    unsigned: bool = False,
    collation: str | None = None,
    charset: str | None = None,
) -> TypeSpec:
    """The spec of a type by its SQL name in any spelling."""
    folded = name.lower()
    folded = ALIASES.get(folded, folded)
    values: tuple[str, ...] = ()
    enum_name = None
    if folded in ("enum", "set"):
        values, args = tuple(str(arg) for arg in args), ()
    return TypeSpec(
        folded,
        args,
        values=values,
        enum_name=enum_name,
        array=array,
        unsigned=unsigned,
        collation=collation,
        charset=charset,
        text=text or name,
    )
