"""The columns a statement brings into being."""

from __future__ import annotations

from collections.abc import Iterator

from ..specs import ColumnSpec
from ..statements import AddColumn, CreateTable


def new_columns(statement: CreateTable | AddColumn) -> Iterator[tuple[ColumnSpec, int]]:
    """Each new column, with its own line when that is not the statement's."""
    if isinstance(statement, AddColumn):
        yield statement.column, 0
        return
    for column in statement.columns:
        yield column, column.line
