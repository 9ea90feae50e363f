"""Find what a rename leaves behind: views, functions, triggers that still use the old name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .changes import Dependent, TableChange, table_changes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_HOMES = {
    "mariadb": "mysql",
    "mysql": "mysql",
    "postgresql": "postgresql",
    "sqlite": "sqlite",
}


def find_dependents(connection: Connection, *renames: Any) -> list[Dependent]:
    """What still uses an old name once `renames` are done.

    :param connection: the database as it is before the renames; only its catalog is read.
    :param renames: `facts.Rename` values or rename operations, in the order they will run;
     several at once give one fix for an object that uses more than one of them.
    """
    changes = [change for change in table_changes(renames) if change.old_names]
    home = _HOMES.get(connection.dialect.name)
    if not changes or home is None:
        return []
    found = import_module(f".{home}", __name__).find(connection, changes)
    return list(dict.fromkeys(found))


__all__ = ["Dependent", "TableChange", "find_dependents", "table_changes"]
