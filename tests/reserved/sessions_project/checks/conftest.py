"""A database at head, from alembic_guard's pytest plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from app.store import SessionStore
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from alembic_guard.json_types import json_serializer


@pytest.fixture(scope="session")
def guard_engine_options() -> dict:
    return {"json_serializer": json_serializer}


@pytest.fixture
def db(guard_connection: Connection) -> Iterator[Session]:
    with Session(guard_connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def store(db: Session) -> SessionStore:
    return SessionStore(db)
