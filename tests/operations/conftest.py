"""What the tests of operations share: operations on a live connection, and its catalog."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from tests.fixtures.mysql import kind_with_mysql

__all__ = ["kind_with_mysql"]


@pytest.fixture(name="connection")
def _connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to an empty database of each kind in turn."""
    with engine.connect() as connection:
        yield connection


@pytest.fixture(name="op")
def _op(connection: sa.Connection) -> Operations:
    """Alembic's operations on that connection."""
    return Operations(MigrationContext.configure(connection))
