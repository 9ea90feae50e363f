"""What Alembic's own configuration says: which database it upgrades, and what is pending.

Nothing of the project is executed: neither env.py nor a revision. The URL is the one of
alembic.ini; an env.py that takes it from elsewhere is out of sight, and said to be.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from ..facts import SchemaChange
from ..ledger import DatabaseIdentity, Ledger, read_identity
from ..ledger.redaction import redacted, shown_url
from .drift import is_forbidden

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
class Revision:
    """One revision file, read without running it."""

    id: str
    down: tuple[str, ...]
    path: Path

    @cached_property
    def changes(self) -> tuple[SchemaChange, ...]:
        """Added and renamed columns and tables that ``upgrade`` plainly names, in order."""
        tree = _parse(_read(self.path))
        functions = (n for n in (tree.body if tree else ()) if isinstance(n, ast.FunctionDef))
        upgrade = next((n for n in functions if n.name == "upgrade"), None)
        return tuple(_changes(upgrade)) if upgrade is not None else ()


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
    return AlembicSide(path, _usable_url(url, path.parent), _read_revisions(folders))


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
    identity, heads = read_identity(connection), _read_heads(connection)
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


def read_heads(connection: sa.Connection) -> tuple[str, ...]:
    """Where Alembic's version table stands; nothing where there is none, or no right to read it."""
    return _read_heads(connection) or ()


def _read_heads(connection: sa.Connection) -> tuple[str, ...] | None:
    """None is for no right to read them."""
    try:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ()
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
    if usable.get_backend_name() == "sqlite" and not _file_exists(usable):
        return f"there is no file {usable.database}"
    engine = sa.create_engine(usable, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            return read_database(connection, schema)
    except sa.exc.SQLAlchemyError as error:
        text = str(getattr(error, "orig", None) or error).splitlines()[0]
        return f"{shown_url(url)}: {redacted(text, url)}"
    finally:
        engine.dispose()


def _file_exists(url: URL) -> bool:
    name = url.database
    return bool(name) and (
        name == ":memory:" or str(name).startswith("file:") or Path(str(name)).is_file()
    )


def _read_revisions(folders: list[Path]) -> dict[str, Revision]:
    revisions = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
            revision = _read_revision(path)
            if revision is not None:
                revisions[revision.id] = revision
    return revisions


def _read_revision(path: Path) -> Revision | None:
    source = _read(path)
    found = {name: text for name, _, text in _PLAIN.findall(source)}
    values: dict[str, object] = {name: text or None for name, text in found.items()}
    if len(values) < 2:  # anything but two plain assignments
        tree = _parse(source)
        values = dict(_assignments(tree)) if tree is not None else {}
    identifier = values.get("revision")
    if not isinstance(identifier, str):
        return None
    down = values.get("down_revision")
    downs = (down,) if isinstance(down, str) else tuple(down or ())  # type: ignore[arg-type]
    return Revision(identifier, downs, path)


_PLAIN = re.compile(
    r"""^(revision|down_revision)(?:[ ]*:[^=\n]+)?[ ]*=[ ]*(?:(["'])([^"'\\\n]*)\2|None)[ ]*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE,
)
"""Parsing every file of a long history would cost each process a second at its start."""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _assignments(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
                try:
                    yield target.id, ast.literal_eval(node.value)  # type: ignore[attr-defined]
                except ValueError:
                    continue


def _changes(upgrade: ast.FunctionDef) -> Iterator[SchemaChange]:
    batches = dict(_batches(upgrade))
    calls = [node for node in ast.walk(upgrade) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        table = batches.get(owner.id) if isinstance(owner, ast.Name) else None
        args = [_text(argument) for argument in node.args]
        if table is not None:
            args, nodes = [table, *args], [None, *node.args]
        else:
            nodes = list(node.args)
        yield from _change(node, node.func.attr, args, nodes)


def _change(
    node: ast.Call, verb: str, args: list[str | None], nodes: list[ast.expr | None]
) -> Iterator[SchemaChange]:
    schema = next((_text(k.value) for k in node.keywords if k.arg == "schema"), None)
    table = args[0] if args else None
    if verb == "add_column" and table and len(nodes) > 1:
        column = nodes[1]
        if isinstance(column, ast.Call) and column.args:
            yield SchemaChange("add_column", schema, table, None, _text(column.args[0]))
    elif verb == "rename_column" and table and len(args) > 2:
        yield SchemaChange("rename_column", schema, table, args[1], args[2])
    elif verb == "alter_column" and table and len(args) > 1:
        new = next((_text(k.value) for k in node.keywords if k.arg == "new_column_name"), None)
        if new:
            yield SchemaChange("rename_column", schema, table, args[1], new)
    elif verb == "rename_table" and table and len(args) > 1:
        yield SchemaChange("rename_table", schema, table, table, args[1])
    elif verb == "create_table" and table:
        yield SchemaChange("add_table", schema, table, None, table)


def _batches(upgrade: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """The tables behind ``with op.batch_alter_table("t") as batch_op``."""
    for node in ast.walk(upgrade):
        for item in node.items if isinstance(node, ast.With) else ():
            call, name = item.context_expr, item.optional_vars
            if isinstance(call, ast.Call) and call.args and isinstance(name, ast.Name):
                table = _text(call.args[0])
                if table:
                    yield name.id, table


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
