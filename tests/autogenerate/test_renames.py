"""Renames through Alembic's own autogenerate, on each database."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped

from alembic_guard import UnresolvedRenames, renamed_from
from alembic_guard.errors import ReservedNames
from tests.autogenerate.planning import apply, diffs, kinds, planned, rendered

Build = Callable[[sa.MetaData], object]


def _metadata(build: Build) -> sa.MetaData:
    metadata = sa.MetaData()
    build(metadata)
    return metadata


def _sessions(
    column: str,
    type_: Any = None,
    more: Callable[[], Iterable[Any]] = tuple,
    **options: Any,
) -> Build:
    def build(metadata: sa.MetaData) -> None:
        sa.Table(
            "sessions",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("started", sa.DateTime),
            sa.Column(column, type_ or sa.String(40), **options),
            *more(),
        )

    return build


def _round_trip(engine: sa.Engine, old: Build, new: Build, expected: list[str]) -> None:
    """Plan, upgrade, plan nothing more, downgrade, and be where it began; rows survive."""
    with engine.connect() as connection:
        before = _metadata(old)
        before.create_all(connection)
        table = before.sorted_tables[0]
        connection.execute(table.insert().values({list(table.columns)[-1].name: "kept"}))
        connection.commit()
        script = planned(connection, _metadata(new))
        apply(connection, script.upgrade_ops)
        again = diffs(planned(connection, _metadata(new)))
        apply(connection, script.downgrade_ops)
        back = diffs(planned(connection, _metadata(old)))
        rows = connection.execute(sa.select(list(table.columns)[-1])).scalars().all()

        assert kinds(script) == expected
        assert again == []
        assert back == []
        assert rows == ["kept"]


def test_a_renamed_column_is_one_operation_and_loses_no_row(engine: sa.Engine) -> None:
    _round_trip(engine, _sessions("username"), _sessions("user_name"), ["rename_column"])


def test_indexes_and_unique_constraints_follow_by_name(engine: sa.Engine) -> None:
    def build(column: str) -> Build:
        return _sessions(
            column,
            more=lambda: (
                sa.Index(f"ix_sessions_{column}", column),
                sa.UniqueConstraint(column, "started", name=f"uq_sessions_{column}"),
            ),
        )

    _round_trip(
        engine,
        build("username"),
        build("user_name"),
        ["rename_column", "rename_constraint", "rename_index"],
    )


def test_a_rename_with_a_change_alters_the_new_name_only(engine: sa.Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite alters columns in batch mode only")

    _round_trip(
        engine,
        _sessions("username", nullable=False),
        _sessions("user_name", type_=sa.String(80), nullable=True),
        ["rename_column", "modify_type"],
    )


def test_a_table_renamed_with_columns_inside_it_keeps_everything(engine: sa.Engine) -> None:
    def build(owner: str, key: str) -> Build:
        def tables(metadata: sa.MetaData) -> None:
            sa.Table(
                owner,
                metadata,
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("email", sa.String(80)),
                sa.Column("display", sa.String(80)),
                sa.Index(f"ix_{owner}_email", "email"),
            )
            sa.Table(
                "logins",
                metadata,
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column(key, sa.ForeignKey(f"{owner}.id", name=f"fk_logins_{key}")),
            )

        return tables

    with engine.connect() as connection:
        _metadata(build("users", "user_id")).create_all(connection)
        connection.commit()
        target = _metadata(build("accounts", "account_id"))
        script = planned(connection, target)
        apply(connection, script.upgrade_ops)

        found = kinds(script)
        assert {"rename_table", "rename_column", "rename_index"} <= set(found)
        assert not {"add_table", "remove_table", "add_column", "remove_column"} & set(found)
        assert diffs(planned(connection, target)) == []
        apply(connection, script.downgrade_ops)
        assert diffs(planned(connection, _metadata(build("users", "user_id")))) == []


def test_a_reserved_name_needs_no_answer(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("metadata", type_=sa.JSON)).create_all(connection)
        connection.commit()
        script = planned(connection, _metadata(_sessions("session_metadata", type_=sa.JSON)), "ask")

        assert kinds(script) == ["rename_column"]
        assert "op.rename_column('sessions', 'metadata', 'session_metadata')" in rendered(
            script, connection
        )


def test_an_undecided_rename_stops_the_command(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("username")).create_all(connection)
        connection.commit()
        with pytest.raises(UnresolvedRenames) as caught:
            planned(connection, _metadata(_sessions("user_name")), "ask")

        (question,) = caught.value.questions
        assert (question.target, question.candidates[0].new) == ("sessions.username", "user_name")


def test_a_flag_never_becomes_a_privilege_unasked(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("public_doc", type_=sa.Boolean)).create_all(connection)
        connection.commit()
        with pytest.raises(UnresolvedRenames) as caught:
            planned(connection, _metadata(_sessions("is_admin", type_=sa.Boolean)), "likely")

        assert "admin" in caught.value.questions[0].candidates[0].evidence[0]


def test_off_leaves_alembic_alone(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("username")).create_all(connection)
        connection.commit()
        script = planned(connection, _metadata(_sessions("user_name")), "off")

        assert sorted(kinds(script)) == ["add_column", "remove_column"]


def test_the_model_decides_shifts(engine: sa.Engine) -> None:
    old = _sessions("first", more=lambda: [sa.Column("second", sa.String(40))])
    new = _sessions(
        "second",
        more=lambda: [sa.Column("third", sa.String(40), info=renamed_from("second"))],
        info=renamed_from("first"),
    )
    with engine.connect() as connection:
        _metadata(old).create_all(connection)
        connection.execute(sa.text("INSERT INTO sessions (first, second) VALUES ('a', 'b')"))
        connection.commit()
        script = planned(connection, _metadata(new), "ask")
        apply(connection, script.upgrade_ops)

        assert kinds(script) == ["rename_column", "rename_column"]
        assert connection.execute(sa.text("SELECT second, third FROM sessions")).one() == ("a", "b")


def test_the_old_name_can_be_added_again(engine: sa.Engine) -> None:
    new = _sessions(
        "login",
        more=lambda: [sa.Column("username", sa.String(40))],
        info=renamed_from("username"),
    )
    with engine.connect() as connection:
        _metadata(_sessions("username")).create_all(connection)
        connection.execute(sa.text("INSERT INTO sessions (username) VALUES ('a')"))
        connection.commit()
        script = planned(connection, _metadata(new), "ask")
        apply(connection, script.upgrade_ops)

        rows = connection.execute(sa.text("SELECT login, username FROM sessions")).all()
        assert kinds(script) == ["rename_column", "add_column"]
        assert rows == [("a", None)]


def test_what_include_object_hides_is_no_candidate(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("username")).create_all(connection)
        connection.commit()
        script = planned(
            connection,
            _metadata(_sessions("user_name")),
            include_object=lambda _item, name, _kind, reflected, _other: (
                not (reflected and name == "username")
            ),
        )

        assert kinds(script) == ["add_column"]


def test_what_include_name_hides_is_no_candidate(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("username")).create_all(connection)
        connection.commit()
        script = planned(
            connection,
            _metadata(_sessions("user_name")),
            include_name=lambda name, _kind, _parents: name != "username",
        )

        assert kinds(script) == ["add_column"]


def test_our_own_tables_are_never_shown(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        for name in ("alembic_guard_change", "alembic_guard_app"):
            connection.execute(sa.text(f"CREATE TABLE {name} (id INTEGER)"))
        connection.commit()

        assert diffs(planned(connection, sa.MetaData())) == []


def test_a_case_change_is_certain_where_names_have_no_case(engine: sa.Engine) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL tells the case of quoted names apart")
    with engine.connect() as connection:
        _metadata(_sessions("UserName")).create_all(connection)
        connection.commit()
        script = planned(connection, _metadata(_sessions("username")), "certain")

        assert kinds(script) == ["rename_column"]


@pytest.mark.parametrize("added", [(), ("note",), ("session_metadata",)])
def test_a_column_lost_on_a_mixin_went_nowhere(engine: sa.Engine, added: tuple[str, ...]) -> None:
    """SQLAlchemy maps nothing and says nothing; whatever was added is not its new name."""

    class Base(DeclarativeBase):
        pass

    class Annotated:
        metadata: Mapped[str]

    class SessionRecord(Annotated, Base):
        __table__ = sa.Table(
            "sessions",
            Base.metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("started", sa.DateTime),
            *(sa.Column(name, sa.String(40)) for name in added),
        )

    with engine.connect() as connection:
        _metadata(_sessions("metadata")).create_all(connection)
        connection.commit()

        with pytest.raises(ReservedNames, match=r"mapped without Annotated\.metadata"):
            planned(
                connection,
                Base.metadata,
                autogenerate_plugins=["alembic.autogenerate.*", "alembic_guard.renames"],
            )


def test_detections_are_logged(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    with engine.connect() as connection, caplog.at_level(logging.INFO, "alembic_guard"):
        _metadata(_sessions("username")).create_all(connection)
        planned(connection, _metadata(_sessions("user_name")))

        assert "Detected rename of column 'username' of sessions to 'user_name'" in caplog.messages


_SCRIPT = """
import sqlalchemy as sa
from tests.autogenerate.planning import planned, rendered

