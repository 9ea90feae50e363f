"""Tell from the text of a revision whether it did before what an answer asks for now."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from .answers import Verb

_PREFIXES: dict[Verb, tuple[str, ...]] = {
    "rename": ("rename_", "alter_column", "execute"),
    "new": ("add_column", "create_", "rename_", "execute"),
    "drop": ("drop_", "execute"),
}


def has_done(source: str, verb: Verb, names: tuple[str, ...]) -> bool:
    """Whether the upgrade in a revision's `source` did `verb` to an object with all `names`.

    :param names: the owner's name, if there is one, and the object's; for a rename both of
        the object's.
    """
    if not all(name in source for name in names):
        return False
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    upgrades = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("upgrade")
    )
    return any(
        all(name in said for name in names)
        for said in chain.from_iterable(_said(body, verb, ()) for body in upgrades)
    )


def _said(node: ast.AST, verb: Verb, around: tuple[str, ...]) -> Iterator[frozenset[str]]:
    """What each call of the verb's operations says, with the batch block it stands in."""
    for child in ast.iter_child_nodes(node):
        inner = around
        if isinstance(child, ast.With):
            inner = around + tuple(
                text for item in child.items for text in _strings(item.context_expr)
            )
        if isinstance(child, ast.Call) and _name(child).startswith(_PREFIXES[verb]):
            words = _strings(child)
            if _name(child) == "execute":
                words = [word for text in words for word in re.findall(r"\w+", text)]
            yield frozenset((*inner, *words))
        yield from _said(child, verb, inner)


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _strings(node: ast.AST) -> list[str]:
    return [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
