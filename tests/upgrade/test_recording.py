"""One ledger row a revision, in the migration's transaction, saying what really changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Ledger
from tests.upgrade.project import ASYNC_ENV, Project

SESSIONS = """
op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("metadata", sa.String(50)), sa.Column("title", sa.String(50)))
"""
RENAMED = SchemaChange("rename_column", None, "sessions", "metadata", "session_metadata")
ADDED = SchemaChange("add_column", None, "sessions", new="notes")
DROPPED = SchemaChange("drop_column", None, "sessions", "title")
MOVED = SchemaChange("rename_table", None, "sessions", "sessions", "visits")

# what the revision does -> what the ledger says
CASES = {
    "our operation": ('op.rename_column("sessions", "metadata", "session_metadata")', (RENAMED,)),
    "raw SQL": (
        'op.execute("ALTER TABLE sessions RENAME COLUMN metadata TO session_metadata")',
        (RENAMED,),
    ),
    "SQL on the bind": (
        'op.get_bind().exec_driver_sql("ALTER TABLE sessions ADD COLUMN notes varchar(9)")',
        (ADDED,),
    ),
    "a batch": (
        """
        with op.batch_alter_table("sessions") as batch:
            batch.alter_column("metadata", new_column_name="session_metadata",
                               existing_type=sa.String(50))
            batch.drop_column("title")
        """,
        (RENAMED, DROPPED),
    ),
    "a recreating batch": (
        """
        with op.batch_alter_table("sessions", recreate="always") as batch:
            batch.add_column(sa.Column("notes", sa.String(9)))
        """,
        (ADDED,),
    ),
    "alter_column": (
        """
        op.alter_column("sessions", "metadata", new_column_name="session_metadata",
                        existing_type=sa.String(50))
        """,
        (RENAMED,),
    ),
    "a type": (
        """
        with op.batch_alter_table("sessions") as batch:
            batch.alter_column("title", type_=sa.String(80), existing_type=sa.String(50))
        """,
        (SchemaChange("alter_column", None, "sessions", "title", "title"),),
    ),
    "a table": ('op.rename_table("sessions", "visits")', (MOVED,)),
    "rename then reuse": (
        """
        op.rename_column("sessions", "metadata", "session_metadata")
        op.add_column("sessions", sa.Column("metadata", sa.Integer))
        """,
        (RENAMED, SchemaChange("add_column", None, "sessions", new="metadata")),
    ),
    "rename in a renamed table": (
        """
        op.rename_table("sessions", "visits")
        op.rename_column("visits", "metadata", "session_metadata")
        """,
        (MOVED, SchemaChange("rename_column", None, "visits", "metadata", "session_metadata")),
    ),
    "rows only": ('op.execute("INSERT INTO sessions (id) VALUES (1)")', ()),
    "there and back": (
        """
        op.rename_table("sessions", "visits")
        op.rename_table("visits", "sessions")
        """,
        (MOVED, SchemaChange("rename_table", None, "visits", "visits", "sessions")),
    ),
    "an index": (
        'op.create_index("ix_title", "sessions", ["title"])',
        (SchemaChange("other", None, "sessions", detail={"statement": "create index"}),),
    ),
}
SKIPPED = {
    ("alter_column", "sqlite"): "Alembic has no ALTER COLUMN for SQLite outside a batch",
    ("a recreating batch", "postgresql"): "the copy gets another sequence, and the row says so",
}


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    project = Project(tmp_path, database_url)
    project.revision("r1", SESSIONS, 'op.drop_table("sessions")')
    return project


@pytest.mark.parametrize("name", CASES)
def test_a_row_says_what_its_revision_changed(project: Project, kind: str, name: str) -> None:
    body, expected = CASES[name]
    if (name, kind) in SKIPPED:
        pytest.skip(SKIPPED[name, kind])
    project.revision("r2", body)
    project.upgrade()

    assert project.applied()[1].changes == expected


def test_a_row_carries_revision_heads_fingerprint_and_author(project: Project) -> None:
    project.revision("r2", 'op.rename_table("sessions", "visits")')
    project.upgrade()
    first, second = project.applied()

    assert (first.revision, first.direction, first.heads) == ("r1", "upgrade", ("r1",))
    assert second.touched == ("sessions", "visits")
    assert first.fingerprint != second.fingerprint
    assert "@" in (second.author or "")
    assert first.epoch + 1 == second.epoch
    assert first.database_uuid == second.database_uuid == project.ledger()[0].database_uuid


def test_code_in_the_server_is_seen_in_the_catalog(
    tmp_path: Path, new_database: Callable[..., URL]
) -> None:
    project = Project(tmp_path, new_database("postgresql"))
    project.revision("r1", SESSIONS)
    project.revision("r2", 'op.execute("DO $$ BEGIN ALTER TABLE sessions ADD notes text; END $$")')
    project.revision("r3", 'op.execute("ALTER TABLE sessions ADD COLUMN IF NOT EXISTS notes text")')
    project.upgrade()

    assert project.applied()[1].changes == (ADDED,)
    assert project.applied()[2].changes == ()


def test_a_downgrade_is_recorded_the_other_way(project: Project) -> None:
    project.revision(
        "r2",
        'op.rename_column("sessions", "metadata", "session_metadata")',
        'op.rename_column("sessions", "session_metadata", "metadata")',
    )
    project.upgrade()
    project.downgrade("r1")
    last = project.applied()[-1]

    assert (last.direction, last.revision, last.heads) == ("downgrade", "r2", ("r1",))
    assert last.changes == (
        SchemaChange("rename_column", None, "sessions", "session_metadata", "metadata"),
    )


def test_a_stamp_is_recorded_without_changes(project: Project) -> None:
    from alembic import command

    command.stamp(project.config(), "head")
    (entry,) = project.applied()

    assert (entry.direction, entry.heads, entry.changes) == ("stamp", ("r1",), ())


def test_other_commands_write_nothing(project: Project) -> None:
    from alembic import command

    command.current(project.config())
    command.history(project.config(), indicate_current=True)

    assert project.ledger() == []


def test_an_upgrade_at_head_writes_nothing(project: Project) -> None:
    project.upgrade()
    before = project.ledger()
    project.upgrade()

    assert project.ledger() == before


@pytest.mark.parametrize("transaction_per_migration", [False, True])
def test_a_failing_revision_leaves_what_is_true(
    project: Project, transaction_per_migration: bool
) -> None:
    """PostgreSQL rolls everything back; elsewhere the half-done step is written down."""
    project.revision("r2", 'op.rename_table("sessions", "visits")\nraise RuntimeError("boom")')
    with pytest.raises(RuntimeError, match="boom"):
        project.upgrade(transaction_per_migration=transaction_per_migration)
    phases = [entry.phase for entry in project.ledger()]

    if project.url.get_backend_name() == "postgresql":
        assert phases == (["created", "applied"] if transaction_per_migration else ["created"])
    else:
        assert phases == ["created", "applied", "failed"]
        assert project.ledger()[-1].changes == (MOVED,)
        assert project.ledger()[-1].message == "RuntimeError: boom"


def test_a_transaction_per_migration_records_each(project: Project) -> None:
    project.revision("r2", 'op.rename_table("sessions", "visits")')
    project.upgrade(transaction_per_migration=True)

    assert [entry.revision for entry in project.applied()] == ["r1", "r2"]


def test_an_autocommit_block_is_recorded(tmp_path: Path, new_database: Callable[..., URL]) -> None:
    project = Project(tmp_path, new_database("postgresql"))
    project.revision("r1", SESSIONS)
    project.revision(
        "r2",
        "with op.get_context().autocommit_block():\n"
        '    op.create_index("ix", "sessions", ["title"], postgresql_concurrently=True)\n'
        'op.rename_column("sessions", "metadata", "session_metadata")',
    )
    project.upgrade()
    kinds = [change.kind for change in project.applied()[1].changes]

    assert kinds == ["other", "rename_column"]


def test_an_asyncio_env_is_guarded_too(
    tmp_path: Path, kind: str, new_database: Callable[..., URL]
) -> None:
    project = Project(tmp_path, new_database(kind, asynchronous=True), env=ASYNC_ENV)
    project.revision("r1", SESSIONS)
    project.revision("r2", 'op.rename_column("sessions", "metadata", "session_metadata")')
    project.upgrade()

    assert project.applied()[1].changes == (RENAMED,)


def test_a_database_in_memory_is_recorded_on_its_only_connection(tmp_path: Path) -> None:
    project = Project(tmp_path, sa.engine.make_url("sqlite://"), env=MEMORY_ENV)
    project.revision("r1", SESSIONS)
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        from alembic import command

        command.upgrade(project.config(connection=connection), "head")
        entries = Ledger().read_since(connection, 0)
    engine.dispose()

    assert [entry.phase for entry in entries] == ["created", "applied"]


MEMORY_ENV = """
from alembic import context
from alembic_guard import Guard

