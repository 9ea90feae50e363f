"""``--sql``: the same rows, written into the script a DBA will run."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy.schema import CreateSchema, CreateTable

from ..ledger import Entry, Ledger
from ..settings import Settings
from .announcing import Announcer
from .environment import AlembicContext, as_environment, command_name
from .lock import author
from .reconcile import touched_tables, without_rebuilds
from .recording import Claims, observed_batches


class ScriptRun:
    """Writes the ledger's tables if they are missing, and a row after each step.

    The database is not looked at: there is no fingerprint, the changes are what the
    statements say, and the row takes the database's uuid from the ledger when it runs.
    """

    def __init__(
        self, context: AlembicContext, settings: Settings, migration_args: dict[str, Any]
    ) -> None:
        self._context = as_environment(context)
        self._migration_args = migration_args
        self._ledger = Ledger(settings.ledger_schema)
        self._announcer = Announcer(self._ledger)
        self._database_uuid = str(uuid.uuid4())
        self._has_tables = False
        migration = self._context.get_context()
        self._direction = command_name(migration)
        self._claims = Claims(migration.dialect.name)

    def execute(self) -> None:
        """Write the script."""
        impl = self._context.get_context().impl
        write = impl.static_output

        def static_output(text: str) -> None:
            self._claims.statement(text)
            write(text)

        impl.static_output = static_output  # type: ignore[method-assign]  # of this instance only
        with observed_batches(self._claims), self._context.begin_transaction():
            self._context.run_migrations(**self._migration_args)

    def on_version_apply(
        self, *, ctx: MigrationContext, step: MigrationInfo, heads: Iterable[str], **_: Any
    ) -> None:
        """Write the step's row into the script."""
        changes = tuple(self._own(without_rebuilds(self._claims.take()), ctx.version_table))
        self._write_tables(ctx)
        entry = Entry(
            phase="applied",
            revision=", ".join(step.up_revision_ids),
            direction=self._direction,  # type: ignore[arg-type]  # one of the three commands
            heads=tuple(sorted(heads)),
            mode="announce",
            changes=changes,
            touched=touched_tables(changes),
            author=author(),
        )
        self._announcer.write_script(ctx, entry, self._database_uuid)
        self._claims.take()

    def _own(self, changes: Iterable[Any], version_table: str) -> Iterable[Any]:
        return (change for change in changes if change.table != version_table)

    def _write_tables(self, migration: MigrationContext) -> None:
        if not self._has_tables:
            self._has_tables = True
            tables = self._ledger.tables
            if tables.schema and migration.dialect.name != "sqlite":
                migration.impl._exec(CreateSchema(tables.schema, if_not_exists=True))
            for table in (tables.change, tables.app):
                migration.impl._exec(CreateTable(table, if_not_exists=True))
