"""One Python file, parsed, with the means to quote from it."""

from __future__ import annotations

import ast
import os

from .literals import character_lines
from .values import Text


class Module:
    """The text and syntax tree of one file; `tree` is None when it cannot be parsed."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source
        self.error: SyntaxError | None = None
        self.tree: ast.Module | None = None
        self._lines: list[str] | None = None
        try:
            self.tree = ast.parse(source)
        except SyntaxError as error:
            self.error = error
        except (ValueError, RecursionError, MemoryError) as error:
            self.error = SyntaxError(str(error))

    @classmethod
    def read(cls, path: str) -> Module:
        """Read a file as Python does: UTF-8, an encoding declaration, any newlines."""
        try:
            source = _decoded(_bytes(path))
        except UnicodeDecodeError:
            import tokenize

            with tokenize.open(path) as file:
                source = file.read()
        return cls(path, source)

    @property
    def lines(self) -> list[str]:
        if self._lines is None:
            self._lines = self.source.split("\n")
        return self._lines

    def segment(self, node: ast.AST) -> str:
        """The source text of a node."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not first or not last:
            return "?"
        start = getattr(node, "col_offset", 0)
        end = getattr(node, "end_col_offset", 0)
        if first == last:
            return _cut(self.lines[first - 1], start, end)
        parts = [_cut(self.lines[first - 1], start, None)]
        parts += self.lines[first : last - 1]
        parts.append(_cut(self.lines[last - 1], 0, end))
        return "\n".join(parts)

    def describe(self, node: ast.AST) -> str:
        """The source text of a node on one line, shortened."""
        text = " ".join(self.segment(node).split())
        return text if len(text) <= 60 else text[:57] + "..."

    def text(self, node: ast.Constant) -> Text:
        """A string constant with the line of each of its characters."""
        value: str = node.value  # type: ignore[assignment]  # only called for strings
        if node.lineno == node.end_lineno:
            return Text(value, ((0, node.lineno),))
        segment = self.segment(node)
        if _is_plain(segment):
            return Text(value, _newline_marks(value, node.lineno))
        lines = character_lines(segment, node.lineno)
        if len(lines) != len(value):
            return Text(value, ((0, node.lineno),))
        return Text(value, run_lengths(lines))

    def formatted_lines(self, node: ast.JoinedStr) -> list[int] | None:
        """The line of each literal character of an f-string over several lines."""
        if node.lineno == node.end_lineno:
            return None
        return character_lines(self.segment(node), node.lineno)


def _bytes(path: str) -> bytes:
    """A file's content; `open` asks the system for three times as much as this."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        parts = []
        while part := os.read(handle, 1 << 14):
            parts.append(part)
            if len(part) < 1 << 14:
                break
        return b"".join(parts)
    finally:
        os.close(handle)


def _decoded(data: bytes) -> str:
    """UTF-8 text with plain newlines; `open` decodes piece by piece, which takes twice as long."""
    text = data.decode().removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_plain(segment: str) -> bool:
    """Whether this is one triple-quoted literal without escapes: lines are then its newlines."""
    quote = segment[:3]
    return quote in ('"""', "'''") and "\\" not in segment and segment.count(quote) == 2


def _newline_marks(value: str, line: int) -> tuple[tuple[int, int], ...]:
    marks, start = [(0, line)], value.find("\n")
    while start >= 0:
        line += 1
        marks.append((start + 1, line))
        start = value.find("\n", start + 1)
    return tuple(marks)


def run_lengths(lines: list[int], start: int = 0) -> tuple[tuple[int, int], ...]:
    """Marks for consecutive characters standing on `lines`."""
    marks: list[tuple[int, int]] = []
    for offset, line in enumerate(lines, start):
        if not marks or marks[-1][1] != line:
            marks.append((offset, line))
    return tuple(marks)


def _cut(line: str, start: int, end: int | None) -> str:
    """A slice by UTF-8 byte offsets, which is what `ast` counts in."""
    if line.isascii():
        return line[start:end]
    return line.encode()[start:end].decode(errors="replace")
