"""Reserved names as the running interpreter sees them: imports, mappers, the user's Base."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from alembic_guard.errors import GuardError, ReservedNames
from alembic_guard.reserved.mapping import LostColumn, lost_columns, watch_mappings
from alembic_guard.reserved.runtime import (
    base_hazards,
    dangerous_names,
    explain_import_errors,
    load_metadata,
    mapped_findings,
)
from tests.reserved.source_cases import SA_21


@pytest.fixture(name="package")
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package `story_app` whose modules the test writes."""
    folder = tmp_path / "story_app"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "story_app"]:
        del sys.modules[name]


def _write(package: Path, name: str, text: str) -> None:
    (package / f"{name}.py").write_text(textwrap.dedent(text))


MODELS = """\
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    class Base(DeclarativeBase):
        pass
    class Session(Base):
        __tablename__ = "sessions"
        id: Mapped[int] = mapped_column(primary_key=True)
        metadata_: Mapped[str] = mapped_column("metadata")
    """


@pytest.mark.parametrize(
    "target", ["story_app.models:Base", "story_app.models:Base.metadata", "story_app.models",
               "story_app.models:Base.registry"],
)  # fmt: skip
def test_metadata_is_loaded(package: Path, target: str) -> None:
    _write(package, "models", MODELS)

    assert list(load_metadata(target).tables) == ["sessions"]


def test_a_missing_target_is_named(package: Path) -> None:
    _write(package, "models", MODELS)

    with pytest.raises(GuardError, match=r"story_app\.models:Nope"):
        load_metadata("story_app.models:Nope")


@pytest.mark.skipif(SA_21, reason="SQLAlchemy 2.1 only warns")
def test_an_import_that_dies_of_metadata_is_explained(package: Path) -> None:
    _write(package, "models", MODELS.replace("metadata_: Mapped[str] = mapped_column(\"metadata\")",
                                             "metadata: Mapped[str]"))  # fmt: skip

    with pytest.raises(ReservedNames, match=r"models\.py:7.*\n.*session_metadata") as caught:
        load_metadata("story_app.models:Base")
    assert caught.value.findings[0].code == "GRD001"
    assert isinstance(caught.value.__cause__, sa.exc.InvalidRequestError)


@pytest.mark.skipif(SA_21, reason="SQLAlchemy 2.1 only warns")
def test_the_culprit_may_be_a_mixin_in_another_file(package: Path) -> None:
    _write(package, "mixins", """\
        from sqlalchemy.orm import Mapped, mapped_column
        class Annotated:
            metadata: Mapped[str] = mapped_column()
        """)  # fmt: skip
    text = MODELS.replace("(Base):", "(Annotated, Base):")
    _write(package, "models", "from story_app.mixins import Annotated\n" + textwrap.dedent(text))

    with pytest.raises(ReservedNames, match=r"mixins\.py:3"):
        load_metadata("story_app.models:Base")


def test_obscure_errors_are_explained_too(package: Path) -> None:
    """'MappedColumn' object has no attribute ... says nothing; the class statement does."""
    _write(package, "models", MODELS.replace("metadata_:", "_sa_registry: Mapped[int] = "
                                             "mapped_column()\n        metadata_:"))  # fmt: skip

    with pytest.raises(ReservedNames, match="_sa_registry"):
        load_metadata("story_app.models:Base")


@pytest.mark.parametrize("line", ["import no_such_module", "1 / 0", "undefined_name"])
def test_other_errors_pass_unchanged(package: Path, line: str) -> None:
    _write(package, "models", f"{line}\n{textwrap.dedent(MODELS)}")

    with pytest.raises((ImportError, ZeroDivisionError, NameError)):
        load_metadata("story_app.models:Base")


def test_a_lost_mixin_column_stops_loading(package: Path) -> None:
    text = MODELS.replace("    class Session(Base)", "    class M:\n        registry: Mapped[str]\n"
                          "    class Session(M, Base)")  # fmt: skip
    _write(package, "models", text)

    with pytest.raises(ReservedNames, match=r"Session is mapped without M\.registry"):
        load_metadata("story_app.models:Base")


def test_mappers_are_watched_while_they_are_made() -> None:
    seen: list[LostColumn] = []
    with watch_mappings(seen.append):

        class Base(DeclarativeBase):
            def to_dict(self) -> dict[str, object]:
                return dict(vars(self))

        class Mixin:
            to_dict: Mapped[str]
            fine: Mapped[str]

        class Late:
            metadata = mapped_column(sa.String)

        class Model(Mixin, Base, Late):
            __tablename__ = "model"
            id: Mapped[int] = mapped_column(primary_key=True)
            __hidden__ = mapped_column(sa.String)

    assert {item.name for item in seen} == {"to_dict", "metadata", "__hidden__"}
    assert Model.__table__.c.keys() == ["id", "fine"]
    assert [item.objects for item in mapped_findings(Base)] == [
        ("Model", item.name) for item in lost_columns(sa.inspect(Model))
    ]


def test_a_model_may_take_a_mixin_column_back() -> None:
    class Base(DeclarativeBase):
        pass

    class Mixin:
        note: Mapped[str]

    class Model(Mixin, Base):
        __tablename__ = "model"
        id: Mapped[int] = mapped_column(primary_key=True)
        note = None  # type: ignore[assignment]  # Declarative's way to leave it out

    assert list(lost_columns(sa.inspect(Model))) == []


def test_ordinary_hierarchies_lose_nothing() -> None:
    class Base(DeclarativeBase):
        pass

    class Stamped:
        created: Mapped[int]

    class Parent(Stamped, Base):
        __tablename__ = "parent"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind"}

    class Joined(Parent):
        __tablename__ = "joined"
        id: Mapped[int] = mapped_column(sa.ForeignKey("parent.id"), primary_key=True)
        __mapper_args__ = {"polymorphic_identity": "joined"}

    class Single(Parent):
        extra: Mapped[str | None] = mapped_column(sa.String)
        __mapper_args__ = {"polymorphic_identity": "single"}

    assert mapped_findings(Base) == []


def test_dangerous_names_are_computed_from_the_base() -> None:
    class Audited:
        def history(self) -> list[str]:
            return [repr(self)]

    class Base(Audited, DeclarativeBase):
        type_annotation_map = {str: sa.String(20)}

        @property
        def label(self) -> str:
            return repr(self)

    found = dangerous_names(Base)

    assert {"metadata", "registry", "history", "label"} <= set(found)
    assert "name" not in found
    assert base_hazards(Base, "history")[0].rule.code == "GRD005"
    assert "Audited.history" in base_hazards(Base, "history")[0].effect
    assert base_hazards(Base, "metadata")[0].severity == "error"


def test_the_base_of_a_framework_brings_its_own_names() -> None:
    flask_sqlalchemy = pytest.importorskip("flask_sqlalchemy")
    db = flask_sqlalchemy.SQLAlchemy()

    assert {"query", "query_class", "metadata"} <= set(dangerous_names(db.Model))
    assert "session" not in dangerous_names(db.Model)


def test_the_context_manager_works_around_any_import(package: Path) -> None:
    _write(package, "models", MODELS)
    with explain_import_errors():
        import story_app.models  # type: ignore[import-not-found]  # written above

    assert isinstance(story_app.models.Base.registry, registry)
