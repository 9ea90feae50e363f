"""What the functions and classes of all files promise, for `inference`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from .identities import Identities
from .inference import Signatures
from .kinds import Kind, from_annotation, last_name
from .statements import statements

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_signatures(trees: Mapping[str, ast.Module], identities: Identities) -> Signatures:
    """Return annotations and attribute annotations of a project.

    A function that two files define with different results counts for nothing.
    """
    names: set[str] = set()
    functions: dict[str, Kind | None] = {}
    methods: dict[tuple[str, str], Kind | None] = {}
    attributes: dict[tuple[str, str], Kind | None] = {}
    parents: dict[str, tuple[str, ...]] = {}
    constructors: dict[str, frozenset[str]] = {}
    for path, tree in trees.items():
        classes = identities.in_file(tree, path)
        for node in statements(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            names.add(node.name)
            if (own := classes.get(node.name)) is not None:
                bases = (classes.get(last_name(base), last_name(base)) for base in node.bases)
                for item in node.body:
                    if isinstance(item, Function) and item.name == "__init__":
                        constructors[own] = _parameters(item)
                parents[own] = tuple(filter(None, bases))
                for name, kind in _methods(node, classes):
                    _agree(methods, (own, name), kind)
                for name, kind in _attributes(node, classes):
                    _agree(attributes, (own, name), kind)
        for node in tree.body:
            if isinstance(node, Function):
                _agree(functions, node.name, from_annotation(node.returns, classes))
    return Signatures(frozenset(names), functions, methods, attributes, parents, constructors)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return frozenset([item.arg for item in given] + (["**"] if node.args.kwarg else []))


def _agree(known: dict[Any, Kind | None], key: object, kind: Kind | None) -> None:
    """Keep what is said once, or always the same way; a contradiction is unknown."""
    known[key] = kind if known.get(key, kind) == kind else None


def _methods(node: ast.ClassDef, classes: Mapping[str, str]) -> Iterator[tuple[str, Kind | None]]:
    for item in node.body:
        if isinstance(item, Function):
            yield item.name, _returned(item, node, classes)


def _returned(
    item: ast.FunctionDef | ast.AsyncFunctionDef, owner: ast.ClassDef, classes: Mapping[str, str]
) -> Kind | None:
    name = last_name(item.returns)
    if name == "Self":
        return Kind("instance", classes[owner.name])
    return from_annotation(item.returns, classes)


def _attributes(
    node: ast.ClassDef, classes: Mapping[str, str]
) -> Iterator[tuple[str, Kind | None]]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield item.target.id, from_annotation(item.annotation, classes)
        elif isinstance(item, Function):
            if any(
                last_name(each) in ("property", "cached_property") for each in item.decorator_list
            ):
                yield item.name, from_annotation(item.returns, classes)
            yield from _own_attributes(item, classes)


def _own_attributes(
    item: ast.FunctionDef | ast.AsyncFunctionDef, classes: Mapping[str, str]
) -> Iterator[tuple[str, Kind | None]]:
    """``self.x: T`` and ``self.x = parameter`` anywhere in a method."""
    arguments = [*item.args.posonlyargs, *item.args.args, *item.args.kwonlyargs]
    given = {each.arg: from_annotation(each.annotation, classes) for each in arguments}
    for node in statements(item):
        target: ast.expr
        if isinstance(node, ast.AnnAssign):
            target, kind = node.target, from_annotation(node.annotation, classes)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, kind = node.targets[0], _assigned(node.value, given, classes)
        else:
            continue
        if isinstance(target, ast.Attribute) and last_name(target.value) == "self":
            yield target.attr, kind


def _assigned(
    value: ast.expr, given: dict[str, Kind | None], classes: Mapping[str, str]
) -> Kind | None:
    if isinstance(value, ast.Name):
        return given.get(value.id)
    if isinstance(value, ast.Call) and last_name(value.func) in classes:
        return Kind("instance", classes[last_name(value.func)])
    return None
