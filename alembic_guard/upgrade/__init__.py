"""Around `alembic upgrade`: lock, plan, pause, record, announce, wait for the apps."""

from __future__ import annotations

from typing import Any

from ..settings import Settings
from .environment import (
    SUPPORTED,
    AlembicContext,
    as_environment,
    is_migrating,
    with_x_arguments,
)

__all__ = ["run_guarded"]


def run_guarded(
    context: AlembicContext,
    settings: Settings,
    options: dict[str, Any],
    migration_args: dict[str, Any],
) -> None:
    """Configure Alembic and run the current command, guarded if it changes the database.

    :param options: for ``context.configure``.
    :param migration_args: for each ``upgrade()`` and ``downgrade()``.
    """
    environment = as_environment(context)
    settings = with_x_arguments(context, settings)
    recorder = _Recorder()
    own = options.get("on_version_apply") or ()
    given = tuple(own) if isinstance(own, (list, tuple, set)) else (own,)
    environment.configure(**{**options, "on_version_apply": (*given, recorder)})
    migration = environment.get_context()
    if is_migrating(migration) and migration.dialect.name in SUPPORTED:
        recorder.run(environment, settings, migration_args)
        return
    with environment.begin_transaction():
        environment.run_migrations(**migration_args)


class _Recorder:
    """The ``on_version_apply`` callback, which must be known before the run is."""

    def __init__(self) -> None:
        self._target: Any = None

    def __call__(self, **arguments: Any) -> None:
        if self._target is not None:
            self._target.on_version_apply(**arguments)

    def run(
        self, context: AlembicContext, settings: Settings, migration_args: dict[str, Any]
    ) -> None:
        if as_environment(context).is_offline_mode():
            from .script import ScriptRun

            self._target = ScriptRun(context, settings, migration_args)
        else:
            from .run import Run

            self._target = Run(context, settings, migration_args)
        self._target.execute()
