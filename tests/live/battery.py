"""The battery: 23 things an application does with a table, 14 plain and 9 built beforehand.

`FILTERS` names the operations that choose rows by the column the database lacks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, func, insert, select, union, update
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    configure_mappers,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

FILTERS = frozenset({"pre:where-missing", "pre:is-null", "pre:aliased-missing"})

CREATE = {
    "sqlite": "id integer primary key",
    "postgresql": "id serial primary key",
    "mariadb": "id int auto_increment primary key",
}


@dataclass
class Models:
    base: Any
    session: Any
    kid: Any

    @property
    def table(self) -> sa.Table:
        table: sa.Table = self.session.__table__
        return table


def build_models(column: str = "metadata", *, missing: bool = False, **options: Any) -> Models:
    """Fresh classes: `md` is mapped to `column`; with `missing` also chat_session_id."""

    class Base(DeclarativeBase):
        pass

    class Kid(Base):
        __tablename__ = "kids"
        id: Mapped[int] = mapped_column(primary_key=True)
        sid: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
        name: Mapped[str | None] = mapped_column(String(50))
        s: Mapped[Any] = relationship("S", back_populates="kids")

    fields: dict[str, Any] = {
        "__tablename__": "sessions",
        "__module__": __name__,
        "id": mapped_column(sa.Integer, primary_key=True),
        "title": mapped_column(String(50), nullable=True),
        "md": mapped_column(column, String(50), nullable=True, **options),
        "kids": relationship(Kid, back_populates="s"),
    }
    if missing:
        fields["chat"] = mapped_column("chat_session_id", String(50), default="python default")
    model = type("S", (Base,), fields)
    configure_mappers()
    return Models(Base, model, Kid)


def create_tables(engine: sa.Engine, kind: str, column: str = "metadata") -> None:
    """The database as the old revision left it, with two sessions and a kid."""
    execute(
        engine,
        f"create table sessions({CREATE[kind]}, title varchar(50), {column} varchar(50))",
        f"create table kids({CREATE[kind]}, sid int, name varchar(50))",
        "insert into sessions(title) values ('a')",
        "insert into sessions(title) values ('b')",
        "insert into kids(sid, name) values (1, 'k')",
    )


def execute(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def prebuilt(models: Models, *, missing: bool = False) -> dict[str, Any]:
    """Nine statements built once, before the schema moves."""
    S, K = models.session, models.kid
    alias = aliased(S)
    column = S.chat if missing else S.md
    sub, cte = select(S.id, column).subquery(), select(S.id, column).cte()
    common: dict[str, Any] = {
        "entity": select(S),
        "where": select(S).where(S.md == "x"),
        "sub": select(sub.c),
        "cte": select(list(cte.c)[1]),
        "from-sub": select(aliased(S, select(S).subquery())),
        "union": union(select(column), select(S.title)),
    }
    if missing:
        return common | {
            "where-missing": select(S).where(S.chat == "x"),
            "is-null": select(S).where(S.chat.is_(None)),
            "aliased-missing": select(alias).where(alias.chat == "x"),
        }
    core = select(column.property.columns[0]).subquery()
    return common | {
        "group": select(S.md, func.count()).group_by(S.md).order_by(S.md),
        "exists": select(S).where(select(K).where(K.name == alias.md).exists()),
        "core-sub": select(core).where(next(iter(core.c)) == "x"),
    }


def operations(models: Models, attr: str = "md") -> dict[str, Callable[[Session], object]]:
    """The fourteen plain operations on `attr`."""
    S, K, A = models.session, models.kid, getattr(models.session, attr)

    def insert_set(s: Session) -> None:
        row = S(title="n", **{attr: "v"})
        s.add(row)
        s.commit()
        assert getattr(row, attr) == "v"

    def insert_unset(s: Session) -> None:
        row = S(title="n")
        s.add(row)
        s.commit()
        assert row.id

    def update_attr(s: Session) -> None:
        row = s.get_one(S, 1)
        setattr(row, attr, "u")
        s.commit()
        assert s.execute(select(A).where(S.id == 1)).scalar_one() == "u"
        assert getattr(row, attr) == "u"

    def update_other(s: Session) -> None:
        s.get_one(S, 1).title = f"z{time.time()}"
        s.commit()

    def alias_where(s: Session) -> None:
        a = aliased(S)
        s.scalars(select(a).where(getattr(a, attr) == "x")).all()

    def bulk_insert(s: Session) -> None:
        s.execute(insert(S), [{"title": "q"}, {"title": "r"}])
        s.commit()

    def bulk_update(s: Session) -> None:
        s.execute(update(S).where(S.id == 1).values({attr: "w"}))
        s.commit()

    return {
        "entity": lambda s: s.scalars(select(S)).all(),
        "column": lambda s: s.execute(select(S.id, A)).all(),
        "where": lambda s: s.scalars(select(S).where(A == "x")).all(),
        "insert-unset": insert_unset,
        "insert-set": insert_set,
        "update": update_attr,
        "update-other": update_other,
        "refresh": lambda s: s.refresh(s.get_one(S, 1)),
        "joined": lambda s: s.scalars(select(K).options(joinedload(K.s))).all(),
        "selectin": lambda s: s.scalars(select(S).options(selectinload(S.kids))).all(),
        "aliased": alias_where,
        "core-table": lambda s: s.execute(select(models.table)).all(),
        "bulk-insert": bulk_insert,
        "bulk-update": bulk_update,
    }


def play(
    engine: sa.Engine, models: Models, statements: dict[str, Any], attr: str = "md"
) -> dict[str, Exception | None]:
    """Run all of it, each in a session of its own; the error or None by operation."""
    results: dict[str, Exception | None] = {}
    steps = dict(operations(models, attr))
    for name, statement in statements.items():
        steps[f"pre:{name}"] = lambda s, q=statement: s.execute(q).all()  # type: ignore[misc]
    for name, step in steps.items():
        try:
            with Session(engine) as session:
                step(session)
            results[name] = None
        except Exception as error:
            results[name] = error
    return results


def failures(results: dict[str, Exception | None]) -> dict[str, str]:
    """Only what failed, with the first line of why."""
    return {
        name: f"{type(error).__name__}: {str(error).splitlines()[0]}"
        for name, error in results.items()
        if error is not None
    }
