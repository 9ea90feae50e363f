"""Pydantic classes that mirror a model: they keep their public field and read the new attribute.

Pydantic 2 has ``validation_alias`` for that. In Pydantic 1 an alias is the name in JSON, too, so
what to do is for a person to decide.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ...facts import Edit
from ..scan.declared import ClassFacts
from ..scan.project import Project
from .declaration import import_edit
from .identities import Identities
from .kinds import last_name
from .positions import Positions
from .targets import Target


def mirrors(project: Project, identities: Identities, target: Target) -> list[ClassFacts]:
    """Schemas filled from objects whose every field is an attribute of the model."""
    models = [item for item in project.classes if identities.of(item) in target.classes]
    names = {name for model in models for name in project.names_in(model)} | {target.old}
    found = []
    for item in project.classes:
        if not (item.from_attributes or item.orm_mode) or project.is_mapped(item):
            continue
        fields = [each.name for each in item.attributes.values() if each.kind == "field"]
        if target.old in fields and len(fields) > 1 and names.issuperset(fields):
            found.append(item)
    return found


def schema_edits(
    tree: ast.Module, path: str, positions: Positions, target: Target, schemas: Sequence[ClassFacts]
) -> Iterator[Edit]:
    """``metadata: dict`` -> ``metadata: dict = Field(validation_alias=...)``: same JSON as before."""
    names = {item.name for item in schemas if item.span[0] == path and not item.orm_mode}
    changed = False
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in names:
            for item in node.body:
                if isinstance(item, ast.AnnAssign) and last_name(item.target) == target.old:
                    edit = _field_edit(path, positions, target, item)
                    if edit is not None:
                        yield edit
                        changed = True
    if changed:
        imported = import_edit(tree, path, positions, "pydantic", ("AliasChoices", "Field"))
        if imported is not None:
            yield imported


def orm_mode_fields(
    path: str, positions: Positions, target: Target, schemas: Sequence[ClassFacts]
) -> Iterator[int]:
    """Offsets of the fields that Pydantic 1 would not fill any more."""
    for item in schemas:
        if item.orm_mode and item.span[0] == path:
            _, line, column, _, _ = item.attributes[target.old].span
            yield positions.offset(line, column - 1)


def _field_edit(
    path: str, positions: Positions, target: Target, node: ast.AnnAssign
) -> Edit | None:
    alias = f'validation_alias=AliasChoices("{target.new}", "{target.old}")'
    value = node.value
    if value is None:
        place = positions.end(node)
        return Edit(path, place, place, f" = Field({alias})")
    if isinstance(value, ast.Call) and last_name(value.func) == "Field":
        if any(item.arg in ("alias", "validation_alias") for item in value.keywords):
            return None
        place = positions.end(value) - 1
        separator = ", " if value.args or value.keywords else ""
        return Edit(path, place, place, f"{separator}{alias}")
    start, end = positions.start(value), positions.end(value)
    return Edit(path, start, end, f"Field({positions.text[start:end]}, {alias})")
