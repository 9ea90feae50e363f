from __future__ import annotations

import contextlib
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse

from alembic_guard.integrations import fastapi as fastapi_integration
from alembic_guard.integrations import starlette as starlette_integration
from alembic_guard.live import AsyncSchemaWatcher, SchemaWatcher
from tests.live.battery import Models, build_models, create_tables, execute
from tests.live.stories import RENAME, ensure_ledger, migrate
from tests.live.test_identity import build_database, project

with warnings.catch_warnings():
    # Python 3.10 has only the httpx that Starlette's test client deprecates
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

ORIGIN = {"Origin": "http://ui"}


@pytest.fixture(name="path")
def _path(tmp_path: Any) -> str:
    return str(tmp_path / "app.db")


@pytest.fixture(name="admin")
def _admin(path: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    create_tables(engine, "sqlite")
    ensure_ledger(engine)
    yield engine
    engine.dispose()


class Application:
    """A FastAPI application on one kind of engine, with a lifespan of its own."""

    def __init__(self, path: str, models: Models, asynchronous: bool, **options: Any) -> None:
        self.events: list[str] = []
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.add_middleware(CORSMiddleware, allow_origins=["http://ui"])
        options = {"config": False, "poll": 0.02, **options}
        if asynchronous:
            self.async_engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
            self.watcher: Any = AsyncSchemaWatcher(self.async_engine, models.base, **options)
            self._add_async_routes(self.async_engine, models)
        else:
            self.engine = sa.create_engine(f"sqlite:///{path}")
            self.watcher = SchemaWatcher(self.engine, models.base, **options)
            self._add_routes(self.engine, models)
        fastapi_integration.init_app(self.app, self.watcher)

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[dict[str, str]]:
        self.events.append("theirs starts")
        yield {"mine": "kept"}
        self.events.append("theirs ends")
        if hasattr(self, "async_engine"):
            await self.async_engine.dispose()
        else:
            self.engine.dispose()

    def _add_routes(self, engine: sa.Engine, models: Models) -> None:
        S = models.session

        @self.app.get("/read")
        def read() -> list[Any]:
            with Session(engine) as session:
                return [row.md for row in session.scalars(select(S))]

        @self.app.get("/raw")
        def raw() -> list[Any]:
            with Session(engine) as session:
                return list(session.scalars(sa.text("select metadata from sessions")))

        @self.app.post("/raw")
        def raw_post() -> list[Any]:
            return raw()

        @self.app.get("/broken")
        def broken() -> None:
            with Session(engine) as session:
                session.execute(sa.text("select from where"))

    def _add_async_routes(self, engine: AsyncEngine, models: Models) -> None:
        S = models.session

        @self.app.get("/read")
        async def read() -> list[Any]:
            async with AsyncSession(engine) as session:
                return [row.md for row in await session.scalars(select(S))]

        @self.app.get("/raw")
        async def raw() -> list[Any]:
            async with AsyncSession(engine) as session:
                return list(await session.scalars(sa.text("select metadata from sessions")))


@pytest.mark.parametrize("asynchronous", [False, True], ids=["threads", "asyncio"])
def test_application_follows_a_rename_and_answers_503_with_cors_where_it_cannot(
    path: str, admin: sa.Engine, asynchronous: bool
) -> None:
    application = Application(path, build_models(), asynchronous)
    with TestClient(application.app) as client:
        assert client.get("/read").json() == [None, None]
        assert client.get("/ready").json()["state"] == "current"
        sql = "alter table sessions rename column metadata to session_metadata"
        migrate(admin, sql, RENAME)

        assert client.get("/read").json() == [None, None]
        response = client.get("/raw", headers=ORIGIN)
        assert response.status_code == 503
        assert response.headers["access-control-allow-origin"] == "http://ui"
        assert response.headers["retry-after"] == "1"
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == 503
        assert "metadata" not in response.text
        assert client.get("/ready").json()["state"] == "degraded"
    assert application.events == ["theirs starts", "theirs ends"]


def test_other_errors_and_unsafe_methods_are_left_to_the_application(
    path: str, admin: sa.Engine
) -> None:
    application = Application(path, build_models(), False)
    with TestClient(application.app, raise_server_exceptions=False) as client:
        assert client.get("/broken").status_code == 500
        execute(admin, "alter table sessions rename column metadata to other")
        assert client.post("/raw").status_code == 503


def test_readiness_names_what_cannot_be_bridged(path: str, admin: sa.Engine) -> None:
    execute(admin, "alter table kids rename to children")
    application = Application(path, build_models(), False)
    with TestClient(application.app) as client:
        response = client.get("/ready")

        assert response.status_code == 503
        assert response.json()["state"] == "drifted"
        assert response.json()["differences"][0]["kind"] == "missing_table"
        assert client.get("/read").status_code == 200


def test_wrong_database_is_a_503_with_cors_that_names_nothing(
    path: str, admin: sa.Engine, tmp_path: Path
) -> None:
    other = sa.make_url(f"sqlite:///{tmp_path}/upgraded.db")
    build_database(other, "sqlite", upgraded=True)
    ini = project(tmp_path, other)
    application = Application(path, build_models(missing=True), False, config=ini)
    with TestClient(application.app) as client:
        response = client.get("/read", headers=ORIGIN)

        assert response.status_code == 503
        assert response.headers["access-control-allow-origin"] == "http://ui"
        assert not any(word in response.text for word in ("chat_session_id", "sessions", ".db"))
        ready = client.get("/ready")
        assert ready.status_code == 503
        assert ready.json()["state"] == "wrong_database"


def test_plain_starlette_can_refuse_everything_while_unready(path: str, admin: sa.Engine) -> None:
    execute(admin, "alter table kids rename to children")
    engine = sa.create_engine(f"sqlite:///{path}")
    app = Starlette()
    app.add_route("/", lambda request: JSONResponse("hello"))
    watcher = SchemaWatcher(engine, build_models().base, config=False, poll=0.02)
    starlette_integration.init_app(app, watcher, refuse_when_unready=True, ready_path="/health")
    with TestClient(app) as client:
        assert client.get("/").status_code == 503
        assert client.get("/health").json()["ready"] is False
        execute(admin, "alter table children rename to kids")
        watcher.catch_up()
        assert client.get("/").status_code == 200
    engine.dispose()


def test_lifespan_alone_runs_the_watcher(path: str, admin: sa.Engine) -> None:
    engine = sa.create_engine(f"sqlite:///{path}")
    watcher = SchemaWatcher(engine, build_models().base, config=False)
    app = FastAPI(lifespan=fastapi_integration.lifespan(watcher))
    with TestClient(app):
        assert watcher.is_ready
    engine.dispose()


def test_drift_in_a_mounted_application_is_a_503_and_its_own_500_stays(
    path: str, admin: sa.Engine
) -> None:
    application = Application(path, build_models(), False)
    mounted = FastAPI()

    @mounted.get("/raw")
    def raw() -> None:
        with Session(application.engine) as session:
            session.execute(sa.text("select absent from sessions"))

    @mounted.get("/broken")
    def broken() -> None:
        raise ValueError("theirs")

    application.app.mount("/mounted", mounted)
    with TestClient(application.app, raise_server_exceptions=False) as client:
        response = client.get("/mounted/raw", headers=ORIGIN)

        assert response.status_code == 503
        assert response.headers["access-control-allow-origin"] == "http://ui"
        assert response.headers["content-type"] == "application/problem+json"
        assert client.get("/mounted/broken").status_code == 500


def test_readiness_is_told_in_front_of_a_mount_that_takes_every_path(
    path: str, admin: sa.Engine
) -> None:
    engine = sa.create_engine(f"sqlite:///{path}")

    def everything(scope: Any, receive: Any, send: Any) -> Any:
        return JSONResponse("theirs")(scope, receive, send)

    app = Starlette()
    app.mount("/", everything)
    starlette_integration.init_app(app, SchemaWatcher(engine, build_models().base, config=False))
    with TestClient(app) as client:
        assert client.get("/ready").json()["state"] == "current"
        assert client.get("/other").json() == "theirs"
    engine.dispose()


def test_a_route_of_the_applications_own_is_not_hidden(path: str, admin: sa.Engine) -> None:
    engine = sa.create_engine(f"sqlite:///{path}")
    app = FastAPI()

    @app.get("/ready")
    def ready() -> str:
        return "theirs"

    fastapi_integration.init_app(app, SchemaWatcher(engine, build_models().base, config=False))
    with TestClient(app) as client:
        assert client.get("/ready").json() == "theirs"
    engine.dispose()


@pytest.mark.parametrize("given", [None, "sqlite://", sa.MetaData()], ids=["None", "URL", "models"])
def test_what_is_no_watcher_is_refused_at_once(given: Any) -> None:
    with pytest.raises(TypeError, match="needs a SchemaWatcher"):
        starlette_integration.init_app(Starlette(), given)
