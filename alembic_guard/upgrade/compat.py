"""Both names at once, on PostgreSQL: the table moves under an updatable view.

After the rename, and in its transaction, the table takes another name and a view of the
old name exposes its columns plus the old column names. Old and new code both read and write
through it (https://www.postgresql.org/docs/current/sql-createview.html, *Updatable Views*).
Once every live app has loaded the change the view goes and the table gets its name back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..facts import SchemaChange
from ..ledger.tables import PASSING_COLUMN

MARK = "alembic_guard keeps old column names here until every app has loaded the new ones"
NAME_LIMIT = 63
SUFFIX = "_guard_base"


@dataclass(frozen=True, slots=True)
class CompatView:
    """A view that stands where a table was, and the table under it."""

    schema: str
    name: str
    base: str


def obstacle(connection: sa.Connection, schema: str | None, table: str) -> str | None:
    """Why `table` cannot move under a view; None when it can."""
    query = sa.text(
        "SELECT c.relkind::text, c.relrowsecurity, c.relhasrules,"
        " EXISTS (SELECT FROM pg_publication_tables p"
        "   WHERE p.schemaname = n.nspname AND p.tablename = c.relname),"
        " EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL),"
        " EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid))"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relname = :table AND n.nspname = coalesce(:schema, current_schema())"
    )
    row = connection.execute(query, {"table": table, "schema": schema}).first()
    if row is None or row[0] != "r":
        return f"{table} is not an ordinary table"
    reasons = (
        "has row-level security",
        "has rules",
        "is published for logical replication",
        "has privileges on single columns",
        "has inheritance",
    )
    found = next((reason for reason, is_so in zip(reasons, row[1:], strict=True) if is_so), None)
    return f"{table} {found}" if found else None


def expand(connection: sa.Connection, changes: Iterable[SchemaChange]) -> list[CompatView]:
    """Put a view with both names over each table whose columns `changes` has renamed.

    Runs inside the migration's transaction, which holds the tables' locks already.
    """
    renamed: dict[tuple[str | None, str], list[SchemaChange]] = {}
    for change in changes:
        if change.kind == "rename_column" and change.table:
            renamed.setdefault((change.schema, change.table), []).append(change)
    return [_expand(connection, *owner, group) for owner, group in renamed.items()]


def _expand(
    connection: sa.Connection, schema: str | None, table: str, renames: Sequence[SchemaChange]
) -> CompatView:
    view = CompatView(schema or current_schema(connection), table, base_name(table))
    columns = [column["name"] for column in sa.inspect(connection).get_columns(table, view.schema)]
    old_names = {rename.old: rename.new for rename in renames if rename.old and rename.new}
    quote = connection.dialect.identifier_preparer.quote
    exposed = [quote(name) for name in columns]
    exposed += [
        f"{quote(new)} AS {quote(old)}" for old, new in old_names.items() if old not in columns
    ]
    target = f"{quote(view.schema)}.{quote(view.name)}"
    base = f"{quote(view.schema)}.{quote(view.base)}"
    run = connection.exec_driver_sql
    run(f"ALTER TABLE {target} RENAME TO {quote(view.base)}")
    run(f"CREATE VIEW {target}{_options(connection)} AS SELECT {', '.join(exposed)} FROM {base}")
    run(f"COMMENT ON VIEW {target} IS '{MARK}'")
    for old in old_names:
        run(f"COMMENT ON COLUMN {target}.{quote(old)} IS '{PASSING_COLUMN}{view.name}'")
    for grant in _grants(connection, view, target):
        run(grant)
    return view


def _options(connection: sa.Connection) -> str:
    """From PostgreSQL 15 on the view checks the caller's rights, not its owner's."""
    version = connection.dialect.server_version_info or (0,)
    return " WITH (security_invoker = true)" if version >= (15,) else ""


def _grants(connection: sa.Connection, view: CompatView, target: str) -> Iterator[str]:
    """The table's privileges, given again on the view."""
    query = sa.text(
        "SELECT DISTINCT a.privilege_type, coalesce(quote_ident(r.rolname), 'PUBLIC')"
        " FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a"
        " LEFT JOIN pg_roles r ON r.oid = a.grantee"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = :schema AND c.relname = :base AND a.grantee <> c.relowner"
        " AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
    )
    rows = connection.execute(query, {"schema": view.schema, "base": view.base}).fetchall()
    for privilege, role in rows:
        yield f"GRANT {privilege} ON {target} TO {role}"


def base_name(table: str) -> str:
    """What the table is called while the view has its name."""
    if len(table) + len(SUFFIX) <= NAME_LIMIT:
        return table + SUFFIX
    digest = hashlib.sha256(table.encode()).hexdigest()[:8]
    return f"{table[: NAME_LIMIT - len(SUFFIX) - 9]}_{digest}{SUFFIX}"


def find_views(connection: sa.Connection) -> list[CompatView]:
    """The views that still keep old names, also those of an upgrade that died."""
    if connection.dialect.name != "postgresql":
        return []
    query = sa.text(
        "SELECT DISTINCT n.nspname, v.relname, b.relname FROM pg_class v"
        " JOIN pg_namespace n ON n.oid = v.relnamespace"
        " JOIN pg_rewrite w ON w.ev_class = v.oid"
        " JOIN pg_depend d ON d.objid = w.oid AND d.classid = 'pg_rewrite'::regclass"
        "  AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid"
        " JOIN pg_class b ON b.oid = d.refobjid AND b.relkind = 'r'"
        " WHERE v.relkind = 'v' AND obj_description(v.oid, 'pg_class') = :mark ORDER BY 1, 2"
    )
    return [CompatView(*row) for row in connection.execute(query, {"mark": MARK})]


def remove_view(connection: sa.Connection, view: CompatView) -> None:
    """Drop the view and give the table under it its name back; in a transaction."""
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(view.schema)}.{quote(view.name)}"
    # the view first, then the table under it: the order every query takes its locks in
    connection.exec_driver_sql(f"LOCK TABLE {target} IN ACCESS EXCLUSIVE MODE")
    connection.exec_driver_sql(f"DROP VIEW {target}")
    connection.exec_driver_sql(
        f"ALTER TABLE {quote(view.schema)}.{quote(view.base)} RENAME TO {quote(view.name)}"
    )


def current_schema(connection: sa.Connection) -> str:
    """The schema of names written without one."""
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar())
