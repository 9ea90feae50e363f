"""Two texts of one model file: which attribute or column took the place of which.

Whoever renames a column edits its line and leaves it where it is. So an attribute that went
and one that came count as one when they stand between the same neighbours and nothing else
of their definition changed, and when no other one there fits as well.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..facts import EvidenceClass

_COLUMN_CALLS = frozenset({"Column", "mapped_column", "column"})
_OTHER_CALLS = frozenset(
    {"relationship", "dynamic_loader", "association_proxy", "synonym", "column_property",
     "hybrid_property", "composite", "declared_attr", "backref", "sessionmaker"}
)  # fmt: skip
# What does not make another column of it.
_DECORATION = frozenset({"info", "doc", "comment", "sort_order", "key"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One column as its source defines it; `shape` is the definition without names."""

    attribute: str
    column: str
    shape: str


@dataclass(frozen=True, slots=True)
class ModelSource:
    """One class, or one ``Table(...)`` under the variable it is assigned to."""

    name: str
    table: str | None
    slots: tuple[Slot, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Renamed:
    """A column, or with `model` alone a table, that changed only its name."""

    model: str
    old: str
    new: str
    evidence_class: EvidenceClass
    reason: str


def read_models(source: str) -> dict[str, ModelSource]:
    """The classes and tables a source defines, by name; none if it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    found = (_model(node) for node in ast.walk(tree))
    return {model.name: model for model in found if model is not None}


def renamed_tables(
    before: Mapping[str, ModelSource], after: Mapping[str, ModelSource]
) -> list[Renamed]:
    """Models that kept their name and columns and changed ``__tablename__``."""
    found = []
    for name in sorted(before.keys() & after.keys()):
        old, new = before[name], after[name]
        if old.table and new.table and old.table != new.table and _is_alike(old, new):
            reason = f"{name} is the same model with another table name"
            found.append(Renamed(name, old.table, new.table, "B", reason))
    kept = {model.table for model in after.values()} & {model.table for model in before.values()}
    gone = [m for m in before.values() if m.name not in after and m.table not in kept]
    came = [m for m in after.values() if m.name not in before and m.table not in kept]
    for old in sorted(gone, key=lambda model: model.name):
        twins = [new for new in came if new.slots == old.slots]
        rivals = [other for other in gone if other.slots == old.slots]
        if len(twins) == len(rivals) == 1 and len(old.slots) > 2 and old.table and twins[0].table:
            reason = f"{twins[0].name} has the very columns {old.name} had"
            found.append(Renamed(twins[0].name, old.table, twins[0].table, "B", reason))
    return found


def renamed_columns(before: ModelSource, after: ModelSource) -> list[Renamed]:
    """Columns of one model whose definition differs by the name alone."""
    kept = {slot.column for slot in before.slots} & {slot.column for slot in after.slots}
    gone = [slot for slot in before.slots if slot.column not in kept]
    came = [slot for slot in after.slots if slot.column not in kept]
    found = []
    by_attribute = {slot.attribute: slot for slot in came}
    for slot in gone:
        twin = by_attribute.get(slot.attribute)
        if twin is not None:
            reason = f"{after.name}.{slot.attribute} is the same attribute of another column"
            sure: EvidenceClass = "A" if slot.shape == twin.shape else "B"
            found.append(Renamed(after.name, slot.column, twin.column, sure, reason))
    done_old, done_new = {item.old for item in found}, {item.new for item in found}
    here = _by_place(before.slots, kept, done_old)
    there = _by_place(after.slots, kept, done_new)
    for place, olds in here.items():
        for old, new in _twins(olds, there.get(place, [])):
            reason = f"same place and definition in {after.name}, only the name changed"
            found.append(Renamed(after.name, old.column, new.column, "B", reason))
    return found


def same_shapes(before: ModelSource, after: ModelSource) -> set[tuple[str, str]]:
    """Pairs of columns that went and came with the same definition, wherever they stand."""
    olds = {slot.column for slot in before.slots}
    news = {slot.column for slot in after.slots}
    return {
        (old.column, new.column)
        for old in before.slots
        if old.column not in news
        for new in after.slots
        if new.column not in olds and old.shape == new.shape
    }


def _is_alike(old: ModelSource, new: ModelSource) -> bool:
    """Whether most of the columns are still there."""
    olds, news = {slot.column for slot in old.slots}, {slot.column for slot in new.slots}
    return len(olds & news) * 2 > max(len(olds), len(news))


def _by_place(
    slots: Sequence[Slot], kept: Iterable[str], done: Iterable[str]
) -> dict[tuple[str | None, str | None], list[Slot]]:
    """Slots that are not kept, by the kept neighbours they stand between."""
    anchors = set(kept)
    skipped = set(done)
    places: dict[tuple[str | None, str | None], list[Slot]] = {}
    previous: str | None = None
    waiting: list[Slot] = []
    for slot in slots:
        if slot.column in anchors:
            places[previous, slot.column] = waiting
            previous, waiting = slot.column, []
        elif slot.column not in skipped:
            waiting.append(slot)
    places[previous, None] = waiting
    return places


def _twins(olds: Sequence[Slot], news: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Pairs of one shape, where it is the only one on both sides."""
    shapes_old = Counter(slot.shape for slot in olds)
    shapes_new = Counter(slot.shape for slot in news)
    for old in olds:
        if shapes_old[old.shape] == shapes_new[old.shape] == 1:
            yield old, next(slot for slot in news if slot.shape == old.shape)


def _model(node: ast.AST) -> ModelSource | None:
    if isinstance(node, ast.ClassDef):
        slots = tuple(slot for statement in node.body if (slot := _slot(statement)) is not None)
        return ModelSource(node.name, _table_name(node), slots)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if (
            isinstance(target, ast.Name)
            and isinstance(value, ast.Call)
            and _called(value) == "Table"
        ):
            table = _text(value.args[0]) if value.args else None
            return ModelSource(target.id, table, tuple(_core_slots(value)))
    return None


def _table_name(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        target, value = _assignment(statement)
        if target == "__tablename__" and value is not None:
            return _text(value)
    return None


def _core_slots(table: ast.Call) -> Iterator[Slot]:
    for argument in table.args:
        if isinstance(argument, ast.Call) and _called(argument) in _COLUMN_CALLS:
            name = _explicit_name(argument)
            if name is not None:
                yield Slot(name, name, _shape(argument, None))


def _slot(statement: ast.stmt) -> Slot | None:
    target, value = _assignment(statement)
    if target is None or target.startswith("__"):
        return None
    annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
    if isinstance(value, ast.Call):
        if _called(value) in _OTHER_CALLS:
            return None
    elif annotation is None or not _is_mapped(annotation):
        return None
    # `name: str` of a SQLModel or a dataclass is a column too.
    column = _explicit_name(value) if value is not None else None
    return Slot(target, column or target, _shape(value, annotation))


def _assignment(statement: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return None, None
    return (target.id, statement.value) if isinstance(target, ast.Name) else (None, None)


def _is_mapped(annotation: ast.expr) -> bool:
    """An annotation that makes a column by itself: ``Mapped[str]``, or a plain type."""
    text = ast.unparse(annotation)
    return "ClassVar" not in text and "Relationship" not in text


def _explicit_name(value: ast.expr) -> str | None:
    """The column's name where a call gives it, as in ``Column("name", ...)``."""
    for call in ast.walk(value):
        if not isinstance(call, ast.Call) or _called(call) not in _COLUMN_CALLS:
            continue
        if call.args and (name := _text(call.args[0])) is not None:
            return name
        for keyword in call.keywords:
            if keyword.arg == "name":
                return _text(keyword.value)
        return None
    return None


class _Nameless(ast.NodeTransformer):
    """Takes out of a definition what names the column or only decorates it."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords = [
            item for item in node.keywords if item.arg not in _DECORATION and not (
                item.arg == "name" and _called(node) in _COLUMN_CALLS
            )
        ]  # fmt: skip
        if _called(node) in _COLUMN_CALLS and node.args and _text(node.args[0]) is not None:
            node.args = node.args[1:]
        return node


def _shape(value: ast.expr | None, annotation: ast.expr | None) -> str:
    parts = []
    for node in (annotation, value):
        if node is None:
            parts.append("")
            continue
        copy = ast.parse(ast.unparse(node), mode="eval")
        parts.append(ast.dump(_Nameless().visit(copy)))
    return "|".join(parts)


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
