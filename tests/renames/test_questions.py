from __future__ import annotations

import json
from itertools import permutations

import pytest

from alembic_guard import UnresolvedRenames
from alembic_guard.facts import Candidate, Question, Rename
from alembic_guard.renames.answer_file import read_answers
from alembic_guard.renames.answers import parse_argument
from alembic_guard.renames.questions import answered, entry, ordered, put


def question(table: str | None, old: str, *news: str, kind: str = "column") -> Question:
    candidates = tuple(
        Candidate(new, 0.9 - place / 10, ("same type text",)) for place, new in enumerate(news)
    )
    return Question(kind, None, table, old, candidates)


TABLE = question(None, "people", "persons", kind="table")
CONTESTED = question("people", "name", "first", "last")
RIVAL = question("people", "nick", "first")
OTHER = question("runs", "zip", "postcode")
INDEX = question("people", "ix_a", "ix_b", kind="index")


def test_order_settles_the_most_first_and_does_not_depend_on_the_input() -> None:
    orders = {
        tuple(ordered(mixed)) for mixed in permutations([INDEX, OTHER, RIVAL, CONTESTED, TABLE])
    }

    assert orders == {(TABLE, CONTESTED, RIVAL, OTHER, INDEX)}


def test_question_shows_candidates_best_first_and_the_safe_way_out() -> None:
    assert put(CONTESTED, 1, 3) == (
        "[1 of 3] The models have no column people.name any more, the database has. "
        "What became of it?\n"
        "  1) it is first now   (score 0.90, same type text)\n"
        "  2) it is last now   (score 0.80, same type text)\n"
        "  n) it is none of these: drop people.name with everything in it\n"
        "  Enter) stop and write nothing"
    )


@pytest.mark.parametrize("one", [TABLE, CONTESTED, OTHER, INDEX], ids=lambda one: one.target)
def test_pasted_answers_mean_what_was_answered(one: Question) -> None:
    best = one.candidates[0]
    argument = parse_argument(one.answers()["rename"].removeprefix("-x "))
    (written,) = read_answers(entry(one, best))
    hint = answered(one, best, "somewhere")

    assert argument is not None
    assert (argument.path, argument.to) == (written.path, written.to)
    assert (argument.path[-1], argument.to) == (hint.old, (hint.new,))


def test_names_that_need_it_are_quoted_for_the_shell_and_for_us() -> None:
    odd = question("my table", "a.b", "it's")

    assert odd.answers() == {
        "rename": '-x \'rename="my table"."a.b":it\'"\'"\'s\'',
        "new": "-x 'new=\"my table\".it'\"'\"'s'",
    }


def test_undecided_renames_are_told_with_answers_to_paste() -> None:
    error = UnresolvedRenames([CONTESTED, OTHER])

    assert str(error).splitlines()[2:] == [
        "  column people.name: renamed to first? (score 0.90, same type text)",
        "    or to last? (score 0.80, same type text)",
        "    it was renamed:              alembic -x rename=people.name:first revision --autogenerate ...",
        "    drop it, the others are new: alembic -x drop=people.name revision --autogenerate ...",
        "    or, if it was renamed, in renames.toml:",
        "      [[rename]]",
        '      column = "people.name"',
        '      to = "first"',
        "",
        "  column runs.zip: renamed to postcode? (score 0.90, same type text)",
        "    it was renamed:           alembic -x rename=runs.zip:postcode revision --autogenerate ...",
        "    drop it, postcode is new: alembic -x new=runs.postcode revision --autogenerate ...",
        "    or, if it was renamed, in renames.toml:",
        "      [[rename]]",
        '      column = "runs.zip"',
        '      to = "postcode"',
    ]  # fmt: skip


def test_json_has_the_shape_of_the_contract() -> None:
    decided = Rename("column", None, "t", "a", "b", "A", ("said so",))
    error = UnresolvedRenames([OTHER], [decided])

    assert json.loads(error.to_json()) == {
        "renames": [
            {"kind": "column", "schema": None, "table": "t", "old": "a", "new": "b", "class": "A"}
        ],
        "unresolved": [
            {
                "kind": "column",
                "schema": None,
                "table": "runs",
                "old": "zip",
                "candidates": [{"new": "postcode", "score": 0.9, "evidence": ["same type text"]}],
                "answers": {
                    "rename": "-x rename=runs.zip:postcode",
                    "new": "-x new=runs.postcode",
                },
            }
        ],
    }
