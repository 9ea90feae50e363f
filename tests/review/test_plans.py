"""A plan is what our own advice says: it passes the review and runs up, down and up again."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_guard.review.plans import plan
from alembic_guard.review.plans.make import write
from alembic_guard.review.session import Options, run_review
from alembic_guard.review.sources.reader import read_revisions
from tests.review.playground import _database, _server_engine, run_function

__all__ = ["_database", "_server_engine"]

DANGEROUS = {
    "rename": """
        op.alter_column("customers", "phone", new_column_name="phone_number",
                        existing_type=sa.String(40), type_=sa.String(40))
        """,
    "type change": 'op.alter_column("orders", "amount", existing_type=sa.Integer(), type_=sa.BigInteger())',
    "not null": 'op.alter_column("customers", "score", existing_type=sa.Integer(), nullable=False)',
    "unique": 'op.create_unique_constraint("uq_products_sku", "products", ["sku"])',
}


def _planned(body: str, folder: Path) -> list[Path]:
    source = folder / "source.py"
    head = (
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "s1"\ndown_revision = None\n'
    )
    up = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    source.write_text(
        f"{head}\n\ndef upgrade():\n{up}\n\n\ndef downgrade():\n    raise NotImplementedError('x')\n"
    )
    (revision,) = read_revisions([str(source)], "postgresql")
    return [Path(path) for path in write(plan(revision), str(folder / "plan"))]


@pytest.mark.parametrize("body", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_plan_passes_the_review(body: str, tmp_path: Path) -> None:
    paths = _planned(body, tmp_path)

    _, report = run_review(Options((str(tmp_path / "plan"),), "postgresql"))

    assert len(paths) > 1
    assert [(f.code, f.location.line, f.message) for f in report.findings] == []


@pytest.mark.postgresql
@pytest.mark.parametrize("body", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_plan_runs_up_down_and_up_again(body: str, tmp_path: Path, database: sa.Engine) -> None:
    paths = _planned(body, tmp_path)

    for path in paths:
        run_function(database, path, "upgrade")
    for path in reversed(paths):
        run_function(database, path, "downgrade")
    for path in paths:
        run_function(database, path, "upgrade")


@pytest.mark.postgresql
def test_both_columns_stay_equal_while_a_rename_is_under_way(
    tmp_path: Path, database: sa.Engine
) -> None:
    paths = _planned(DANGEROUS["rename"], tmp_path)
    for path in paths[:3]:
        run_function(database, path, "upgrade")

    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE customers SET phone = '123' WHERE id = 1")
        row = connection.exec_driver_sql(
            "SELECT phone, phone_number FROM customers WHERE id = 1"
        ).one()

    assert tuple(row) == ("123", "123")
