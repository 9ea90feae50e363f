from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Session, aliased

from alembic_guard.errors import MaskedColumn
from alembic_guard.live.compiling import installed_hooks
from alembic_guard.live.masking import Mask
from alembic_guard.live.overlay import OverlayPlan, SchemaOverlay
from tests.live.battery import (
    FILTERS,
    Models,
    build_models,
    create_tables,
    execute,
    failures,
    play,
    prebuilt,
)


@pytest.fixture(name="overlays")
def _overlays() -> Iterator[list[SchemaOverlay]]:
    """Overlays to undo at the end: the compile hook is global."""
    made: list[SchemaOverlay] = []
    yield made
    for overlay in made:
        overlay.clear()
    assert installed_hooks() == frozenset()


def overlay_for(models: Models, engine: sa.Engine, overlays: list[SchemaOverlay]) -> SchemaOverlay:
    overlay = SchemaOverlay(lambda: models.base.registry.mappers, [engine])
    overlays.append(overlay)
    return overlay


def rename(engine: sa.Engine, old: str, new: str) -> None:
    execute(engine, f"alter table sessions rename column {old} to {new}")


def test_old_code_passes_the_battery_after_the_rename(
    kind: str, engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind)
    models = build_models()
    statements = prebuilt(models)
    assert failures(play(engine, models, statements)) == {}
    rename(engine, "metadata", "session_metadata")
    overlay = overlay_for(models, engine, overlays)
    overlay.apply(OverlayPlan(renames={models.table.c.metadata: "session_metadata"}))

    assert failures(play(engine, models, statements)) == {}
    engine.clear_compiled_cache()
    assert failures(play(engine, models, statements)) == {}
    assert failures(play(engine, models, prebuilt(models))) == {}

    rename(engine, "session_metadata", "metadata")
    later = prebuilt(models)
    overlay.clear()

    assert failures(play(engine, models, statements)) == {}
    assert failures(play(engine, models, later)) == {}


def test_new_code_passes_the_battery_before_the_rename(
    kind: str, engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind)
    models = build_models("session_metadata")
    statements = prebuilt(models)
    overlay = overlay_for(models, engine, overlays)
    overlay.apply(OverlayPlan(renames={models.table.c.session_metadata: "metadata"}))

    assert len(play(engine, models, statements)) == 23
    assert failures(play(engine, models, statements)) == {}

    rename(engine, "metadata", "session_metadata")
    overlay.clear()

    assert failures(play(engine, models, statements)) == {}


