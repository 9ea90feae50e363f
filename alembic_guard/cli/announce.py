"""`alembic-guard announce`: tell the running apps about DDL that `upgrade` did not run."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..usage import UsageError
from .database import add_database_arguments, database_url, on_database, settings_for

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..facts import SchemaChange
    from ..settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_database_arguments(parser)
    parser.add_argument(
        "--rename",
        action="append",
        default=[],
        metavar="TABLE.OLD:NEW",
        help="a column that was renamed; the database itself cannot tell",
    )
    parser.add_argument(
        "--rename-table", action="append", default=[], metavar="OLD:NEW", help="a renamed table"
    )
    parser.add_argument(
        "--table", action="append", default=[], metavar="NAME", help="a table that changed"
    )
    parser.add_argument("--message", help="why, for the ledger")
    parser.add_argument("--force", action="store_true", help="even if nothing seems changed")
    parser.add_argument(
        "--new-database",
        action="store_true",
        help="this is a copy, such as a restored backup: give it an identity of its own",
    )
    parser.add_argument(
        "--contract",
        action="store_true",
        help="end the compat mode of earlier upgrades: drop the views that keep old names",
    )
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the apps")


def run(args: argparse.Namespace) -> int:
    """0 when announced and loaded, 1 when a live app has not loaded it in time."""
    settings = settings_for(args)
    changes = [_column(text) for text in args.rename] + [_table(text) for text in args.rename_table]

    def work(connection: sa.Connection) -> int:
        if args.contract:
            return _contract(connection, settings)
        return _announce(connection, settings, args, changes)

    return on_database(database_url(args), work)


def _announce(
    connection: sa.Connection,
    settings: Settings,
    args: argparse.Namespace,
    changes: list[SchemaChange],
) -> int:
    from ..upgrade.outside import announce_outside, read_drift
    from ..upgrade.waiting import wait_for_apps

    _refuse_what_is_not_so(connection, changes)
    drift = read_drift(connection, settings.ledger_schema)
    if not (drift.is_drifted or changes or args.table or args.force or args.new_database):
        print(f"Nothing changed since epoch {drift.epoch}; --force announces all the same.")
        return 0
    epoch = announce_outside(
        connection, settings, changes, args.table, args.message, is_copy=args.new_database
    )
    what = f"{len(changes)} rename(s)" if changes else "a change made outside of Alembic"
    if args.new_database:
        what = "a database of its own"
    print(f"Announced {what} as epoch {epoch}.")
    if args.no_wait:
        return 0
    state = wait_for_apps(connection, epoch, settings.wait_timeout, settings.ledger_schema)
    print(f"{len(state.done)} app(s) loaded it.")
    for app in state.refused:
        print(f"  refused: {app.label}: {app.error or 'no reason given'}")
    for app in state.missing:
        print(f"  not loaded: {app.label} ({app.state}) {app.error or ''}".rstrip())
    return 0 if state.is_complete else 1


def _refuse_what_is_not_so(connection: sa.Connection, changes: list[SchemaChange]) -> None:
    """A rename that was never made, or is a slip of the pen, would mislead every app.

    Only the names that are left at the end are looked for, because a swap has others between.
    """
    import sqlalchemy as sa

    inspector = sa.inspect(connection)
    tables = {(c.schema, c.old): c for c in changes if c.kind == "rename_table"}
    for change in tables.values():
        if (change.schema, change.new) in tables or change.new is None:
            continue
        if not inspector.has_table(change.new, change.schema):
            raise UsageError(
                f"--rename-table {change.old}:{change.new}: there is no table {change.new};"
                " announce a rename after it is made"
            )
    columns = {(c.schema, c.table, c.old) for c in changes if c.kind == "rename_column"}
    for change in changes:
        if change.kind != "rename_column" or (change.schema, change.table, change.new) in columns:
            continue
        renamed = tables.get((change.schema, change.table))
        table = (renamed.new if renamed else change.table) or ""
        if not inspector.has_table(table, change.schema) and table not in (
            inspector.get_view_names(change.schema)
        ):
            raise UsageError(f"--rename {change.table}.{change.old}: there is no table {table}")
        found = [column["name"] for column in inspector.get_columns(table, change.schema)]
        if (change.new or "").lower() not in (name.lower() for name in found):
            raise UsageError(
                f"--rename {change.table}.{change.old}:{change.new}: {table} has no column"
                f" {change.new}, but {', '.join(found)}; announce a rename after it is made"
            )


def _contract(connection: sa.Connection, settings: Settings) -> int:
    from ..upgrade.contracting import contract_all

    tables = contract_all(connection, settings)
    print(f"Contracted {', '.join(tables)}." if tables else "No table is in compat mode.")
    return 0


def _column(text: str) -> SchemaChange:
    from ..facts import SchemaChange

    target, _, new = text.partition(":")
    *owner, old = target.split(".")
    if not (owner and old and new and len(owner) <= 2):
        raise UsageError(f"--rename {text}: write TABLE.OLD:NEW or SCHEMA.TABLE.OLD:NEW")
    schema = owner[0] if len(owner) == 2 else None
    return SchemaChange("rename_column", schema, owner[-1], old, new)


def _table(text: str) -> SchemaChange:
    from ..facts import SchemaChange

    target, _, new = text.partition(":")
    *schema, old = target.split(".")
    if not (old and new and len(schema) <= 1):
        raise UsageError(f"--rename-table {text}: write OLD:NEW or SCHEMA.OLD:NEW")
    return SchemaChange("rename_table", schema[0] if schema else None, old, old, new)
