"""Reserved names inside autogenerate: reported, refused, renamed, and no DROP of a lost column."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata, produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from alembic_guard import Settings
from alembic_guard.errors import ReservedNames
from alembic_guard.usage import UsageError

PLUGINS = ["alembic.autogenerate.*", "alembic_guard.reserved"]


def _context(connection: sa.Connection, **settings: Any) -> MigrationContext:
    options = {"autogenerate_plugins": PLUGINS, "alembic_guard": Settings(**settings)}
    return MigrationContext.configure(connection, opts=options)


def _plan(engine: sa.Engine, metadata: sa.MetaData, **settings: Any) -> list[Any]:
    with engine.connect() as connection:
        script = produce_migrations(_context(connection, **settings), metadata)

    assert script.upgrade_ops is not None
    return script.upgrade_ops.ops


def _metadata(*columns: sa.Column[Any], table: str = "sessions") -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(table, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    return metadata


@pytest.fixture(name="sqlite")
def _sqlite() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://")
    yield engine
    engine.dispose()


def test_a_silent_word_is_warned_of(
    kind: str, engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "alembic_guard"):
        operations = _plan(engine, _metadata(sa.Column("current_date", sa.Date)))

    assert isinstance(operations[0], ops.CreateTableOp)
    assert "GRD050" in caplog.text
    assert "sessions.current_date" in caplog.text


def test_only_the_words_of_this_database_count(
    kind: str, engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """A column called `user` is an error on PostgreSQL and nothing elsewhere."""
    with caplog.at_level(logging.WARNING, "alembic_guard"):
        _plan(engine, _metadata(sa.Column("user", sa.String(9))))

    assert ("GRD050" in caplog.text) is (kind == "postgresql")


@pytest.mark.parametrize(
    "settings",
    [{"reserved": "error"}, {"reserved_policy": {"current_date": "error"}},
     {"reserved_policy": {"sessions.current_date": "error"}}],
)  # fmt: skip
def test_the_policy_may_refuse(sqlite: sa.Engine, settings: dict[str, Any]) -> None:
    with pytest.raises(ReservedNames, match=r"sessions\.current_date") as caught:
        _plan(sqlite, _metadata(sa.Column("current_date", sa.Date)), **settings)
    assert [item.code for item in caught.value.findings] == ["GRD050"]


def test_the_policy_may_ignore_one_table(
    sqlite: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    metadata = _metadata(sa.Column("current_date", sa.Date))
    with caplog.at_level(logging.WARNING, "alembic_guard"):
        _plan(sqlite, metadata, reserved="error",
              reserved_policy={"sessions.current_date": "ignore"})  # fmt: skip

    assert caplog.text == ""


def test_the_policy_may_rename(sqlite: sa.Engine) -> None:
    (operation,) = _plan(sqlite, _metadata(sa.Column("values", sa.JSON)), reserved="rename")

    assert [column.name for column in operation.columns[:2]] == ["id", "session_values"]


def test_an_added_column_is_renamed_too(sqlite: sa.Engine) -> None:
    with sqlite.begin() as connection:
        _metadata().create_all(connection)
    metadata = _metadata(sa.Column("values", sa.JSON))
    (operation,) = _plan(sqlite, metadata, reserved_policy={"values": "rename"})

    assert operation.ops[0].column.name == "session_values"


def test_a_wrong_policy_names_the_possible_ones(sqlite: sa.Engine) -> None:
    with pytest.raises(UsageError, match="error, warn, rename, ignore"):
        _plan(sqlite, _metadata(sa.Column("values", sa.JSON)), reserved_policy={"values": "no"})


def test_team_names_count(sqlite: sa.Engine) -> None:
    with pytest.raises(ReservedNames, match="GRD070"):
        _plan(sqlite, _metadata(sa.Column("tenant", sa.Integer)), reserved="error",
              reserved_names=("tenant",))  # fmt: skip


def test_check_sees_them_too(sqlite: sa.Engine) -> None:
    """`alembic check` compares through the same comparators."""
    with sqlite.connect() as connection, pytest.raises(ReservedNames):
        compare_metadata(
            _context(connection, reserved="error"), _metadata(sa.Column("keys", sa.JSON))
        )


@pytest.mark.parametrize(
    ("policy", "level"), [("warn", "INFO"), ("error", "WARNING"), ("ignore", None)]
)
def test_what_is_there_already_is_mentioned_and_stays(
    sqlite: sa.Engine, policy: str, level: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    metadata = _metadata(sa.Column("values", sa.JSON), sa.Column("order", sa.Integer))
    metadata.create_all(sqlite)
    with caplog.at_level(logging.INFO, "alembic_guard.reserved"):
        assert _plan(sqlite, metadata, reserved=policy) == []

    said = [item for item in caplog.records if "Existing column" in item.message]
    assert [item.levelname for item in said] == ([level] if level else [])
    assert all("sessions.values" in item.message for item in said)


def test_what_env_py_filters_out_is_not_mentioned(
    sqlite: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    metadata = _metadata(sa.Column("values", sa.JSON))
    metadata.create_all(sqlite)
    options = {
        "autogenerate_plugins": PLUGINS,
        "alembic_guard": Settings(reserved="rename"),
        "include_object": lambda item, name, kind, reflected, other: name != "sessions",
    }
    with sqlite.connect() as connection, caplog.at_level(logging.INFO, "alembic_guard"):
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        )
    assert caplog.text == ""


def test_check_reports_the_planned_rename_of_an_existing_column(sqlite: sa.Engine) -> None:
    metadata = _metadata(sa.Column("values", sa.JSON))
    metadata.create_all(sqlite)
    with sqlite.connect() as connection:
        (difference,) = compare_metadata(_context(connection, reserved="rename"), metadata)

    assert difference == ("rename_column", None, "sessions", "values", "session_values")


def test_a_model_that_does_not_follow_changes_nothing(
    sqlite: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """The database has the new name already: neither DROP it nor ADD it again."""
    _metadata(sa.Column("session_values", sa.JSON)).create_all(sqlite)
    metadata = _metadata(sa.Column("values", sa.JSON))

    with caplog.at_level(logging.WARNING, "alembic_guard"):
        assert _plan(sqlite, metadata, reserved="rename") == []
    assert "calls it 'session_values' already" in caplog.text


def test_a_column_lost_on_a_mixin_is_not_dropped(engine: sa.Engine) -> None:
    """The model seems to have it, the mapper does not, and the database would lose it."""

    class Base(DeclarativeBase):
        pass

    class Annotated:
        metadata: Mapped[str]

    class SessionRecord(Annotated, Base):
        __tablename__ = "sessions"
        id: Mapped[int] = mapped_column(primary_key=True)

    _metadata(sa.Column("metadata", sa.String(50))).create_all(engine)

    with pytest.raises(ReservedNames, match=r"SessionRecord is mapped without Annotated\.metadata"):
        _plan(engine, Base.metadata)


def test_an_ordinary_drop_goes_through(engine: sa.Engine) -> None:
    _metadata(sa.Column("legacy", sa.String(50))).create_all(engine)
    (operation,) = _plan(engine, _metadata())

    assert isinstance(operation.ops[0], ops.DropColumnOp)


def test_the_attribute_counts_not_only_the_column(
    sqlite: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Kept under another attribute, a column called metadata hurts nobody."""

    class Base(DeclarativeBase):
        pass

    class Kept(Base):
        __tablename__ = "kept"
        id: Mapped[int] = mapped_column(primary_key=True)
        metadata_: Mapped[str] = mapped_column("metadata")

    class Hurt(Base):
        __tablename__ = "hurt"
        id: Mapped[int] = mapped_column(primary_key=True)
        registry_: Mapped[str] = mapped_column("registry")

    Hurt.registry = mapped_column("late", sa.String(5))  # type: ignore[assignment]  # the case
    with caplog.at_level(logging.WARNING, "alembic_guard"):
        _plan(sqlite, Base.metadata)

    assert "kept.metadata" not in caplog.text
    assert "hurt.late" in caplog.text
