"""What MySQL and MariaDB do with a changed column: in place, rebuilt, or copied.

From the tables of the MySQL 8.4 manual, "Online DDL Operations".
"""

from __future__ import annotations

from ..specs import TypeSpec

BYTES = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "latin1": 1, "ascii": 1, "binary": 1}
INDEX_BYTES = 3072
_TEXTS = frozenset({"varchar", "varbinary"})
_FIXED_BYTES = {
    "tinyint": 1, "smallint": 2, "mediumint": 3, "integer": 4, "bigint": 8, "float": 4, "double": 8,
    "date": 3, "datetime": 8, "timestamp": 4, "boolean": 1, "year": 1, "time": 6, "numeric": 16,
}  # fmt: skip


def copy_reason(old: TypeSpec | None, new: TypeSpec) -> str | None:
    """Why changing `old` to `new` copies the whole table, None when it does not."""
    if old is None or not old.known or not new.known:
        return (
            f"its type becomes {new}, and nothing here says that it is so already"
            if new.known and old is None
            else None
        )
    if old.name in ("enum", "set") and new.name == old.name:
        return None
    if old.charset != new.charset and new.charset and old.charset:
        return f"its character set becomes {new.charset}"
    if _folded(old) == _folded(new) and old.unsigned == new.unsigned:
        if old.name in _TEXTS:
            return _length_reason(old, new)
        if old.args == new.args or old.name in (
            "integer",
            "bigint",
            "smallint",
            "tinyint",
            "mediumint",
        ):
            return None
    return f"its type changes from {old} to {new}"


def _folded(kind: TypeSpec) -> str:
    return {"boolean": "tinyint", "json": "json", "float": "float"}.get(kind.name, kind.name)


def _length_reason(old: TypeSpec, new: TypeSpec) -> str | None:
    before, after = old.length or 0, new.length or 0
    if after < before:
        return f"it shrinks from {before} to {after} characters"
    for width in sorted({BYTES.get(new.charset or old.charset or "", 0)} - {0} or {1, 4}):
        if before * width <= 255 < after * width:
            return (
                f"{after} characters of up to {width} byte(s) need two length bytes, "
                f"and {before} need one"
            )
    return None


def enum_reason(old: TypeSpec | None, new: TypeSpec) -> str | None:
    """Why a changed ENUM or SET copies the table; members may only be appended."""
    if new.name not in ("enum", "set") or (old is not None and old.name != new.name):
        return None
    if old is None or not old.values:
        return "the members are stated anew and may move" if new.values else None
    if len(old.values) <= 255 < len(new.values):
        return "more than 255 members need two bytes"
    if new.values[: len(old.values)] == old.values:
        return None
    missing = [value for value in old.values if value not in new.values]
    if missing:
        return f"{', '.join(map(repr, missing))} is removed"
    return "members change their position, and rows store positions"


def is_long(kind: TypeSpec | None) -> bool:
    """Whether values are kept beside the row: no literal default, and only a prefix in an index."""
    return kind is not None and not kind.array and kind.name in _LONG


_LONG = frozenset(
    [*(size + kind for size in ("", "tiny", "medium", "long") for kind in ("text", "blob")), "json"]
)


def key_bytes(kind: TypeSpec | None) -> int | None:
    """The most bytes a column takes in an index, None when unknown."""
    if kind is None or not kind.known:
        return None
    if kind.name in ("varchar", "char"):
        return (kind.length or 0) * BYTES.get(kind.charset or "utf8mb4", 4)
    if kind.name in ("varbinary", "binary"):
        return kind.length
    return _FIXED_BYTES.get(kind.name)
