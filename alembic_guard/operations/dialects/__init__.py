"""One lossless implementation of each rename per dialect."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .base import Renamer

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl

_HOMES = {
    "mariadb": ("mysql", "MySQLRenamer"),
    "mssql": ("mssql", "MSSQLRenamer"),
    "mysql": ("mysql", "MySQLRenamer"),
    "oracle": ("oracle", "OracleRenamer"),
    "postgresql": ("postgresql", "PostgreSQLRenamer"),
    "sqlite": ("sqlite", "SQLiteRenamer"),
}


def renamer_for(impl: DefaultImpl) -> Renamer:
    """The renamer of the dialect `impl` speaks; standard SQL for a dialect we do not know."""
    home = _HOMES.get(impl.dialect.name)
    if home is None:
        return Renamer(impl)
    renamer: type[Renamer] = getattr(import_module(f".{home[0]}", __name__), home[1])
    return renamer(impl)


__all__ = ["Renamer", "renamer_for"]
