"""Questions about the source of a revision file that need nothing but its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

STANDARD_MODULES = frozenset(
    {"annotations", "collections", "datetime", "decimal", "enum", "functools", "itertools", "json",
     "logging", "math", "op", "os", "re", "sys", "textwrap", "time", "typing", "uuid", "context"}
)  # fmt: skip


def imported_names(module: ast.Module) -> Iterator[str]:
    """Names imported from anywhere but Alembic and SQLAlchemy."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] not in ("alembic", "sqlalchemy"):
                    yield (alias.asname or alias.name).split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            root = (node.module or "").split(".")[0]
            if (
                root not in ("alembic", "sqlalchemy", "alembic_guard")
                and root not in STANDARD_MODULES
            ):
                yield from (alias.asname or alias.name for alias in node.names)


def string_constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Names that are bound to a string literal anywhere in the module, with the string."""
    for node in ast.walk(module):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                yield target.id, node.value.value


def batch_tables(function: ast.FunctionDef) -> dict[str, ast.Call]:
    """The variables bound by ``with op.batch_alter_table(...) as x`` and their calls."""
    found: dict[str, ast.Call] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.With):
            for item in node.items:
                call, name = item.context_expr, item.optional_vars
                if not (isinstance(call, ast.Call) and isinstance(name, ast.Name)):
                    continue
                if last_name(call.func) == "batch_alter_table":
                    found[name.id] = call
    return found


def is_core_expression(node: Any) -> bool:
    """Whether it is built by method calls on select, insert, update, delete or a table."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        name = last_name(node.func if isinstance(node, ast.Call) else node)
        if name in ("select", "insert", "update", "delete"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def last_name(node: ast.expr) -> str:
    """What stands after the last dot."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
