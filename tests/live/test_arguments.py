from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_guard.live import AsyncSchemaWatcher, SchemaWatcher
from tests.live.battery import build_models


@pytest.fixture(name="engine")
def _engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"mask": "never"}, "mask='never' is not known; it is 'auto' or 'off'"),
        ({"add": None}, "add=None is not known"),
        ({"tables": "some"}, "it is 'auto' or 'all' or 'off'"),
        ({"poll": -1}, "poll=-1 is not a number of seconds"),
        ({"drain": "1"}, "drain='1' is not a number of seconds"),
        ({"config": "nowhere/alembic.ini"}, "nowhere/alembic.ini': there is no such alembic.ini"),
        ({"channel": "pigeon://roof"}, "no channel for 'pigeon'"),
    ],
)
def test_an_option_that_cannot_be_meant_is_an_error_at_once(
    options: dict[str, Any], said: str, engine: sa.Engine
) -> None:
    with pytest.raises(ValueError, match=said):
        SchemaWatcher(engine, build_models().base, **options)


@pytest.mark.parametrize("targets", [(), ([],), ("models:Base",), (object,)])
def test_what_is_no_model_is_an_error_at_once(targets: tuple[Any, ...], engine: sa.Engine) -> None:
    with pytest.raises(TypeError, match="Base"):
        SchemaWatcher(engine, *targets)


@pytest.mark.parametrize("watcher", [SchemaWatcher, AsyncSchemaWatcher])
@pytest.mark.parametrize("given", [None, [], "sqlite://", sa.make_url("sqlite://")])
def test_what_is_no_engine_is_an_error_at_once(watcher: Any, given: Any) -> None:
    with pytest.raises(TypeError, match="engine"):
        watcher(given, build_models().base)


def test_a_listener_that_cannot_be_called_is_an_error_at_once(engine: sa.Engine) -> None:
    watcher = SchemaWatcher(engine, build_models().base, config=False)
    for register in (watcher.on_change, watcher.on_restart_needed):
        with pytest.raises(TypeError, match="cannot be called"):
            register("log")  # type: ignore[arg-type]
