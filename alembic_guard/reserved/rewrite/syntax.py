"""Small questions about syntax that `uses` asks."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from .inference import Inference
from .kinds import OTHER, Kind, last_name
from .statements import statements

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COLUMN_STRINGS = {"order_by", "group_by", "desc", "asc", "nullsfirst", "nullslast"}
"""Calls whose string arguments name columns of the query."""


def imported_kinds(
    tree: ast.Module, inference: Inference, is_project_module: Callable[[str, int], bool]
) -> dict[str, Kind | None]:
    """What imported names are: classes and functions of the project, the rest unknown."""
    signatures = inference.signatures
    found: dict[str, Kind | None] = {}
    for node in statements(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        own = is_project_module(node.module or "", node.level)
        for alias in node.names:
            name = alias.asname or alias.name
            kind: Kind | None = None
            if own and alias.name in signatures.classes:
                identity = inference.names.get(name)
                kind = None if identity is None else Kind("class", identity)
            elif own and alias.name in signatures.functions:
                kind = Kind("function", alias.name, (signatures.functions[alias.name],))
            elif not own and (name in signatures.classes or name in signatures.functions):
                kind = OTHER
            else:
                continue
            found[name] = kind if found.get(name, kind) == kind else None
    return found


def first_argument(node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Kind | None:
    decorators = {last_name(item) for item in node.decorator_list}
    if "staticmethod" in decorators:
        return None
    is_class = decorators & {"classmethod", "declared_attr", "directive", "expression"}
    return Kind("class" if is_class else "instance", owner)


def has_join(node: ast.Call) -> bool:
    current: ast.expr = node.func
    while isinstance(current, (ast.Attribute, ast.Call)):
        if isinstance(current, ast.Attribute):
            if current.attr in ("join", "outerjoin", "join_from", "select_from"):
                return True
            current = current.value
        else:
            current = current.func
    return False


def unwrapped(node: ast.expr) -> ast.expr:
    """``"metadata"`` of ``desc("metadata")``."""
    if isinstance(node, ast.Call) and last_name(node.func) in COLUMN_STRINGS and node.args:
        return node.args[0]
    return node


def is_expression(node: ast.Constant) -> bool:
    try:
        ast.parse(str(node.value), mode="eval")
    except SyntaxError:
        return False
    return True


def own_statements(body: Sequence[ast.stmt]) -> Iterable[ast.stmt]:
    """Statements of one scope: into blocks, not into functions and classes."""
    for statement in body:
        yield statement
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from own_statements(getattr(statement, name, None) or [])
        for handler in getattr(statement, "handlers", None) or []:
            yield from own_statements(handler.body)
        for case in getattr(statement, "cases", None) or []:
            yield from own_statements(case.body)


def own_expressions(node: ast.stmt) -> Iterable[ast.AST]:
    """Expressions that belong to the statement itself, blocks and scopes left out."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return
    stack: list[ast.AST] = [
        child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)
    ]
    while stack:
        current = stack.pop()
        yield current
        if not isinstance(current, ast.Lambda):
            stack += [
                item for item in ast.iter_child_nodes(current) if not isinstance(item, ast.stmt)
            ]


def caught_names(node: ast.stmt) -> Iterable[str]:
    """Names that ``except ... as`` and ``case`` patterns bind."""
    for handler in getattr(node, "handlers", None) or []:
        if handler.name:
            yield handler.name
    for case in getattr(node, "cases", None) or []:
        for pattern in ast.walk(case.pattern):
            name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
            if isinstance(name, str):
                yield name
