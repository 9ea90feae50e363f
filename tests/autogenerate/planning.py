"""Autogenerate and apply in one process, on a connection."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import DowngradeOps, MigrationScript, UpgradeOps

from alembic_guard import Settings

PLUGINS = ["alembic.autogenerate.*", "alembic_guard.*"]


def context(connection: sa.Connection, level: str = "likely", **options: Any) -> MigrationContext:
    settings = Settings(renames=level, reserved="off") if level else Settings()
    return MigrationContext.configure(
        connection,
        opts={
            "autogenerate_plugins": PLUGINS,
            "alembic_guard": settings,
            "compare_server_default": True,
            **options,
        },
    )


def planned(
    connection: sa.Connection, target: sa.MetaData, level: str = "likely", **options: Any
) -> MigrationScript:
    return produce_migrations(context(connection, level, **options), target)


def diffs(script: MigrationScript) -> list[Any]:
    assert script.upgrade_ops is not None
    return script.upgrade_ops.as_diffs()


def kinds(script: MigrationScript) -> list[str]:
    """What is done, in order: ``rename_column``, ``add_column``, ``modify_nullable`` ..."""
    return [item[0][0] if isinstance(item, list) else item[0] for item in diffs(script)]


def rendered(script: MigrationScript, connection: sa.Connection) -> str:
    assert script.upgrade_ops is not None
    return render_python_code(script.upgrade_ops, migration_context=context(connection))


def apply(connection: sa.Connection, operations: UpgradeOps | DowngradeOps | None) -> None:
    """Run the operations as a revision would."""
    assert operations is not None
    runner = Operations(context(connection))

    def run(items: list[MigrateOperation]) -> None:
        for item in items:
            inner = getattr(item, "ops", None)
            if inner is not None:
                run(inner)
            else:
                runner.invoke(item)

    run(list(operations.ops))
    connection.commit()
