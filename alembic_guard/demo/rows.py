"""Seed and compare the rows of the sessions story."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from sqlalchemy.engine import URL

SEEDED = 500


def seed(url: URL) -> None:
    """Insert the sessions that must survive; their JSON holds a datetime as text."""
    table = _sessions("metadata")
    rows = [
        {
            "channel": ("web", "mail", "chat")[number % 3],
            "metadata": {"number": number, "opened": f"2026-01-{number % 28 + 1:02}T09:00:00Z"},
        }
        for number in range(SEEDED)
    ]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(table.insert(), rows)


def column_names(url: URL) -> list[str]:
    """The columns the table has now."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return [column["name"] for column in sa.inspect(engine).get_columns("sessions")]


def checksum(url: URL) -> tuple[int, str]:
    """How many seeded rows still have their JSON, and one hash over all of them."""
    column = next((name for name in column_names(url) if name.endswith("metadata")), None)
    assert column is not None
    table = _sessions(column)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.select(table).where(table.c.id <= SEEDED).order_by(table.c.id)
        ).all()
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps([row[0], row[1], row[2]], sort_keys=True).encode())
    return sum(row[2] is not None for row in rows), digest.hexdigest()[:16]


def missing_writes(url: URL, written: dict[int, str]) -> int:
    """How many acknowledged writes are not in the database with the JSON that was sent."""
    column = next(name for name in column_names(url) if name.endswith("metadata"))
    table = _sessions(column)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table.c.id, table.c[column])).all()
    found = {key: (value or {}).get("note") for key, value in rows}
    return sum(found.get(key) != note for key, note in written.items())


def _sessions(column: str) -> sa.Table:
    return sa.Table(
        "sessions",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(40)),
        sa.Column(column, sa.JSON),
    )