@pytest.mark.parametrize("kind", ["mariadb", "mysql"])
@pytest.mark.parametrize("names", [("title", "session_metadata"), ("metadata", "title")])
def test_what_an_upsert_would_have_inserted_goes_by_the_databases_names(
    names: tuple[str, str], engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    """The names are of a rename, and of a swap, where a wrong one would be no error."""
    create_tables(engine, "mariadb")
    models = build_models()
    title, metadata = names
    rename(engine, "title", "other")
    rename(engine, "metadata", metadata)
    rename(engine, "other", title)
    renames = {models.table.c.title: title, models.table.c.metadata: metadata}
    overlay_for(models, engine, overlays).apply(OverlayPlan(renames=renames))
    table = models.table  # of a class, SQLAlchemy 2.0 would take `metadata` for the MetaData
    upsert = mysql.insert(table).values(id=1, title="t", metadata="m")
    upsert = upsert.on_duplicate_key_update(
        title=upsert.inserted.title,
        metadata=sa.func.concat(upsert.inserted.metadata, table.c.metadata.is_(None)),
    )
    with Session(engine) as session:
        session.execute(upsert)
        row = session.get_one(models.session, 1)

        assert (row.title, row.md) == ("t", "m1")


def test_rows_keep_the_key_the_program_knows(
    engine: sa.Engine, kind: str, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind, "session_metadata")
    models = build_models()
    column = models.table.c.metadata
    overlay_for(models, engine, overlays).apply(OverlayPlan(renames={column: "session_metadata"}))

    with engine.connect() as connection:
        core = connection.execute(select(models.table)).mappings().first()
        nested = connection.execute(select(select(column).subquery())).mappings().first()
    with Session(engine) as session:
        orm = session.execute(select(models.session.md, models.session.id)).mappings().first()

    assert core is not None
    assert list(core) == ["id", "title", "metadata"]
    assert nested is not None
    assert orm is not None
    assert list(orm) == ["md", "id"]


def test_masked_column_reads_as_null_and_filters_raise(
    kind: str, engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind)
    models = build_models(missing=True)
    statements = prebuilt(models, missing=True)
    before = failures(play(engine, models, statements))
    overlay = overlay_for(models, engine, overlays)
    mask = Mask("sessions", "chat_session_id", "revision 1a2b is pending")
    overlay.apply(OverlayPlan(masks={models.table.c.chat_session_id: mask}))
    results = play(engine, models, statements)

    assert len(results) == 23
    assert len(before) >= 19
    assert set(failures(results)) == FILTERS
    for name in FILTERS:
        error = results[name]
        assert isinstance(error, MaskedColumn)
        assert (error.table, error.column) == ("sessions", "chat_session_id")
        assert "revision 1a2b is pending" in str(error)
    with Session(engine) as session:
        assert session.get_one(models.session, 1).chat is None

    execute(engine, "alter table sessions add column chat_session_id varchar(50)")
    overlay.clear()

    assert failures(play(engine, models, statements)) == {}
    assert failures(play(engine, models, statements, "chat")) == {}
    with Session(engine) as session:
        row = models.session(title="new")
        session.add(row)
        session.commit()
        assert row.chat == "python default"


@pytest.mark.parametrize(
    "use",
    ["order", "group", "having", "join", "window", "insert", "update", "values", "distinct-in"],
)
def test_use_of_a_masked_column_that_null_would_answer_wrongly_is_an_error(
    use: str, overlays: list[SchemaOverlay]
) -> None:
    engine = sa.create_engine("sqlite://")
    create_tables(engine, "sqlite")
    models = build_models(missing=True)
    S, K = models.session, models.kid
    mask = Mask("sessions", "chat_session_id", "pending")
    overlay_for(models, engine, overlays).apply(
        OverlayPlan(masks={models.table.c.chat_session_id: mask})
    )
    other = aliased(S)
    statement = {
        "order": select(S.id).order_by(S.chat),
        "group": select(sa.func.count()).group_by(S.chat),
        "having": select(S.id).group_by(S.id).having(sa.func.max(S.chat) == "x"),
        "join": select(K).join(other, other.chat == K.name),
        "window": select(sa.func.row_number().over(order_by=S.chat)),
        "insert": sa.insert(S).values(chat="x"),
        "update": sa.update(S).values(chat="x"),
        "values": sa.update(S).values(title=S.chat),
        "distinct-in": select(K).where(K.name.in_(select(S.id).where(S.chat == "q"))),
    }[use]
    with Session(engine) as session, pytest.raises(MaskedColumn, match="chat_session_id"):
        session.execute(statement)
    with Session(engine) as session:
        session.add(S(chat="explicit"))
        with pytest.raises(MaskedColumn):
            session.flush()
    engine.dispose()


def test_added_column_is_read_by_old_instances_and_keeps_the_database_default(
    kind: str, engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind)
    models = build_models()
    S = models.session
    keeper = Session(engine)
    old = keeper.get_one(S, 1)
    keeper.commit()
    execute(engine, "alter table sessions add column extra varchar(50) default 'from database'")
    overlay_for(models, engine, overlays).apply(
        OverlayPlan(additions={models.table: (sa.Column("extra", sa.String(50)),)})
    )
    with Session(engine) as session:
        session.add(S(title="new"))
        session.commit()
        values = [row.extra for row in session.scalars(select(S))]

    assert old.extra == "from database"
    assert values == ["from database"] * 3
    keeper.close()


def test_all_overlays_work_together_and_leave_nothing_behind(
    kind: str, engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind, "session_metadata")
    models = build_models(missing=True)
    statements = prebuilt(models, missing=True)
    columns = models.table.c
    overlay = overlay_for(models, engine, overlays)
    execute(engine, "alter table sessions add column extra varchar(50) default 'x'")
    plan = OverlayPlan(
        renames={columns.metadata: "session_metadata"},
        masks={columns.chat_session_id: Mask("sessions", "chat_session_id", "pending")},
        additions={models.table: (sa.Column("extra", sa.String(50)),)},
    )
    overlay.apply(plan)

    assert set(failures(play(engine, models, statements))) == FILTERS

    execute(engine, "alter table sessions add column chat_session_id varchar(50)")
    rename(engine, "session_metadata", "metadata")
    overlay.clear()

    assert failures(play(engine, models, statements)) == {}


def test_renamed_table_is_found_by_statements_built_before(
    kind: str, engine: sa.Engine, overlays: list[SchemaOverlay]
) -> None:
    create_tables(engine, kind)
    models = build_models()
    statements = prebuilt(models)
    execute(engine, "alter table sessions rename to user_sessions")
    overlay = overlay_for(models, engine, overlays)
    overlay.apply(OverlayPlan(tables={models.table: "user_sessions"}))

    assert failures(play(engine, models, statements)) == {}

    execute(engine, "alter table user_sessions rename to sessions")
    overlay.clear()

    assert failures(play(engine, models, statements)) == {}


def test_somebody_elses_compile_hook_survives_ours(overlays: list[SchemaOverlay]) -> None:
    from sqlalchemy.ext.compiler import compiles, deregister

    engine = sa.create_engine("sqlite://")
    create_tables(engine, "sqlite", "session_metadata")
    models = build_models()

    @compiles(sa.Column)
    def theirs(element: sa.Column, compiler: object, **kw: object) -> str:  # type: ignore[type-arg]
        return "/*theirs*/" + compiler.visit_column(element, **kw)  # type: ignore[attr-defined]

    try:
        overlay = overlay_for(models, engine, overlays)
        overlay.apply(OverlayPlan(renames={models.table.c.metadata: "session_metadata"}))
        overlay.clear()

        assert "/*theirs*/" in str(select(models.session.md))
    finally:
        deregister(sa.Column)
        engine.dispose()


def test_a_cached_statement_runs_the_same_code_under_an_overlay(
    tmp_path: Path, overlays: list[SchemaOverlay]
) -> None:
    """Counted in calls, because times on a shared machine prove nothing."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    create_tables(engine, "sqlite")
    models = build_models()
    table = models.session.__table__
    statements = [select(table), select(models.session).where(models.session.id == 1)]

    def calls(session: Session) -> list[int]:
        return [_count_calls(lambda s=s: session.execute(s).all()) for s in statements]

    with Session(engine) as session:
        without = calls(session)
        overlay = overlay_for(models, engine, overlays)
        overlay.apply(OverlayPlan(renames={table.c["title"]: "heading"}))
        connection = session.connection()
        connection.exec_driver_sql("alter table sessions rename column title to heading")
        under = calls(session)
    engine.dispose()

    assert under == without


def _count_calls(work: Callable[[], object]) -> int:
    for _ in range(3):
        work()
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted
