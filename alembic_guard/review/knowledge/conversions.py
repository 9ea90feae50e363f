"""What a change of column type does on PostgreSQL, as measured on a live server.

``ALTER COLUMN ... TYPE`` was run for 1,560 ordered pairs of types; `is_rewrite` and `has_cast`
give what the server did (relfilenode changed, error raised).
"""

from __future__ import annotations

import re

from ...record import replace
from ..specs import TypeSpec

CHARACTERS = frozenset({"varchar", "text", "char", "citext", "name"})
NUMBERS = frozenset({"smallint", "integer", "bigint", "real", "double", "numeric", "float"})
_SIZES = {
    "smallint": 2,
    "integer": 4,
    "bigint": 8,
    "real": 2.5,
    "double": 9,
    "float": 9,
    "numeric": 16,
}
_CASTS = {
    "integer": {"money", "oid"}, "bigint": {"money", "oid"}, "smallint": {"oid"},
    "numeric": {"money"}, "money": {"numeric"}, "oid": {"integer", "bigint"},
    "date": {"timestamp", "timestamptz"},
    "timestamp": {"date", "time", "timestamptz"},
    "timestamptz": {"date", "time", "timetz", "timestamp"},
    "time": {"timetz", "interval"}, "timetz": {"time"}, "interval": {"time"},
    "json": {"jsonb"}, "jsonb": {"json"}, "inet": {"cidr"}, "cidr": {"inet"},
    "bit": {"bit varying"}, "bit varying": {"bit"},
}  # fmt: skip
_OTHERS = frozenset(
    {
        "boolean",
        "uuid",
        "bytea",
        "xml",
        "tsvector",
        "hstore",
        "macaddr",
        "enum",
        "serial",
        "bigserial",
    }
)
_KNOWN = CHARACTERS | NUMBERS | frozenset(_CASTS) | _OTHERS
_MOMENTS = frozenset(["timestamp", "timestamptz", "time", "timetz", "interval"])
_FULL_PRECISION = 6
"""Digits after the second that these types have when no precision is given."""
_FREE = frozenset(
    {("cidr", "inet"), ("xml", "text"), ("xml", "varchar"), ("integer", "oid"), ("oid", "integer")}
)
_PARTS_LOST = frozenset(
    {("timestamp", "date"), ("timestamptz", "date"), ("timestamp", "time"), ("timestamptz", "time"),
     ("timestamptz", "timetz"), ("timetz", "time"), ("interval", "time")}
)  # fmt: skip


def _plain(kind: TypeSpec) -> TypeSpec:
    """``float(24)`` and ``double(53)`` under the names PostgreSQL stores them as."""
    if kind.name not in ("double", "float", "real"):
        return kind
    small = kind.name == "real" or (kind.length is not None and kind.length <= 24)
    return replace(kind, name="real" if small else "double", args=())


def is_same(old: TypeSpec, new: TypeSpec) -> bool:
    """Whether nothing changes at all."""
    old, new = _plain(old), _plain(new)
    if old.name == "enum" and new.name == "enum" and old.enum_name and new.enum_name:
        return old.enum_name == new.enum_name and old.array == new.array
    names = {old.name, new.name}
    if "enum" in names and (old.enum_name or new.enum_name) in names:  # SQL text only has the name
        return old.array == new.array
    return (old.name, old.args, old.array, old.enum_name) == (
        new.name, new.args, new.array, new.enum_name,
    )  # fmt: skip


def is_rewrite(old: TypeSpec | None, new: TypeSpec, using: str | None) -> bool:
    """Whether PostgreSQL writes the whole table anew; an unknown old type counts as different.

    ``TYPE text`` or ``TYPE varchar`` of an unknown column is almost always a widening, and
    is not called a rewrite unless a USING clause computes the value.
    """
    if old is None or not old.known:
        return bool(using) or new.name not in ("text", "varchar", "unknown")
    if not new.known:
        return False
    if is_computed(using, new):
        return True
    if is_same(old, new):
        return False
    if old.array or new.array:
        return True
    return not _is_free(old, new)