guard = Guard.from_config(context.config)
guard.run_migrations(context, connection=context.config.attributes["connection"])
"""


def test_a_transaction_of_the_caller_is_left_to_the_caller(
    tmp_path: Path, engine: sa.Engine
) -> None:
    """As tests do it: upgrade inside a transaction, look, roll back."""
    project = Project(tmp_path, engine.url, env=MEMORY_ENV)
    project.revision("r1", SESSIONS)
    with engine.connect() as connection:
        from alembic import command

        transaction = connection.begin()
        command.upgrade(project.config(connection=connection), "head")
        heads = Ledger().newest(connection)
        if engine.dialect.name == "postgresql":
            transaction.rollback()
        else:
            transaction.commit()

    assert heads is not None
    assert heads.heads == ("r1",)
    assert len(project.applied()) == (0 if engine.dialect.name == "postgresql" else 1)


def test_the_callers_own_callback_and_filters_stay(project: Project) -> None:
    calls = []
    project.upgrade(on_version_apply=lambda **arguments: calls.append(arguments["heads"]))

    assert calls == [{"r1"}]
    assert len(project.applied()) == 1


def test_our_tables_are_never_shown_to_autogenerate(project: Project) -> None:
    project.revision("r2", 'op.drop_table("sessions")')
    project.upgrade()
    from alembic import command

    command.check(project.config(configure={"target_metadata": sa.MetaData()}))
