"""What is executed: SQL text, core statements and DDL elements."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from .. import statements as st
from .builtin import format_percent
from .core_sql import chain, dml, is_core_statement
from .elements import (
    Execute,
    execute_element,
)
from .evaluate import text_of
from .sql.parse import parse_sql
from .values import Obj, Text, Unknown

if TYPE_CHECKING:
    from .interpreter import Interpreter


def execute(
    run: Interpreter,
    value: Any,
    node: ast.AST,
    extra: list[Any],
    *,
    via_text: bool = False,
    session: bool = False,
) -> None:
    """Note what executing `value` does: SQL text, a Core statement, or something opaque."""
    if isinstance(value, Obj):
        if is_core_statement(value):
            run.statements.append(
                dml(value, run.origin(node, via="core", text=run.module.describe(node)), extra)
            )
            return
        if (found := _sql_text(value)) is not None:
            via_text = (
                not {"bindparams", "params"} & {link.attr for link in chain(value)}
                and getattr(value.root, "last", "") == "text"
            )
            value = found
        elif execute_element(run, value, node):
            return
    if isinstance(value, str):
        if via_text and not extra:
            _note_unbound(run, value, node)
        _execute_text(run, value, node)
        return
    if isinstance(value, (list, tuple)) and value:
        for item in value:
            execute(run, item, node, extra, via_text=via_text)
        return
    cause = value.cause if isinstance(value, Unknown) else ""
    run.emit(
        st.Opaque,
        node,
        "sql",
        what=run.module.describe(node),
        reason=cause or "the SQL is not known",
    )


def executor(run: Interpreter) -> Execute:
    def note(value: Any, node: ast.AST) -> None:
        execute(run, value, node, [], via_text=True)

    return note


_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""What `sa.text` takes for a parameter, inside string literals and comments too."""


def _note_unbound(run: Interpreter, sql: str, node: ast.AST) -> None:
    """Names that `sa.text` reads as parameters and nobody gives a value."""
    for match in _BIND.finditer(sql) if ":" in sql else ():
        origin = run.origin(node, via="sql", text=match[0], line=_line(sql, match.start(), node))
        run.statements.append(st.PythonFact(origin, "unbound", match[0]))
        return


def _sql_text(value: Obj) -> Any:
    """The SQL of `sa.text("...").bindparams(...)` and `sa.DDL("...")`."""
    root = value.root
    if isinstance(root, Obj):
        found = text_of(root)
        if isinstance(found, str) and root.last == "DDL":
            return format_percent(found, root.kwargs.get("context") or {})
        if isinstance(found, str):
            return found
        if isinstance(found, Unknown):
            return found
    return None


def _line(sql: str, offset: int, node: ast.AST) -> int | None:
    """The line of a part of SQL text; None for the call's own.

    A template of one line that stands elsewhere is completed, often several times, by calls:
    only these say what is executed.
    """
    if not isinstance(sql, Text):
        return None
    line = sql.line_of(offset)
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
    if sql.template and not sql.spans_lines and not first <= (line or 0) <= last:
        return None
    return line


def _execute_text(run: Interpreter, sql: str, node: ast.AST) -> None:
    def make(start: int, end: int) -> st.Origin:
        return run.origin(node, via="sql", text=sql[start:end], line=_line(sql, start, node))

    if not sql.strip():
        return
    run.statements.extend(parse_sql(sql, make, dialect=run.dialect))
