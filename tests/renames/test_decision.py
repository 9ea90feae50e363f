"""Decisions on facts alone: every trap found in public histories, a row each."""

from __future__ import annotations

from typing import Any

import pytest

from alembic_guard.facts import Hint
from alembic_guard.renames.decision import Plan
from alembic_guard.renames.model import EnumFacts, IndexFacts
from tests.renames.deciding import asked, column, pairs, plan, table

PLANNED = {
    "words in another order": (["user_name text"], ["name_of_user text"]),
    "a word added": (["address varchar(64)!"], ["ip_address varchar(64)!"]),
    "an abbreviation": (["description text"], ["desc text"]),
    "a typing mistake": (["explaination varchar"], ["explanation varchar"]),
    "underscores only": (["clientid text"], ["client_id text"]),
    "an alone pair of a rare type": (["payload jsonb!"], ["body jsonb!"]),
    "a type that widens": (["title varchar(40)"], ["post_title varchar(80)"]),
    "two by their words": (
        ["start timestamp", "end timestamp"],
        ["end_at timestamp", "start_at timestamp"],
    ),
    "the same word added to all": (
        ["bio text", "aim text", "needs text"],
        ["aim_text text", "bio_text text", "needs_text text"],
    ),
}


@pytest.mark.parametrize(("old", "new"), PLANNED.values(), ids=PLANNED.keys())
def test_what_is_clear_is_planned(old: list[str], new: list[str]) -> None:
    found = plan([table("t", *old)], [table("t", *new)])

    assert len(found.renames) == len(old)
    assert not found.questions
    assert all(words_of(a) & words_of(b) or len(old) == 1 for a, b in pairs(found))


def words_of(name: str) -> set[str]:
    return set(name.replace("_at", "").replace("_text", "").split("_"))


ASKED = {
    "public_doc to is_admin": ("public_doc boolean!", "is_admin boolean!"),
    "a token to its hash": ("access_token varchar(64)", "access_token_hash varchar(64)"),
    "a flag to another flag": ("is_active boolean!", "is_stale boolean!"),
    "text to a password": ("note varchar(40)", "password varchar(40)"),
    "another type": ("folder varchar(40)", "folder_id uuid"),
}


@pytest.mark.parametrize(("old", "new"), ASKED.values(), ids=ASKED.keys())
def test_what_likeness_must_not_decide_is_asked(old: str, new: str) -> None:
    found = plan([table("t", old)], [table("t", new)])

    assert not found.renames
    assert asked(found) == {old.partition(" ")[0]}


UNRELATED = {
    "types that do not cast": ("payload jsonb", "started timestamp"),
    "a date and a flag": ("born date", "active boolean"),
}


@pytest.mark.parametrize(("old", "new"), UNRELATED.values(), ids=UNRELATED.keys())
def test_what_cannot_be_a_rename_is_not_asked(old: str, new: str) -> None:
    found = plan([table("t", old)], [table("t", new)], "ask")

    assert found == Plan()


def test_one_removed_and_two_equal_added_is_asked() -> None:
    found = plan(
        [table("t", "docs_indexed integer")],
        [table("t", "new_docs_indexed integer", "old_docs_indexed integer")],
    )

    assert not found.renames
    assert {c.new for c in found.questions[0].candidates} == {
        "new_docs_indexed",
        "old_docs_indexed",
    }


def test_same_typed_columns_are_never_paired_by_the_alphabet() -> None:
    found = plan(
        [table("t", "first text", "second text")],
        [table("t", "a_second text", "z_first text")],
    )

    assert pairs(found) == {("first", "z_first"), ("second", "a_second")}


def test_a_foreign_key_to_another_table_is_vetoed() -> None:
    others = [table("builds"), table("groups")]
    found = plan(
        [*others, table("t", "koji_build_id integer", keys={"koji_build_id": "builds"})],
        [
            *others,
            table("t", "koji_build_group_id integer", keys={"koji_build_group_id": "groups"}),
        ],
    )

    assert not found.renames
    assert asked(found) == {"koji_build_id"}


