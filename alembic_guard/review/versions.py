"""Which server version can do what: data that rules ask by name."""

from __future__ import annotations

from .. import usage

Version = tuple[int, ...]

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite")
DEFAULT_VERSIONS: dict[str, Version] = {
    "postgresql": (14,),
    "mysql": (8, 0, 30),
    "mariadb": (10, 6),
    "sqlite": (3, 37),
}
"""Assumed when nobody says: old enough to be running somewhere, new enough to be supported."""

ABILITIES: dict[str, dict[str, Version]] = {
    "constant_default_is_metadata": {"postgresql": (11,), "mysql": (8, 0, 12), "mariadb": (10, 3)},
    "not_null_uses_valid_check": {"postgresql": (12,)},
    "timestamptz_in_utc": {"postgresql": (12,)},
    "reindex_concurrently": {"postgresql": (12,)},
    "enum_value_in_transaction": {"postgresql": (12,)},
    "enum_value_of_new_type": {"postgresql": (17,)},
    "detach_concurrently": {"postgresql": (14,)},
    "not_null_not_valid": {"postgresql": (18,)},
    "virtual_generated": {
        "postgresql": (18,),
        "mysql": (5, 7),
        "mariadb": (10, 2),
        "sqlite": (3, 31),
    },
    "instant_add_column": {"mysql": (8, 0, 12), "mariadb": (10, 3)},
    "instant_add_column_anywhere": {"mysql": (8, 0, 29), "mariadb": (10, 4)},
    "instant_drop_column": {"mysql": (8, 0, 29), "mariadb": (10, 4)},
    "instant_rename_column": {"mysql": (8, 0, 28), "mariadb": (10, 5, 2)},
    "expression_default": {"mysql": (8, 0, 13), "mariadb": (10, 2), "postgresql": (8,)},
    "check_enforced": {"mysql": (8, 0, 16), "mariadb": (10, 2), "postgresql": (8,), "sqlite": (3,)},
    "drop_column": {"sqlite": (3, 35), "postgresql": (8,), "mysql": (5,), "mariadb": (5,)},
    "rename_column": {
        "sqlite": (3, 25),
        "postgresql": (8,),
        "mysql": (8,),
        "mariadb": (10, 5, 2),
    },
    "attach_partition_weak_lock": {"postgresql": (12,)},
    "nulls_not_distinct": {"postgresql": (15,)},
}
"""First version of each server that has an ability; a server that is not named never does."""


def parse_version(text: str) -> Version:
    """``"8.0.36"`` as numbers, or a `UsageError`."""
    parts = text.strip().split("-")[0].split(".")
    if not all(part.isdigit() for part in parts):
        raise usage.UsageError(f"server version {text!r} is not of the form 15 or 8.0.36")
    return tuple(int(part) for part in parts)


def is_able(ability: str, dialect: str, version: Version) -> bool:
    """Whether this server has an ability; an unknown name is a bug, hence a KeyError."""
    first = ABILITIES[ability].get(dialect)
    return first is not None and version >= first
