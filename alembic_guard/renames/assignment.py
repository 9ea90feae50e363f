"""The best one-to-one pairing of old and new names, and how clearly it is the best.

Pairs worth nothing are not edges, so the search works on what is left: shortest augmenting
paths over sparse rows, with a private way out for every row that stays unpaired.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

Weights = Mapping[tuple[int, int], float]
# Re-solving a group once per pair is exact but cubic; above this the margin is local.
_EXACT_MARGIN_ROWS = 24


def assign(weights: Weights) -> dict[int, int]:
    """Pair rows with columns so that the sum of the (positive) weights is greatest."""
    return _solve(_rows(weights))


def margins(weights: Weights, pairs: Mapping[int, int]) -> dict[int, float]:
    """How much worth is lost if one pair of the best assignment is forbidden, by row.

    For a group of many rows that compete, the distance to the best other use of either side
    stands in for it, which is never more.
    """
    rows = _rows(weights)
    columns: dict[int, dict[int, float]] = {}
    for (row, column), weight in weights.items():
        columns.setdefault(column, {})[row] = weight
    result: dict[int, float] = {}
    for group in _groups(rows, columns):
        paired = [row for row in group if row in pairs]
        if len(group) > _EXACT_MARGIN_ROWS:
            for row in paired:
                result[row] = _local_margin(row, pairs[row], rows, columns)
            continue
        part = {row: rows[row] for row in group}
        best = _worth(part, {row: pairs[row] for row in paired})
        for row in paired:
            without = {**part, row: {c: w for c, w in part[row].items() if c != pairs[row]}}
            result[row] = best - _worth(without, _solve(without))
    return result


def _rows(weights: Weights) -> dict[int, dict[int, float]]:
    rows: dict[int, dict[int, float]] = {}
    for (row, column), weight in sorted(weights.items()):
        if weight > 0:
            rows.setdefault(row, {})[column] = weight
    return rows


def _worth(rows: Mapping[int, Mapping[int, float]], pairs: Mapping[int, int]) -> float:
    return sum(rows[row][column] for row, column in pairs.items())


def _local_margin(
    row: int,
    column: int,
    rows: Mapping[int, Mapping[int, float]],
    columns: Mapping[int, Mapping[int, float]],
) -> float:
    others = [weight for other, weight in rows[row].items() if other != column]
    others += [weight for other, weight in columns[column].items() if other != row]
    return rows[row][column] - max(others, default=0.0)


def _groups(
    rows: Mapping[int, Mapping[int, float]], columns: Mapping[int, Mapping[int, float]]
) -> list[list[int]]:
    """Rows that compete with each other, directly or through others."""
    seen: set[int] = set()
    seen_columns: set[int] = set()
    groups = []
    for start in rows:
        if start in seen:
            continue
        group, waiting = [], [start]
        seen.add(start)
        while waiting:
            row = waiting.pop()
            group.append(row)
            for column in rows[row].keys() - seen_columns:
                seen_columns.add(column)
                for other in columns[column]:
                    if other in rows and other not in seen:
                        seen.add(other)
                        waiting.append(other)
        groups.append(sorted(group))
    return groups


def _solve(rows: Mapping[int, Mapping[int, float]]) -> dict[int, int]:
    """Insert row after row along the cheapest augmenting path, keeping dual prices."""
    row_price: dict[int, float] = {}
    column_price: dict[int, float] = {}
    owner: dict[int, int] = {}
    pairs: dict[int, int] = {}
    for row, edges in rows.items():
        # Costs are negated weights; a row's own way out costs nothing.
        row_price[row] = min(
            0.0, min((-w - column_price.get(c, 0.0) for c, w in edges.items()), default=0.0)
        )
        _augment(row, rows, row_price, column_price, owner, pairs)
    return pairs


def _augment(
    start: int,
    rows: Mapping[int, Mapping[int, float]],
    row_price: dict[int, float],
    column_price: dict[int, float],
    owner: dict[int, int],
    pairs: dict[int, int],
) -> None:
    distance: dict[int, float] = {}
    came_from: dict[int, int] = {}
    settled: list[tuple[int, float]] = []
    done: set[int] = set()
    reached = {start: 0.0}
    heap: list[tuple[float, int]] = []
    out_distance, out_row = float("inf"), start
    row, base = start, 0.0
    end: int | None = None
    while True:
        way_out = base - row_price[row]
        if way_out < out_distance:
            out_distance, out_row = way_out, row
        for column, weight in rows[row].items():
            if column in done:
                continue
            length = base - weight - row_price[row] - column_price.get(column, 0.0)
            if length < distance.get(column, float("inf")) - 1e-12:
                distance[column] = length
                came_from[column] = row
                heapq.heappush(heap, (length, column))
        while heap and (heap[0][1] in done or heap[0][0] > distance[heap[0][1]] + 1e-12):
            heapq.heappop(heap)
        if not heap or out_distance <= heap[0][0]:
            total = out_distance
            break
        base, column = heapq.heappop(heap)
        done.add(column)
        if column not in owner:
            end, total = column, base
            break
        settled.append((column, base))
        row = owner[column]
        reached[row] = base
    for known, length in reached.items():
        row_price[known] += total - length
    for column, length in settled:
        column_price[column] = column_price.get(column, 0.0) - (total - length)
    _flip(start, end, out_row, came_from, owner, pairs)


def _flip(
    start: int,
    end: int | None,
    out_row: int,
    came_from: Mapping[int, int],
    owner: dict[int, int],
    pairs: dict[int, int],
) -> None:
    """Give every column on the path to the row before it."""
    if end is None:
        # The row that leaves frees its column for the rows before it on the path.
        row = out_row
        end = pairs.pop(row, None)
        if end is None:
            return
        owner.pop(end)
    while True:
        row = came_from[end]
        previous = pairs.get(row)
        pairs[row], owner[end] = end, row
        if row == start:
            return
        assert previous is not None
        end = previous