def test_a_foreign_key_follows_its_renamed_table() -> None:
    found = plan(
        [
            table("users", "email text", "display text"),
            table("posts", "user_id integer", keys={"user_id": "users"}),
        ],
        [
            table("accounts", "email text", "display text"),
            table("posts", "posted_by_id integer", keys={"posted_by_id": "accounts"}),
        ],
    )

    assert pairs(found, "table") == {("users", "accounts")}
    assert pairs(found) == {("user_id", "posted_by_id")}
    assert pairs(found, "constraint") == {("fk_posts_user_id", "fk_posts_posted_by_id")}


def test_an_enum_of_other_values_is_vetoed() -> None:
    old = column("state text", enum=EnumFacts(None, "state", ("new", "done")))
    new = column("stage text", enum=EnumFacts(None, "stage", ("low", "high")))
    found = plan([table("t", old)], [table("t", new)])

    assert not found.renames


def test_the_same_words_in_many_tables_are_evidence() -> None:
    names = ["listeners", "pools", "members"]
    found = plan(
        [table(name, "tenant_id varchar(255)", "x boolean") for name in names],
        [table(name, "project_id varchar(255)", "y boolean") for name in names],
    )

    assert ("tenant_id", "project_id") in pairs(found)
    assert len([item for item in found.renames if item.old == "tenant_id"]) == 3


def test_a_shape_alone_does_not_make_two_tables_one() -> None:
    found = plan([table("cats", "name text")], [table("dogs", "name text")])

    assert not pairs(found, "table")


def test_tables_that_share_all_columns_follow_a_common_rename() -> None:
    found = plan(
        [
            table("datasets", "uri text", "extra json"),
            table("dataset_events", "dataset_id integer", "at timestamp"),
        ],
        [
            table("assets", "uri text", "extra json"),
            table("asset_events", "asset_id integer", "at timestamp"),
        ],
    )

    assert pairs(found, "table") == {("datasets", "assets"), ("dataset_events", "asset_events")}
    assert pairs(found) == {("dataset_id", "asset_id")}


def test_a_table_may_grow_and_shed_its_own_name_from_its_columns() -> None:
    old = table("parcel_request", "weight integer", "parcel_data json", "parcel_kind text")
    new = table(
        "parcel",
        "weight integer",
        "data json",
        "kind varchar(20)",
        "sent_at timestamp",
        "label_url text",
    )

    assert pairs(plan([old], [new]), "table") == {("parcel_request", "parcel")}


def test_a_table_that_lost_most_of_its_columns_is_asked() -> None:
    old = table("parcel_request", "weight integer", "sender text", "receiver text", "data json")
    new = table("parcel", "weight integer", "label_url text")
    found = plan([old], [new])

    assert not found.renames
    assert "parcel_request" in asked(found)


def test_a_guess_is_not_its_own_evidence() -> None:
    """Both pairings are as good, so the words one of them exchanges say nothing."""
    found = plan(
        [table("t", "aim_text text", "aim_html text", "need_text text", "need_html text")],
        [table("t", "goal_text text", "goal_html text", "wish_text text", "wish_html text")],
    )

    assert not found.renames
    assert not any("became" in text for question in found.questions
                   for candidate in question.candidates for text in candidate.evidence)  # fmt: skip


def hint(old: str | None, new: str | None, kind: str = "A", owner: str | None = "t") -> Hint:
    what: Any = "column" if owner else "table"
    return Hint(what, None, owner, old, new, kind, "renames.toml line 3")  # type: ignore[arg-type]


HINTED = {
    "a rename nobody could see": (["a jsonb"], ["b boolean"], [("a", "b")]),
    "a shift": (["a text", "b text"], ["b text", "c text"], [("a", "b"), ("b", "c")]),
    "a swap": (["a text", "b text"], ["a text", "b text"], [("a", "b"), ("b", "a")]),
    "the old name added again": (["a text"], ["a text", "b text"], [("a", "b")]),
    "a sensitive one": (["public_doc boolean"], ["is_admin boolean"], [("public_doc", "is_admin")]),
}


