from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from alembic_guard import renamed_from
from alembic_guard.autogenerate.sources import collect_hints
from alembic_guard.errors import AnswerError
from alembic_guard.facts import Hint
from tests.fixtures.databases import KINDS

Collect = Callable[..., list[Hint]]


def table(
    name: str, *columns: str, metadata: sa.MetaData | None = None, **options: Any
) -> sa.Table:
    """A table of integer columns; ``new<old`` notes what a column was called."""
    items = []
    for column in columns:
        new, _, old = column.partition("<")
        info = renamed_from(*old.split("|")) if old else None
        items.append(sa.Column(new, sa.Integer, info=info))
    return sa.Table(name, metadata if metadata is not None else sa.MetaData(), *items, **options)


@pytest.fixture(name="collect")
def _collect(engine: sa.Engine, tmp_path: Path) -> Collect:
    """Collect hints as a command would: ``collect(models, "-x text", file="...", heads="a")``."""

    def collect(
        models: sa.MetaData, *x: str, file: str = "", heads: str = "", **options: Any
    ) -> list[Hint]:
        (tmp_path / "versions").mkdir(exist_ok=True)
        (tmp_path / "renames.toml").write_text(file)
        config = Config(cmd_opts=argparse.Namespace(x=list(x)))
        config.set_main_option("script_location", str(tmp_path))
        script = ScriptDirectory.from_config(config)
        environment = EnvironmentContext(config, script)
        with engine.connect() as connection:
            environment.configure(connection=connection, target_metadata=models, **options)
            context = environment.get_context()
            context.get_current_heads = lambda: tuple(heads.split())  # type: ignore[method-assign]
            return collect_hints(AutogenContext(context, models))

    return collect


@pytest.fixture(name="kind", params=["sqlite"])
def _kind(request: pytest.FixtureRequest) -> str:
    """SQLite by default: who reads names out of which database is asked of a few tests only."""
    return str(request.param)


on_each_database = pytest.mark.parametrize("kind", KINDS, indirect=True)


@contextmanager
def database(engine: sa.Engine, *tables: sa.Table) -> Iterator[None]:
    for one in tables:
        one.metadata.create_all(engine)
    yield


def pairs(hints: list[Hint]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(hint.kind, hint.table, hint.old, hint.new) for hint in hints]


def test_nothing_said_is_nothing_found(engine: sa.Engine, collect: Collect) -> None:
    with database(engine, table("sessions", "id", "metadata")):
        assert collect(table("sessions", "id", "notes").metadata) == []


@on_each_database
def test_all_three_places_say_the_same(engine: sa.Engine, collect: Collect) -> None:
    said = "sessions.metadata"
    file = f'[[rename]]\ncolumn = "{said}"\nto = "session_metadata"\n'
    plain = table("sessions", "id", "session_metadata").metadata
    noted = table("sessions", "id", "session_metadata<metadata").metadata
    expected = [("column", "sessions", "metadata", "session_metadata")]
    with database(engine, table("sessions", "id", "metadata")):
        by_argument = collect(plain, f"rename={said}:session_metadata", "tenant=a")
        by_file = collect(plain, file=file)
        by_model = collect(noted)
        by_all = collect(noted, f"rename={said}:session_metadata", file=file)

    assert [pairs(hints) for hints in (by_argument, by_file, by_model, by_all)] == [expected] * 4
    assert [hint.source for hint in (*by_argument, *by_file, *by_model)] == [
        "-x rename=sessions.metadata:session_metadata",
        "renames.toml line 1",
        "renamed_from on sessions.session_metadata",
    ]
    assert {hint.evidence_class for hint in by_all} == {"A"}


def test_new_and_drop_are_hints(engine: sa.Engine, collect: Collect) -> None:
    models = table("sessions", "id", "notes").metadata
    with database(engine, table("sessions", "id", "metadata")):
        hints = collect(models, "new=sessions.notes", "drop=sessions.metadata")

    assert pairs(hints) == [
        ("column", "sessions", None, "notes"),
        ("column", "sessions", "metadata", None),
    ]


@pytest.mark.parametrize("owner", ["users", "people"])
def test_column_of_a_renamed_table_is_named_by_either_name(
    engine: sa.Engine, collect: Collect, owner: str
) -> None:
    with database(engine, table("users", "id", "name")):
        hints = collect(
            table("people", "id", "title").metadata,
            "rename=users:people",
            f"rename={owner}.name:title",
        )

    assert pairs(hints) == [
        ("table", None, "users", "people"),
        ("column", "users", "name", "title"),
    ]


