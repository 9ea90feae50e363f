from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from alembic_guard.integrations.flask import init_app, lifespan
from alembic_guard.live import SchemaWatcher
from tests.live.battery import build_models, create_tables, execute
from tests.live.stories import RENAME, ensure_ledger, migrate


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


def flask_app() -> Flask:
    app = Flask("tests")

    @app.after_request
    def cors(response: Any) -> Any:
        response.headers["Access-Control-Allow-Origin"] = "http://ui"
        return response

    return app


def test_flask_sqlalchemy_follows_a_rename_and_answers_503_with_cors_where_it_cannot(
    path: str, admin: sa.Engine
) -> None:
    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(model_class=Base)
    app = flask_app()
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
    db.init_app(app)

    class SessionRecord(db.Model):  # type: ignore[name-defined,misc]
        __tablename__ = "sessions"
        id: Mapped[int] = mapped_column(primary_key=True)
        md: Mapped[str | None] = mapped_column("metadata")

    @app.get("/read")
    def read() -> Any:
        return jsonify([row.md for row in db.session.scalars(sa.select(SessionRecord))])

    @app.get("/raw")
    def raw() -> Any:
        return jsonify(list(db.session.scalars(sa.text("select metadata from sessions"))))

    watcher = init_app(app, db=db, config=False, poll=0.02)
    client = app.test_client()
    try:
        assert client.get("/read").json == [None, None]
        sql = "alter table sessions rename column metadata to session_metadata"
        assert watcher.wait_for(migrate(admin, sql, RENAME), 30)

        assert client.get("/read").json == [None, None]
        response = client.get("/raw")
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert response.headers["Access-Control-Allow-Origin"] == "http://ui"
        assert response.mimetype == "application/problem+json"
        ready = client.get("/ready")
        assert (ready.status_code, ready.json["state"]) == (200, "degraded")  # type: ignore[index]
    finally:
        watcher.stop()
        with app.app_context():
            db.engine.dispose()


def test_applications_own_handler_keeps_other_database_errors(path: str, admin: sa.Engine) -> None:
    engine = sa.create_engine(f"sqlite:///{path}")
    app = flask_app()

    @app.errorhandler(sa.exc.SQLAlchemyError)
    def theirs(error: Exception) -> Any:
        return "theirs", 418

    @app.get("/broken")
    def broken() -> None:
        with engine.connect() as connection:
            connection.execute(sa.text("select from where"))

    watcher = SchemaWatcher(engine, build_models().base, config=False)
    with lifespan(app, watcher):
        assert app.test_client().get("/broken").status_code == 418
    engine.dispose()


def test_everything_may_be_refused_while_unready(path: str, admin: sa.Engine) -> None:
    execute(admin, "alter table kids rename to children")
    engine = sa.create_engine(f"sqlite:///{path}")
    app = flask_app()
    app.add_url_rule("/", "home", lambda: "hello")
    watcher = SchemaWatcher(engine, build_models().base, config=False)
    with lifespan(app, watcher, refuse_when_unready=True):
        client = app.test_client()

        assert client.get("/").status_code == 503
        assert client.get("/ready").json["state"] == "drifted"  # type: ignore[index]
    engine.dispose()


def test_what_is_no_watcher_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="needs a SchemaWatcher"):
        init_app(flask_app(), sa.create_engine("sqlite://"))  # type: ignore[arg-type]
