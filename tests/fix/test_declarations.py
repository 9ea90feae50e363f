"""The declaration itself, both ways, and what belongs to it in the class body."""

from __future__ import annotations

import pytest

from tests.fix.project import MODELS, plan, rewritten_models

BODY = MODELS.partition("    metadata: Mapped")[0] + "    {}\n"

DECLARATIONS = [
    ("metadata: Mapped[str]",
     "session_metadata: Mapped[str]",
     'session_metadata: Mapped[str] = mapped_column("metadata")'),
    ("metadata: Mapped[str] = mapped_column()",
     "session_metadata: Mapped[str] = mapped_column()",
     'session_metadata: Mapped[str] = mapped_column("metadata")'),
    ("metadata = Column(JSON, nullable=True)  # why",
     "session_metadata = Column(JSON, nullable=True)  # why",
     'session_metadata = Column("metadata", JSON, nullable=True)  # why'),
    ("metadata = Column('metadata', JSON)",
     "session_metadata = Column('session_metadata', JSON)",
     "session_metadata = Column('metadata', JSON)"),
    ('metadata = mapped_column("meta_json", JSON)',
     'session_metadata = mapped_column("meta_json", JSON)',
     'session_metadata = mapped_column("meta_json", JSON)'),
    ("metadata: Mapped[Any] = mapped_column(\n        JSON,\n        default=dict,\n    )",
     "session_metadata: Mapped[Any] = mapped_column(\n        JSON,\n        default=dict,\n    )",
     ('session_metadata: Mapped[Any] = mapped_column("metadata", \n        JSON,\n'
     "        default=dict,\n    )")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "renamed", "kept"), DECLARATIONS, ids=[d[0][:40] for d in DECLARATIONS]
)
def test_a_declaration_is_rewritten_both_ways(before: str, renamed: str, kept: str) -> None:
    models = BODY.format(before)

    assert rewritten_models(models) == BODY.format(renamed)
    assert rewritten_models(models, keep_column=True) == BODY.format(kept)


def test_table_arguments_follow_the_column() -> None:
    extra = (
        "    metadata: Mapped[str]\n    __table_args__ = (\n"
        '        Index("metadata", "metadata"), UniqueConstraint("id", "metadata"),\n    )\n'
        '    @validates("metadata")\n    def check(self, key, value):\n        return self.metadata\n'
    )
    after = rewritten_models(BODY.format("").rstrip() + "\n" + extra)

    assert 'Index("metadata", "session_metadata")' in after
    assert 'UniqueConstraint("id", "session_metadata")' in after
    assert '@validates("session_metadata")' in after
    assert "return self.session_metadata" in after


def test_names_used_in_the_class_body_follow() -> None:
    after = rewritten_models(
        BODY.format("metadata = Column(JSON)\n    __table_args__ = (Index('ix', metadata),)")
    )

    assert "Index('ix', session_metadata)" in after


def test_relationship_strings_follow() -> None:
    models = MODELS.replace(
        "session: Mapped[SessionRecord] = relationship()",
        'session: Mapped[SessionRecord] = relationship(primaryjoin="Event.id == SessionRecord.metadata")',
    )

    assert '"Event.id == SessionRecord.session_metadata"' in rewritten_models(models)


def test_a_mixin_column_is_renamed_for_all_who_use_it() -> None:
    models = MODELS.partition("class SessionRecord")[0] + (
        "class Annotated:\n    metadata: Mapped[str]\n\n"
        "class A(Annotated, Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\n"
        "class B(Annotated, Base):\n    __tablename__ = 'b'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\n"
        "def f(a: A, b: B):\n    return a.metadata, b.metadata\n"
    )
    after = rewritten_models(models)

    assert "    meta_data: Mapped[str]\n" in after
    assert "return a.meta_data, b.meta_data" in after


def test_a_half_fix_is_renamed_without_touching_the_column() -> None:
    models = BODY.format(
        'metadata_ = mapped_column("metadata", JSON)\n'
        "    @property\n    def metadata(self):\n        return self.metadata_\n"
        "    @metadata.setter\n    def metadata(self, value):\n        self.metadata_ = value"
    )
    after = rewritten_models(models)

    assert "    def session_metadata(self):" in after
    assert "@session_metadata.setter" in after
    assert 'metadata_ = mapped_column("metadata", JSON)' in after


def test_a_missing_import_is_added() -> None:
    models = MODELS.replace("mapped_column, ", "").replace(
        "metadata: Mapped[Optional[dict[str, Any]]] = mapped_column(JSON)", "metadata: Mapped[str]"
    )
    after = rewritten_models(models.replace("id: Mapped[int] = mapped_column(primary_key=True)", "id: Mapped[int]"),
                             keep_column=True)  # fmt: skip

    assert "relationship, validates, mapped_column\n" in after


def test_a_named_attribute_and_name_are_taken_as_given() -> None:
    after = rewritten_models(MODELS, "SessionRecord.metadata:extra")

    assert "    extra: Mapped[Optional[dict[str, Any]]] = mapped_column(JSON)\n" in after


def test_a_model_renamed_by_hand_gets_its_uses_rewritten() -> None:
    models = MODELS.replace("    metadata: Mapped[Opt", "    extra: Mapped[Opt")
    outcome = plan(
        {"app/use.py": "from app.models import SessionRecord\nx = SessionRecord().metadata\n"},
        "SessionRecord.metadata:extra",
        models=models,
    )

    assert outcome.changed["app/use.py"].endswith("x = SessionRecord().extra\n")


def test_a_mirroring_schema_keeps_its_public_field() -> None:
    pydantic = pytest.importorskip("pydantic")
    schema = (
        "from typing import Any\nfrom pydantic import BaseModel, ConfigDict\n\n"
        "class Out(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    metadata: Any = None\n"
    )
    outcome = plan({"app/schemas.py": schema})
    namespace: dict[str, object] = {}
    code = compile(outcome.changed["app/schemas.py"], "schemas.py", "exec", dont_inherit=True)
    exec(code, namespace)
    out = namespace["Out"]

    class Record:
        id = 1
        session_metadata = {"a": 1}

    assert isinstance(out, type)
    assert issubclass(out, pydantic.BaseModel)
    assert out.model_validate(Record()).model_dump() == {"id": 1, "metadata": {"a": 1}}  # type: ignore[attr-defined]  # a model
    assert out(id=1, metadata=2).metadata == 2  # type: ignore[attr-defined]  # a model


def test_a_mirroring_schema_of_pydantic_1_is_listed_with_what_to_do() -> None:
    """The advice is what works: filled from the new attribute, the same JSON in both directions."""
    pydantic = pytest.importorskip("pydantic.v1")
    schema = (
        "from typing import Any\nfrom pydantic.v1 import BaseModel\n\n"
        "class Out(BaseModel):\n    id: int\n    metadata: Any = None\n\n"
        "    class Config:\n        orm_mode = True\n"
    )
    outcome = plan({"app/schemas.py": schema})
    (listed,) = [item for item in outcome.listed if item.path == "app/schemas.py"]

    assert "app/schemas.py" not in outcome.changed
    assert listed.probable
    assert "give it that alias and allow_population_by_field_name" in listed.reason

    class Out(pydantic.BaseModel):  # type: ignore[name-defined,misc]  # a module found at run time
        id: int
        metadata: object = pydantic.Field(None, alias="session_metadata")

        class Config:
            orm_mode = True
            allow_population_by_field_name = True

    class Record:
        id = 1
        session_metadata = 2

    assert Out.from_orm(Record()).dict() == Out(id=1, metadata=2).dict() == {"id": 1, "metadata": 2}