@on_each_database
def test_annotations_speak_of_tables_and_what_they_own(engine: sa.Engine, collect: Collect) -> None:
    old = table("users", "id", "name")
    sa.Index("ix_users_name", old.c.name)
    models = table("people", "id", "title<name", info=renamed_from("users")).metadata
    people = models.tables["people"]
    sa.Index("ix_people_title", people.c.title, info=renamed_from("ix_users_name"))
    with database(engine, old):
        hints = collect(models)

    assert pairs(hints) == [
        ("table", None, "users", "people"),
        ("column", "users", "name", "title"),
        ("index", "users", "ix_users_name", "ix_people_title"),
    ]


def test_column_of_a_table_that_may_be_renamed_is_a_hint(
    engine: sa.Engine, collect: Collect
) -> None:
    with database(engine, table("users", "id", "name")):
        hints = collect(table("people", "id", "title<name").metadata)

    assert pairs(hints) == [("column", "people", "name", "title")]


def test_chain_of_former_names_takes_the_one_that_is_there(
    engine: sa.Engine, collect: Collect
) -> None:
    with database(engine, table("sessions", "id", "metadata")):
        hints = collect(table("sessions", "id", "extra<meta|metadata").metadata)

    assert pairs(hints) == [("column", "sessions", "metadata", "extra")]


def test_annotation_that_is_done_is_a_note(
    engine: sa.Engine, collect: Collect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="alembic_guard")
    with database(engine, table("sessions", "id", "extra")):
        hints = collect(table("sessions", "id", "extra<metadata").metadata)

    assert hints == []
    (note,) = [record.message for record in caplog.records if "alembic_guard" in record.name]
    assert note == (
        "renamed_from on sessions.extra: sessions.metadata is extra in the database already; "
        "this may be deleted once every database is there"
    )


def test_answers_of_a_done_migration_are_notes(engine: sa.Engine, collect: Collect) -> None:
    file = """
[[rename]]
column = "sessions.metadata"
to = "extra"
after = "aaaa"

[[new]]
column = "sessions.notes"
after = "aaaa"
"""
    with database(engine, table("sessions", "id", "extra", "title")):
        hints = collect(table("sessions", "id", "extra", "notes").metadata, file=file, heads="bbbb")

    assert hints == []


@pytest.mark.parametrize(
    ("database_columns", "model_columns", "arguments", "file", "message"),
    [
        ("id a", "id b", ["rename=t.a:c"], "", "-x rename=t.a:c: the model has no column t.c"),
        ("id a", "id b", ["rename=t.x:b"], "", "-x rename=t.x:b: the database has no column t.x"),
        ("id a", "id b", ["rename=tt.a:b"], "", "-x rename=tt.a:b: there is no table tt; did you mean t?"),
        ("id a b", "id b", ["rename=t.a:b"], "", "t.a and t.b both exist in the database"),
        ("id a", "id b c", ["rename=t.a:b", "rename=t.a:c"], "", "-x rename=t.a:c: says that t.a became c, but -x rename=t.a:b"),
        ("id a", "id b c", ["rename=t.a:b"], '\n[[rename]]\ncolumn = "t.a"\nto = "c"\n', "but renames.toml line 2 says that t.a became c"),
        ("id a", "id b<a c", ["rename=t.a:c"], "", "but renamed_from on t.b says that t.a became b"),
        ("id a", "id b<a c<a", [], "", "renamed_from on t.c: says that t.a became c, but renamed_from on t.b says"),
        ("id a b", "id a b<a", [], "", "renamed_from on t.b: t.a and t.b both exist in the database"),
        ("id a", "id b", ["rename=t.a"], "", "-x rename=t.a: not of the form"),
        ("id a", "id b", ["rename=t.a:u.b"], "", "a column stays in its table"),
        ("id a", "id b", [], '[[rename]]\ncolumn = "t.a"\nto = "c"\n', "renames.toml line 1: the model has no column t.c"),
        ("id a", "id b", [], '[[renames]]\n', "renames.toml line 1: 'renames' is no kind of answer"),
    ],
)  # fmt: skip
def test_answer_that_does_not_hold_is_refused_by_line(
    engine: sa.Engine,
    collect: Collect,
    database_columns: str,
    model_columns: str,
    arguments: list[str],
    file: str,
    message: str,
) -> None:
    models = table("t", *model_columns.split()).metadata
    with (
        database(engine, table("t", *database_columns.split())),
        pytest.raises(AnswerError) as caught,
    ):
        collect(models, *arguments, file=file)

    assert message in str(caught.value)
    assert caught.value.source


