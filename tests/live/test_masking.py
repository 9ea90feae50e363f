from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select, union_all
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Session, aliased, joinedload

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


DECISIONS: dict[str, Build] = {
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
    with Session(engine) as session, pytest.raises(MaskedColumn, match=r"chat_session_id.*1a2b"):
        session.execute(statement)


def _reads(S: Any) -> dict[str, Any]:
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
        "limited": select(S).options(joinedload(S.kids)).order_by(S.title).limit(1),
    }


def test_a_masked_column_is_read_wherever_it_decides_nothing(
    models: Models, engine: sa.Engine
) -> None:
    with Session(engine) as session:
        for name, statement in _reads(models.session).items():
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
