"""JSON columns with everyday values, on each database."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from alembic_guard.json_types import (
    exact_json_deserializer,
    exact_json_serializer,
    json_findings,
    json_serializer,
)


class Colour(enum.Enum):
    RED = "red"


VALUES = {
    "opened": datetime.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=datetime.timezone.utc),
    "naive": datetime.datetime(2026, 1, 2),
    "day": datetime.date(2026, 1, 2),
    "hour": datetime.time(3, 4),
    "key": uuid.UUID(int=7),
    "price": decimal.Decimal("1.10"),
    "tags": {"a", "b"},
    "raw": b"\x00\xff",
    "wait": datetime.timedelta(seconds=1.5),
    "text": "é 2026-01-02",
}
TABLE = sa.Table(
    "notes",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("body", sa.JSON),
)


@pytest.fixture(name="make_engine")
def _make_engine(database_url: URL) -> Callable[..., sa.Engine]:
    def make(**options: object) -> sa.Engine:
        return sa.create_engine(database_url, poolclass=sa.pool.NullPool, **options)

    return make


def _through(engine: sa.Engine, value: object) -> object:
    with engine.begin() as connection:
        TABLE.drop(connection, checkfirst=True)
        TABLE.create(connection)
        connection.execute(TABLE.insert().values(id=1, body=value))
        return connection.scalar(sa.select(TABLE.c.body))


def test_a_plain_engine_fails_at_flush(make_engine: Callable[..., sa.Engine]) -> None:
    engine = make_engine()

    with pytest.raises((sa.exc.StatementError, TypeError), match="not JSON serializable"):
        _through(engine, VALUES)
    assert [item.objects for item in json_findings(engine, TABLE.metadata)] == [("notes", "body")]


def test_readable_text_is_written(make_engine: Callable[..., sa.Engine]) -> None:
    engine = make_engine(json_serializer=json_serializer)
    read = _through(engine, {**VALUES, "colour": Colour.RED})

    assert isinstance(read, dict)
    assert read["opened"] == "2026-01-02T03:04:05.000678+00:00"
    assert (read["price"], read["key"], read["tags"]) == ("1.10", str(VALUES["key"]), ["a", "b"])
    assert (read["text"], read["colour"]) == ("é 2026-01-02", "red")
    assert list(json_findings(engine, TABLE.metadata)) == []


def test_values_come_back_as_they_were(make_engine: Callable[..., sa.Engine]) -> None:
    engine = make_engine(
        json_serializer=exact_json_serializer, json_deserializer=exact_json_deserializer
    )

    assert _through(engine, VALUES) == VALUES


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(TypeError, match="object"):
        json_serializer({"x": object()})
    with pytest.raises(TypeError, match="object"):
        exact_json_serializer({"x": object()})


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(), st.datetimes(), st.dates(), st.times(), st.uuids(), st.decimals(allow_nan=False),
    st.binary(),
)  # fmt: skip
_KEYS = st.one_of(st.text(), st.sampled_from(["$datetime", "$escaped", "$set", "$uuid"]))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner)))
def test_any_nesting_round_trips(value: object) -> None:
    """Even dictionaries that look like our own marks."""
    assert exact_json_deserializer(exact_json_serializer(value)) == value
