"""Extended statistics that are named after a table and columns, and follow these.

No model declares them, so there is no new name to compare with. A name is made anew where it
consists of nothing but the names of the table and of the columns, as PostgreSQL's own does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..facts import Rename
from .model import NameMap, TableKey

_LONGEST = 63
# PostgreSQL adds `stat` and calls an expression `expr` (ChooseExtendedStatisticNameAddition in
# its statscmds.c); people put one of these before or after.
_KIND = ("expr", "ext", "s", "st", "stat", "statistics", "stats", "stx")


@dataclass(frozen=True, slots=True)
class StatisticsFacts:
    """A statistics object in its table's schema, on columns; expressions are left out."""

    name: str
    table: TableKey
    columns: tuple[str, ...]


def statistics_renames(found: Iterable[StatisticsFacts], names: NameMap) -> list[Rename]:
    """Renames of those whose names say a table or column that is renamed, and nothing else."""
    renames = []
    for item in sorted(found, key=lambda item: (item.table[0] or "", item.name)):
        schema, table = item.table
        made = {word: word for word in _KIND}
        made[table] = names.table(item.table)[1]
        made |= {column: names.column(item.table, column) for column in item.columns}
        parts = _parts(item.name, made)
        new = "_".join(made[part] for part in parts or ())
        if parts and new != item.name and len(new.encode()) <= _LONGEST:
            why = (f"it is named after {table} and its columns",)
            renames.append(Rename("statistics", schema, table, item.name, new, "B", why))
    return renames


def _parts(text: str, known: Mapping[str, str]) -> list[str] | None:
    """The known names that `text` consists of, the longest first, or None."""
    for part in sorted(known, key=len, reverse=True):
        if text == part:
            return [part]
        if text.startswith(f"{part}_"):
            rest = _parts(text[len(part) + 1 :], known)
            if rest is not None:
                return [part, *rest]
    return None
