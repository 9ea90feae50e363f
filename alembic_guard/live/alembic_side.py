"""What Alembic's own configuration says: which database it upgrades, and what is pending.

Nothing of the project is executed: neither env.py nor a revision. The URL is the one of
alembic.ini; an env.py that takes it from elsewhere is out of sight, and said to be.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from ..ledger import DatabaseIdentity, Ledger, read_identity
from ..ledger.redaction import redacted, shown_url
from .drift import is_forbidden
from .revision_files import Revision, read_revisions

NO_FILE = "there is no file"
"""So `read_database_at` begins where an SQLite file is missing."""

_SYNC_DRIVERS = {
    "aiosqlite": ("sqlite",),
    "asyncpg": ("postgresql+psycopg", "postgresql+psycopg2", "postgresql+pg8000"),
    "psycopg_async": ("postgresql+psycopg",),
    "aiomysql": ("mysql+pymysql", "mysql+mysqldb"),
    "asyncmy": ("mysql+pymysql", "mysql+mysqldb"),
}


@dataclass(frozen=True)
class DatabaseState:
    """What a database says about itself; None where it does not know.

    :param is_readable: False where its user may not read Alembic's table or the ledger.
    """

    identity: DatabaseIdentity
    heads: tuple[str, ...] = ()
    uuid: str | None = None
    epoch: int = 0
    is_readable: bool = True


@dataclass(frozen=True)
class AlembicSide:
    """One alembic.ini: its URL without the password's eyes on it, and its revisions."""

    config: Path
    url: URL | None = None
    revisions: dict[str, Revision] = field(default_factory=dict)

    def heads(self) -> tuple[str, ...]:
        """The newest revisions of the files."""
        downs = {down for revision in self.revisions.values() for down in revision.down}
        return tuple(sorted(set(self.revisions) - downs))

    def knows(self, heads: Iterable[str]) -> bool:
        """Whether there is a file for each of these revisions."""
        return all(head in self.revisions for head in heads)

    def pending(self, applied_heads: tuple[str, ...]) -> list[Revision]:
        """Revisions that a database at `applied_heads` has not seen, parents first."""
        applied: set[str] = set()
        todo = list(applied_heads)
        while todo:
            revision = self.revisions.get(todo.pop())
            if revision is not None and revision.id not in applied:
                applied.add(revision.id)
                todo += revision.down
        return [revision for revision in self._in_order() if revision.id not in applied]

    def _in_order(self) -> Iterator[Revision]:
        """Each revision after those it builds on."""
        done: set[str] = set()
        todo = [self.revisions[head] for head in reversed(self.heads())]
        while todo:
            revision = todo[-1]
            parents = [self.revisions[d] for d in revision.down if d in self.revisions]
            missing = [parent for parent in parents if parent.id not in done]
            if revision.id in done or not missing:
                todo.pop()
                if revision.id not in done:
                    done.add(revision.id)
                    yield revision
            else:
                todo += missing


def find_config(start: Path | None = None) -> Path | None:
    """The alembic.ini of this process: ``ALEMBIC_CONFIG``, else the nearest one upwards."""
    given = os.environ.get("ALEMBIC_CONFIG")
    if given:
        return Path(given) if Path(given).is_file() else None
    folder = (start or Path.cwd()).resolve()
    for directory in [folder, *folder.parents]:
        if (directory / "alembic.ini").is_file():
            return directory / "alembic.ini"
    return None


def read_alembic_side(path: Path) -> AlembicSide:
    """Read alembic.ini and parse the revisions it points to."""
    from alembic.config import Config

    config = Config(str(path))
    try:
        url = config.get_main_option("sqlalchemy.url")
        location = config.get_main_option("script_location")
        more = config.get_main_option("version_locations")
    except Exception:  # an interpolation the environment should have given
        url = location = more = None
    folders = _version_folders(path, location, more)
    return AlembicSide(path, _usable_url(url, path.parent), read_revisions(folders))


def _version_folders(path: Path, location: str | None, more: str | None) -> list[Path]:
    folders = [Path(location) / "versions"] if location else []
    folders += [Path(part) for part in (more or "").replace(",", " ").split()]
    return [folder if folder.is_absolute() else path.parent / folder for folder in folders]


