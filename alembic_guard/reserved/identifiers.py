"""Names that are too long, or that become equal once a database has cut or folded them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .names import Hazard, display_name

LIMITS = {"postgresql": 63, "mysql": 64, "mariadb": 64, "mssql": 128, "oracle": 128}
"""Longest identifier: bytes on PostgreSQL and Oracle, characters elsewhere; SQLite has none."""
_SHORTEST_TOO_LONG = min(LIMITS.values()) // 4
"""In characters, each of which has up to four bytes: no shorter name can be too long."""

_LIMIT_DOCS = {
    "postgresql": "https://www.postgresql.org/docs/current/sql-syntax-lexical.html",
    "mysql": "https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html",
    "mariadb": "https://mariadb.com/kb/en/identifier-names/",
    "sqlite": "https://www.sqlite.org/lang_createtable.html",
}
_FOLDING = ("sqlite", "mysql", "mariadb", "mssql")
"""Databases whose column names differ only in case when they do not differ at all."""


def identifier_hazards(
    table: str, columns: Sequence[str], databases: Mapping[str, object]
) -> list[Hazard]:
    """Names of one table that some of `databases` cut, refuse or take for one another."""
    found: list[Hazard] = []
    if not all(map(is_short, (table, *columns))):
        for name in dict.fromkeys((table, *columns)):
            found += _too_long(name, databases)
        found += _cut_alike(columns, databases)
    if len({name.lower() for name in columns}) < len(columns):
        found += _folded_alike(columns, databases)
    return found


def is_short(name: str) -> bool:
    """Whether no database can find the name too long, however many bytes its characters take."""
    return len(name) < _SHORTEST_TOO_LONG


def stored_name(name: str, database: str) -> str:
    """The name as the database would keep it: PostgreSQL cuts at 63 bytes, without an error."""
    limit = LIMITS.get(database)
    if limit is None or database != "postgresql":
        return name
    return name.encode()[:limit].decode(errors="ignore")


def _too_long(name: str, databases: Mapping[str, object]) -> list[Hazard]:
    found = []
    for database in databases:
        limit = LIMITS.get(database)
        size = len(name.encode()) if database in ("postgresql", "oracle") else len(name)
        if limit is None or size <= limit:
            continue
        documented = _LIMIT_DOCS.get(database, "")
        if database == "postgresql":
            effect = (
                f"{size} bytes; PostgreSQL keeps {limit} and says so only in a NOTICE. The model and "
                f"the database ({stored_name(name, database)}) then differ for ever, and every "
                "autogenerate plans to drop the one and add the other"
            )
            found.append(Hazard("too-long", name, "error", effect, documented))
        else:
            effect = f"{size} characters; {display_name(database)} allows {limit} and refuses it"
            found.append(Hazard("too-long", name, "warning", effect, documented))
    return found[:1]


def _cut_alike(columns: Sequence[str], databases: Mapping[str, object]) -> list[Hazard]:
    if "postgresql" not in databases:
        return []
    seen: dict[str, str] = {}
    found = []
    for name in columns:
        other = seen.setdefault(stored_name(name, "postgresql"), name)
        if other != name:
            effect = f"PostgreSQL cuts it and {other!r} to the same 63 bytes and refuses the table"
            documented = _LIMIT_DOCS["postgresql"]
            found.append(Hazard("collision", name, "error", effect, documented))
    return found


def _folded_alike(columns: Sequence[str], databases: Mapping[str, object]) -> list[Hazard]:
    folding = [name for name in databases if name in _FOLDING]
    if not folding:
        return []
    seen: dict[str, str] = {}
    found = []
    for name in columns:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            where = ", ".join(display_name(database) for database in folding)
            effect = f"differs from {other!r} only in case: {where} refuses the table"
            documented = _LIMIT_DOCS.get(folding[0], "")
            found.append(Hazard("collision", name, "error", effect, documented))
    return found
