"""Which imports bring in the application's models."""

from __future__ import annotations

import re
import sys

from ..revision import Import

_LIBRARIES = frozenset(
    [
        "alembic",
        "sqlalchemy",
        "sqlmodel",
        "sqlalchemy_utils",
        "alembic_utils",
        "alembic_postgresql_enum",
        "geoalchemy2",
        "pgvector",
        "fastapi_users_db_sqlalchemy",
        "flask_sqlalchemy",
        "advanced_alchemy",
        "citext",
        "psycopg",
        "psycopg2",
        "asyncpg",
        "pymysql",
        "MySQLdb",
        "pytz",
        "dateutil",
        "pendulum",
        "structlog",
        "loguru",
        "tqdm",
        "numpy",
        "pandas",
        "yaml",
        "cryptography",
        "bcrypt",
        "passlib",
        "ulid",
        "nanoid",
        "slugify",
        "packaging",
        "requests",
        "httpx",
        "typing_extensions",
        "alembic_guard",
        "__future__",
        "django",
    ]
)
_MODEL_MODULES = frozenset(["models", "model", "entities", "entity", "orm", "tables", "domain"])
_TYPE_MODULES = frozenset(
    ["types", "type", "custom_types", "columns", "fields", "sqltypes", "guid", "generics"]
)
_BASES = frozenset(
    [
        "Base",
        "db",
        "metadata",
        "Model",
        "BaseModel",
        "DeclarativeBase",
        "target_metadata",
        "Session",
        "SessionLocal",
        "engine",
    ]
)


_ASKED = re.compile(
    r"(?:\.query|\bop\.bulk_insert"
    r"|(?<![\w.])(?:sa\.|sqlalchemy\.|sql\.)?(?:select|update|delete|insert|exists|aliased))"
    r"\(\s*$"
)
"""What stands before a model that is queried or changed."""
_OF_MODEL = re.compile(r"\.(?:__table__|query|metadata)\b")
_ENDS = re.compile(r"(?!\s*\(|\w)")


def is_model_import(found: Import, source: str) -> bool:
    """Whether the import depends on models of the application rather than on a library.

    :param source: the revision, which may use what it imports as a model, whatever its name.
    """
    parts = [part for part in found.module.split(".") if part]
    if not parts or parts[0] in _LIBRARIES or parts[0] in sys.stdlib_module_names:
        return bool(not parts and set(found.names) & (_MODEL_MODULES | _BASES))
    if parts[-1].lower() in _TYPE_MODULES:
        return False
    if any(part.lower() in _MODEL_MODULES for part in parts):
        return True
    if set(found.names) & (_BASES | _MODEL_MODULES):
        return True
    return any(_is_used_as_model(name, source) for name in found.names)


def _is_used_as_model(name: str, source: str) -> bool:
    start = source.find(name)
    while start >= 0:
        end = start + len(name)
        if _OF_MODEL.match(source, end) or (
            _ENDS.match(source, end) and _ASKED.search(source[max(0, start - 60) : start])
        ):
            return True
        start = source.find(name, end)
    return False