_CAST_TO = re.compile(r"\(*\"?\w+\"?\)*\s*::\s*([\w ]+?)\s*(?:\(([\d, ]+)\))?\)*")
_SPELLINGS = {"varchar": "character varying", "numeric": "decimal"}


def is_computed(using: str | None, new: TypeSpec) -> bool:
    """Whether USING does more than cast the column itself to its new type."""
    if using is None:
        return False
    cast = _CAST_TO.fullmatch(using.strip())
    if cast is not None and cast[1].lower() in (new.name, _SPELLINGS.get(new.name)):
        size = tuple(int(digits) for digits in re.findall(r"\d+", cast[2] or ""))
        return size != new.args
    return "(" in using.replace("::", "") or "+" in using or "AT TIME" in using.upper()


def _is_free(old: TypeSpec, new: TypeSpec) -> bool:
    """Whether the stored bytes may stay as they are."""
    if old.name in ("varchar", "text") and new.name in ("varchar", "text"):
        return not new.args or (
            old.name == "varchar" and bool(old.args) and _length(new) >= _length(old)
        )
    if old.name == new.name == "numeric":
        if not new.args:
            return True
        return bool(old.args) and _scale(old) == _scale(new) and _length(new) >= _length(old)
    if old.name == new.name:
        return _is_precision_kept(old, new)
    return (old.name, new.name) in _FREE and not new.args


def _is_precision_kept(old: TypeSpec, new: TypeSpec) -> bool:
    """timestamp(3) to timestamp, bit varying(3) to bit varying(5); char(n) pads, so never."""
    if old.name == "char" or old.name == "bit":
        return False
    if old.name == "enum":
        return old.enum_name is None or new.enum_name is None
    if new.name in _MOMENTS and new.length == _FULL_PRECISION:
        return True
    return not new.args or (bool(old.args) and _length(new) >= _length(old))


def has_cast(old: TypeSpec | None, new: TypeSpec) -> bool:
    """Whether the change works without USING; True when either type is not well known."""
    if old is None or old.name not in _KNOWN or new.name not in _KNOWN:
        return True
    if new.name in CHARACTERS or (old.name == new.name == "enum" and _same_enum(old, new)):
        return True
    if old.array != new.array:
        return False
    if old.name == new.name and old.name != "enum":
        return True
    if old.name in NUMBERS and new.name in NUMBERS:
        return True
    return new.name in _CASTS.get(old.name, ())


def _same_enum(old: TypeSpec, new: TypeSpec) -> bool:
    return not old.enum_name or not new.enum_name or old.enum_name == new.enum_name


def narrowing(old: TypeSpec | None, new: TypeSpec) -> str | None:
    """What existing values lose or fail over, None when every value fits."""
    if old is None or not old.known or not new.known or old.array != new.array:
        return None
    if new.name in ("varchar", "char") and new.args and old.name in CHARACTERS:
        if old.name == "text" or not old.args or _length(old) > _length(new):
            return f"values longer than {_length(new)} characters"
        return None
    if old.name == new.name == "numeric" and old.args and new.args:
        return _numeric_loss(old, new)
    if old.name in NUMBERS and new.name in NUMBERS and _SIZES[old.name] > _SIZES[new.name]:
        return f"values {new} cannot hold"
    if old.name in ("numeric", "real", "double", "float") and new.name in (
        "integer",
        "bigint",
        "smallint",
    ):
        return "everything behind the decimal point"
    if (old.name, new.name) in _PARTS_LOST:
        return f"the part of the value that {new} does not have"
    if (
        old.name in ("varbinary", "binary")
        and new.name == old.name
        and _length(old) > _length(new) > 0
    ):
        return f"values longer than {_length(new)} bytes"
    return None


def _numeric_loss(old: TypeSpec, new: TypeSpec) -> str | None:
    if _scale(new) < _scale(old):
        return f"digits behind place {_scale(new)}, which are rounded away silently"
    if _length(new) - _scale(new) < _length(old) - _scale(old):
        return f"values of more than {_length(new) - _scale(new)} digits"
    return None


def _length(kind: TypeSpec) -> int:
    return kind.length or 0


def _scale(kind: TypeSpec) -> int:
    scale = kind.args[1] if len(kind.args) > 1 else 0
    return scale if isinstance(scale, int) else 0
