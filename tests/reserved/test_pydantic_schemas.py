"""Plain Pydantic classes: what Pydantic 1 and 2 do with a field's name, and what we report."""

from __future__ import annotations

import warnings

import pytest

from alembic_guard.reserved.words import attribute_words
from tests.reserved.source_cases import scan_source

pydantic = pytest.importorskip("pydantic")

VERSION_2 = "from pydantic import BaseModel, ConfigDict, Field, PrivateAttr\nfrom typing import *\n"
VERSION_1 = "from pydantic.v1 import BaseModel, Field\nfrom typing import *\n"

FIELDS = [
    "id: int",
    "metadata: int",
    "model_id: int",
    "fields: int",
    "sqlmodel_update: int",
    "_private: int = 1",
    "_private: int",
    "_private: int = PrivateAttr(1)",
    "_private: int = Field(1)",
    "json: str",
    'json: str = Field(alias="x")',
    "json: ClassVar[str] = ''",
    "copy: bool = False",
    "model_dump: str",
    "model_config: ConfigDict = ConfigDict()",
    "model_config: dict",
    "model_config: dict = Field({})",
]


def _effect(prelude: str, field: str) -> str | None:
    """What a developer sees of it at import: an error, a warning or nothing."""
    source = f"{prelude}class Schema(BaseModel):\n    {field}\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(source, "schema.py", "exec"), {"__name__": "schema"})
        except Exception:
            return "error"
    return "warning" if caught else None


def _reported(prelude: str, field: str) -> list[tuple[str, str]]:
    source = f"class Schema(BaseModel):\n    {field}\n"
    return [(item.code, item.severity) for item in scan_source(source, prelude=prelude)]


@pytest.mark.parametrize("field", FIELDS)
def test_what_pydantic_2_says_is_what_we_say(field: str) -> None:
    effect = _effect(VERSION_2, field)

    assert _reported(VERSION_2, field) == ([("GRD010", effect)] if effect else [])


def _words() -> list[str]:
    items = (item for found in attribute_words().values() for item in found)
    return [item.word for item in items if item.family == "pydantic"]


@pytest.mark.parametrize("word", [word for word in _words() if word != "sqlmodel_update"])
def test_every_word_of_the_list_holds_without_sqlmodel(word: str) -> None:
    effect = _effect(VERSION_2, f"{word}: str")

    assert effect is not None
    assert _reported(VERSION_2, f"{word}: str") == [("GRD010", effect)]


@pytest.mark.parametrize("word", _words())
def test_pydantic_1_refuses_what_its_base_has(word: str) -> None:
    effect = _effect(VERSION_1, f"{word}: str")

    assert _reported(VERSION_1, f"{word}: str") == ([("GRD010", effect)] if effect else [])


def test_pydantic_1_loses_underscore_fields_in_silence() -> None:
    namespace: dict[str, type] = {"__name__": "schema"}  # type: ignore[dict-item]  # a module's name
    exec(f"{VERSION_1}class Schema(BaseModel):\n    _x: int = Field(1)\n", namespace)

    assert list(namespace["Schema"].__fields__) == []  # type: ignore[attr-defined]  # Pydantic 1
    assert _reported(VERSION_1, "_x: int = Field(1)") == [("GRD010", "warning")]


def test_the_advice_keeps_the_json() -> None:
    source = "class Schema(BaseModel):\n    json: str\n"
    (finding,) = scan_source(source, prelude=VERSION_2)

    assert 'json_data: ... = Field(alias="json")' in finding.help
    assert "mapped_column" not in finding.help


SQLMODEL = """\
from sqlmodel import Field, SQLModel
"""


@pytest.mark.parametrize(
    ("field", "codes"),
    [("json: str", ["GRD010"]), ("sqlmodel_update: str", ["GRD010"]), ("metadata: str", [])],
)
def test_a_sqlmodel_class_without_a_table_is_a_schema(field: str, codes: list[str]) -> None:
    source = f"class HeroRead(SQLModel):\n    {field}\n"
    found = scan_source(source, prelude=SQLMODEL)

    assert [item.code for item in found] == codes
    assert all("Field(alias=" in item.help for item in found)


@pytest.mark.parametrize("field", ["_note: str = ''", "model_config: dict = {'title': 'x'}"])
def test_private_attributes_and_configuration_of_sqlmodel_are_no_columns(field: str) -> None:
    sqlmodel = pytest.importorskip("sqlmodel")
    registry = "class Base(SQLModel, registry=__import__('sqlalchemy').orm.registry()):\n    pass\n"
    source = f"class Hero(Base, table=True):\n    id: int = Field(primary_key=True)\n    {field}\n"
    namespace = {"__name__": "heroes"}
    exec(SQLMODEL + registry + source, namespace)
    hero = namespace["Hero"]

    assert issubclass(hero, sqlmodel.SQLModel)  # type: ignore[arg-type]  # a class
    assert list(hero.__table__.columns.keys()) == ["id"]  # type: ignore[attr-defined]  # a model
    assert scan_source(source, prelude=SQLMODEL + registry) == []
