"""A real Alembic project in a folder of its own, driven through the real command."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from sqlalchemy.engine import URL

ENV_PY = """\
import sys
from logging.config import fileConfig
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool

sys.dont_write_bytecode = True  # models.py changes within a second
sys.path.insert(0, str(Path(__file__).parent.parent))
from models import Base

fileConfig(context.config.config_file_name, disable_existing_loggers=False)
engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic_guard.*"],
    )
    with context.begin_transaction():
        context.run_migrations()
"""
INI = """\
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = {url}

[loggers]
keys = root,guard

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_guard]
level = INFO
handlers =
qualname = alembic_guard

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)s [%(name)s] %(message)s
"""
SCRIPT = '''\
"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
MODELS = """\
import sqlalchemy as sa
from alembic_guard import renamed_from
from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


"""


@dataclass
class AlembicProject:
    """``alembic.ini``, ``migrations/`` and ``models.py`` around a database."""

    folder: Path
    url: URL
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "migrations" / "versions").mkdir(parents=True)
        text = INI.format(url=self.url.render_as_string(hide_password=False).replace("%", "%%"))
        (self.folder / "alembic.ini").write_text(text)
        (self.folder / "migrations" / "env.py").write_text(ENV_PY)
        (self.folder / "migrations" / "script.py.mako").write_text(SCRIPT)

    @property
    def answers(self) -> Path:
        """Where answers are recorded."""
        return self.folder / "migrations" / "renames.toml"

    def models(self, text: str) -> None:
        """Write the models: classes after a common head."""
        (self.folder / "models.py").write_text(MODELS + textwrap.dedent(text))

    def command(self, *arguments: str) -> list[str]:
        """The command line of an Alembic command."""
        return [sys.executable, "-m", "alembic", "-c", str(self.folder / "alembic.ini"), *arguments]

    def alembic(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command without a terminal."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def autogenerate(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``alembic [arguments] revision --autogenerate``."""
        return self.alembic(*arguments, "revision", "--autogenerate", "-m", "change")

    def revisions(self) -> list[Path]:
        """The revision files, oldest first."""
        return sorted((self.folder / "migrations" / "versions").glob("*.py"), key=os.path.getmtime)

    def upgrade_body(self) -> str:
        """What stands in ``upgrade()`` of the newest revision, comments aside."""
        body = self.revisions()[-1].read_text().split("def upgrade():")[1].split("def downgrade")[0]
        lines = [line.strip() for line in body.splitlines()]
        return "\n".join(line for line in lines if line and not line.startswith("#"))

    def start(self, models: str) -> None:
        """Create the tables of `models`, as a first revision would have done."""
        self.models(models)
        name = f"models_{id(self)}"
        module = sys.modules[name] = ModuleType(name)
        exec((self.folder / "models.py").read_text(), module.__dict__)
        version = sa.Table(
            "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32))
        )
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            module.Base.metadata.create_all(connection)
            version.create(connection)
            connection.execute(version.insert().values(version_num="1000"))
        (self.folder / "migrations" / "versions" / "1000_first.py").write_text(
            'revision = "1000"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'
        )

    def git(self, *arguments: str) -> str:
        """Run git as somebody."""
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout
