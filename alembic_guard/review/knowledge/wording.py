"""The user's own names in the code that messages propose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..statements import Statement


def quoted(name: str | None) -> str:
    """A name as a Python string literal with double quotes."""
    return '"' + (name or "name").replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(names: Iterable[str]) -> str:
    """Names as a Python list."""
    return "[" + ", ".join(quoted(name) for name in names) + "]"


def table_argument(table: str) -> str:
    """``"orders"``, or ``"orders", schema="sales"`` for a qualified name."""
    schema, _, name = table.rpartition(".")
    return f"{quoted(name)}, schema={quoted(schema)}" if schema else quoted(name)


def short(table: str) -> str:
    """The name without its schema."""
    return table.rpartition(".")[2]


def index_name(table: str, columns: Sequence[str], prefix: str = "ix") -> str:
    """A usual name for an index or constraint over columns."""
    plain = "_".join(column for column in columns if column.isidentifier())
    return "_".join(part for part in (prefix, short(table), plain) if part)


def line_of(statement: Statement, reader: Statement) -> str:
    """``line 12``, with the file when it is not the one of the statement the reader looks at."""
    path = statement.origin.path
    return f"line {statement.line}" + (f" of {path}" if path != reader.origin.path else "")


def first_words(names: Sequence[str], limit: int = 4) -> str:
    """``a, b and 3 more``."""
    if len(names) <= limit:
        return (
            " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
        )
    return f"{', '.join(names[:limit])} and {len(names) - limit} more"
