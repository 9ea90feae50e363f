"""The best assignment and its margins, held against trying everything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_guard.renames.assignment import assign, margins

Weights = dict[tuple[int, int], float]
WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.one_of(st.integers(-2, 4).map(float), st.floats(0.1, 5)),
    max_size=18,
)


def _best(weights: Weights, row: int = 0, used: frozenset[int] = frozenset()) -> float:
    """The greatest worth, by trying every pairing."""
    if row > 4:
        return 0.0
    worth = _best(weights, row + 1, used)
    for column in range(5):
        weight = weights.get((row, column), 0.0)
        if weight > 0 and column not in used:
            worth = max(worth, weight + _best(weights, row + 1, used | {column}))
    return worth


@settings(max_examples=150, deadline=None)
@given(WEIGHTS)
def test_the_assignment_is_worth_most(weights: Weights) -> None:
    pairs = assign(weights)

    assert len(set(pairs.values())) == len(pairs)
    assert abs(sum(weights[pair] for pair in pairs.items()) - _best(weights)) < 1e-9


@settings(max_examples=60, deadline=None)
@given(WEIGHTS)
def test_a_margin_is_what_forbidding_the_pair_costs(weights: Weights) -> None:
    pairs = assign(weights)
    found = margins(weights, pairs)

    for row, column in pairs.items():
        without = {pair: weight for pair, weight in weights.items() if pair != (row, column)}
        assert abs(found[row] - (_best(weights) - _best(without))) < 1e-9


def test_a_large_group_gets_the_cautious_local_margin() -> None:
    weights = {(row, column): 1.0 + (row == column) for row in range(30) for column in range(30)}
    pairs = assign(weights)

    assert pairs == {row: row for row in range(30)}
    assert set(margins(weights, pairs).values()) == {1.0}


def test_nothing_worth_pairing_stays_unpaired() -> None:
    assert assign({(0, 0): -1.0, (0, 1): 0.0}) == {}
