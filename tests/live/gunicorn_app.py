"""The application of the gunicorn test: `--preload` starts its watcher before the fork."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from alembic_guard.live import SchemaWatcher

engine = sa.create_engine(os.environ["GUARD_APP_URL"], pool_size=2)


class Base(DeclarativeBase):
    pass


class SessionRecord(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    md: Mapped[str | None] = mapped_column("metadata")


watcher = SchemaWatcher(engine, Base, name="gunicorn-test", config=False).start()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    with Session(engine) as session:
        rows = [row.md for row in session.scalars(sa.select(SessionRecord))]
        backend = None
        if engine.dialect.name == "postgresql":
            backend = session.scalar(sa.text("select pg_backend_pid()"))
    body = {"pid": os.getpid(), "rows": rows, "epoch": watcher.epoch, "backend": backend}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]
