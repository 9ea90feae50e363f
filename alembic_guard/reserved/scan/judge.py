"""From declarations to findings: which declared names hurt."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding, Severity
from ..identifiers import identifier_hazards, is_short
from ..names import (
    DEFAULT_VOCABULARY,
    RULES,
    SEVERITIES,
    Hazard,
    Place,
    Vocabulary,
    attribute_hazards,
    hazards,
)
from ..suggest import suggest_names, suggest_table_name
from ..words import attribute_words
from .declared import (
    BEHAVIOUR_KINDS,
    MAPPED_KINDS,
    AttributeFacts,
    ClassFacts,
    ModuleFacts,
    Span,
    TableFacts,
)
from .project import Project
from .schemas import field_hazards, is_schema, schema_help
from .silent import lost_reason, unmappable_reason


def judge(project: Project, vocabulary: Vocabulary = DEFAULT_VOCABULARY) -> list[Finding]:
    """Every finding of the project, in the order of files and lines."""
    judged = _Judge(project, vocabulary)
    found = [finding for item in project.classes for finding in judged.of_class(item)]
    for module in project.modules:
        found += judged.of_module(module)
    unique = {(item.code, item.location, item.objects): item for item in found}
    return sorted(unique.values(), key=_order)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    place = finding.location
    return place.path, place.line, place.column, finding.code


class _Judge:
    def __init__(self, project: Project, vocabulary: Vocabulary) -> None:
        self.project = project
        self.vocabulary = vocabulary
        self.special = vocabulary.special()
        self._brought: dict[tuple[int, ...], dict[str, tuple[ClassFacts, AttributeFacts]]] = {}
        self._known: dict[tuple[str, Place], list[Hazard]] = {}
        self._history = {module.path for module in project.modules if module.is_revision}
        self._by_place = {(item.name, item.span[0]): item for item in project.classes}

    def of_class(self, item: ClassFacts) -> Iterator[Finding]:
        project = self.project
        mapped = project.is_mapped(item)
        below = project.descendants.get(id(item), [])
        is_base = project.is_base(item)
        if is_schema(project, item):
            yield from self._of_schema(item)
        if not (mapped or below or is_base or _looks_mapped(item)):
            return
        table = self._table_of(item, below)
        behaviours = self._behaviours(item) if mapped else {}
        for attribute in item.attributes.values():
            if mapped and attribute.name not in behaviours and self._is_plain(attribute):
                continue
            yield from self._of_attribute(item, attribute, mapped or is_base, below, table)
        if mapped:
            yield from self._of_table(item)

    def of_module(self, module: ModuleFacts) -> Iterator[Finding]:
        for table in () if module.is_revision else module.tables:
            yield from self._of_core_table(table)
        imperative = dict(module.imperative)
        for owner, variable in imperative.items():
            for table in module.tables:
                if table.variable == variable:
                    yield from self._replaced(owner, table)
        for late in module.late:
            for hazard in attribute_hazards(late.attribute.name, owner=late.owner):
                effect = (
                    f"assigned after the class statement it is accepted without a word, but "
                    f"{late.owner}.{hazard.word} is no longer what SQLAlchemy keeps there"
                )
                yield self._finding("late", "warning", effect, late.attribute, late.owner, None)

    def _of_attribute(
        self,
        item: ClassFacts,
        attribute: AttributeFacts,
        mapped: bool,
        below: list[ClassFacts],
        table: str | None,
    ) -> Iterator[Finding]:
        is_column = self._is_column(item, attribute)
        if is_column or attribute.kind in MAPPED_KINDS:
            reason = unmappable_reason(item.name, attribute)
            if reason is None and not mapped:
                reason = lost_reason(self.project, item, attribute, below)
            if reason is not None:
                family, effect = reason
                severity: Severity = "warning" if family == "mangled" else "error"
                yield self._finding(family, severity, effect, attribute, item.name, table)
            else:
                yield from self._of_mapped_name(item, attribute, table)
        elif attribute.kind in BEHAVIOUR_KINDS:
            yield from self._of_half_fix(item, attribute, mapped, table)
        if is_column and item.span[0] not in self._history:
            yield from self._of_column(item, attribute, table)

    def _of_mapped_name(
        self, item: ClassFacts, attribute: AttributeFacts, table: str | None
    ) -> Iterator[Finding]:
        if attribute.name not in attribute_words() and not attribute.name.startswith("_"):
            yield from self._of_shadowed_base(item, attribute, table)
            return
        families = ["declarative"]
        if self.project.is_flask(item):
            families.append("flask")
        if self.project.is_sqlmodel(item):
            families.append("pydantic")
            if attribute.name.startswith("_") or attribute.name == "model_config":
                yield from self._of_schema_field(item, attribute, table)
                return
        found = attribute_hazards(attribute.name, owner=item.name, families=families)
        if any(hazard.family == "declarative" for hazard in found):
            found = [hazard for hazard in found if hazard.family == "declarative"]
        for hazard in found:
            yield self._of_hazard(hazard, attribute, item.name, table)
        if not found:
            yield from self._of_shadowed_base(item, attribute, table)

    def _of_schema(self, item: ClassFacts) -> Iterator[Finding]:
        """Fields of a Pydantic class that is no model; the rest of its names are its own."""
        for attribute in item.attributes.values():
            if attribute.kind in ("field", "column"):
                yield from self._of_schema_field(item, attribute, None)

    def _of_schema_field(
        self, item: ClassFacts, attribute: AttributeFacts, table: str | None
    ) -> Iterator[Finding]:
        traits = self.project.traits(item)
        for severity, effect in field_hazards(attribute, item.name, traits):
            help = schema_help(attribute) if table is None else ""
            yield self._finding(
                "pydantic", severity, effect, attribute, item.name, table, help=help
            )

    def _of_shadowed_base(
        self, item: ClassFacts, attribute: AttributeFacts, table: str | None
    ) -> Iterator[Finding]:
        shadowed = self._behaviours(item).get(attribute.name)
        if shadowed is not None:
            owner, original = shadowed
            effect = (
                f"it replaces the {'method' if original.kind == 'method' else 'property'} "
                f"{owner.name}.{attribute.name} "
                f"({original.span[0]}:{original.span[1]}) for {item.name}"
            )
            yield self._finding("base", "warning", effect, attribute, item.name, table)

    def _of_half_fix(
        self, item: ClassFacts, attribute: AttributeFacts, mapped: bool, table: str | None
    ) -> Iterator[Finding]:
        inherited = attribute.name == "metadata" and id(item) in self.project.descendants
        if not inherited and not (mapped and attribute.name in ("metadata", "registry")):
            return
        severity: Severity = "error" if attribute.name == "metadata" else "warning"
        what = "property" if attribute.kind == "computed" else "method"
        effect = (
            f"a {what} named {attribute.name!r} hides what SQLAlchemy keeps there: 2.0 dies at "
            f"import ('{what}' object has no attribute 'schema'), 2.1 warns"
            if attribute.name == "metadata"
            else f"a {what} named 'registry' hides the registry of the class; SQLAlchemy 2.1 warns"
        )
        yield self._finding("half-fix", severity, effect, attribute, item.name, table)

    def _of_column(
        self, item: ClassFacts, attribute: AttributeFacts, table: str | None
    ) -> Iterator[Finding]:
        for hazard in self._hazards(attribute.column_name):
            yield self._of_hazard(hazard, attribute, table or item.name, table)

    def _of_table(self, item: ClassFacts) -> Iterator[Finding]:
        if item.core_table is not None:
            yield from self._replaced(item.name, item.core_table)
        if item.table is None or item.table_span is None or item.span[0] in self._history:
            return
        for hazard in self._hazards(item.table, "table"):
            fact = AttributeFacts(item.table, "other", item.table_span)
            yield self._of_hazard(hazard, fact, item.name, None, subject=f"table {item.table}")
        members = (*reversed(self.project.ancestors(item)), item)
        if any(_is_worth_comparing(member) for member in members) or not is_short(item.table):
            columns = {
                attribute.column_name: attribute
                for member in members
                for attribute in member.attributes.values()
                if self._is_column(member, attribute)
            }
            yield from self._of_identifiers(item.table, columns, item.table_span)

    def _of_core_table(self, table: TableFacts) -> Iterator[Finding]:
        columns = {column.name: column for column in table.columns}
        fact = AttributeFacts(table.name, "other", table.span)
        for hazard in self._hazards(table.name, "table"):
            yield self._of_hazard(hazard, fact, table.name, None, subject=f"table {table.name}")
        for column in table.columns:
            for hazard in self._hazards(column.name):
                yield self._of_hazard(hazard, column, table.name, table.name)
        yield from self._of_identifiers(table.name, columns, table.span)

    def _of_identifiers(
        self, table: str, columns: dict[str, AttributeFacts], where: Span
    ) -> Iterator[Finding]:
        for hazard in identifier_hazards(table, tuple(columns), self.vocabulary.databases):
            attribute = columns.get(hazard.word) or AttributeFacts(hazard.word, "other", where)
            yield self._of_hazard(hazard, attribute, table, table)

    def _replaced(self, owner: str, table: TableFacts) -> Iterator[Finding]:
        for column in table.columns:
            for hazard in attribute_hazards(column.name, owner=owner):
                effect = (
                    f"mapped from a Table it is accepted without a word, and the column replaces "
                    f"{owner}.{hazard.word}, which SQLAlchemy keeps for itself"
                )
                yield self._finding("late", "warning", effect, column, owner, table.name)

    def _is_column(self, item: ClassFacts, attribute: AttributeFacts) -> bool:
        if attribute.kind in ("column", "annotation"):
            return True
        return attribute.kind == "field" and self.project.is_sqlmodel(item)

    def _table_of(self, item: ClassFacts, below: list[ClassFacts]) -> str | None:
        for member in (item, *self.project.ancestors(item), *below[:1]):
            if member.table is not None:
                return member.table
        return item.name if self.project.is_mapped(item) else None

    def _of_hazard(
        self,
        hazard: Hazard,
        attribute: AttributeFacts,
        owner: str,
        table: str | None,
        *,
        subject: str = "",
    ) -> Finding:
        return self._finding(
            hazard.family, hazard.severity, hazard.effect, attribute, owner, table,
            documented=hazard.documented, subject=subject,
        )  # fmt: skip

    def _finding(
        self,
        family: str,
        severity: Severity,
        effect: str,
        attribute: AttributeFacts,
        owner: str,
        table: str | None,
        *,
        documented: str = "",
        subject: str = "",
        help: str = "",
    ) -> Finding:
        rule = RULES[family]
        name = attribute.name
        if not help:
            taken = self._taken(owner, attribute)
            suggested = (
                tuple(filter(None, [suggest_table_name(name, vocabulary=self.vocabulary)]))
                if subject
                else suggest_names(name, table, taken, vocabulary=self.vocabulary)
            )
            help = _help(family, attribute, suggested)
        documented = documented or rule.documented
        return Finding(
            rule.code,
            rule.name,
            severity,
            f"{subject or (f'{owner}.{name}' if owner != name else name)}: {effect}",
            attribute.location,
            f"{help} ({documented})" if documented else help,
            objects=(owner, name),
        )

    def _is_plain(self, attribute: AttributeFacts) -> bool:
        """Whether no list knows the attribute's or the column's name: nearly always."""
        name, column = attribute.name, attribute.column
        if name.startswith("_") or name.lower() in self.special:
            return False
        return column is None or column.lower() not in self.special

    def _behaviours(self, item: ClassFacts) -> dict[str, tuple[ClassFacts, AttributeFacts]]:
        """Methods and properties the unmapped ancestors of a class bring, nearest first."""
        ancestors = self.project.ancestors(item)
        key = tuple(map(id, ancestors))
        found = self._brought.get(key)
        if found is None:
            found = self._brought[key] = {}
            for member in ancestors:
                if not self.project.is_mapped(member):
                    for attribute in member.attributes.values():
                        if attribute.kind in BEHAVIOUR_KINDS:
                            found.setdefault(attribute.name, (member, attribute))
        return found

    def _hazards(self, name: str, place: Place = "column") -> list[Hazard]:
        """`hazards`, remembered: a project has few different column names."""
        if name.lower() not in self.special:
            return []
        found = self._known.get((name, place))
        if found is None:
            found = hazards(name, place=place, vocabulary=self.vocabulary)
            self._known[name, place] = found
        return found

    def _taken(self, owner: str, attribute: AttributeFacts) -> set[str]:
        item = self._by_place.get((owner, attribute.span[0]))
        return self.project.names_in(item) if item is not None else set()


def _is_worth_comparing(item: ClassFacts) -> bool:
    """Whether a name of the class may be too long, or another one in a different case."""
    for attribute in item.attributes.values():
        name = attribute.name if attribute.column is None else attribute.column
        if not (is_short(name) and name.islower()):
            return True
    return False


def _looks_mapped(item: ClassFacts) -> bool:
    """A class outside of any known base whose body nevertheless speaks SQLAlchemy."""
    return any(attribute.kind == "annotation" for attribute in item.attributes.values())


def _help(family: str, attribute: AttributeFacts, suggested: tuple[str, ...]) -> str:
    new = suggested[0] if suggested else f"{attribute.name}_"
    old = attribute.column_name
    if family in ("declarative", "pydantic", "flask", "base", "late", "mangled", "unmapped"):
        also = f" (or {', '.join(suggested[1:])})" if suggested[1:] else ""
        return (
            f"Call the attribute {new}{also}. A: keep the column, no migration: "
            f'{new} = mapped_column("{old}", ...). B: rename the column too: drop the "{old}", '
            "then alembic revision --autogenerate. `alembic-guard fix` does either."
        )
    if family == "half-fix":
        return f"Give the property another name too; the column may stay as it is, mapped as {new}."
    if family == "too-long":
        return "Shorten the name before it reaches a database."
    if family == "collision":
        return "Give one of them a name that differs in more than case and in its first part."
    if family == "python":
        return f'Map it under another attribute: {old}_ = mapped_column("{old}", ...).'
    if family == "sql-quoted":
        return f"Fine through SQLAlchemy; quote it by hand, or call it {new}."
    return f"Call it {new}." if suggested else "Choose another name."


def by_severity(findings: list[Finding]) -> dict[Severity, list[Finding]]:
    """Findings grouped, the worst group first."""
    groups: dict[Severity, list[Finding]] = {severity: [] for severity in SEVERITIES}
    for finding in findings:
        groups[finding.severity].append(finding)
    return groups
