"""The database a command is about: ``--database-url``, else the one of alembic.ini."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..settings import Settings, find_settings, read_settings
from ..usage import UsageError

if TYPE_CHECKING:
    import sqlalchemy as sa

T = TypeVar("T")

RIGHTS = (
    "GRANT SELECT on alembic_version and SELECT, INSERT, UPDATE, DELETE on alembic_guard's two"
    " tables, or use the migrator's user"
)


def add_database_arguments(parser: argparse.ArgumentParser) -> None:
    """The two ways of saying which database."""
    parser.add_argument("-c", "--config", default="alembic.ini", help="default: alembic.ini")
    parser.add_argument(
        "--database-url", metavar="URL", help="instead of sqlalchemy.url in the config"
    )


def database_url(args: argparse.Namespace) -> sa.URL:
    """The URL the arguments mean.

    :raises UsageError: when neither says one, or what it says is no database.
    """
    url = _given_url(args)
    _refuse_no_database(url)
    return url


def _given_url(args: argparse.Namespace) -> sa.URL:
    if args.database_url:
        return parse_url(args.database_url, "--database-url")
    path = Path(args.config)
    if not path.is_file():
        raise UsageError(f"there is no {path}: name the database with --database-url")
    url = _configured_url(path)
    if not url or url.startswith("driver://"):  # as `alembic init` leaves it
        raise UsageError(
            f"{path} has no sqlalchemy.url (env.py may compute it): use --database-url"
        )
    return parse_url(url, f"sqlalchemy.url in {path}")


def _refuse_no_database(url: sa.URL) -> None:
    from ..ledger.redaction import shown_url
    from ..live.alembic_side import is_missing_file, names_no_database

    if is_missing_file(url):  # connecting would make an empty one
        path = os.path.realpath(str(url.database))
        raise UsageError(f"there is no file {path}; name the database with --database-url")
    if names_no_database(url):
        raise UsageError(f"{shown_url(url)} names no database; add /NAME")


def _configured_url(path: Path) -> str | None:
    import configparser

    from alembic.config import Config

    try:
        url: str | None = Config(str(path)).get_alembic_option("sqlalchemy.url")
    except configparser.InterpolationError:  # its message may quote a password
        raise UsageError(
            f"sqlalchemy.url in {path} needs what only env.py gives it: use --database-url"
        ) from None
    return url


def parse_url(text: str, source: str) -> sa.URL:
    """The URL `text` is; the error never shows it, because it may hold a password.

    :param source: where it stands, such as ``--database-url``.
    :raises UsageError: it is none.
    """
    import sqlalchemy as sa

    try:
        url = sa.engine.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise UsageError(f"{source} is not an SQLAlchemy URL, such as sqlite:///app.db") from None
    try:
        url.get_dialect()
    except sa.exc.NoSuchModuleError:
        way_out = "write postgresql://" if url.drivername == "postgres" else "is it installed?"
        raise UsageError(
            f"{source}: NoSuchModuleError: SQLAlchemy has no {url.drivername}://; {way_out}"
        ) from None
    return url


def settings_for(args: argparse.Namespace) -> Settings:
    """The settings that stand beside the config, or around the working folder."""
    path = Path(args.config)
    if path.is_file():
        return read_settings(ini_file=path, toml_file=path.parent / "pyproject.toml")
    return find_settings(Path.cwd())


def on_database(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    """Call `work` with an autocommit connection, whatever the URL's driver is.

    :raises UsageError: the database cannot be reached, or refuses what is asked.
    """
    import sqlalchemy as sa

    from ..ledger.redaction import redacted, shown_url
    from ..live.drift import is_forbidden

    try:
        return _on_any_database(url, work)
    except BrokenPipeError:
        raise
    except (sa.exc.SQLAlchemyError, ImportError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
        # a driver may quote what it was given
        text = f"{shown_url(url)}: {type(error).__name__}: {redacted(reason[0], url)}"
        if is_forbidden(error):
            text += f"; {RIGHTS}"
        raise UsageError(text) from None


def _on_any_database(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    import sqlalchemy as sa

    if not url.get_dialect().is_async:
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                return work(connection)
        finally:
            engine.dispose()
    return asyncio.run(_on_async_database(url, work))


async def _on_async_database(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
