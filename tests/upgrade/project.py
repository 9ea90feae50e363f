"""A real Alembic project in a temporary folder, driven in-process or as a command."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import URL

from alembic_guard.ledger import Entry, Ledger

SYNC_ENV = """
from alembic import context
import sqlalchemy as sa
from alembic_guard import Guard

config = context.config
guard = Guard.from_config(config)

if context.is_offline_mode():
    guard.run_migrations(context, url=config.get_main_option("sqlalchemy.url"), literal_binds=True,
                         **config.attributes.get("configure", {}))
else:
    engine = sa.create_engine(config.get_main_option("sqlalchemy.url"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        guard.run_migrations(context, connection=connection,
                             **config.attributes.get("configure", {}))
    engine.dispose()
"""
ASYNC_ENV = """
import asyncio
from alembic import context
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from alembic_guard import Guard

config = context.config
guard = Guard.from_config(config)

def migrate(connection):
    guard.run_migrations(context, connection=connection)

async def main():
    engine = create_async_engine(config.get_main_option("sqlalchemy.url"),
                                 poolclass=sa.pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""


class Project:
    """One Alembic environment on one database."""

    def __init__(self, folder: Path, url: URL, *, env: str = SYNC_ENV, settings: str = "") -> None:
        self.folder, self.url = folder, url
        (folder / "migrations" / "versions").mkdir(parents=True)
        (folder / "migrations" / "env.py").write_text(env)
        (folder / "migrations" / "script.py.mako").write_text("")
        rendered = url.render_as_string(hide_password=False).replace("%", "%%")
        (folder / "alembic.ini").write_text(
            f"[alembic]\nscript_location = {folder}/migrations\nsqlalchemy.url = {rendered}\n"
            f"path_separator = os\n[alembic_guard]\n{textwrap.dedent(settings)}\n"
        )
        self._last: str | None = None

    def revision(self, name: str, upgrade: str, downgrade: str = "pass") -> None:
        """Add a revision after the last one."""
        body = textwrap.dedent(upgrade).strip()
        reverse = textwrap.dedent(downgrade).strip()
        (self.folder / "migrations" / "versions" / f"{name}.py").write_text(
            f"from alembic import op\nimport sqlalchemy as sa\n\nrevision = {name!r}\n"
            f"down_revision = {self._last!r}\n\n\ndef upgrade():\n"
            f"{textwrap.indent(body, '    ')}\n\n\ndef downgrade():\n"
            f"{textwrap.indent(reverse, '    ')}\n"
        )
        self._last = name

    def config(self, *x: str, **attributes: Any) -> Config:
        config = Config(
            self.folder / "alembic.ini", cmd_opts=Namespace(x=list(x)), stdout=io.StringIO()
        )
        config.attributes.update(attributes)
        return config

    def upgrade(self, target: str = "head", *x: str, **configure: Any) -> None:
        command.upgrade(self.config(*x, configure=configure), target)

    def downgrade(self, target: str, *x: str) -> None:
        command.downgrade(self.config(*x), target)

    def script(self, target: str = "head") -> str:
        """What ``alembic upgrade --sql`` writes."""
        config = self.config()
        config.output_buffer = io.StringIO()
        command.upgrade(config, target, sql=True)
        return config.output_buffer.getvalue()

    def spawn(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the ``alembic`` command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "alembic", "-c", str(self.folder / "alembic.ini"), *arguments],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """An autocommit connection to the project's database, with a synchronous driver."""
        names = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "sqlite": "sqlite"}
        url = self.url.set(drivername=names[self.url.get_backend_name()])
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def ledger(self) -> list[Entry]:
        """Every entry of the ledger."""
        with self.connect() as connection:
            ledger = Ledger()
            return ledger.read_since(connection, 0) if ledger.exists(connection) else []

    def applied(self) -> Sequence[Entry]:
        """The ``applied`` entries of the ledger."""
        return [entry for entry in self.ledger() if entry.phase == "applied"]
