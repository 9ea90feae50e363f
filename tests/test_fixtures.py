"""The fixtures themselves: each kind gives a fresh database that is gone afterwards."""

from __future__ import annotations

import contextlib

import pytest
import sqlalchemy as sa

from tests.fixtures.servers import Server, find_server


def test_each_kind_gives_an_empty_database(engine: sa.Engine) -> None:
    """A table made here is the only one there."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE lonely (id integer)")

        assert sa.inspect(connection).get_table_names() == ["lonely"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "redis", "nats"])
def test_a_server_is_started_where_none_runs(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Binaries are enough: the fixture starts them on a free port, as a non-root user."""
    monkeypatch.setenv("GUARD_TEST_START_SERVERS", "1")
    monkeypatch.delenv(f"GUARD_TEST_{kind.upper()}_URL", raising=False)
    with contextlib.ExitStack() as stack:
        server = find_server(kind, stack)
        if isinstance(server, str) and "PATH" in server:
            pytest.skip(server)

        assert isinstance(server, Server), server
        assert server.started
