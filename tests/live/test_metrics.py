from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_guard.live import SchemaWatcher
from alembic_guard.live.metrics import readings, register_opentelemetry, register_prometheus
from tests.live.battery import build_models, create_tables


@pytest.fixture(name="watcher")
def _watcher(tmp_path: Any) -> Any:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    create_tables(engine, "sqlite")
    with SchemaWatcher(engine, build_models().base, config=False) as watcher:
        yield watcher
    engine.dispose()


def test_readings_tell_epoch_and_readiness(watcher: SchemaWatcher) -> None:
    values = {name: value for name, (_, value) in readings(watcher).items()}

    assert values["alembic_guard_ready"] == 1
    assert values["alembic_guard_epoch"] == 0
    assert values["alembic_guard_held_checkouts"] == 0


def test_prometheus_shows_them(watcher: SchemaWatcher) -> None:
    client = pytest.importorskip("prometheus_client")
    registry = client.CollectorRegistry()
    register_prometheus(watcher, registry)

    assert registry.get_sample_value("alembic_guard_ready") == 1


def test_opentelemetry_observes_them(watcher: SchemaWatcher) -> None:
    pytest.importorskip("opentelemetry.metrics")
    made: dict[str, Any] = {}

    class Meter:
        def create_observable_gauge(self, name: str, callbacks: Any, description: str) -> None:
            made[name] = callbacks[0](None)[0].value

    register_opentelemetry(watcher, Meter())

    assert made["alembic_guard_ready"] == 1