@pytest.mark.parametrize(("old", "new", "said"), HINTED.values(), ids=HINTED.keys())
@pytest.mark.parametrize("level", ["certain", "likely", "ask", "off"])
def test_what_somebody_said_is_done_at_every_level(
    old: list[str], new: list[str], said: list[tuple[str, str]], level: str
) -> None:
    hints = [hint(*pair) for pair in said]
    found = plan([table("t", *old)], [table("t", *new)], level, hints=hints)

    assert pairs(found) == set(said)
    assert {item.evidence for item in found.renames} == {("renames.toml line 3",)}


def test_nothing_but_what_was_said_is_done_when_detection_is_off() -> None:
    index = IndexFacts("ix_price", ("price",))
    renamed = IndexFacts("ix_amount", ("amount",))
    found = plan(
        [table("t", "price integer", "Name text", "metadata json", indexes=(index,)), table("a", "b text", "c text")],
        [table("t", "amount integer", "name text", "meta json", indexes=(renamed,)), table("d", "b text", "c text")],
        "off",
        hints=[hint("price", "amount")],
        derived=lambda *_names: True,
        case_insensitive=True,
    )  # fmt: skip

    assert {(item.kind, item.old, item.new) for item in found.renames} == {
        ("column", "price", "amount"),
        ("index", "ix_price", "ix_amount"),
    }
    assert not found.questions


def test_a_column_said_to_be_new_is_no_candidate() -> None:
    found = plan([table("t", "a text")], [table("t", "b text")], "ask", hints=[hint(None, "b")])

    assert found == Plan()


def test_a_hint_of_history_yields_to_a_veto_and_becomes_a_question() -> None:
    found = plan(
        [table("t", "public_doc boolean")],
        [table("t", "is_admin boolean")],
        hints=[hint("public_doc", "is_admin", "B")],
    )

    assert not found.renames
    assert "renames.toml line 3" in found.questions[0].candidates[0].evidence


def test_a_hint_of_history_is_believed_otherwise() -> None:
    found = plan(
        [table("t", "a text", "b text")],
        [table("t", "c text", "d text")],
        "ask",
        hints=[hint("a", "d", "B"), hint("b", "c", "B")],
    )

    assert pairs(found) == {("a", "d"), ("b", "c")}


def test_a_hint_whose_new_name_stays_taken_is_not_followed() -> None:
    found = plan(
        [table("t", "a text", "b text")],
        [table("t", "b text")],
        hints=[hint("a", "b", "B")],
    )

    assert found == Plan()


def test_a_derived_name_is_applied_only_where_it_is_the_one() -> None:
    def derived(old: str, new: str, _table: str) -> bool:
        return old == "metadata" and "meta" in new

    def decided(*new: str) -> Plan:
        columns = [f"{name} json" for name in new]
        return plan([table("t", "metadata json")], [table("t", *columns)], "ask", derived=derived)

    assert pairs(decided("session_metadata")) == {("metadata", "session_metadata")}
    assert not decided("session_metadata", "user_meta").renames


def test_a_moved_table_is_asked_with_its_schema() -> None:
    found = plan(
        [table("runs", "state text", "owner text", schema="audit")],
        [table("runs", "state text", "owner text", schema="archive")],
        "ask",
    )

    (question,) = found.questions
    assert question.candidates[0].new == "archive.runs"
    assert question.answers()["rename"].endswith("audit.runs:archive.runs")


def test_questions_name_the_best_candidate_first() -> None:
    found = plan(
        [table("t", "chat_title text", "b jsonb")],
        [table("t", "title text", "subtitle text", "c jsonb")],
        "ask",
    )

    (first,) = [question for question in found.questions if question.old == "chat_title"]
    assert first.candidates[0].new == "title"
    assert first.candidates[0].score > first.candidates[-1].score or len(first.candidates) == 1
