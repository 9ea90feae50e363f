"""What a module is made of, besides what its functions do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from ..revision import Comment, FunctionShape, Import
from .module import Module
from .values import Function

_INNER_IMPORT = re.compile(r"^[ \t]+(?:from|import)\b", re.MULTILINE)
_WANTED = re.compile(r"#.*(?:guard\s*:|please adjust)", re.IGNORECASE)


def outline(module: Module) -> tuple[dict[str, int], list[Import]]:
    """The lines of the names assigned at the top, and all imports.

    The text is searched first for imports inside functions, which are rare.
    """
    assert module.tree is not None
    lines: dict[str, int] = {}
    imports: list[Import] = []
    at_top = 0
    for node in module.tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    lines[target.id] = node.lineno
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.extend(_imports(node))
            at_top += 1
        elif isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name):
                lines[node.target.id] = node.lineno
        elif isinstance(node, ast.ClassDef):
            lines[node.name] = node.lineno
    if module.source.count("import") > at_top and _INNER_IMPORT.search(module.source):
        imports = [found for node in ast.walk(module.tree) for found in _imports(node)]
    if "import_module" in module.source:
        imports.extend(found for node in ast.walk(module.tree) for found in _imported_by_name(node))
    return lines, imports


_imported = cache(Import)  # the first lines of revisions are alike


def _imports(node: ast.AST) -> Iterator[Import]:
    if isinstance(node, ast.ImportFrom):
        name = "." * node.level + (node.module or "")
        yield _imported(name, node.lineno, tuple([alias.name for alias in node.names]))
    elif isinstance(node, ast.Import):
        for alias in node.names:
            yield _imported(alias.name, node.lineno)


def _imported_by_name(node: ast.AST) -> Iterator[Import]:
    """``importlib.import_module("shop.models")``."""
    if (
        isinstance(node, ast.Call)
        and "import_module" in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
        and node.args
        and isinstance(name := node.args[0], ast.Constant)
        and isinstance(name.value, str)
    ):
        yield Import(name.value, node.lineno)


def shape(value: Any, module: Module) -> FunctionShape | None:
    """How a function is written, None for what is none."""
    if not isinstance(value, Function) or isinstance(value.node, ast.Lambda):
        return None
    node = value.node
    for first in node.body:
        if not _is_filler(first):
            break
    else:
        return FunctionShape(node.lineno, True, end_line=node.end_lineno or 0)
    raises = isinstance(first, ast.Raise)
    reason = module.describe(first.exc) if isinstance(first, ast.Raise) and first.exc else ""
    return FunctionShape(node.lineno, False, raises, reason, node.end_lineno or 0)


def _is_filler(node: ast.stmt) -> bool:
    """A docstring, `pass`, `...`, a printed line, or a return of nothing."""
    if isinstance(node, ast.Expr):
        value = node.value
        return isinstance(value, ast.Constant) or (
            isinstance(value, ast.Call) and getattr(value.func, "id", "") == "print"
        )
    if isinstance(node, ast.Return):
        return node.value is None or (
            isinstance(node.value, ast.Constant) and node.value.value is None
        )
    return isinstance(node, ast.Pass)


def comments(module: Module) -> Iterable[Comment]:
    """The comments that matter; the text is searched first, because most files have none."""
    if not _WANTED.search(module.source):
        return
    import io
    import tokenize

    try:
        for token in tokenize.generate_tokens(io.StringIO(module.source).readline):
            if token.type == tokenize.COMMENT and _WANTED.search(token.string):
                yield Comment(token.start[0], token.string)
    except (tokenize.TokenError, IndentationError):
        return
