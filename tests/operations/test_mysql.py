"""What MySQL does not rename by itself, and MariaDB does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import Operations

from alembic_guard.errors import RenameRefused
from alembic_guard.operations import RenameColumnOp
from tests.operations.catalog import catalog, rows
from tests.operations.test_columns import columns, create


@pytest.mark.mariadb
@pytest.mark.parametrize("kind", ["mysql"])
class TestMySQLForeignKeys:
    """MySQL copies no table to rename a column of a foreign key, and most changes take a copy."""

    def test_checks_are_enforced_again(self, connection: sa.Connection, op: Operations) -> None:
        """One that was not enforced stays so; a default follows, too."""
        table = (
            "CREATE TABLE t (id int PRIMARY KEY, x int, d int DEFAULT (x + 1), CHECK (x > 0), "
            "CHECK (x <> 7) NOT ENFORCED, CONSTRAINT fk FOREIGN KEY (x) REFERENCES t (id))"
        )
        create(connection, f"{table};; INSERT INTO t (id, x) VALUES (1, 1)")
        before, data = catalog(connection), rows(connection, "t")

        op.rename_column("t", "x", "y")

        assert rows(connection, "t") == data
        with pytest.raises(sa.exc.OperationalError, match="is violated"):
            connection.exec_driver_sql("INSERT INTO t (id, y) VALUES (0, 0)")
        op.rename_column("t", "y", "x")
        assert catalog(connection) == before

    @pytest.mark.parametrize(
        ("column", "culprit"),
        [
            ("g int AS (x * 2) STORED, CHECK (x > 0)", "column `g`"),
            ("g int, KEY ix ((x + 1))", "index `ix`"),
        ],
    )
    def test_what_takes_a_copy_is_refused(
        self, connection: sa.Connection, op: Operations, column: str, culprit: str
    ) -> None:
        """The error names the two that are in each other's way, and nothing has changed."""
        table = f"CREATE TABLE t (id int PRIMARY KEY, x int, {column}, "
        create(connection, f"{table} CONSTRAINT fk FOREIGN KEY (x) REFERENCES t (id))")
        before = catalog(connection)

        with pytest.raises(RenameRefused, match=f"{culprit} and foreign key fk use it"):
            op.rename_column("t", "x", "y")

        assert catalog(connection) == before


PARTITIONS = {
    "hash": "HASH (x)",
    "function of the same name": "HASH (year(`year`))",
    "key": "KEY (id, x)",
    "range": "RANGE (x) (PARTITION x VALUES LESS THAN (100) COMMENT '`x`')",
    "columns": "RANGE COLUMNS (id, x) (PARTITION p VALUES LESS THAN (100, 100))",
    "subpartitions": "RANGE (id) SUBPARTITION BY HASH (x) SUBPARTITIONS 2 "
    "(PARTITION p VALUES LESS THAN (100))",
}


@pytest.mark.mariadb
@pytest.mark.parametrize("kind", ["mariadb", "mysql"])
@pytest.mark.parametrize("clause", PARTITIONS.values(), ids=PARTITIONS.keys())
def test_a_column_that_partitions_are_made_by_keeps_them(
    connection: sa.Connection, op: Operations, clause: str
) -> None:
    """MySQL refuses such a rename by itself."""
    table = "CREATE TABLE t (id int, x int, `year` date, z int AS (x) VIRTUAL) PARTITION BY "
    create(connection, f"{table}{clause};; INSERT INTO t (id, x) VALUES (1, 2), (3, 4)")
    before, data = catalog(connection), rows(connection, "t")
    for column in ("x", "year"):
        rename = RenameColumnOp("t", column, "re`named")

        op.invoke(rename)

        assert rows(connection, "t") == data
        assert "re`named" in columns(connection)
        op.invoke(rename.reverse())
        assert _unlisted(catalog(connection)) == _unlisted(before)


def _unlisted(found: dict[str, str]) -> dict[str, str]:
    """Without the quotes that MySQL sometimes leaves out in lists of columns."""
    return {name: text.replace("`", "") for name, text in found.items()}
