"""The nineteen tests of the sessions service."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from app.bootstrap import create_tables
from app.models import EventRecord, SessionRecord
from app.schemas import SessionOut
from app.store import SessionStore, create_schema, describe
from sqlalchemy.orm import Session

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
SCRIPT = Path(__file__).parent.parent / "scripts" / "init-db.sql"


def test_a_session_is_opened(store: SessionStore) -> None:
    assert store.open(1, "first", {"a": 1}).id


def test_a_session_is_opened_without_annotations(store: SessionStore) -> None:
    assert describe(store.open(1, "first", None))["title"] == "first"


def test_a_session_is_read_back(store: SessionStore, db: Session) -> None:
    opened = store.open(1, "first", {"a": 1})
    db.expire_all()

    assert describe(store.get(opened.id)) == {
        "id": opened.id, "title": "first", "metadata": {"a": 1},
    }  # fmt: skip


def test_a_missing_session_is_none(store: SessionStore) -> None:
    assert store.get(999) is None


def test_tags_are_listed(store: SessionStore) -> None:
    assert store.open(1, "first", {"tags": ["x", "y"]}).tags() == ["x", "y"]


def test_no_tags_are_no_error(store: SessionStore) -> None:
    assert store.open(1, "first", None).tags() == []


def test_annotations_are_added(store: SessionStore) -> None:
    opened = store.open(1, "first", {"a": 1})

    assert describe(store.annotate(opened.id, b=2))["metadata"] == {"a": 1, "b": 2}


def test_annotations_start_from_nothing(store: SessionStore) -> None:
    opened = store.open(1, "first", None)

    assert describe(store.annotate(opened.id, b=2))["metadata"] == {"b": 2}


def test_annotations_are_cleared(store: SessionStore, db: Session) -> None:
    opened = store.open(1, "first", {"a": 1})
    store.clear(opened.id)
    db.expire_all()

    assert store.value_of(opened.id, "a") is None


def test_a_value_is_read(store: SessionStore) -> None:
    opened = store.open(1, "first", {"a": 1})

    assert store.value_of(opened.id, "a") == 1


def test_annotated_sessions_are_found(store: SessionStore) -> None:
    opened = store.open(1, "first", {"a": 1})

    assert store.annotated() == [opened]


def test_many_sessions_are_opened_at_once(store: SessionStore) -> None:
    store.open_many([(1, "first"), (2, "second")])

    assert [describe(item)["metadata"] for item in store.annotated()] == [{"bulk": True}] * 2


def test_sessions_without_annotations_are_counted(store: SessionStore) -> None:
    store.open(1, "first", sa.null())

    assert store.without_annotations() == 1


@pytest.mark.parametrize("value", [NOW, uuid.UUID(int=7), decimal.Decimal("1.10")])
def test_annotations_hold_everyday_values(store: SessionStore, db: Session, value: object) -> None:
    opened = store.open(1, "first", {"value": value})
    db.expire_all()
    written = value.isoformat() if value is NOW else str(value)

    assert store.value_of(opened.id, "value") == written


def test_raw_rows_keep_their_names(store: SessionStore) -> None:
    store.open(1, "first", {"a": 1})
    (row,) = store.raw_rows()
    read = row["metadata"]

    assert (json.loads(read) if isinstance(read, str) else read) == {"a": 1}


def test_events_are_joined(store: SessionStore, db: Session) -> None:
    opened = store.open(1, "first", {"a": 1})
    db.add(EventRecord(session_id=opened.id, metadata_={"kind": "open"}))
    db.flush()

    assert store.joined() == [({"a": 1}, {"kind": "open"})]


def test_clients_and_scripts_see_what_they_saw(store: SessionStore) -> None:
    shown = SessionOut.model_validate(store.open(1, "first", {"a": 1})).model_dump()
    engine = sa.create_engine("sqlite://")
    create_schema(engine)
    with engine.begin() as connection:
        for statement in SCRIPT.read_text().split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    create_tables(engine)
    with Session(engine) as session:
        demo = describe(session.get(SessionRecord, 1))
    engine.dispose()

    assert shown["metadata"] == {"a": 1}
    assert demo["metadata"] == {"tags": ["demo"]}
