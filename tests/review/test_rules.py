"""Every rule proves itself on its own examples; nothing here is written by hand for a rule."""

from __future__ import annotations

import pytest

from alembic_guard.review.engine import review
from alembic_guard.review.examples import findings_of, review_example, revisions_of
from alembic_guard.review.rules import Example, Rule, all_rules
from alembic_guard.review.versions import DEFAULT_VERSIONS

BAD = [(rule, i, example) for rule in all_rules() for i, example in enumerate(rule.bad)]
GOOD = [(rule, i, example) for rule in all_rules() for i, example in enumerate(rule.good)]


def _id(value: object) -> str | None:
    if isinstance(value, Rule):
        return value.code
    return str(value) if isinstance(value, int) else ""


@pytest.mark.parametrize(("rule", "number", "example"), BAD, ids=_id)
def test_bad_example_is_found_once(rule: Rule, number: int, example: str | Example) -> None:
    review = review_example(rule, example)

    assert review.coverage.failures == ()
    assert rule.code in [finding.code for finding in review.findings]
    lines = [finding.location.line for finding in review.findings if finding.code == rule.code]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(("rule", "number", "example"), GOOD, ids=_id)
def test_good_example_is_silent(rule: Rule, number: int, example: str | Example) -> None:
    found = findings_of(rule, example)

    assert [(f.code, f.location.line, f.message) for f in found if f.severity != "note"] == []


@pytest.mark.parametrize("rule", all_rules(), ids=_id)
def test_rule_has_examples_and_documentation(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert {"Summary", "What it does", "Why it matters", "Instead"} <= set(rule.sections())
    assert rule.hazard


def test_names_and_codes_are_unique() -> None:
    rules = all_rules()

    assert len({rule.name for rule in rules}) == len(rules) == len({rule.code for rule in rules})


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.where], ids=_id)
def test_a_rule_that_is_asked_about_some_revisions_has_nothing_to_say_about_others(
    rule: Rule,
) -> None:
    kind = type(rule)
    asked_always: Rule = type(kind.__name__, (kind,), {"where": ()})()
    dialect = rule.dialects[0]

    for other, _, example in BAD + GOOD:
        if dialect in other.dialects:
            revisions = revisions_of(example, dialect)
            version = DEFAULT_VERSIONS[dialect]

            found, expected = (
                review(revisions, [asked], dialect, version, whole=False).findings
                for asked in (rule, asked_always)
            )

            assert found == expected
