"""From the positions of `ast` (lines, UTF-8 bytes) to offsets in the text."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\n|\r")


class Positions:
    """Offsets of one text; lines end as Python's tokenizer says, not as `splitlines` does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def offset(self, line: int, byte_column: int) -> int:
        """The offset of a 1-based line and a column counted in UTF-8 bytes."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        row = self.text[start:end]
        if row.isascii():
            return start + byte_column
        return start + len(row.encode()[:byte_column].decode(errors="ignore"))

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def line(self, offset: int) -> int:
        """The 1-based line an offset stands in."""
        return bisect_right(self.starts, offset)

    def line_text(self, line: int) -> str:
        """One line without its end."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")