def test_model_that_claims_the_table_of_another_is_refused(
    engine: sa.Engine, collect: Collect
) -> None:
    models = table("a", "id", info=renamed_from("users")).metadata
    table("b", "id", metadata=models, info=renamed_from("users"))
    with (
        database(engine, table("users", "id")),
        pytest.raises(
            AnswerError,
            match="renamed_from on b: says that users became b, but renamed_from on a says",
        ),
    ):
        collect(models)


def test_answer_about_a_table_that_is_not_compared_does_nothing(
    engine: sa.Engine, collect: Collect
) -> None:
    models = table("hidden", "id", "b<a").metadata

    def include(item: Any, name: str, type_: str, *_: Any) -> bool:
        return type_ != "table" or name != "hidden"

    with database(engine, table("hidden", "id", "a")):
        assert collect(models, "rename=hidden.a:b", include_object=include) == []


def test_answer_about_another_of_several_databases_does_nothing(
    engine: sa.Engine, collect: Collect
) -> None:
    with database(engine, table("t", "id")):
        hints = collect(
            table("t", "id").metadata, "rename=u.a:b", "rename=x:y", upgrade_token="one_upgrades"
        )

    assert hints == []


def test_answer_is_refused_as_used_up_only_by_a_revision_that_did_it(
    engine: sa.Engine, collect: Collect, tmp_path: Path
) -> None:
    (tmp_path / "versions").mkdir()
    revision = (
        'revision = "a"\ndown_revision = None\ndef upgrade():\n    op.drop_column("t", "a")\n'
    )
    (tmp_path / "versions" / "a.py").write_text(revision)
    file = '[[drop]]\ncolumn = "t.a"\n'
    models = table("t", "id", "b").metadata
    with database(engine, table("t", "id", "a")), pytest.raises(AnswerError, match="has come back"):
        collect(models, file=file)

    assert pairs(collect(models, file=f'{file}after = "a"\n', heads="a")) == [
        ("column", "t", "a", None)
    ]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_schemas_enum_types_and_sequences_are_known_on_postgresql(
    engine: sa.Engine, collect: Collect
) -> None:
    with engine.begin() as connection:
        for statement in (
            "CREATE SCHEMA legacy",
            "CREATE SCHEMA sales",
            "CREATE TABLE legacy.orders (id int, a int)",
            "CREATE TYPE state AS ENUM ('pending', 'done')",
            "CREATE SEQUENCE old_seq",
            "CREATE TABLE runs (id int, state state)",
        ):
            connection.exec_driver_sql(statement)
    models = sa.MetaData()
    note = renamed_from(enum="state", values={"pending": "waiting"})
    sa.Table(
        "runs", models, sa.Column("id", sa.Integer),
        sa.Column("state", sa.Enum("waiting", "done", name="run_state"), info=note),
    )  # fmt: skip
    table(
        "orders", "id", "b<a", metadata=models, schema="sales", info=renamed_from(schema="legacy")
    )
    sequence = sa.Sequence("new_seq", metadata=models)
    sequence.info.update(renamed_from("old_seq"))

    hints = collect(models, include_schemas=True)

    assert [(hint.kind, hint.schema, hint.table, hint.old, hint.new) for hint in hints] == [
        ("schema", "legacy", "orders", "legacy", "sales"),
        ("sequence", None, None, "old_seq", "new_seq"),
        ("enum_type", None, None, "state", "run_state"),
        ("enum_value", None, "state", "pending", "waiting"),
        ("column", "legacy", "orders", "a", "b"),
    ]


def test_annotation_of_a_mixin_reaches_every_table(engine: sa.Engine, collect: Collect) -> None:
    class Base(DeclarativeBase):
        pass

    class Stamped:
        created_at: Mapped[int] = mapped_column(info=renamed_from("created"))

    class A(Stamped, Base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)

    class B(Stamped, Base):
        __tablename__ = "b"
        id: Mapped[int] = mapped_column(primary_key=True)

    with database(engine, table("a", "id", "created"), table("b", "id", "created_at")):
        hints = collect(Base.metadata)

    assert pairs(hints) == [("column", "a", "created", "created_at")]


def test_annotation_of_no_known_shape_is_refused(collect: Collect) -> None:
    models = sa.MetaData()
    sa.Table("t", models, sa.Column("a", sa.Integer, info={"renamed_from": 3}))

    with pytest.raises(AnswerError, match=r"renamed_from on t\.a"):
        collect(models)
