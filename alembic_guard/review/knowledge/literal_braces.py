"""Braces that a revision writes itself, such as JSON, apart from values put in at run time."""

from __future__ import annotations

import ast


def is_written(braces: str, source: str) -> bool:
    """Whether ``{...}`` stands in a plain string of the revision, as JSON or an array does.

    What is not known when a revision is read stands in its SQL as ``{expression}``, which looks
    alike. A plain name in a file that calls `str.format` may be a field of it.
    """
    if braces not in source and '"' not in braces:
        return False
    if braces[1:-1].isidentifier() and ".format" in source:
        return False
    return any(braces in text for text in _plain_strings(ast.parse(source)))


def _plain_strings(tree: ast.AST) -> list[str]:
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
