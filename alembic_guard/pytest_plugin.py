"""pytest fixtures that bring a test database from nothing to head.

::

    [pytest]
    guard_config = alembic.ini
    guard_database_url = postgresql+psycopg://localhost/app_test

A test that asks for `guard_engine` gets an engine on that database: what an older run left
is dropped first, then ``alembic upgrade head`` runs, once a session. `guard_connection`
rolls back what the test did.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_OPTIONS = {
    "guard_config": ("alembic.ini of the project", "alembic.ini"),
    "guard_database_url": ("database that tests may empty; GUARD_DATABASE_URL overrides it", ""),
    "guard_url_variable": ("environment variable in which env.py looks for the URL", ""),
    "guard_any_database": ("'yes' to empty a database whose name does not say test", ""),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings; the URL may also be given as ``--guard-database-url``."""
    for name, (text, default) in _OPTIONS.items():
        parser.addini(name, text, default=default)
    group = parser.getgroup("alembic_guard")
    group.addoption("--guard-database-url", default=None, help=_OPTIONS["guard_database_url"][0])


@pytest.fixture(scope="session")
def guard_database_url(pytestconfig: pytest.Config) -> str:
    """The URL of the test database: option, environment, then setting; skips without one."""
    url = (
        pytestconfig.getoption("--guard-database-url")
        or os.environ.get("GUARD_DATABASE_URL")
        or pytestconfig.getini("guard_database_url")
    )
    if not url:
        pytest.skip("no test database: set guard_database_url, or GUARD_DATABASE_URL")
    return str(url)


@pytest.fixture(scope="session")
def guard_engine(
    pytestconfig: pytest.Config, guard_database_url: str, guard_engine_options: dict[str, Any]
) -> Iterator[Engine]:
    """An engine on the test database, emptied and upgraded to head."""
    from sqlalchemy import create_engine

    _refuse_other_databases(pytestconfig, guard_database_url)
    engine = create_engine(guard_database_url, **guard_engine_options)
    try:
        from .emptying import drop_everything

        drop_everything(engine)
        _upgrade(pytestconfig, guard_database_url)
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def guard_engine_options() -> dict[str, Any]:
    """Keyword arguments for `create_engine`; override it, for a json_serializer for example."""
    return {}


@pytest.fixture
def guard_connection(guard_engine: Engine) -> Iterator[Connection]:
    """A connection whose work is rolled back after the test.

    A Session on it needs ``join_transaction_mode="create_savepoint"``, so that its commits
    stay inside.
    """
    with guard_engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()


def _refuse_other_databases(pytestconfig: pytest.Config, url: str) -> None:
    from sqlalchemy.engine import make_url

    database = make_url(url).database or ""
    allowed = str(pytestconfig.getini("guard_any_database")).lower() in ("yes", "true", "1")
    if "test" not in database.lower() and database not in ("", ":memory:") and not allowed:
        raise pytest.UsageError(
            f"guard_engine would drop every table of the database {database!r}, whose name does "
            "not contain 'test'. Name it so, or set guard_any_database = yes."
        )


def _upgrade(pytestconfig: pytest.Config, url: str) -> None:
    from alembic import command
    from alembic.config import Config

    path = pytestconfig.rootpath / str(pytestconfig.getini("guard_config"))
    if not path.is_file():
        raise pytest.UsageError(f"guard_config: there is no {path}")
    config = Config(str(path))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["configure_logger"] = False
    variable = str(pytestconfig.getini("guard_url_variable"))
    with pytest.MonkeyPatch.context() as patch:
        if variable:
            patch.setenv(variable, url)
        command.upgrade(config, "head")
