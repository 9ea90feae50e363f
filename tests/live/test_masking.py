from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select, union_all
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    joinedload,
    mapped_column,
)

from alembic_guard.errors import MaskedColumn
from alembic_guard.live.compiling import installed_hooks
from alembic_guard.live.masking import Mask
from alembic_guard.live.overlay import OverlayPlan, SchemaOverlay
from tests.live.battery import Models, build_models, create_tables

Build = Callable[[Any, Any], Any]


@pytest.fixture(name="models")
def _models(kind: str, engine: sa.Engine) -> Iterator[Models]:
    """Models whose `chat` is masked."""
    create_tables(engine, kind)
    models = build_models(missing=True)
    overlay = SchemaOverlay(lambda: models.base.registry.mappers, [engine])
    mask = Mask("sessions", "chat_session_id", "revision 1a2b is pending")
    overlay.apply(OverlayPlan(masks={models.table.c.chat_session_id: mask}))
    yield models
    overlay.clear()
    assert installed_hooks() == frozenset()


def _through_subquery(S: Any, K: Any) -> Any:
    sub = select(S.id, S.chat).subquery()
    return select(sub).where(sub.c.chat == "x")


def _through_cte(S: Any, K: Any) -> Any:
    cte = select(S.id, S.chat).cte()
    return select(K).join(cte, cte.c.chat == K.name)


def _through_union(S: Any, K: Any) -> Any:
    both = union_all(select(S.title), select(S.chat)).subquery()
    return select(both).order_by(both.c.title)


def _through_entity(S: Any, K: Any) -> Any:
    inner = aliased(S, select(S).limit(5).subquery())
    return select(inner).where(inner.chat.is_(None))


def _through_expression(S: Any, K: Any) -> Any:
    sub = select(S.id, func.coalesce(S.chat, "none").label("given")).subquery()
    return select(sub.c.id).where(sub.c.given == "none")


def _through_two_subqueries(S: Any, K: Any) -> Any:
    inner = select(S.id, S.chat.label("given")).subquery()
    outer = select(inner.c.given).subquery()
    return select(outer).group_by(outer.c.given)


def _by_label(S: Any, K: Any) -> Any:
    label = S.chat.label("given")
    return select(S.id, label).order_by(label)


def _chat(S: Any) -> Any:
    return select(S.chat).where(S.id == 1).scalar_subquery()


def _by_subquery_of_subquery(S: Any, K: Any) -> Any:
    inner = select(S.id, func.coalesce(S.chat, "none").label("given")).subquery()
    return select(K).where(K.name == select(inner.c.given).scalar_subquery())


