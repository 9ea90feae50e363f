"""What the running Alembic command is, read off the context env.py was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, cast

from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep

from ..errors import SettingsError
from ..settings import Settings
from ..usage import UsageError

Step = RevisionStep | StampStep
Steps = Callable[[tuple[str, ...], MigrationContext], Iterable[Step]]

# both `from alembic import context` and an EnvironmentContext of one's own
AlembicContext = EnvironmentContext | ModuleType

SUPPORTED = frozenset({"sqlite", "postgresql", "mysql", "mariadb"})
OVERRIDABLE = frozenset(
    {
        "mode",
        "lock_wait",
        "lock_timeout",
        "lock_retry",
        "pause_timeout",
        "pause_lease",
        "wait",
        "wait_timeout",
        "on_timeout",
        "preflight",
    }
)


def as_environment(context: AlembicContext) -> EnvironmentContext:
    """The proxy module has the methods of the EnvironmentContext it stands for."""
    return cast("EnvironmentContext", context)


def is_migrating(migration: MigrationContext) -> bool:
    """Whether this is `upgrade`, `downgrade` or `stamp`, the commands with a destination."""
    return "destination_rev" in migration.opts


def command_name(migration: MigrationContext) -> str:
    """``upgrade``, ``downgrade`` or ``stamp``."""
    name = getattr(migration.opts.get("fn"), "__name__", "upgrade")
    return "stamp" if name == "do_stamp" else name


def with_x_arguments(context: AlembicContext, settings: Settings) -> Settings:
    """The settings with what ``-x mode=pause`` or ``-x no-wait`` says on top.

    :raises SettingsError: such a value is not one the setting can have.
    """
    given: dict[str, Any] = as_environment(context).get_x_argument(as_dictionary=True)
    values: dict[str, Any] = {}
    for key, value in given.items():
        name = key.replace("-", "_")
        if name == "no_wait":
            values["wait"] = False
        elif name in OVERRIDABLE:
            values[name] = "true" if value == "" else value
    try:
        return settings.merged(values, "-x") if values else settings
    except UsageError as error:
        raise SettingsError.of(error) from error
