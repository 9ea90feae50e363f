"""Who is running: registered, alive by the database's clock, acknowledged, forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from alembic_guard.ledger import App, Ledger
from alembic_guard.ledger.apps import (
    acknowledge,
    forget,
    heartbeat,
    list_apps,
    live_apps,
    register,
    sweep,
)

SHOP = App("shop-1", "shop", "web-1", 4711, epoch=3, identity="SQLite /app.db", channel="polling")


@pytest.fixture(name="connection")
def _connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        Ledger().ensure(connection)
        yield connection


def test_a_registered_app_is_live_and_starting(connection: sa.Connection) -> None:
    register(connection, SHOP)
    (app,) = live_apps(connection)

    assert (app.instance, app.state, app.epoch, app.label) == (
        "shop-1", "starting", 3, "shop@web-1:4711",
    )  # fmt: skip
    assert app.age < 60
    assert not app.has_acknowledged(3)


def test_registering_again_replaces_the_row(connection: sa.Connection) -> None:
    register(connection, SHOP)
    register(connection, SHOP)

    assert len(list_apps(connection)) == 1


@pytest.mark.parametrize(
    ("state", "epoch", "expected"),
    [
        ("current", 5, True),
        ("degraded", 5, True),
        ("refused", 5, True),
        ("paused", 5, False),
        ("current", 4, False),
    ],
)
def test_an_epoch_is_acknowledged_by_state(
    connection: sa.Connection, state: str, epoch: int, expected: bool
) -> None:
    register(connection, SHOP)

    assert acknowledge(connection, "shop-1", epoch, state, "why")  # type: ignore[arg-type]  # from the table
    assert list_apps(connection)[0].has_acknowledged(5) is expected
    assert list_apps(connection)[0].error == "why"


def test_an_app_whose_row_is_gone_is_told_so(connection: sa.Connection) -> None:
    assert not heartbeat(connection, "nobody")
    assert not acknowledge(connection, "nobody", 1, "current")


def test_an_app_without_a_heartbeat_is_not_live(connection: sa.Connection) -> None:
    register(connection, App("old", "shop", "web-1", 1, ttl=-1))
    register(connection, App("off", "shop", "web-1", 2, state="stopped"))

    assert live_apps(connection) == []
    assert len(list_apps(connection)) == 2
    assert sweep(connection, older_than=3600) == 0
    assert sweep(connection, older_than=-60) == 2


def test_a_clean_stop_leaves_nothing(connection: sa.Connection) -> None:
    register(connection, SHOP)
    forget(connection, "shop-1")

    assert list_apps(connection) == []
