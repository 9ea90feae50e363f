"""Revision files, read without running them: their ids, and what they plainly change."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..facts import SchemaChange


@dataclass(frozen=True)
class Revision:
    """One revision file, read without running it."""

    id: str
    down: tuple[str, ...]
    path: Path

    @cached_property
    def changes(self) -> tuple[SchemaChange, ...]:
        """Added and renamed columns and tables that ``upgrade`` plainly names, in order."""
        tree = _parse(_read(self.path))
        functions = (n for n in (tree.body if tree else ()) if isinstance(n, ast.FunctionDef))
        upgrade = next((n for n in functions if n.name == "upgrade"), None)
        return tuple(_changes(upgrade)) if upgrade is not None else ()


def read_revisions(folders: list[Path]) -> dict[str, Revision]:
    """Every revision of the folders by its id, in the order of the files."""
    revisions = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
            revision = _read_revision(path)
            if revision is not None:
                revisions[revision.id] = revision
    return revisions


def _read_revision(path: Path) -> Revision | None:
    source = _read(path)
    found = {name: text for name, _, text in _PLAIN.findall(source)}
    values: dict[str, object] = {name: text or None for name, text in found.items()}
    if len(values) < 2:  # anything but two plain assignments
        tree = _parse(source)
        values = dict(_assignments(tree)) if tree is not None else {}
    identifier = values.get("revision")
    if not isinstance(identifier, str):
        return None
    down = values.get("down_revision")
    downs = (down,) if isinstance(down, str) else tuple(down or ())  # type: ignore[arg-type]
    return Revision(identifier, downs, path)


_PLAIN = re.compile(
    r"""^(revision|down_revision)(?:[ ]*:[^=\n]+)?[ ]*=[ ]*(?:(["'])([^"'\\\n]*)\2|None)[ ]*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE,
)
"""Parsing every file of a long history would cost each process a second at its start."""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _assignments(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
                try:
                    yield target.id, ast.literal_eval(node.value)  # type: ignore[attr-defined]
                except ValueError:
                    continue


def _changes(upgrade: ast.FunctionDef) -> Iterator[SchemaChange]:
    batches = dict(_batches(upgrade))
    calls = [node for node in ast.walk(upgrade) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        table = batches.get(owner.id) if isinstance(owner, ast.Name) else None
        args = [_text(argument) for argument in node.args]
        if table is not None:
            args, nodes = [table, *args], [None, *node.args]
        else:
            nodes = list(node.args)
        yield from _change(node, node.func.attr, args, nodes)


def _change(
    node: ast.Call, verb: str, args: list[str | None], nodes: list[ast.expr | None]
) -> Iterator[SchemaChange]:
    schema = next((_text(k.value) for k in node.keywords if k.arg == "schema"), None)
    table = args[0] if args else None
    if verb == "add_column" and table and len(nodes) > 1:
        column = nodes[1]
        if isinstance(column, ast.Call) and column.args:
            yield SchemaChange("add_column", schema, table, None, _text(column.args[0]))
    elif verb == "rename_column" and table and len(args) > 2:
        yield SchemaChange("rename_column", schema, table, args[1], args[2])
    elif verb == "alter_column" and table and len(args) > 1:
        new = next((_text(k.value) for k in node.keywords if k.arg == "new_column_name"), None)
        if new:
            yield SchemaChange("rename_column", schema, table, args[1], new)
    elif verb == "rename_table" and table and len(args) > 1:
        yield SchemaChange("rename_table", schema, table, table, args[1])
    elif verb == "create_table" and table:
        yield SchemaChange("add_table", schema, table, None, table)


def _batches(upgrade: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """The tables behind ``with op.batch_alter_table("t") as batch_op``."""
    for node in ast.walk(upgrade):
        for item in node.items if isinstance(node, ast.With) else ():
            call, name = item.context_expr, item.optional_vars
            if isinstance(call, ast.Call) and call.args and isinstance(name, ast.Name):
                table = _text(call.args[0])
                if table:
                    yield name.id, table


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
