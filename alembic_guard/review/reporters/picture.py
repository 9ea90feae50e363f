"""Tables before and after a revision as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW = 20
WIDTH = 300
GAP = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One column of a table; `change` is ``added``, ``dropped``, ``changed`` or empty."""

    text: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table as it was and as it will be; no rows on a side where it does not exist."""

    name: str
    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """What the HTML report shows of one revision."""

    path: str
    title: str
    tables: tuple[TableChange, ...]
    sql: tuple[tuple[str, str], ...] = ()


def table_pictures(tables: Sequence[TableChange]) -> str:
    """One SVG with a pair of boxes for each table."""
    parts, top = [], 10
    for table in tables:
        rows = max(len(table.before), len(table.after), 1)
        parts.append(_box(10, top, table.name, table.before, "does not exist before"))
        parts.append(_arrow(top + ROW))
        parts.append(_box(10 + WIDTH + GAP, top, table.name, table.after, "is gone"))
        top += (rows + 1) * ROW + 16
    width = 2 * WIDTH + GAP + 20
    return (
        f'<svg role="img" aria-label="tables before and after" viewBox="0 0 {width} {top}" '
        f'width="{width}" height="{top}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _box(left: int, top: int, name: str, rows: Sequence[Row], absent: str) -> str:
    if not rows:
        return f'<text class="absent" x="{left + 8}" y="{top + 14}">{escape(name)} {absent}</text>'
    height = (len(rows) + 1) * ROW
    parts = [
        f'<rect class="table" x="{left}" y="{top}" width="{WIDTH}" height="{height}" rx="4"/>',
        f'<text class="name" x="{left + 8}" y="{top + 14}">{escape(name)}</text>',
    ]
    for index, row in enumerate(rows, start=1):
        y = top + index * ROW
        if row.change:
            parts.append(
                f'<rect class="{row.change}" x="{left + 1}" y="{y}" width="{WIDTH - 2}" height="{ROW}"/>'
            )
        parts.append(
            f'<text class="{row.change or "same"}-text" x="{left + 8}" y="{y + 14}">{escape(row.text)}</text>'
        )
    return "".join(parts)


def _arrow(y: int) -> str:
    start, end = WIDTH + 18, WIDTH + GAP
    return f'<path class="arrow" d="M{start} {y} H{end} m-7 -5 l7 5 l-7 5" fill="none"/>'
