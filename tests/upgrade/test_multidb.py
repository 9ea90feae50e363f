"""An env.py that migrates two databases in one command guards and records each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from alembic_guard.facts import SchemaChange
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
    op.create_table("a", sa.Column("id", sa.Integer))

def upgrade_two():
    op.create_table("b", sa.Column("id", sa.Integer))
"""


def test_each_database_has_its_own_ledger(tmp_path: Path, new_database: Callable[..., URL]) -> None:
    from alembic import command

    urls = {"one": new_database("sqlite"), "two": new_database("postgresql")}
    projects = {}
    for name, url in urls.items():
        (tmp_path / name).mkdir()
        projects[name] = Project(tmp_path / name, url, env=ENV)
    main = projects["one"]
    (main.folder / "migrations" / "versions" / "r1.py").write_text(REVISION)
    command.upgrade(main.config(databases=urls), "head")
    command.upgrade(main.config(databases=urls), "head")
    (one,), (two,) = projects["one"].applied(), projects["two"].applied()

    assert one.changes == (SchemaChange("add_table", None, "a", new="a"),)
    assert two.changes == (SchemaChange("add_table", None, "b", new="b"),)
    assert one.database_uuid != two.database_uuid
