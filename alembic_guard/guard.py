"""`Guard`: the one object env.py sees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import SettingsError
from .ledger.tables import OWN_TABLES
from .settings import Settings, read_settings
from .usage import UsageError

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.config import Config

    from .upgrade.environment import AlembicContext

AUTOGENERATE_PLUGINS = ["alembic.autogenerate.*", "alembic_guard.*"]


class Guard:
    """Configure Alembic with alembic_guard's plugins and run migrations guarded."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    @classmethod
    def from_config(cls, config: Config) -> Guard:
        """Read the settings that stand beside Alembic's own.

        :raises SettingsError: a setting is unknown or has a value it cannot have.
        """
        ini_file = Path(config.config_file_name) if config.config_file_name else None
        toml_name = getattr(config, "toml_file_name", None)
        toml_file = Path(toml_name) if toml_name else None
        if toml_file is None and ini_file is not None:
            toml_file = ini_file.parent / "pyproject.toml"
        try:
            return cls(read_settings(ini_file=ini_file, toml_file=toml_file))
        except UsageError as error:
            raise SettingsError.of(error) from error

    def run_migrations(
        self,
        context: AlembicContext,
        *,
        connection: sa.Connection | None = None,
        url: str | sa.URL | None = None,
        target_metadata: Any = None,
        migration_args: Mapping[str, Any] | None = None,
        **configure: Any,
    ) -> None:
        """Do what ``context.configure`` and ``context.run_migrations`` do, guarded.

        `upgrade`, `downgrade` and `stamp` run under a lock, are recorded in the ledger and
        announced to the running apps. Other commands are only configured.

        :param context: ``alembic.context``.
        :param connection: a synchronous connection, for online mode.
        :param url: the database's URL, for offline mode.
        :param migration_args: keyword arguments for each ``upgrade()`` and ``downgrade()``.
        :param configure: anything else ``context.configure`` takes.
        """
        from .upgrade import run_guarded

        options = self.configure_options(**configure)
        options.update(connection=connection, url=url, target_metadata=target_metadata)
        run_guarded(context, self.settings, options, dict(migration_args or {}))

    def configure_options(self, **configure: Any) -> dict[str, Any]:
        """What to pass to ``context.configure``: the caller's options with ours added.

        For an env.py that calls ``context.configure`` itself.
        """
        options = dict(configure)
        options.setdefault("autogenerate_plugins", list(AUTOGENERATE_PLUGINS))
        options.setdefault("alembic_guard", self.settings)
        options["include_name"] = _without_own_tables(options.get("include_name"))
        return options

    def load_metadata(self, target: str) -> Any:
        """Import ``package.module:Base`` and return its MetaData.

        :param target: a module and, after a colon, a declarative base, a registry or a
            MetaData in it; dots after the colon reach deeper.
        :raises ReservedNames: the import dies of a reserved name, or a mixin column is lost.
        """
        from .reserved.runtime import load_metadata

        return load_metadata(target)


def _without_own_tables(user_filter: Any) -> Any:
    """The user's ``include_name`` that never sees the tables alembic_guard owns."""

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        if kind == "table" and name in OWN_TABLES:
            return False
        return True if user_filter is None else bool(user_filter(name, kind, parents))

    return include_name