DECISIONS: dict[str, Build] = {
    "in": lambda S, K: select(K).where(K.name.in_(select(S.chat))),
    "not in": lambda S, K: select(K).where(K.name.not_in(select(S.chat))),
    "in a union": lambda S, K: select(K).where(
        K.name.in_(union_all(select(S.title), select(S.chat)))
    ),
    "in a CTE": lambda S, K: select(K).where(K.name.in_(select(select(S.chat).cte().c.chat))),
    "equal to a subquery": lambda S, K: select(K).where(K.name == _chat(S)),
    "subquery of a subquery": _by_subquery_of_subquery,
    "ordered by a subquery": lambda S, K: select(K).order_by(_chat(S)),
    "grouped by a subquery": lambda S, K: select(func.max(K.id)).group_by(_chat(S)),
    "having": lambda S, K: select(K.sid).group_by(K.sid).having(func.max(K.name) > _chat(S)),
    "joined by a subquery": lambda S, K: select(K).join(S, K.name == _chat(S)),
    "delete": lambda S, K: sa.delete(K).where(K.name.in_(select(S.chat))),
    "update": lambda S, K: sa.update(K).where(K.name == _chat(S)).values(name="x"),
    "intersect": lambda S, K: sa.intersect(select(K.name), select(S.chat)),
    "except": lambda S, K: sa.except_(select(K.name), select(S.chat)),
    "exists of a subquery": lambda S, K: select(K).where(
        select(S).where(S.title.in_(select(aliased(S).chat))).exists()
    ),
    "subquery": _through_subquery,
    "cte": _through_cte,
    "union": _through_union,
    "entity": _through_entity,
    "expression": _through_expression,
    "two subqueries": _through_two_subqueries,
    "label": _by_label,
    "label by name": lambda S, K: select(S.id, S.chat.label("given")).order_by("given"),
    "label of an expression": lambda S, K: select(func.lower(S.chat).label("l")).order_by("l"),
    "union by name": lambda S, K: union_all(select(S.chat), select(S.title)).order_by("chat"),
    "partition": lambda S, K: select(func.count().over(partition_by=S.chat)),
    "window": lambda S, K: select(func.row_number().over(order_by=S.chat.desc())),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_masked_column_decides_nothing_however_it_comes_there(
    name: str, models: Models, engine: sa.Engine
) -> None:
    statement = DECISIONS[name](models.session, models.kid)
    statement = statement.execution_options(synchronize_session=False)
    with Session(engine) as session, pytest.raises(MaskedColumn, match=r"chat_session_id.*1a2b"):
        session.execute(statement)


def _reads(S: Any, K: Any) -> dict[str, Any]:
    sub = select(S.id, S.chat).subquery()
    both = union_all(select(S.id, S.chat), select(S.id, S.title)).subquery()
    return {
        "subquery": select(sub).where(sub.c.id > 0).order_by(sub.c.id),
        "union": select(both).where(both.c.id > 0),
        "entity": select(aliased(S, select(S).limit(5).subquery())),
        "expression": select(func.coalesce(S.chat, S.title).label("given")).order_by(S.id),
        "window": select(func.max(S.chat).over(partition_by=S.title, order_by=S.id)),
        "other label": select(S.title.label("t"), S.chat).order_by("t"),
        "count": select(func.count(S.chat)),
        "scalar": select(K.id, select(S.chat).where(S.id == K.sid).scalar_subquery()),
        "exists": select(K.id).where(select(S).where(S.id == K.sid).exists()),
        "another column": select(K.id).where(K.sid.in_(select(select(S).subquery().c.id))),
        "limited": select(S).options(joinedload(S.kids)).order_by(S.title).limit(1),
    }


def test_a_masked_column_is_read_wherever_it_decides_nothing(
    models: Models, engine: sa.Engine
) -> None:
    with Session(engine) as session:
        for name, statement in _reads(models.session, models.kid).items():
            assert session.execute(statement).unique().all(), name


def _distinct_on(statement: Any, column: Any) -> Any:
    """SQLAlchemy 2.1 deprecates the way of 2.0."""
    extension = getattr(postgresql, "distinct_on", None)
    return statement.ext(extension(column)) if extension else statement.distinct(column)


AGGREGATES: dict[str, Build] = {
    "filter": lambda S, K: select(func.count(S.id).filter(S.chat == "x")),
    "within group": lambda S, K: select(func.mode().within_group(S.chat)),
    "aggregate order": lambda S, K: select(
        func.array_agg(postgresql.aggregate_order_by(S.title, S.chat))
    ),
    "distinct on": lambda S, K: _distinct_on(select(S.id), S.chat),
}


@pytest.mark.parametrize("name", AGGREGATES)
@pytest.mark.parametrize("kind", ["postgresql"])
def test_an_aggregate_is_not_filtered_or_sorted_by_a_masked_column(
    name: str, models: Models, engine: sa.Engine
) -> None:
    statement = AGGREGATES[name](models.session, models.kid)
    with Session(engine) as session, pytest.raises(MaskedColumn, match="chat_session_id"):
        session.execute(statement)


def _upsert(kind: str, S: Any, values: dict[Any, Any]) -> Any:
    if kind == "mariadb":
        return mysql.insert(S).values(id=1, title="u").on_duplicate_key_update(values)
    insert = sqlite.insert if kind == "sqlite" else postgresql.insert
    return (
        insert(S).values(id=1, title="u").on_conflict_do_update(index_elements=["id"], set_=values)
    )


def test_an_upsert_says_which_masked_column_it_writes(
    kind: str, models: Models, engine: sa.Engine
) -> None:
    S = models.session
    with Session(engine) as session, pytest.raises(MaskedColumn, match="writes a value"):
        session.execute(_upsert(kind, S, {"chat_session_id": "x"}))

    with Session(engine) as session:
        session.execute(_upsert(kind, S, {"title": "new"}))

        assert session.get_one(S, 1).title == "new"


def test_an_insert_from_select_says_which_masked_column_it_writes(
    models: Models, engine: sa.Engine
) -> None:
    S = models.session
    statement = sa.insert(S).from_select(["title", "chat_session_id"], select(S.title, S.title))
    with Session(engine) as session, pytest.raises(MaskedColumn, match="writes a value"):
        session.execute(statement)


def _stored_by_update(S: Any, K: Any) -> Any:
    read = select(S.chat).where(S.id == K.sid).scalar_subquery()
    return sa.update(K).values(name=read).execution_options(synchronize_session=False)


def _stored_in_a_function(S: Any, K: Any) -> Any:
    inner = select(S.id, func.coalesce(S.chat, S.title).label("given")).subquery()
    read = select(inner.c.given).where(inner.c.id == 1).scalar_subquery()
    return sa.update(K).values({K.name: read}).execution_options(synchronize_session=False)


STORED: dict[str, Build] = {
    "update": _stored_by_update,
    "a function of a subquery": _stored_in_a_function,
    "insert from select": lambda S, K: sa.insert(K).from_select(["name"], select(S.chat)),
    "insert from union": lambda S, K: sa.insert(K).from_select(
        ["name"], union_all(select(S.title), select(S.chat))
    ),
    "insert values": lambda S, K: sa.insert(K).values(
        name=select(S.chat).where(S.id == 1).scalar_subquery()
    ),
}


@pytest.mark.parametrize("name", STORED)
def test_what_a_masked_column_reads_as_is_not_stored(
    name: str, models: Models, engine: sa.Engine
) -> None:
    statement = STORED[name](models.session, models.kid)
    with Session(engine) as session, pytest.raises(MaskedColumn, match="stores what is read"):
        session.execute(statement)
    with Session(engine) as session:
        assert session.scalars(select(models.kid.name)).all() == ["k"]


def test_an_entity_with_a_masked_column_may_choose_what_is_stored(
    models: Models, engine: sa.Engine
) -> None:
    S, K = models.session, models.kid
    title = select(S.title).where(S.id == K.sid).scalar_subquery()
    is_there = select(S).where(S.id == K.sid).exists()
    update = sa.update(K).values(name=sa.case((is_there, title), else_="none"))
    with Session(engine) as session:
        session.execute(update.execution_options(synchronize_session=False))

        assert session.scalars(select(K.name)).all() == ["a"]


@pytest.fixture(name="heirs")
def _heirs(kind: str, engine: sa.Engine) -> Iterator[Any]:
    """A subclass with a table of its own, whose parent's table lacks `chat`."""

    class Base(DeclarativeBase):
        pass

    class Record(Base):
        __tablename__ = "records"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str] = mapped_column(sa.String(9))
        chat: Mapped[str | None] = mapped_column("chat_session_id", sa.String(50))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "record"}

    class Heir(Record):
        __tablename__ = "heirs"
        id: Mapped[int] = mapped_column(sa.ForeignKey("records.id"), primary_key=True)
        title: Mapped[str | None] = mapped_column(sa.String(50))
        __mapper_args__ = {"polymorphic_identity": "heir"}

    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("alter table records drop column chat_session_id")
        connection.exec_driver_sql("insert into records(id, kind) values (1, 'heir')")
        connection.exec_driver_sql("insert into heirs(id, title) values (1, 'a')")
    overlay = SchemaOverlay(lambda: Base.registry.mappers, [engine])
    mask = Mask("records", "chat_session_id", "revision 1a2b is pending")
    overlay.apply(OverlayPlan(masks={Record.__table__.c.chat_session_id: mask}))
    yield Heir
    overlay.clear()