engine = sa.create_engine("sqlite://")
def build(names, tables):
    metadata = sa.MetaData()
    for table in tables:
        sa.Table(table, metadata, sa.Column("id", sa.Integer, primary_key=True),
                 *(sa.Column(name, sa.String(40), index=True) for name in names))
    return metadata
with engine.connect() as connection:
    build(["user_name", "zip", "kept", "gone"], ["b", "a", "dropped"]).create_all(connection)
    target = build(["username", "zip_code", "kept"], ["a", "b"])
    print(rendered(planned(connection, target, "likely"), connection))
"""


def test_the_same_input_gives_the_same_bytes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }

    assert len(outputs) == 1
    assert "op.rename_column('a', 'zip', 'zip_code')" in outputs.pop()


def test_what_somebody_said_is_done_though_detection_is_off(engine: sa.Engine) -> None:
    """The annotation says where the data is; Alembic's own drop and add would lose it."""
    said = _metadata(_sessions("contact", info=renamed_from("email")))
    with engine.connect() as connection:
        _metadata(_sessions("email")).create_all(connection)
        connection.commit()
        script = planned(connection, said, "off")
        apply(connection, script.upgrade_ops)
        again = diffs(planned(connection, said, "off"))

    assert kinds(script) == ["rename_column"]
    assert again == []


def test_without_a_word_detection_that_is_off_leaves_everything_to_alembic(
    engine: sa.Engine,
) -> None:
    with engine.connect() as connection:
        _metadata(_sessions("username")).create_all(connection)
        connection.commit()
        script = planned(connection, _metadata(_sessions("user_name")), "off")

    assert kinds(script) == ["add_column", "remove_column"]
