"""A plan is what our own advice says: it passes the review and runs up, down and up again."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.cli import main
from alembic_guard.review.options import Options
from alembic_guard.review.plans import plans_for, write
from alembic_guard.review.session import run_review
from tests.review.playground import _database, _server_engine, run_function

__all__ = ["_database", "_server_engine"]

CREATED = """
    op.create_table(
        "shops",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("label", sa.String(40), nullable=False, server_default="new"),
        sa.Column("Group", sa.String(40), nullable=True),
    )
    op.create_index("ix_shops_label", "shops", ["label"])
    """
DANGEROUS = {
    "rename": """
        op.alter_column("customers", "phone", new_column_name="phone_number",
                        existing_type=sa.String(40), type_=sa.String(40))
        """,
    "rename of an unknown type": 'op.alter_column("customers", "phone", new_column_name="phone_number")',
    "rename of a required column": 'op.alter_column("shops", "label", new_column_name="title")',
    "rename of a quoted column": 'op.alter_column("shops", "Group", new_column_name="order_group")',
    "rename in a schema": 'op.alter_column("orders", "note", new_column_name="remark", schema="archive")',
    "type change": 'op.alter_column("orders", "amount", existing_type=sa.Integer(), type_=sa.BigInteger())',
    "not null": 'op.alter_column("customers", "score", existing_type=sa.Integer(), nullable=False)',
    "unique": 'op.create_unique_constraint("uq_products_sku", "products", ["sku"])',
}
ON_MARIADB = {name: DANGEROUS[name] for name in DANGEROUS if name.startswith(("rename of", "type"))}


def _revision(path: Path, identifier: str, down: str | None, body: str) -> None:
    up = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    path.write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "{identifier}"\ndown_revision = {down!r}\n\n\n'
        f"def upgrade():\n{up}\n\n\ndef downgrade():\n    raise NotImplementedError('x')\n"
    )


def _planned(body: str, folder: Path, dialect: str = "postgresql") -> list[Path]:
    """The planned files, after a first revision of the chain which makes a table known."""
    sources = folder / "sources"
    sources.mkdir()
    _revision(sources / "a.py", "a1", None, CREATED)
    _revision(sources / "b.py", "b1", "a1", body)
    result, _ = run_review(Options((str(sources),), dialect))
    (plan,) = plans_for(result)
    return [Path(path) for path in write(plan.revisions, str(folder / "plan"))]


def _up_down_up(engine: sa.Engine, paths: list[Path]) -> None:
    for path in paths:
        run_function(engine, path, "upgrade")
    for path in reversed(paths):
        run_function(engine, path, "downgrade")
    for path in paths:
        run_function(engine, path, "upgrade")


@pytest.mark.parametrize("body", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_plan_passes_the_review(body: str, tmp_path: Path) -> None:
    paths = _planned(body, tmp_path)

    _, report = run_review(Options((str(tmp_path / "plan"),), "postgresql"))

    findings = [f for f in report.findings if f.code != "GRD703"]  # the parent is not there
    assert len(paths) > 1
    assert [(f.code, f.location.line, f.message) for f in findings] == []
    assert "{" not in "".join(path.read_text() for path in paths)


@pytest.mark.parametrize("body", ON_MARIADB.values(), ids=ON_MARIADB.keys())
def test_plan_for_mariadb_passes_the_review(body: str, tmp_path: Path) -> None:
    paths = _planned(body, tmp_path, "mariadb")

    _, report = run_review(Options((str(tmp_path / "plan"),), "mariadb"))

    findings = [f for f in report.findings if f.code != "GRD703"]
    assert len(paths) > 1
    assert [(f.code, f.location.line, f.message) for f in findings] == []


@pytest.mark.postgresql
@pytest.mark.parametrize("body", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_plan_runs_up_down_and_up_again(body: str, tmp_path: Path, database: sa.Engine) -> None:
    paths = _planned(body, tmp_path)
    run_function(database, tmp_path / "sources" / "a.py", "upgrade")
    with database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO shops (id, label) VALUES (1, 'one')")

    _up_down_up(database, paths)


@pytest.fixture(name="mariadb")
def _mariadb(new_database: Callable[..., URL]) -> sa.Engine:
    engine = sa.create_engine(new_database("mariadb"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE customers (id integer PRIMARY KEY, phone varchar(40))",
            "INSERT INTO customers VALUES (1, '030'), (2, NULL)",
            "CREATE TABLE orders (id integer PRIMARY KEY, amount integer NOT NULL)",
            "INSERT INTO orders VALUES (1, 5)",
            "CREATE TABLE shops (id integer PRIMARY KEY)",
            "ALTER TABLE shops ADD label varchar(40) NOT NULL DEFAULT 'new', ADD `Group` varchar(40)",
            "INSERT INTO shops VALUES (1, 'one', 'a')",
        ):
            connection.exec_driver_sql(statement)
    return engine


@pytest.mark.mariadb
@pytest.mark.parametrize("body", ON_MARIADB.values(), ids=ON_MARIADB.keys())
def test_plan_runs_on_mariadb(body: str, tmp_path: Path, mariadb: sa.Engine) -> None:
    _up_down_up(mariadb, _planned(body, tmp_path, "mariadb"))


def _told(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def _rows(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT id, label, title FROM shops ORDER BY id")
        return [tuple(row) for row in found]


def _old_and_new_code(engine: sa.Engine, paths: list[Path]) -> None:
    """Write as both releases do, while the trigger is there and before and after the backfill."""
    for path in paths[:2]:
        run_function(engine, path, "upgrade")
    _told(engine, "UPDATE shops SET id = id WHERE id = 1")
    _told(engine, "INSERT INTO shops (id, label) VALUES (2, 'two')")
    _told(engine, "INSERT INTO shops (id, title) VALUES (3, 'three')")
    _told(engine, "INSERT INTO shops (id) VALUES (4)")
    before = [(1, "one", None), (2, "two", "two"), (3, "three", "three"), (4, "new", "new")]
    assert _rows(engine) == before
    run_function(engine, paths[2], "upgrade")
    _told(engine, "UPDATE shops SET label = 'ONE' WHERE id = 1")
    _told(engine, "UPDATE shops SET title = 'TWO' WHERE id = 2")

    after = [(1, "ONE", "ONE"), (2, "TWO", "TWO"), (3, "three", "three"), (4, "new", "new")]
    assert _rows(engine) == after
    for path in paths[3:]:
        run_function(engine, path, "upgrade")
    _told(engine, "INSERT INTO shops (id) VALUES (5)")
    with engine.connect() as connection:
        titles = connection.exec_driver_sql("SELECT title FROM shops ORDER BY id").scalars().all()
    assert titles == ["ONE", "TWO", "three", "new", "new"]


@pytest.mark.postgresql
def test_old_and_new_code_read_what_the_other_writes(tmp_path: Path, database: sa.Engine) -> None:
    paths = _planned(DANGEROUS["rename of a required column"], tmp_path)
    run_function(database, tmp_path / "sources" / "a.py", "upgrade")
    _told(database, "INSERT INTO shops (id, label) VALUES (1, 'one')")

    _old_and_new_code(database, paths)

    columns = {column["name"]: column for column in sa.inspect(database).get_columns("shops")}
    indexes = [index["column_names"] for index in sa.inspect(database).get_indexes("shops")]
    assert "label" not in columns
    assert columns["title"]["nullable"] is False
    assert indexes == [["title"]]


@pytest.mark.mariadb
def test_old_and_new_code_on_mariadb(tmp_path: Path, mariadb: sa.Engine) -> None:
    paths = _planned(DANGEROUS["rename of a required column"], tmp_path, "mariadb")

    _old_and_new_code(mariadb, paths)


@pytest.mark.mariadb
def test_new_code_need_not_know_a_required_column(tmp_path: Path, mariadb: sa.Engine) -> None:
    paths = _planned(DANGEROUS["type change"], tmp_path, "mariadb")
    for path in paths[:3]:
        run_function(mariadb, path, "upgrade")

    _told(mariadb, "INSERT INTO orders (id, amount_new) VALUES (2, 9)")

    with mariadb.connect() as connection:
        found = connection.exec_driver_sql("SELECT amount, amount_new FROM orders ORDER BY id")
        assert [tuple(row) for row in found] == [(5, 5), (9, 9)]


@pytest.mark.postgresql
def test_backfill_of_a_type_change_does_not_write_back(tmp_path: Path, database: sa.Engine) -> None:
    body = """
        op.alter_column("products", "weight", existing_type=sa.Text(), type_=sa.Integer(),
                        postgresql_using="weight::integer")
        """
    paths = _planned(body, tmp_path)
    _told(database, "UPDATE products SET weight = '007' WHERE id = 1")

    for path in paths[:3]:
        run_function(database, path, "upgrade")

    with database.connect() as connection:
        found = connection.exec_driver_sql("SELECT weight, weight_new FROM products WHERE id = 1")
        assert tuple(found.one()) == ("007", 7)


def test_command_says_what_the_plan_replaces_and_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    body = 'op.add_column("users", sa.Column("x", sa.Text()))\nop.alter_column("users", "a", new_column_name="b")'
    _revision(sources / "a.py", "a1", None, body)

    main(["review", str(sources), "--dialect", "postgresql", "--plan", str(tmp_path / "plan")])

    text = capsys.readouterr().out
    assert len(list((tmp_path / "plan").glob("*.py"))) == text.count("planned: ") == 4
    assert "a.py: delete it, and let what follows a1 follow" in text
    assert "Line(s) 8 of it are not in the plan" in text


def test_plan_is_refused_where_it_is_not_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _revision(tmp_path / "a.py", "a1", None, 'op.drop_table("a")')

    code = main(["review", str(tmp_path), "--dialect", "sqlite", "--plan", str(tmp_path / "plan")])

    assert code == 2
    assert "--plan writes revisions for postgresql, mysql, mariadb only" in capsys.readouterr().err
