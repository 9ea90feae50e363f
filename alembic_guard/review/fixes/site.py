"""The source around a finding, and the edits that can be made there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...facts import Edit, Finding


class Site:
    """The statement a finding stands on.

    :ivar node: the statement, always an expression statement that is a call.
    :ivar call: its call.
    :ivar op: the name the revision uses for `alembic.op`.
    """

    def __init__(
        self, text: str, tree: ast.Module, finding: Finding, node: ast.Expr, dialect: str
    ) -> None:
        assert isinstance(node.value, ast.Call)
        self.text, self.tree, self.finding = text, tree, finding
        self.path, self.dialect = finding.location.path, dialect
        self.node, self.call = node, node.value
        self.op = _alias(tree, "alembic", "op") or "op"
        self.sa = _alias(tree, "sqlalchemy", None) or "sa"
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    @property
    def method(self) -> str:
        """The operation, such as ``create_index``; empty when it is none of `alembic.op`."""
        function = self.call.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            return function.attr if function.value.id == self.op else ""
        return ""

    # --- reading ------------------------------------------------------------------------

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Character offsets of a node."""
        first, last = getattr(node, "lineno"), getattr(node, "end_lineno")  # noqa: B009  # untyped in ast.AST
        start = self._offset(first, getattr(node, "col_offset"))  # noqa: B009  # as above
        return start, self._offset(last, getattr(node, "end_col_offset"))  # noqa: B009  # as above

    def source(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        text = self.text[start : self._starts[line]]
        return start + len(text.encode()[:column].decode())

    def keyword(self, name: str) -> ast.keyword | None:
        """A keyword argument of the call."""
        return next((k for k in self.call.keywords if k.arg == name), None)

    def argument(self, position: int, name: str) -> ast.expr | None:
        """An argument given by position or by name."""
        if len(self.call.args) > position:
            found = self.call.args[position]
            return None if isinstance(found, ast.Starred) else found
        keyword = self.keyword(name)
        return keyword.value if keyword is not None else None

    def string(self, position: int, name: str) -> str | None:
        """The same when it is a plain string (inside ``op.f()`` too)."""
        found = self.argument(position, name)
        if isinstance(found, ast.Call) and len(found.args) == 1:
            found = found.args[0]
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            return found.value
        return None

    def strings(self, position: int, name: str) -> list[str] | None:
        """A list of plain strings."""
        found = self.argument(position, name)
        if not isinstance(found, (ast.List, ast.Tuple)):
            return None
        values = [
            e.value for e in found.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)
        ]
        return values if len(values) == len(found.elts) else None

    @property
    def indent(self) -> str:
        """The white space before the statement."""
        line = self.text[self._starts[self.node.lineno - 1] :]
        return line[: len(line) - len(line.lstrip(" \t"))]

    @property
    def stands_alone(self) -> bool:
        """Whether the statement has its lines for itself and is not inside a batch block."""
        start, end = self.span(self.node)
        before = self.text[self._starts[self.node.lineno - 1] : start]
        after = self.text[end : self._starts[self.node.end_lineno or self.node.lineno]]
        return not before.strip() and not after.split("#")[0].strip()

    @property
    def is_one_statement(self) -> bool:
        """Whether the SQL of this call is a single statement: a server runs several in one transaction."""
        values = [
            node.value
            for node in ast.walk(self.call)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        text = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", "", " ".join(values), flags=re.DOTALL)
        return re.search(r";\s*\S", text) is None

    # --- changing -------------------------------------------------------------------------

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Replace a range."""
        return Edit(self.path, start, end, text)

    def replace(self, node: ast.AST, text: str) -> Edit:
        """Replace a node."""
        return self.edit(*self.span(node), text)

    def with_argument(self, text: str) -> Edit:
        """The call with one more keyword argument."""
        _, end = self.span(self.call)
        inside = self.text[: end - 1].rstrip()
        separator = " " if inside.endswith(",") else ", "
        if inside.endswith("("):
            separator = ""
        return self.edit(len(inside), len(inside), f"{separator}{text}")

    def without_keyword(self, name: str, call: ast.Call | None = None) -> Edit | None:
        """The call without a keyword argument."""
        call = call or self.call
        keyword = next((k for k in call.keywords if k.arg == name), None)
        if keyword is None:
            return None
        start, end = self.span(keyword)
        line = self._starts[keyword.lineno - 1]
        rest = re.match(r"\s*,[ \t]*", self.text[end:])
        if rest is None:
            before = re.search(r",\s*$", self.text[:start])
            return self.edit(before.start() if before else start, end, "")
        end += rest.end()
        if not self.text[line:start].strip() and self.text[end : end + 1] == "\n":
            return self.edit(line, end + 1, "")
        return self.edit(start, end, "")

    def in_sql(self, pattern: str, replacement: str) -> Edit | None:
        """The first match of `pattern`, at or after the finding's line, in the SQL of this statement."""
        start, end = self.span(self.node)
        start = max(start, self._starts[self.finding.location.line - 1])
        match = re.search(pattern, self.text[start:end], re.IGNORECASE | re.DOTALL)
        if match is None:
            return None
        return self.edit(start + match.start(), start + match.end(), match.expand(replacement))

    def wrapped(self, header: str, *, edits: Iterator[Edit] | tuple[Edit, ...] = ()) -> Edit | None:
        """The statement, changed by `edits`, inside a ``with`` block."""
        if not self.stands_alone:
            return None
        start, end = self.span(self.node)
        body = self.text
        for edit in sorted(edits, key=lambda e: -e.start):
            body = body[: edit.start] + edit.text + body[edit.end :]
            end += len(edit.text) - (edit.end - edit.start)
        inner = self._indented(body[start:end])
        return self.edit(start, self.span(self.node)[1], f"{header}\n{self.indent}    {inner}")

    def _indented(self, code: str) -> str:
        """Continuation lines four spaces deeper, but for those inside string literals."""
        lines = code.split("\n")
        inside = _lines_in_strings(code)
        return "\n".join(
            line if number == 0 or number in inside or not line.strip() else "    " + line
            for number, line in enumerate(lines)
        )

    def autocommit(self, *edits: Edit | None) -> Edit | None:
        """The statement, changed, inside ``autocommit_block()``."""
        if any(edit is None for edit in edits):
            return None
        return self.wrapped(
            f"with {self.op}.get_context().autocommit_block():",
            edits=tuple(edit for edit in edits if edit is not None),
        )

    def before(self, code: str) -> Edit | None:
        """A line of code before the statement."""
        start, _ = self.span(self.node)
        return self.edit(start, start, f"{code}\n{self.indent}") if self.stands_alone else None

    def after(self, code: str) -> Edit | None:
        """A line of code after the statement."""
        _, end = self.span(self.node)
        return self.edit(end, end, f"\n{self.indent}{code}") if self.stands_alone else None

    def instead(self, lines: list[str]) -> Edit | None:
        """These lines instead of the statement, each relative to its indentation."""
        if not self.stands_alone:
            return None
        return self.replace(self.node, f"\n{self.indent}".join(lines))


def _alias(tree: ast.Module, module: str, name: str | None) -> str | None:
    """What the file calls a module, or a name of it."""
    for node in tree.body:
        if name is None and isinstance(node, ast.Import):
            for item in node.names:
                if item.name == module:
                    return item.asname or item.name
        elif name is not None and isinstance(node, ast.ImportFrom) and node.module == module:
            for item in node.names:
                if item.name == name:
                    return item.asname or item.name
    return None


def _lines_in_strings(code: str) -> set[int]:
    """0-based lines of `code` that begin inside a string literal."""
    try:
        tree = ast.parse(code.strip())
    except SyntaxError:
        return set(range(1, code.count("\n") + 1))
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and isinstance(
            getattr(node, "value", ""), (str, bytes)
        ):
            found.update(_continued(code, node))
    return found


def _continued(code: str, node: ast.expr) -> set[int]:
    """Lines of a triple-quoted literal after its first; implicit concatenation may be indented."""
    lines = code.split("\n")
    text = "\n".join(lines[node.lineno - 1 : node.end_lineno])[node.col_offset :]
    triple = re.match(r"[rbfuRBFU]*(\"\"\"|''')", text)
    return set(range(node.lineno, node.end_lineno or node.lineno)) if triple else set()
