"""Find uses of tables and columns in a repository's Python and SQL files, importing none.

A model counts when its table is declared (``__tablename__``, ``Table("t", ...)``, a class named
after it) and the column is one of its attributes; SQL counts when a string or file names the
table and the column in one statement.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_SKIPPED = {
    ".git",
    "__pycache__",
    "node_modules",
    ".venv",
    "venv",
    "site-packages",
    ".tox",
    "build",
    "dist",
}
_SQL_WORD = re.compile(
    r"\b(?:select|insert|update|delete|from|join|where|alter|create|returning)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Use:
    """One place that uses a name; `kind` is ``model`` or ``sql``."""

    path: str
    line: int
    kind: str
    text: str


def source_files(root: str, skip: Iterable[str]) -> Iterator[str]:
    """Python and SQL files below a folder, without the revisions themselves."""
    left_out = {os.path.realpath(path) for path in skip}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith((".py", ".sql")) and os.path.realpath(path) not in left_out:
                yield path


def find_uses(texts: Mapping[str, str], table: str, column: str | None) -> list[Use]:
    """Every use of ``table.column``, or of the table when `column` is None."""
    short = table.rpartition(".")[2]
    wanted = short if column is None else column
    found: list[Use] = []
    for path, text in texts.items():
        if wanted not in text:
            continue
        if path.endswith(".sql"):
            found.extend(_in_sql(path, text, 1, short, column))
        elif short in text or column is None:
            found.extend(_in_python(path, text, short, column))
    return found


def _in_python(path: str, text: str, table: str, column: str | None) -> Iterator[Use]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and _table_of(node) == table:
            yield from _in_model(path, node, column)
        elif isinstance(node, ast.Call) and _is_table(node, table):
            yield from _in_table(path, node, column)
        elif isinstance(node, ast.Constant) and _is_sql(node.value):
            yield from _in_sql(path, str(node.value), node.lineno, table, column)


def _is_sql(value: object) -> bool:
    return isinstance(value, str) and " " in value and bool(_SQL_WORD.search(value))


def _table_of(node: ast.ClassDef) -> str | None:
    """``__tablename__`` of a model, or the lower-case class name of an SQLModel table."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = [t.id for t in statement.targets if isinstance(t, ast.Name)]
            if "__tablename__" in names:
                return str(statement.value.value)
    if any(keyword.arg == "table" for keyword in node.keywords):
        return node.name.lower()
    return None


def _in_model(path: str, node: ast.ClassDef, column: str | None) -> Iterator[Use]:
    if column is None:
        yield Use(path, node.lineno, "model", f"class {node.name}")
        return
    for statement in node.body:
        target: ast.expr | None = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        if not isinstance(target, ast.Name):
            continue
        value = getattr(statement, "value", None)
        if _column_name(value, target.id) == column:
            yield Use(path, statement.lineno, "model", f"{node.name}.{target.id}")


def _column_name(value: ast.expr | None, attribute: str) -> str | None:
    """The database name behind an attribute; None when it is not a column."""
    if value is None:
        return attribute
    if not isinstance(value, ast.Call):
        return None
    function = value.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in ("Column", "mapped_column", "Field", "column_property", "deferred"):
        return None
    if (
        value.args
        and isinstance(value.args[0], ast.Constant)
        and isinstance(value.args[0].value, str)
    ):
        return value.args[0].value
    for keyword in value.keywords:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return attribute


def _is_table(node: ast.Call, table: str) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    return name in ("Table", "table") and isinstance(first, ast.Constant) and first.value == table


def _in_table(path: str, node: ast.Call, column: str | None) -> Iterator[Use]:
    if column is None:
        yield Use(path, node.lineno, "model", "Table(...)")
        return
    for arg in node.args[1:]:
        first = arg.args[0] if isinstance(arg, ast.Call) and arg.args else None
        if isinstance(first, ast.Constant) and first.value == column:
            yield Use(path, arg.lineno, "model", f"Column({column!r})")


def _in_sql(path: str, text: str, line: int, table: str, column: str | None) -> Iterator[Use]:
    """Statements that name the table, and the column too."""
    table_word = re.compile(rf"(?<![\w.]){re.escape(table)}(?!\w)", re.IGNORECASE)
    word = re.compile(rf"(?<!\w){re.escape(column or table)}(?!\w)", re.IGNORECASE)
    offset = 0
    for part in re.split(r"(?<=;)", text):
        match = word.search(part)
        if match and table_word.search(part) and _SQL_WORD.search(part):
            at = line + text.count("\n", 0, offset + match.start())
            yield Use(path, at, "sql", " ".join(part.split())[:60])
        offset += len(part)
