"""Docstrings, without `inspect`, which takes as long to import as starting Python."""

from __future__ import annotations

import ast


def outdented(text: str) -> str:
    """As `inspect.cleandoc` gives it."""
    first, _, rest = text.partition("\n")
    lines = rest.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join([first.lstrip(), *(line[margin:] for line in lines)]).strip("\n")


def docstring(tree: ast.Module) -> str:
    """A module's, without the space around it; empty when there is none."""
    first = tree.body[0] if tree.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        text = first.value.value
        if isinstance(text, str):
            return (outdented(text) if "\n " in text or "\n\t" in text else text).strip()
    return ""
