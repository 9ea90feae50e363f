"""Dependents on PostgreSQL: output names of views, and bodies kept as text.

Views, rules, policies and indexes hold columns by number and follow. The output column of a view
keeps the old name, and a body in PL/pgSQL or quoted SQL is text that nobody reads until it runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from .changes import Dependent, TableChange
from .rewriting import Scope, mentions_in_strings, rewrite

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ATTRIBUTE = """
SELECT attrelid, attnum FROM pg_attribute WHERE attrelid = to_regclass(:table) AND attname = :column
"""
_VIEWS = """
SELECT DISTINCT v.oid, v.relkind = 'm', v.oid::regclass::text, r.ev_action::text
FROM pg_depend d
JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = :relation AND d.refobjsubid = :column
AND v.oid <> :relation ORDER BY 3
"""
_OUTPUT = (
    "SELECT attname, attnum FROM pg_attribute WHERE attrelid = :view AND attname IN (:old, :new)"
)
# Where an output column comes from, as the parser recorded it in the stored query tree.
_TARGET = re.compile(
    r":resno (\d+) :resname (\S+) :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+)"
)
_BODIES = """
SELECT p.oid, p.oid::regprocedure::text, p.prosrc, pg_get_functiondef(p.oid), l.lanname,
  p.prokind = 'p', coalesce(p.proargnames, '{{}}'),
  ARRAY(SELECT DISTINCT tgrelid::bigint FROM pg_trigger WHERE tgfoid = p.oid),
  coalesce(to_regclass(:table)::oid::bigint, 0)
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang AND l.lanname IN ('plpgsql', 'sql')
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
AND n.nspname NOT LIKE 'pg\\_%' {standard_body}
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
AND EXISTS (SELECT 1 FROM unnest(CAST(:names AS text[])) AS old
            WHERE position(lower(old) IN lower(p.prosrc)) > 0)
ORDER BY 2
"""


def find(connection: Connection, changes: Sequence[TableChange]) -> Iterator[Dependent]:
    """What does not follow `changes`, views first."""
    for change in changes:
        for old, new in change.columns.items():
            yield from _views(connection, change, old, new)
    yield from _functions(connection, changes)


def _views(connection: Connection, change: TableChange, old: str, new: str) -> Iterator[Dependent]:
    source = connection.execute(
        sa.text(_ATTRIBUTE), {"table": _name(connection, change), "column": old}
    ).first()
    pending, seen = ([tuple(source)] if source else []), set()
    while pending:
        relation, column = pending.pop()
        if (relation, column) in seen:
            continue
        seen.add((relation, column))
        values = {"relation": relation, "column": column}
        for view, is_materialized, name, tree in connection.execute(sa.text(_VIEWS), values):
            output = _output(connection, view, old, new)
            if old not in output:
                continue
            exact = (output[old], relation, column) in _origins(tree, old)
            yield _view(connection, name, is_materialized, old, new, exact and new not in output)
            if exact:
                pending.append((view, output[old]))


def _output(connection: Connection, view: int, old: str, new: str) -> dict[str, int]:
    rows = connection.execute(sa.text(_OUTPUT), {"view": view, "old": old, "new": new})
    return {row[0]: row[1] for row in rows}


def _origins(tree: str, old: str) -> set[tuple[int, int, int]]:
    """Position, table and column behind each output column `old`; none for a UNION, whose
    output has several origins.
    """
    if "SETOPERATIONSTMT" in tree:
        return set()
    return {
        (int(number), int(table), int(column))
        for number, name, table, column in _TARGET.findall(tree)
        if name.replace("\\", "") == old
    }


def _view(
    connection: Connection, name: str, is_materialized: bool, old: str, new: str, certain: bool
) -> Dependent:
    kind = "materialized view" if is_materialized else "view"
    quote = connection.dialect.identifier_preparer.quote
    alter = f"ALTER {kind.upper()} {name} RENAME COLUMN"
    return Dependent(
        kind,
        name,
        f"its output column is still called {old}",
        (f"{alter} {quote(old)} TO {quote(new)}",),
        (f"{alter} {quote(new)} TO {quote(old)}",),
        certain,
    )


def _functions(connection: Connection, changes: Sequence[TableChange]) -> Iterator[Dependent]:
    names = [name for change in changes for name in change.old_names]
    if not names:
        return
    version = connection.dialect.server_version_info or (0,)
    query = _BODIES.format(standard_body="AND p.prosqlbody IS NULL" if version >= (14,) else "")
    by_oid: dict[int, TableChange] = {}
    bodies: dict[int, Any] = {}
    for change in changes:
        values = {"names": names, "table": _name(connection, change)}
        for row in connection.execute(sa.text(query), values):
            bodies[row[0]] = row
            by_oid[row[8]] = change
    for row in bodies.values():
        found = _function(connection, row, changes, by_oid)
        if found is not None:
            yield found


def _function(
    connection: Connection, row: Any, changes: Sequence[TableChange], by_oid: dict[int, TableChange]
) -> Dependent | None:
    _, name, source, definition, language, is_procedure, arguments, triggers, _ = row
    rows_of = by_oid.get(triggers[0]) if len(triggers) == 1 else None
    scope = Scope(
        "postgresql",
        changes,
        connection.dialect.identifier_preparer.quote,
        rows_of,
        {*(str(item).lower() for item in arguments), *_declared(source)},
    )
    result = rewrite(source, scope)
    kind = "procedure" if is_procedure else "trigger function" if triggers else "function"
    if not result.changed:
        if not mentions_in_strings(source, scope):
            return None
        return Dependent(kind, name, "it may use the old name in SQL put together at run time")
    fails = "every write that fires it fails" if triggers else "it fails when it is called"
    return Dependent(
        kind,
        name,
        f"its {language} body is text with the old name: {fails}",
        (definition.replace(source, result.text, 1).strip(),),
        (definition.strip(),),
        result.certain,
    )


def _declared(source: str) -> set[str]:
    """Names between DECLARE and BEGIN; too many rather than too few."""
    blocks = re.findall(r"\bDECLARE\b(.*?)\bBEGIN\b", source, re.IGNORECASE | re.DOTALL)
    return {word.lower() for block in blocks for word in re.findall(r"\w+", block)}


def _name(connection: Connection, change: TableChange) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return ".".join(quote(part) for part in (change.schema, change.old) if part)