def _usable_url(url: str | None, folder: Path) -> URL | None:
    """The URL, unless it is the template's placeholder; relative files beside alembic.ini."""
    if not url or url.startswith("driver://"):
        return None
    try:
        parsed = make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return None
    name = parsed.database
    if parsed.get_backend_name() == "sqlite" and name and not name.startswith((":", "file:", "/")):
        parsed = parsed.set(database=str((folder / name).resolve()))
    return parsed


def sync_url(url: URL) -> URL | None:
    """The same database through a synchronous driver that is installed, or None."""
    try:
        names = _SYNC_DRIVERS.get(url.get_driver_name(), (url.drivername,))
    except sa.exc.NoSuchModuleError:  # postgres://, as SQLAlchemy before 1.4 took it
        return None
    for name in names:
        candidate = url.set(drivername=name)
        try:
            candidate.get_dialect().import_dbapi()
        except (ImportError, sa.exc.NoSuchModuleError):
            continue
        return candidate
    return None


def read_database(connection: sa.Connection, schema: str | None = None) -> DatabaseState:
    """Ask a database who it is, where Alembic's version table stands, and for its ledger."""
    identity, heads = read_identity(connection), _read_heads(connection, schema)
    ledger = Ledger(schema)
    try:
        if not ledger.exists(connection):
            return DatabaseState(identity, heads or (), is_readable=heads is not None)
        uuid, epoch = ledger.database_uuid(connection), ledger.newest_epoch(connection)
    except sa.exc.DBAPIError as error:
        if not is_forbidden(error):
            raise
        connection.rollback()
        return DatabaseState(identity, heads or (), is_readable=False)
    return DatabaseState(identity, heads or (), uuid, epoch, is_readable=heads is not None)


def read_heads(connection: sa.Connection, schema: str | None = None) -> tuple[str, ...]:
    """Where the database stands; nothing where nobody has written it down, or no right to read it.

    :param schema: the ledger's, which knows the heads where env.py names another version table.
    """
    return _read_heads(connection, schema) or ()


def _read_heads(connection: sa.Connection, schema: str | None) -> tuple[str, ...] | None:
    """None is for no right to read them."""
    try:
        if not sa.inspect(connection).has_table("alembic_version"):
            ledger = Ledger(schema)
            newest = ledger.newest(connection, "applied") if ledger.exists(connection) else None
            return newest.heads if newest is not None else ()
        query = "SELECT version_num FROM alembic_version"
        return tuple(sorted(row[0] for row in connection.exec_driver_sql(query)))
    except sa.exc.DBAPIError as error:
        if not is_forbidden(error):
            raise
        connection.rollback()  # PostgreSQL answers nothing more in a failed transaction
        return None


def read_database_at(url: URL, schema: str | None = None) -> DatabaseState | str:
    """`read_database` of a URL, or why that is impossible; never creates an SQLite file."""
    usable = sync_url(url)
    if usable is None:
        return f"no synchronous driver for {shown_url(url)}"
    if is_missing_file(usable):
        return f"{NO_FILE} {os.path.realpath(str(usable.database))}"
    if names_no_database(usable):
        return f"{shown_url(url)} names no database"
    engine = sa.create_engine(usable, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            return read_database(connection, schema)
    except sa.exc.SQLAlchemyError as error:
        text = str(getattr(error, "orig", None) or error).splitlines()[0]
        return f"{shown_url(url)}: {redacted(text, url)}"
    finally:
        engine.dispose()


def is_missing_file(url: URL) -> bool:
    """Whether it is an SQLite file that is not there; connecting would make an empty one."""
    name = url.database
    if url.get_backend_name() != "sqlite" or not name:
        return False
    return not (name == ":memory:" or name.startswith("file:") or Path(name).is_file())


def names_no_database(url: URL) -> bool:
    """Whether it is a server of MariaDB or MySQL without a database, where no table can be."""
    return url.get_backend_name() in ("mysql", "mariadb") and not url.database
