"""What the rules know about SQL, apart from any migration."""

from __future__ import annotations

import pytest

from alembic_guard.review.knowledge.not_null import says_not_null


@pytest.mark.parametrize(
    "expression",
    [
        "region IS NOT NULL",
        "((region) is not null)",
        'NOT ("region" IS NULL)',
        "not region is null",
        "shops.region NOTNULL",
        "(region IS NOT NULL) AND length(region) > 0",
        "length(name) BETWEEN 1 AND 5 AND region IS NOT NULL",
        "(region IS NOT NULL AND a) OR (b AND region IS NOT NULL)",
        "name <> 'x) OR (y' AND region IS NOT NULL",
    ],
)
def test_condition_proves_that_a_column_is_not_null(expression: str) -> None:
    assert says_not_null(expression, "region")


@pytest.mark.parametrize(
    "expression",
    [
        "region IS NULL",
        "other_region IS NOT NULL",
        "(region IS NOT NULL AND a) OR b",
        "region IS NOT NULL OR legacy",
        "NOT (region IS NOT NULL)",
        "lower(region) IS NOT NULL",
        "region IS NOT DISTINCT FROM NULL",
        "",
    ],
)
def test_condition_does_not_prove_it(expression: str) -> None:
    assert not says_not_null(expression, "region")
