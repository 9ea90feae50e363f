"""Every statement of a tree, which is a tenth of its nodes: a project has millions of those."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements below `node`, into functions and classes, in no certain order."""
    stack = [node]
    while stack:
        current = stack.pop()
        for name in _BLOCKS:
            block = getattr(current, name, None)
            if type(block) is list:
                for item in block:
                    if isinstance(item, ast.stmt):
                        yield item
                    stack.append(item)
