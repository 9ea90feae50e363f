"""No secret of a URL is shown, wherever the URL has it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_guard.ledger.redaction import redacted, secrets_of, shown_url

URLS = {
    "postgresql://ann:s3cret@db/app": "postgresql://ann:***@db/app",
    "postgresql://ann@db/app?password=s3cret&sslmode=require": (
        "postgresql://ann@db/app?password=***&sslmode=require"
    ),
    "postgresql://ann@db/app?sslpassword=s3cret&sslkey=/etc/key": (
        "postgresql://ann@db/app?sslkey=%2Fetc%2Fkey&sslpassword=***"
    ),
    "mysql+pymysql://ann@db/app?passwd=s3cret": "mysql+pymysql://ann@db/app?passwd=***",
    "mssql+pyodbc:///?odbc_connect=UID%3Dann%3BPWD%3Ds3cret": "mssql+pyodbc:///?odbc_connect=***",
    "sqlite:///app.db": "sqlite:///app.db",
}


@pytest.mark.parametrize("url", URLS)
def test_a_url_is_shown_without_its_secrets(url: str) -> None:
    assert shown_url(sa.make_url(url)) == URLS[url]


@pytest.mark.parametrize(
    "url",
    [
        sa.make_url("postgresql://ann:p%40ss+word@db/app"),
        sa.make_url("postgresql://db/app?password=p%40ss%2Bword"),
        "redis://:p%40ss+word@host:6379/0",
        "webhook+https://host/path?token=p%40ss+word",
    ],
    ids=["password", "query", "channel", "channel query"],
)
def test_every_spelling_of_a_secret_is_known(url: sa.URL | str) -> None:
    assert {"p@ss+word", "p%40ss%2Bword"} <= secrets_of(url)


def test_a_message_loses_the_secrets_of_every_url() -> None:
    database, channel = sa.make_url("postgresql://ann:s3cret@db/app"), "redis://:0ther@host"
    said = redacted("s3cret, not s3crets; 0ther@host", database, channel, None)

    assert said == "***, not s3crets; ***@host"


def test_a_weak_password_spoils_no_other_word() -> None:
    url = sa.make_url("postgresql://postgres:postgres@db/app")

    assert redacted('postgresql: no password "postgres"', url) == 'postgresql: no password "***"'


def test_without_a_secret_nothing_is_replaced() -> None:
    assert redacted("as it is", "sqlite:///app.db", None) == "as it is"