BULK: dict[str, Callable[[Session, Any], object]] = {
    "insert": lambda s, Heir: s.execute(sa.insert(Heir), [{"id": 2, "title": "b", "chat": "x"}]),
    "update": lambda s, Heir: s.execute(sa.update(Heir), [{"id": 1, "chat": "x"}]),
    "mappings": lambda s, Heir: s.bulk_insert_mappings(Heir, [{"id": 2, "chat": "x"}]),
}


@pytest.mark.parametrize("name", BULK)
def test_a_bulk_write_to_the_parents_table_names_the_masked_column(
    name: str, heirs: Any, engine: sa.Engine
) -> None:
    with Session(engine) as session, pytest.raises(MaskedColumn, match=r"chat_session_id.*1a2b"):
        BULK[name](session, heirs)


def test_a_bulk_write_that_leaves_the_masked_column_alone_is_done(
    heirs: Any, engine: sa.Engine
) -> None:
    with Session(engine) as session:
        session.execute(sa.insert(heirs), [{"id": 2, "title": "b"}])
        session.execute(sa.update(heirs), [{"id": 1, "title": "c"}])
        found = session.execute(select(heirs.title, heirs.chat).order_by(heirs.id)).all()

        assert [tuple(row) for row in found] == [("c", None), ("b", None)]
