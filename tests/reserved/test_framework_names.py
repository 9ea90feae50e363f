"""SQLModel, Pydantic, Flask-SQLAlchemy, Row and column collections: live, and as reported."""

from __future__ import annotations

import keyword
import warnings
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Row

from alembic_guard.reserved.names import attribute_hazards, hazards
from alembic_guard.reserved.words import attribute_words
from tests.reserved.source_cases import SA_21, run_source, scan_source, serious_codes

SQLMODEL = """\
from typing import Optional
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel
class Base(SQLModel, registry=registry()):
    pass
"""
TABLE = """\
class F(Base, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    NAME: Optional[str] = Field(default=None)
"""
FLASK = """\
import flask, sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
"""


def _pydantic(severity: str) -> list[str]:
    words = [item for items in attribute_words().values() for item in items]
    return sorted(
        item.word for item in words if (item.family, item.severity) == ("pydantic", severity)
    )


@pytest.mark.parametrize("name", [*_pydantic("error"), "_private"])
def test_pydantic_refuses(name: str) -> None:
    pytest.importorskip("sqlmodel")
    source = TABLE.replace("NAME", name)

    assert run_source(source, prelude=SQLMODEL).word == "refused"
    assert serious_codes(source, prelude=SQLMODEL) == ["GRD010"]


@pytest.mark.parametrize("name", _pydantic("warning"))
def test_pydantic_warns_of_shadowing(name: str) -> None:
    pytest.importorskip("sqlmodel")
    source = TABLE.replace("NAME", name)
    outcome = run_source(source, prelude=SQLMODEL)

    assert outcome.word == "warned"
    assert name in outcome.columns
    assert "GRD010" in serious_codes(source, prelude=SQLMODEL)


@pytest.mark.parametrize("name", ["model_name", "model_id", "fields", "self", "query", "title"])
def test_harmless_in_sqlmodel(name: str) -> None:
    pytest.importorskip("sqlmodel")
    source = TABLE.replace("NAME", name)

    assert run_source(source, prelude=SQLMODEL).word == "silent"
    assert serious_codes(source, prelude=SQLMODEL) == []


def test_metadata_in_sqlmodel() -> None:
    pytest.importorskip("sqlmodel")
    source = TABLE.replace("NAME", "metadata")

    assert run_source(source, prelude=SQLMODEL).word == ("warned" if SA_21 else "refused")
    assert serious_codes(source, prelude=SQLMODEL) == ["GRD001"]


@pytest.mark.parametrize(
    ("name", "codes"),
    [("query", ["GRD020"]), ("query_class", ["GRD020"]), ("session", []), ("metadata", ["GRD001"])],
)
def test_flask_sqlalchemy(name: str, codes: list[str]) -> None:
    """`query` is taken without a word and Model.query is dead; `session` is nobody's."""
    pytest.importorskip("flask_sqlalchemy")
    source = (
        "class F(db.Model):\n    id = db.Column(sa.Integer, primary_key=True)\n"
        f"    {name} = db.Column(sa.String)\n"
    )
    outcome = run_source(source, prelude=FLASK)

    assert outcome.word == ("refused" if name == "metadata" else "silent"), outcome
    assert serious_codes(source, prelude=FLASK) == codes


def test_flask_query_is_dead_afterwards() -> None:
    flask_sqlalchemy = pytest.importorskip("flask_sqlalchemy")
    db = flask_sqlalchemy.SQLAlchemy()
    namespace = {"id": db.Column(sa.Integer, primary_key=True), "query": db.Column(sa.String)}
    model = type("Dead", (db.Model,), namespace)

    assert not hasattr(model.query, "filter_by")


def _family(family: str) -> list[str]:
    words = [item for items in attribute_words().values() for item in items]
    return sorted(item.word for item in words if item.family == family)


@pytest.fixture(name="connection")
def _connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("name", _family("row"))
def test_rows_do_not_give_this_column(connection: sa.Connection, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = connection.execute(sa.text(f'SELECT 7 AS "{name}"')).one()

        assert getattr(row, name) != 7
        assert row._mapping[name] == 7
    assert [item.severity for item in hazards(name) if item.family == "row"] == ["warning"]


def test_no_other_row_attribute_hides_a_column(connection: sa.Connection) -> None:
    """The list is complete for the installed SQLAlchemy, its private helpers aside."""
    listed = {*_family("row"), "count", "index"}
    public = {name for name in dir(Row) if not name.startswith("_")}

    assert public <= listed
    row = connection.execute(sa.text('SELECT 7 AS "count", 8 AS "index", 9 AS "keys"')).one()

    assert (row.count, row.index, row.keys) == (7, 8, 9)


@pytest.mark.parametrize("name", _family("collection"))
def test_column_collections_do_not_give_this_column(name: str) -> None:
    table = sa.table("t", sa.column(name))

    assert callable(getattr(table.c, name))
    assert not isinstance(getattr(table.c, name), sa.ColumnElement)
    assert table.c[name].name == name
    assert [item.severity for item in hazards(name) if item.family == "collection"] == ["warning"]


def test_the_collection_list_is_complete() -> None:
    names = {name for name in dir(sa.sql.ColumnCollection) if not name.startswith("_")}

    assert names <= set(_family("collection")) | {"add", "clear", "remove", "update", "extend",
                                                  "as_readonly", "contains_column"}  # fmt: skip


@pytest.mark.parametrize("name", [*keyword.kwlist, "match", "case", "_"])
def test_python_keywords_are_noted(name: str) -> None:
    source = f"class F(Base):\n    __tablename__ = 'f'\n    x = mapped_column({name!r}, String)\n"
    if keyword.iskeyword(name):
        with pytest.raises(SyntaxError):
            compile(f"row.{name}", "case", "eval")
    found = [item for item in scan_source(source) if item.code == "GRD040"]

    assert [item.severity for item in found] == ["note"]


def test_hazards_of_an_attribute_name_its_owner() -> None:
    (hazard,) = attribute_hazards("query", owner="Article", families=("flask",))

    assert "Article.query.filter" in hazard.effect
