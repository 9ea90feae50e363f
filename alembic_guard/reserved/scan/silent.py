"""Columns that are declared and never mapped, without an error or a warning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..words import attribute_words
from .declared import AttributeFacts, ClassFacts
from .project import Project, defined_elsewhere

BASE_NAMES = ("metadata", "registry")
"""What every Declarative base has, whatever its own body says."""

_SCAN_SKIPS = re.compile("^(?:_sa_|__)")
"""sqlalchemy.orm.decl_base skips names of this form when it looks for columns."""

_NOT_LOST = ("other", "computed", "method", "metadata")


def unmappable_reason(owner: str, attribute: AttributeFacts) -> tuple[str, str] | None:
    """Why this name can never be mapped where it stands, as (hazard family, effect)."""
    name = attribute.name
    if not name.startswith("_"):
        return None
    if name.startswith("__") and not name.endswith("__"):
        effect = (
            f"Python turns names with two leading underscores into _{owner}{name}, and that becomes "
            "the name of the attribute and of the column"
        )
        return "mangled", effect
    if any(item.family == "declarative" for item in attribute_words().get(name, ())):
        return None
    if _SCAN_SKIPS.match(name):
        effect = (
            "SQLAlchemy skips names that start with __ or _sa_ when it looks for columns: the "
            "keyword is accepted, the column does not exist and the value is lost, without a word"
        )
        return "unmapped", effect
    return None


def lost_reason(
    project: Project, mixin: ClassFacts, attribute: AttributeFacts, below: Sequence[ClassFacts]
) -> tuple[str, str] | None:
    """Why a column of an unmapped mixin never reaches the classes that use it."""
    if project.is_sqlmodel(mixin) or attribute.kind not in ("annotation", "column"):
        return None
    models: Sequence[ClassFacts | None] = below or [None]
    for model in models:
        hiding = _hidden_by(project, mixin, attribute, model)
        if hiding is not None:
            after = attribute.kind == "column"
            why = (
                f"{mixin.name} is listed after its Base"
                if after
                else "Mapped[...] without a value on a mixin"
            )
            users = ", ".join(item.name for item in below[:3]) or "any class that uses it"
            effect = (
                f"{why}, and {hiding} already has {attribute.name!r}: {users} is mapped without "
                "this column, without an error; autogenerate then plans to DROP it"
            )
            return "unmapped", effect
    return None


def _hidden_by(
    project: Project, mixin: ClassFacts, attribute: AttributeFacts, model: ClassFacts | None
) -> str | None:
    """Which class hides the mixin's attribute in `model`; None when it is mapped."""
    if attribute.kind == "annotation":
        if attribute.name in BASE_NAMES:
            return "the Declarative base"
        if model is None:
            return None
        return _other_definition(project, mixin, attribute, project.ancestors(model))
    if model is None:
        return None
    before = _before(project, mixin, model)
    if before is None:
        return None
    if attribute.name in BASE_NAMES:
        return before[0].name if before else "the Declarative base"
    return _other_definition(project, mixin, attribute, before)


def _other_definition(
    project: Project,
    mixin: ClassFacts,
    attribute: AttributeFacts,
    lineage: Sequence[ClassFacts],
) -> str | None:
    others = [
        item for item in lineage if item is not mixin and mixin not in project.ancestors(item)
    ]
    found = defined_elsewhere(attribute.name, others, _NOT_LOST)
    return found[0].name if found else None


def _before(project: Project, mixin: ClassFacts, model: ClassFacts) -> list[ClassFacts] | None:
    """The lineage of bases listed before the mixin when one of them is Declarative, else None."""
    before: list[ClassFacts] = []
    declarative = False
    for base in model.bases:
        parent = project.find(base, model.module)
        if parent is not None and (parent is mixin or mixin in project.ancestors(parent)):
            return before if declarative else None
        if parent is None:
            declarative = declarative or base.rpartition(".")[2] in ("Base", "Model")
        else:
            lineage = [parent, *project.ancestors(parent)]
            before += lineage
            declarative = declarative or any(
                project.is_base(item) or project.is_mapped(item) for item in lineage
            )
    return None
