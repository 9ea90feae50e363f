"""States of a claimed rename; letters are columns of one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_guard.renames.answers import AnswerProblem
from alembic_guard.renames.claims import Claim, ClaimOrigin, Settled, settle


def claims(
    text: str, origin: ClaimOrigin, *, spent: bool = False, used: bool = False
) -> list[Claim]:
    """``"a>b b|x>c +n -d"``: renames (former names newest first), new, drop."""
    made = []
    for number, word in enumerate(text.split(), start=1):
        source = f"line {number}"
        old, arrow, new = word.lstrip("+-").partition(">")
        verb = "rename" if arrow else "new" if word[0] == "+" else "drop"
        olds = () if verb == "new" else tuple(old.split("|"))
        target = new if arrow else old if verb == "new" else None
        current = origin == "command line"
        made.append(
            Claim(
                verb,
                "column",
                None,
                "t",
                olds,
                target,
                source,
                origin,
                spent,
                current,
                lambda: used,
            )
        )
    return made


def outcome(settled: Settled) -> str:
    return " ".join(
        f"{hint.old}>{hint.new}"
        if hint.old and hint.new
        else f"+{hint.new}"
        if hint.new
        else f"-{hint.old}"
        for hint in settled.hints
    )


PENDING = [
    ("plain", "a>b", "a", "b", "a>b"),
    ("chain in a database that is behind", "a>b b>c", "a", "c", "a>c"),
    ("chain, second step", "a>b b>c", "b", "c", "b>c"),
    ("former names, oldest found", "b|a>c", "a", "c", "a>c"),
    ("former names, newest found", "b|a>c", "b", "c", "b>c"),
    ("shift", "a>b b>c", "a b", "b c", "a>b b>c"),
    ("shift told backwards", "b>c a>b", "a b", "b c", "b>c a>b"),
    ("long shift", "a>b b>c c>d", "a b c", "b c d", "a>b b>c c>d"),
    ("old name added back as something else", "a>b", "a", "a b", "a>b"),
    ("said twice", "a>b a>b", "a", "b", "a>b"),
    ("renamed back", "a>b b>a", "b", "a", "b>a"),
    ("renamed back and again", "a>b b>a", "a", "b", "a>b"),
    ("new", "+n", "a", "n", "+n"),
    ("drop", "-a", "a", "n", "-a"),
    ("both halves of a drop and add", "-a +n", "a", "n", "-a +n"),
    ("one renamed, another new", "a>b +n", "a", "b n", "a>b +n"),
]  # fmt: skip
DONE = [
    ("applied", "a>b", "b", "b"),
    ("applied, and renamed on since", "a>b", "b", "c"),
    ("chain applied", "a>b b>c", "c", "c"),
    ("shift applied", "a>b b>c", "b c", "b c"),
    ("renamed back, applied", "a>b b>a", "a", "a"),
]
REFUSED = [
    (
        "both in the database, old one to be dropped",
        "a>b",
        "a b",
        "b",
        "both exist in the database",
    ),
    ("no such model name", "a>bb", "a", "b bbb", "no column t.bb; did you mean bbb?"),
    ("no such database name", "aaa>b", "aa", "b", "no column t.aaa; did you mean aa?"),
    ("one old, two new", "a>b a>c", "a", "b c", "t.a became c, but line 1 says that t.a became b"),
    ("two old, one new", "a>c b>c", "a b", "c", "t.b became c, but line 1 says that t.a became c"),
    ("renamed and dropped", "a>b -a", "a", "b", "t.a is dropped, but line 1 says"),
    ("renamed and new", "a>b +b", "a", "b", "t.b is new, but line 1 says"),
    ("two former names both there", "b|a>c", "a b", "c", "t.b and t.a both exist"),
    ("new, but not in the model", "+nn", "a", "nnn", "no column t.nn; did you mean nnn?"),
    ("drop, but not in the database", "-x", "a", "b", "the database has no column t.x"),
    ("nothing left of either", "a>b", "c", "c", "the database has no column t.a"),
]


@pytest.mark.parametrize("origin", ["command line", "file"])
@pytest.mark.parametrize(
    ("text", "database", "model", "expected"),
    [case[1:] for case in PENDING],
    ids=[case[0] for case in PENDING],
)
def test_claim_that_fits_both_sides_is_a_hint(
    text: str, database: str, model: str, expected: str, origin: ClaimOrigin
) -> None:
    settled = settle(claims(text, origin), database.split(), model.split())

    assert outcome(settled) == expected


@pytest.mark.parametrize("origin", ["command line", "file", "model"])
@pytest.mark.parametrize(
    ("text", "database", "model"), [case[1:] for case in DONE], ids=[case[0] for case in DONE]
)
def test_claim_that_is_applied_is_a_note(
    text: str, database: str, model: str, origin: ClaimOrigin
) -> None:
    settled = settle(claims(text, origin), database.split(), model.split())

    assert settled.hints == ()
    assert len(settled.notes) == len(text.split())
    assert settled.notes[0].startswith("line 1: ")


@pytest.mark.parametrize("origin", ["command line", "file"])
@pytest.mark.parametrize(
    ("text", "database", "model", "message"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_claim_that_contradicts_is_refused_by_line(
    text: str, database: str, model: str, message: str, origin: ClaimOrigin
) -> None:
    with pytest.raises(AnswerProblem, match="line ") as caught:
        settle(claims(text, origin), database.split(), model.split())

    assert message in str(caught.value)
    assert str(caught.value).startswith(caught.value.source)


def test_swap_is_done_when_said_on_the_command_line() -> None:
    settled = settle(claims("a>b b>a", "command line"), "ab", "ab")

    assert outcome(settled) == "a>b b>a"


@pytest.mark.parametrize("origin", ["file", "model"])
def test_swap_that_stays_written_down_is_refused(origin: ClaimOrigin) -> None:
    with pytest.raises(AnswerProblem, match="swapped"):
        settle(claims("a>b b>a", origin), "ab", "ab")


def test_swap_that_was_recorded_for_another_migration_is_a_note() -> None:
    settled = settle(claims("a>b b>a", "file", spent=True), "ab", "ab")

    assert settled.hints == ()
    assert len(settled.notes) == 2


def test_annotation_is_refused_when_old_and_new_are_both_in_the_database() -> None:
    with pytest.raises(AnswerProblem, match="both exist"):
        settle(claims("a>b", "model"), "ab", "ab")


def test_answer_in_the_file_is_a_note_when_both_names_live_on() -> None:
    settled = settle(claims("a>b", "file"), "ab", "ab")

    assert settled.hints == ()
    assert "two different columns now" in settled.notes[0]


def test_annotation_that_finds_no_old_name_is_a_note() -> None:
    settled = settle(claims("a>b", "model"), "c", "b c")

    assert settled.hints == ()
    assert settled.notes == ("line 1: the database has no t.a, so nothing is renamed",)


@pytest.mark.parametrize(
    ("text", "database", "model"),
    [("a>b", "c", "c"), ("a>b", "a", "ab"), ("+n", "a", "n"), ("-a", "a", "n"), ("a>b", "c", "bc")],
)
def test_answer_for_another_migration_does_nothing(text: str, database: str, model: str) -> None:
    settled = settle(claims(text, "file", spent=True), database, model)

    assert settled.hints == ()
    assert len(settled.notes) == 1


def test_answer_without_a_revision_is_a_note_when_a_migration_did_it_long_ago() -> None:
    settled = settle(claims("a>b", "file", used=True), "c", "c")

    assert settled.hints == ()


@pytest.mark.parametrize("text", ["+n", "-a"])
def test_answer_that_drops_is_refused_when_a_migration_did_it_long_ago(text: str) -> None:
    with pytest.raises(AnswerProblem, match="has come back since"):
        settle(claims(text, "file", used=True), "a", "n")


def test_drop_on_the_command_line_is_refused_while_the_model_has_the_name() -> None:
    with pytest.raises(AnswerProblem, match=r"the model still has t\.a"):
        settle(claims("-a", "command line"), "a", "a")


NAMES = st.sets(st.sampled_from("abcde"))
SAID = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"))
        .filter(lambda pair: pair[0] != pair[1])
        .map(">".join),
        st.sampled_from(["+a", "+b", "-a", "-b"]),
    ),
    max_size=4,
    unique=True,
)


@given(SAID, NAMES, NAMES, st.sampled_from(["command line", "file", "model"]))
def test_hints_fit_both_sides_and_are_given_once(
    said: list[str], database: set[str], model: set[str], origin: ClaimOrigin
) -> None:
    try:
        settled = settle(claims(" ".join(said), origin), database, model)
    except AnswerProblem:
        return
    olds = [hint.old for hint in settled.hints if hint.old]
    news = [hint.new for hint in settled.hints if hint.new]

    assert len(olds) == len(set(olds))
    assert len(news) == len(set(news))
    assert set(olds) <= database
    assert set(news) <= model


@given(SAID, NAMES, NAMES)
def test_file_that_was_followed_is_at_rest_afterwards(
    said: list[str], database: set[str], model: set[str]
) -> None:
    try:
        settle(claims(" ".join(said), "file"), database, model)
    except AnswerProblem:
        return
    afterwards = settle(claims(" ".join(said), "file", spent=True), model, model)

    assert afterwards.hints == ()


@given(SAID, NAMES, NAMES, st.booleans())
def test_answers_of_the_past_never_stand_in_the_way(
    said: list[str], database: set[str], model: set[str], dated: bool
) -> None:
    past = claims(" ".join(said), "file", spent=dated, used=not dated)
    renames_only = [claim for claim in past if claim.verb == "rename"]
    try:
        settled = settle(past if dated else renames_only, database, model)
    except AnswerProblem as problem:
        text = str(problem)
        if "but line" in text or ("swapped" in text and not dated):
            return
        raise

    assert all(hint.old and hint.new for hint in settled.hints)
