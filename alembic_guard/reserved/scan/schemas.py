"""Fields of Pydantic classes: what Pydantic 1 and 2 do with their names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...facts import Severity
from ..names import attribute_hazards
from ..suggest import suggest_names
from .declared import AttributeFacts, ClassFacts
from .project import Project, Trait

_UNDERSCORE_1 = (
    "Pydantic 1 leaves out fields with a leading underscore: the value is lost, without a word"
)
_UNDERSCORE_2 = "Pydantic refuses Field(...) under a name with a leading underscore at import"


def is_schema(project: Project, item: ClassFacts) -> bool:
    """Whether Pydantic builds the class and no table comes of it."""
    traits = project.traits(item)
    if "sqlmodel" in traits:
        return not item.sqlmodel_table and id(item) not in project.descendants
    return bool(traits & {"pydantic", "pydantic-1"})


def field_hazards(
    attribute: AttributeFacts, owner: str, traits: Collection[Trait]
) -> Iterator[tuple[Severity, str]]:
    """What is wrong with a field of that name, as severity and effect.

    An underscore name without ``Field(...)`` is a private attribute, and ``model_config`` with
    a plain value is the configuration: both are what they look like.
    """
    name, is_field_call = attribute.name, attribute.kind == "column"
    is_pydantic_1 = "pydantic-1" in traits
    if name.startswith("_"):
        if is_field_call:
            yield ("warning", _UNDERSCORE_1) if is_pydantic_1 else ("error", _UNDERSCORE_2)
        return
    if name == "model_config" and attribute.has_value and not is_field_call:
        return
    for hazard in attribute_hazards(name, owner=owner, families=("pydantic",)):
        if hazard.family != "pydantic":
            continue
        if hazard.word == "sqlmodel_update" and "sqlmodel" not in traits:
            continue
        if not is_pydantic_1:
            yield hazard.severity, hazard.effect
        elif not name.startswith("model_"):
            yield "error", "Pydantic 1 refuses the class: the field shadows a BaseModel attribute"


def schema_help(attribute: AttributeFacts) -> str:
    """How a schema keeps its JSON under another field name."""
    name = attribute.name
    new = next(iter(suggest_names(name)), f"{name.strip('_')}_value")
    return f'Call the field {new} and keep the JSON: {new}: ... = Field(alias="{name}").'
