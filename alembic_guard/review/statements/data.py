"""What reads and writes rows."""

from __future__ import annotations

from typing import Literal

from ...record import plain_record
from .origin import Statement


@plain_record
class Dml(Statement):
    """INSERT, UPDATE, DELETE, MERGE or SELECT.

    :param table: the written table; for a SELECT the first one read.
    :param where: whether a WHERE (or join) limits the rows; `condition` is its text.
    :param limited: LIMIT, FETCH FIRST, a bounded subquery, BETWEEN or a bound parameter range:
        the statement touches a batch.
    :param columns: columns written.
    :param rows: number of rows of an INSERT ... VALUES or bulk_insert, None when unknown.
    :param from_select: INSERT ... SELECT.
    :param reads: other tables read.
    """

    verb: Literal["insert", "update", "delete", "merge", "select"]
    table: str
    where: bool = False
    condition: str = ""
    limited: bool = False
    columns: tuple[str, ...] = ()
    rows: int | None = None
    from_select: bool = False
    reads: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    for_update: bool = False


@plain_record
class Truncate(Statement):
    tables: tuple[str, ...]
    cascade: bool = False
