"""Several databases in one command, several schemas in one database: each is guarded, each told."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import URL

from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Ledger
from alembic_guard.ledger.apps import list_apps
from tests.upgrade.fake_app import FakeApp
from tests.upgrade.project import Project

ENV = """
from alembic import context
import sqlalchemy as sa
from alembic_guard import Guard

guard = Guard.from_config(context.config)
for name, url in context.config.attributes["databases"].items():
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        guard.run_migrations(context, connection=connection, migration_args={"engine_name": name})
    engine.dispose()
"""
REVISION = """
from alembic import op
import sqlalchemy as sa
revision = "r1"
down_revision = None

def upgrade(engine_name):
    globals()[f"upgrade_{engine_name}"]()

def upgrade_one():
    op.create_table("a", sa.Column("id", sa.Integer), sa.Column("metadata", sa.String(9)))

def upgrade_two():
    op.create_table("b", sa.Column("id", sa.Integer))
"""
RENAME = """
from alembic import op
revision = "r2"
down_revision = "r1"

def upgrade(engine_name):
    globals()[f"upgrade_{engine_name}"]()

def upgrade_one():
    op.rename_column("a", "metadata", "notes")

def upgrade_two():
    pass
"""
RENAMED = SchemaChange("rename_column", None, "a", "metadata", "notes")


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("mariadb", "mariadb")], ids="+".join)
def test_each_database_has_its_own_ledger(
    tmp_path: Path, new_database: Callable[..., URL], kinds: tuple[str, str]
) -> None:
    urls = dict(zip(("one", "two"), map(new_database, kinds), strict=True))
    projects = {}
    for name, url in urls.items():
        (tmp_path / name).mkdir()
        projects[name] = Project(tmp_path / name, url, env=ENV)
    main = projects["one"]
    versions = main.folder / "migrations" / "versions"
    (versions / "r1.py").write_text(REVISION)
    command.upgrade(main.config(databases=urls), "head")
    command.upgrade(main.config(databases=urls), "head")
    (versions / "r2.py").write_text(RENAME)
    with FakeApp().running(projects["one"]) as app, FakeApp().running(projects["two"]) as other:
        command.upgrade(main.config(databases=urls), "head")
    (one, renamed), (two, nothing) = projects["one"].applied(), projects["two"].applied()

    assert one.changes == (SchemaChange("add_table", None, "a", new="a"),)
    assert two.changes == (SchemaChange("add_table", None, "b", new="b"),)
    assert (renamed.changes, nothing.changes) == ((RENAMED,), ())
    assert one.database_uuid != two.database_uuid
    assert app.heard == ["pause", "applied"]
    assert "applied" in other.heard


@pytest.fixture(name="schemas")
def _schemas(database_url: URL) -> Iterator[tuple[str, str]]:
    """Two schemas of a server: on MariaDB these are databases, dropped afterwards."""
    engine = sa.create_engine(
        database_url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT"
    )
    names = (f"guard_a_{secrets.token_hex(4)}", f"guard_b_{secrets.token_hex(4)}")
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.schema.CreateSchema(name))
        yield names
        for name in names if engine.dialect.name == "mysql" else ():
            connection.execute(sa.schema.DropSchema(name))
    engine.dispose()


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_tables_of_other_schemas_are_told_of_and_the_ledger_may_stand_in_one(
    tmp_path: Path, database_url: URL, schemas: tuple[str, str]
) -> None:
    shop, ops = schemas
    settings = f"ledger_schema = {ops}\nwait_timeout = 0.1"
    project = Project(tmp_path, database_url, settings=settings)
    project.revision(
        "r1",
        f'op.create_table("carts", sa.Column("id", sa.Integer), sa.Column("metadata",'
        f' sa.String(9)), schema="{shop}")',
    )
    project.revision(
        "r2", f'op.rename_column("carts", "metadata", "cart_metadata", schema="{shop}")'
    )
    project.upgrade()
    with project.connect() as connection:
        _, created, renamed = Ledger(ops).read_since(connection, 0)
        tables = sa.inspect(connection).get_table_names()
        apps = list_apps(connection, ops)

    assert created.touched == renamed.touched == (f"{shop}.carts",)
    assert renamed.changes == (
        SchemaChange("rename_column", shop, "carts", "metadata", "cart_metadata"),
    )
    assert tables == ["alembic_version"]
    assert apps == []


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_script_makes_the_schema_of_its_ledger(
    tmp_path: Path, database_url: URL, schemas: tuple[str, str]
) -> None:
    settings = f"ledger_schema = {schemas[0]}"
    project = Project(tmp_path, database_url, settings=settings)
    project.revision("r1", 'op.create_table("carts", sa.Column("id", sa.Integer))')

    assert f"CREATE SCHEMA IF NOT EXISTS {schemas[0]}" in project.script()
