"""What is to be renamed: one attribute of one model, with the classes and tables it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...facts import Finding
from ...usage import UsageError
from ..scan.declared import AttributeFacts, ClassFacts
from ..scan.project import Project
from ..scan.schemas import is_schema
from ..suggest import suggest_names
from .identities import Identities

FIXABLE = ("GRD001", "GRD002", "GRD003", "GRD006", "GRD010", "GRD020")
"""Findings that renaming an attribute cures; the others are fixed when they are named."""


@dataclass(frozen=True)
class Target:
    """Rename attribute `old` of `owner` (and of the classes that inherit it) to `new`.

    `old_column` and `new_column` differ when the database column is renamed too; both are
    None for a property. `classes` are the `Identities` of every class that has the attribute.
    """

    owner: str
    path: str
    old: str
    new: str
    old_column: str | None
    new_column: str | None
    classes: frozenset[str]
    tables: frozenset[str]
    attribute: AttributeFacts | None = field(default=None, compare=False)

    @property
    def renames_column(self) -> bool:
        return self.old_column != self.new_column

    def describe(self) -> str:
        """One line for the person who reads the diff."""
        tables = ", ".join(sorted(self.tables)) or self.owner
        if self.old_column is None:
            return f"{self.owner}.{self.old} -> {self.new} (no column: nothing to migrate)"
        if not self.renames_column:
            return (
                f"{self.owner}.{self.old} -> {self.new}; the column {tables}.{self.old_column} "
                "keeps its name: no migration"
            )
        return (
            f"{self.owner}.{self.old} -> {self.new} and the column {tables}.{self.old_column} -> "
            f"{self.new_column}: run alembic revision --autogenerate, then alembic upgrade head"
        )


def choose_targets(
    project: Project,
    findings: Sequence[Finding],
    named: Sequence[str] = (),
    *,
    keep_column: bool = False,
) -> list[Target]:
    """What to rename: everything fixable, or exactly what `named` asks for.

    :param named: ``Model.attribute`` or ``Model.attribute:new_name``.
    :param keep_column: rename attributes only (way A); otherwise columns too (way B).
    :raises UsageError: a named attribute does not exist.
    """
    if named:
        return [_named(project, text, keep_column) for text in named]
    history = {module.path for module in project.modules if module.is_revision}
    found: list[Target] = []
    for finding in findings:
        if finding.code not in FIXABLE or finding.severity == "note":
            continue
        item = _declaring(project, finding)
        if item is None or item.span[0] in history or is_schema(project, item):
            continue
        attribute = item.attributes[finding.objects[1]]
        target = _target(project, item, attribute, None, keep_column, found)
        if target not in found:
            found.append(target)
    return found


def _declaring(project: Project, finding: Finding) -> ClassFacts | None:
    owner, name = finding.objects[:2]
    for item in project.classes:
        path, first, _, last, _ = item.span
        is_there = path == finding.location.path and first <= finding.location.line <= last
        if item.name == owner and is_there:
            return item if name in item.attributes else None
    return None


def _named(project: Project, text: str, keep_column: bool) -> Target:
    full, _, new = text.partition(":")
    owner, _, name = full.rpartition(".")
    fitting = [item for item in project.classes if _is_called(item, owner)]
    fitting.sort(key=lambda item: not project.is_mapped(item))
    mapped = [item for item in fitting if project.is_mapped(item)]
    if len(mapped) > 1 and len({item.table for item in mapped}) > 1:
        places = ", ".join(
            f"{item.module}.{item.name} ({item.span[0]}:{item.span[1]})" for item in mapped
        )
        raise UsageError(f"{full!r} may be of {places}; write the module or the table before it")
    for item in fitting:
        for member in (item, *project.ancestors(item)):
            for attribute in member.attributes.values():
                if attribute.name == name:
                    return _target(project, member, attribute, new or None, keep_column, [])
    for item in fitting:
        if new and new in item.attributes:
            return _already(project, item, name, new)
    raise UsageError(f"no model has {full!r}; write Model.attribute or Model.attribute:new_name")


def _is_called(item: ClassFacts, owner: str) -> bool:
    """Whether somebody means this class by its name, its table or its name behind its module."""
    home, _, name = owner.rpartition(".")
    if not home:
        return owner in (item.name, item.table)
    return name == item.name and f".{item.module}".endswith(f".{home}")


def _target(
    project: Project,
    item: ClassFacts,
    attribute: AttributeFacts,
    new: str | None,
    keep_column: bool,
    others: Sequence[Target],
) -> Target:
    below = project.descendants.get(id(item), [])
    family = [item, *below]
    tables = {member.table for member in family if member.table is not None}
    taken = {name for member in family for name in project.names_in(member)}
    taken |= {other.new for other in others if other.owner == item.name}
    if new is None:
        table = next(iter(tables)) if len(tables) == 1 else None
        new = next(iter(suggest_names(attribute.name, table, taken)), f"{attribute.name}_")
    is_column = attribute.kind in ("column", "annotation", "field")
    old_column = attribute.column_name if is_column else None
    keeps = keep_column or old_column not in (attribute.name, None)
    new_column = old_column if keeps or not is_column else new
    if attribute.column == attribute.name and not keep_column:
        new_column = new
    return Target(
        item.name,
        item.span[0],
        attribute.name,
        new,
        old_column,
        new_column,
        _certain_names(project, family),
        frozenset(tables),
        attribute,
    )


def _already(project: Project, item: ClassFacts, old: str, new: str) -> Target:
    """A rename the model has made by itself: only its uses are left to rewrite."""
    family = [item, *project.descendants.get(id(item), [])]
    column = item.attributes[new].column_name
    return Target(
        item.name,
        item.span[0],
        old,
        new,
        old,
        old if column == old else column,
        _certain_names(project, family),
        frozenset(member.table for member in family if member.table is not None),
    )


def _certain_names(project: Project, family: Sequence[ClassFacts]) -> frozenset[str]:
    """What tells the classes from all others; of those without it nothing is certain."""
    identities = Identities(project)
    return frozenset(filter(None, map(identities.of, family)))
