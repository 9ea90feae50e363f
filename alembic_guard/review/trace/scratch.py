"""A scratch copy of a PostgreSQL schema, without its rows."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import URL

from ...errors import GuardError


class TraceError(GuardError):
    """The schema could not be copied or a revision not run; `step` says which."""

    def __init__(self, message: str, *, step: str) -> None:
        super().__init__(message)
        self.step = step


@contextlib.contextmanager
def scratch_copy(url: URL) -> Iterator[URL]:
    """A new database on the same server with the same schema, dropped at the end.

    `pg_dump --schema-only` makes the copy, so that the original is only read.
    """
    name = f"guard_trace_{secrets.token_hex(5)}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        target = url.set(database=name)
        _copy_schema(url, target)
        yield target
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _copy_schema(source: URL, target: URL) -> None:
    for program in ("pg_dump", "psql"):
        if shutil.which(program) is None:
            raise TraceError(f"--trace needs {program} to copy the schema", step="copy")
    dump = _run(["pg_dump", "--schema-only", "--no-owner", "--no-privileges"], source, None)
    _run(["psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1"], target, dump)


def _run(command: list[str], url: URL, text: str | None) -> str:
    """Run a client program with the connection in its environment, never on its command line."""
    query = {key: value for key, value in url.query.items() if isinstance(value, str)}
    values = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = {**os.environ, **{key: str(value) for key, value in values.items() if value}}
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise TraceError(f"{command[0]} failed: {reason[0]}", step="copy")
    return done.stdout
