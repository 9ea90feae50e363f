"""Rewrite the declaration of the attribute itself, in its class statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...facts import Edit
from .kinds import last_name
from .positions import Positions
from .statements import statements
from .targets import Target

_CALLS = ("mapped_column", "Column", "deferred", "column_property", "Field")


def declaration_edits(
    tree: ast.Module, path: str, positions: Positions, target: Target
) -> Iterator[Edit]:
    """The edits that rename `target` where it is declared; none if it is elsewhere."""
    if target.path != path or target.attribute is None:
        return
    for node in statements(tree):
        if isinstance(node, ast.ClassDef) and _declares(node, target):
            for statement in _statements(node):
                yield from _in_statement(tree, path, positions, target, statement)


def _declares(node: ast.ClassDef, target: Target) -> bool:
    """Whether this is the class, not another one of its name in the same file."""
    line = target.attribute.span[1] if target.attribute is not None else 0
    return node.name == target.owner and node.lineno <= line <= (node.end_lineno or line)


def import_edit(
    tree: ast.Module, path: str, positions: Positions, module: str, names: tuple[str, ...]
) -> Edit | None:
    """Import `names` from `module`, in its import statement or in a new line after the others."""
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    present = {
        alias.asname or alias.name
        for node in imports
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    missing = [name for name in names if name not in present]
    if not missing:
        return None
    for node in imports:
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            place = positions.end(node.names[-1])  # type: ignore[arg-type]  # alias has positions too
            return Edit(path, place, place, "".join(f", {name}" for name in missing))
    line = f"from {module} import {', '.join(missing)}"
    if imports:
        place = positions.end(imports[-1])
        return Edit(path, place, place, f"\n{line}")
    return Edit(path, 0, 0, f"{line}\n")


def _statements(node: ast.ClassDef) -> Iterator[ast.stmt]:
    stack: list[ast.stmt] = list(node.body)
    while stack:
        statement = stack.pop(0)
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            stack += statement.body + getattr(statement, "orelse", [])


def _in_statement(
    tree: ast.Module, path: str, positions: Positions, target: Target, node: ast.stmt
) -> Iterator[Edit]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == target.old:
        start = positions.start(node)
        place = positions.text.index(target.old, positions.text.index("def", start) + 3)
        yield Edit(path, place, place + len(target.old), target.new)
        yield from _setter_edits(path, positions, target, node)
        for inner in node.body:
            if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Call):
                yield from _call_edits(path, positions, target, inner.value)
        return
    name = _bound_name(node)
    if name is None or name.id != target.old:
        return
    start = positions.start(name)
    yield Edit(path, start, start + len(target.old), target.new)
    value = getattr(node, "value", None)
    if isinstance(value, ast.Call):
        yield from _call_edits(path, positions, target, value)
    elif value is None and isinstance(node, ast.AnnAssign) and _keeps(target):
        place = positions.end(node)
        yield Edit(path, place, place, f' = mapped_column("{target.old_column}")')
        imported = import_edit(tree, path, positions, "sqlalchemy.orm", ("mapped_column",))
        if imported is not None:
            yield imported


def _setter_edits(
    path: str, positions: Positions, target: Target, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Edit]:
    """``@metadata.setter`` follows the property it belongs to."""
    for item in node.decorator_list:
        if isinstance(item, ast.Attribute) and last_name(item.value) == target.old:
            start = positions.start(item)
            yield Edit(path, start, start + len(target.old), target.new)


def _bound_name(node: ast.stmt) -> ast.Name | None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0]
    return None


def _keeps(target: Target) -> bool:
    """Whether the column keeps a name that is not the attribute's any more."""
    return target.old_column is not None and not target.renames_column


def _call_edits(path: str, positions: Positions, target: Target, call: ast.Call) -> Iterator[Edit]:
    if last_name(call.func) not in _CALLS:
        return
    nested = _column_inside(call)
    if nested is not None:
        yield from _call_edits(path, positions, target, nested)
        return
    given = call.args[0] if call.args else None
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        if target.renames_column and given.value == target.old_column:
            start, end = positions.start(given), positions.end(given)
            quote = positions.text[end - 1]
            yield Edit(path, start, end, f"{quote}{target.new_column}{quote}")
        return
    if not _keeps(target) or any(item.arg == "name" for item in call.keywords):
        return
    if last_name(call.func) == "Field":
        place = positions.end(call) - 1
        separator = ", " if call.args or call.keywords else ""
        text = f'{separator}sa_column_kwargs={{"name": "{target.old_column}"}}'
        yield Edit(path, place, place, text)
        return
    place = positions.text.index("(", positions.end(call.func)) + 1
    separator = ", " if call.args or call.keywords else ""
    yield Edit(path, place, place, f'"{target.old_column}"{separator}')


def _column_inside(call: ast.Call) -> ast.Call | None:
    """The column in ``deferred(Column(...))`` or ``Field(sa_column=Column(...))``."""
    inner = [item.value for item in call.keywords if item.arg == "sa_column"]
    if last_name(call.func) in ("deferred", "column_property"):
        inner += call.args[:1]
    return next((item for item in inner if isinstance(item, ast.Call)), None)
