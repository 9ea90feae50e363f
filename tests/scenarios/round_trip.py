"""A rename there, back and there again, through real revision files and the real commands."""

from __future__ import annotations

import contextlib
import io
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import URL

from alembic_guard.settings import Settings
from tests.operations.catalog import catalog, rows

Models = Callable[[sa.MetaData], object]
ALL = ("sqlite", "postgresql", "mariadb", "mysql")

_ENV = """\
from alembic import context

attributes = context.config.attributes
engine = attributes["engine"]
if context.is_offline_mode():
    named = {"paramstyle": "named"}
    context.configure(dialect_name=engine.dialect.name, literal_binds=True, dialect_opts=named)
    context.run_migrations()
    raise SystemExit
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=attributes["metadata"],
        autogenerate_plugins=["alembic.autogenerate.*", "alembic_guard.*"],
        alembic_guard=attributes["settings"],
        compare_server_default=True,
        render_as_batch=connection.dialect.name == "sqlite",
        **attributes["options"],
    )
    with context.begin_transaction():
        context.run_migrations()
"""
_SCRIPT = """\
from alembic import op
import sqlalchemy as sa
import sqlalchemy.dialects.mysql as mysql
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
"""


@dataclass(frozen=True)
class Case:
    """One change of models, on a database that holds rows.

    :param extra: statements for objects that models do not know, for each kind.
    :param moved: tables that have another name afterwards, old to new.
    :param answers: ``-x`` arguments.
    :param expected: pieces of the upgrade, in their order.
    """

    name: str
    before: Models
    after: Models
    expected: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ALL
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    convention: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    same_rows: bool = True
    probe: Callable[[sa.Connection], object] | None = None


def metadata_of(models: Models, convention: Mapping[str, str] = {}) -> sa.MetaData:
    """The tables that `models` makes."""
    metadata = sa.MetaData(naming_convention=dict(convention) or None)
    models(metadata)
    return metadata


def _careless_engine(url: URL) -> sa.Engine:
    """An engine that does not wait for the disk: these databases need not survive a crash."""
    options = {}
    if url.get_backend_name() == "postgresql":
        options = {"connect_args": {"options": "-c synchronous_commit=off"}}
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, **options)
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous = OFF"))
    return engine


class Project:
    """A folder with revisions, and the database they run on."""

    def __init__(self, folder: Path, url: URL, case: Case) -> None:
        self.case = case
        self.engine = _careless_engine(url)
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").write_text(_ENV)
        (folder / "script.py.mako").write_text(_SCRIPT)
        self.versions = folder / "versions"
        self.config = Config(stdout=io.StringIO(), cmd_opts=Namespace(x=[]))
        self.config.set_main_option("script_location", str(folder).replace("%", "%%"))
        self.config.set_main_option("path_separator", "os")
        self.config.attributes.update(
            engine=self.engine,
            metadata=metadata_of(case.after, case.convention),
            settings=case.settings,
            options=dict(case.options),
        )

    def create(self, kind: str) -> None:
        """Make the tables as they were, with rows in them."""
        metadata = metadata_of(self.case.before, self.case.convention)
        metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            for statement in self.case.extra.get(kind, ()):
                connection.exec_driver_sql(statement.replace("%", "%%"))
            for table in metadata.sorted_tables:
                fill(connection, table)

    def generate(self) -> str:
        """Write the revision; its text."""
        assert self.config.cmd_opts is not None
        self.config.cmd_opts.x = list(self.case.answers)
        command.revision(self.config, "change", autogenerate=True, rev_id="one")
        self.config.cmd_opts.x = []
        (file,) = self.versions.glob("*.py")
        return file.read_text()

    def picture(self, moved: Mapping[str, str] = {}) -> tuple[dict[str, Any], dict[str, Any]]:
        """The whole catalog, and the rows of every table under its first name."""
        with self.engine.connect() as connection:
            found = catalog(connection)
            found = {name: text for name, text in found.items() if "alembic" not in name}
            names = metadata_of(self.case.before).tables
            data = {name: rows(connection, moved.get(name, name)) for name in names}
        return found, data

    def upgrade(self) -> None:
        """Run the revision."""
        command.upgrade(self.config, "head")

    def downgrade(self) -> None:
        """Undo it."""
        command.downgrade(self.config, "base")

    def script(self) -> str:
        """What ``alembic upgrade --sql`` writes, up to the version table."""
        self.config.output_buffer = io.StringIO()
        with contextlib.suppress(SystemExit):
            command.upgrade(self.config, "head", sql=True)
        return self.config.output_buffer.getvalue()

    def check(self) -> None:
        """Fail if the next autogenerate would find anything."""
        command.check(self.config)


def fill(connection: sa.Connection, table: sa.Table) -> None:
    """Two rows with different values in every column."""
    for number in (1, 2):
        values = {
            column.name: _value(column, number)
            for column in table.columns
            if column.computed is None
        }
        connection.execute(table.insert().values(**values))


def _value(column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.Enum):
        return kind.enums[number % len(kind.enums)]
    if isinstance(kind, sa.String):
        return f"{number}{column.name}"[: kind.length or 99]
    if isinstance(kind, sa.Boolean):
        return number == 1
    if isinstance(kind, sa.JSON):
        return {column.name: number}
    if isinstance(kind, (sa.DateTime, sa.Date)):
        import datetime

        day = datetime.datetime(2020, 1, number, 3, 4, 5)
        return day if isinstance(kind, sa.DateTime) else day.date()
    return number


def check_round_trip(folder: Path, url: URL, kind: str, case: Case) -> str:
    """Upgrade, downgrade, upgrade: rows and catalog as they should be; the revision's text."""
    project = Project(folder, url, case)
    try:
        project.create(kind)
        first_catalog, first_rows = project.picture()
        text = project.generate()
        _check_order(text, case.expected)

        project.upgrade()
        after_catalog, after_rows = project.picture(case.moved)
        assert not case.same_rows or after_rows == first_rows
        project.check()
        if case.probe is not None:
            with project.engine.connect() as connection:
                case.probe(connection)

        project.downgrade()
        back_catalog, back_rows = project.picture()
        assert not case.same_rows or back_rows == first_rows
        assert comparable(back_catalog) == comparable(first_catalog)

        project.upgrade()
        assert comparable(project.picture(case.moved)[0]) == comparable(after_catalog)
        return text
    finally:
        project.engine.dispose()


def _check_order(text: str, expected: tuple[str, ...]) -> None:
    body = text.split("def upgrade():")[1].split("def downgrade():")[0]
    at = 0
    for piece in expected:
        assert piece in body[at:], f"{piece} is not in its place in:\n{body}"
        at = body.index(piece, at)


def comparable(found: Mapping[str, Any]) -> dict[str, Any]:
    """Without what carries no meaning: quotes SQLite adds, white space, the counter of ids."""
    import re

    def plain(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        text = re.sub(r" AUTO_INCREMENT=\d+", "", text)
        return re.sub(r"\s+", " ", text.replace('"', "")).replace("( ", "(").replace(" )", ")")

    return {name: plain(text) for name, text in found.items()}
