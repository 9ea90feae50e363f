"""Column types as strings that compare across the database and the models."""

from __future__ import annotations

import re

_FAMILIES: dict[str, tuple[str, ...]] = {
    "boolean": ("boolean", "bool"),
    "integer": ("integer", "int", "bigint", "smallint", "mediumint", "int2", "int4", "int8",
                "serial", "bigserial", "smallserial", "tinyint", "year"),
    "decimal": ("numeric", "decimal", "number", "money", "smallmoney"),
    "float": ("float", "real", "double precision", "double", "float4", "float8",
              "binary_double", "binary_float"),
    "string": ("varchar", "character varying", "char", "character", "text", "nvarchar", "nchar",
               "tinytext", "mediumtext", "longtext", "clob", "citext", "string", "varchar2",
               "nvarchar2", "ntext", "nclob"),
    "binary": ("bytea", "blob", "binary", "varbinary", "tinyblob", "mediumblob", "longblob",
               "raw", "image"),
    "date": ("date",),
    "time": ("time",),
    "timestamp": ("timestamp", "datetime", "datetime2", "datetimeoffset", "smalldatetime"),
    "interval": ("interval",),
    "uuid": ("uuid", "uniqueidentifier"),
    "json": ("json", "jsonb"),
}  # fmt: skip
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}
_SYNONYMS = {
    "character varying": "varchar",
    "character": "char",
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "boolean",
    "decimal": "numeric",
    "double precision": "double",
    "float8": "double",
    "float4": "real",
    "datetime": "timestamp",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
    "varchar2": "varchar",
}
# Casts that keep every value or nearly always do; each way round.
_CASTS = {
    frozenset(pair)
    for pair in (
        ("integer", "decimal"), ("integer", "float"), ("decimal", "float"), ("date", "timestamp"),
        ("string", "json"), ("string", "uuid"), ("string", "enum"), ("boolean", "integer"),
        ("string", "inet"), ("string", "date"), ("string", "timestamp"), ("timestamp", "integer"),
        ("interval", "integer"), ("uuid", "binary"), ("string", "binary"),
    )
}  # fmt: skip
_LOOSE = {
    frozenset(pair)
    for pair in (
        ("string", "date"), ("string", "timestamp"), ("timestamp", "integer"),
        ("interval", "integer"), ("string", "binary"), ("boolean", "integer"),
    )
}  # fmt: skip
_TYPE = re.compile(r"^([^(]+)(?:\(([^)]*)\)(.*))?$")
_DISPLAY_WIDTH = {"integer", "bigint", "smallint", "mediumint"}


def normalise_type(spelled: str) -> tuple[str, str]:
    """Return ``(type, family)`` of a type as SQL spells it, such as ``VARCHAR(40)``.

    Display widths, character sets and collations are dropped; ``TINYINT(1)`` is a boolean.
    """
    text = " ".join(spelled.strip().lower().split())
    if text.endswith("[]"):
        inner, _family = normalise_type(text[:-2])
        return f"{inner}[]", "array"
    text = re.sub(r"\s+(character set|charset|collate) \S+", "", text)
    match = _TYPE.match(text)
    if match is None:
        return text, text
    name, arguments, rest = (part.strip() for part in match.groups(default=""))
    arguments = arguments.replace(" ", "")
    if name == "tinyint" and arguments == "1":
        return "boolean", "boolean"
    name = _SYNONYMS.get(name, name)
    if name in _DISPLAY_WIDTH:
        arguments = ""
    rest = "" if rest == "without time zone" else rest
    family = _FAMILY_OF.get(name) or _FAMILY_OF.get(name.split()[0], name)
    spelling = name + (f"({arguments})" if arguments else "") + (f" {rest}" if rest else "")
    return spelling, family


def cast_quality(before: str, after: str) -> float:
    """How well values of one family survive in another: 1 the same, 0.5 or 0.25 by a cast, else 0."""
    if before == after:
        return 1.0
    pair = frozenset((before, after))
    if pair not in _CASTS:
        return 0.0
    return 0.25 if pair in _LOOSE else 0.5
