"""Indexes and constraints that follow a rename, or are the same under another name."""

from __future__ import annotations

import pytest

from alembic_guard.facts import Hint
from alembic_guard.renames.companions import Capabilities
from alembic_guard.renames.decision import Plan
from alembic_guard.renames.model import ConstraintFacts, ForeignKeyFacts, IndexFacts, TableFacts
from tests.renames.deciding import pairs, plan, table


def test_an_index_of_the_same_definition_is_renamed_not_built_anew() -> None:
    old = table("t", "a text", indexes=(IndexFacts("ix_a", ("a",)),))
    new = table("t", "a text", indexes=(IndexFacts("ix_t_a", ("a",)),))

    assert pairs(plan([old], [new]), "index") == {("ix_a", "ix_t_a")}
    assert plan([old], [new], "certain") == Plan()


@pytest.mark.parametrize(
    "other",
    [
        IndexFacts("ix_b", ("a", "b")),
        IndexFacts("ix_b", ("a",), unique=True),
        IndexFacts("ix_b", ("a",), extra=(("where", "b > 0"),)),
    ],
)
def test_an_index_of_another_definition_is_not_renamed(other: IndexFacts) -> None:
    found = plan(
        [table("t", "a text", "b text", indexes=(IndexFacts("ix_a", ("a",)),))],
        [table("t", "a text", "b text", indexes=(other,))],
    )

    assert found == Plan()


def test_a_name_that_a_new_table_takes_over_is_no_former_name() -> None:
    """The old table was copied aside, with its names; nothing in the new one was renamed."""
    old = table("t", "a text", indexes=(IndexFacts("ix_t", ("a",)),))
    new = table("t", "a text", indexes=(IndexFacts("ix_t1", ("a",)),))
    aside = table("t_aside", "a text", "b text", indexes=(IndexFacts("ix_t", ("a",)),))

    assert pairs(plan([old], [new, aside]), "index") == set()


def test_a_key_name_that_stands_on_nothing_renamed_is_left_alone() -> None:
    old = table("t", "a text", primary_key=ConstraintFacts("primary_key", "old_pk", ("id",)))
    new = table("t", "a text", primary_key=ConstraintFacts("primary_key", "t_pk", ("id",)))

    assert plan([old], [new]) == Plan()


def partial(column: str, **extra: str) -> TableFacts:
    index = IndexFacts(f"ix_{column}", ("id",), extra=tuple(sorted(extra.items())))
    return table("jobs", f"{column} boolean!", "note text", indexes=(index,))


def test_a_partial_index_follows_the_column_of_its_condition() -> None:
    found = plan(
        [partial("sync_pending", where="sync_pending is true and note <> 'sync_pending'")],
        [partial("is_sync_pending", where="is_sync_pending is true and note <> 'sync_pending'")],
    )

    assert pairs(found, "index") == {("ix_sync_pending", "ix_is_sync_pending")}


def test_an_index_follows_a_column_it_only_carries_along() -> None:
    found = plan(
        [partial("Title", include="Title,note")],
        [partial("PostTitle", include="PostTitle,note")],
    )

    assert pairs(found, "index") == {("ix_Title", "ix_PostTitle")}


def test_an_index_on_an_expression_follows_its_column() -> None:
    def people(column: str) -> TableFacts:
        index = IndexFacts(f"ix_{column}_lower", (f"lower({column})",))
        return table("people", f"{column} varchar(80)!", indexes=(index,))

    found = plan([people("fullname")], [people("full_name")])

    assert pairs(found, "index") == {("ix_fullname_lower", "ix_full_name_lower")}


def keyed(name: str, key: str, *, is_conventional: bool = False) -> TableFacts:
    primary = ConstraintFacts("primary_key", key, ("id",), is_conventional=is_conventional)
    return table(name, "email text", "display text", primary_key=primary)


def test_a_primary_key_the_server_named_stays_where_nobody_vouches_for_the_table() -> None:
    before, after = [keyed("users", "users_pkey")], [keyed("accounts", "accounts_pkey")]
    said = Hint("table", None, None, "users", "accounts", "A", "renames.toml line 1")

    assert pairs(plan(before, after), "table") == {("users", "accounts")}
    assert pairs(plan(before, after), "constraint") == set()
    assert pairs(plan(before, after, hints=[said]), "constraint") == {
        ("users_pkey", "accounts_pkey")
    }


def test_a_primary_key_somebody_named_follows_its_table() -> None:
    chosen = plan([keyed("users", "pk_users")], [keyed("accounts", "pk_accounts")])
    conventional = plan(
        [keyed("users", "users_pkey")], [keyed("accounts", "accounts_pkey", is_conventional=True)]
    )

    assert pairs(chosen, "constraint") == {("pk_users", "pk_accounts")}
    assert pairs(conventional, "constraint") == {("users_pkey", "accounts_pkey")}


def referring(
    name: str, key: str, *, column: str = "owner_id", target: str = "people"
) -> TableFacts:
    foreign = ForeignKeyFacts(key, (column,), (None, target), ("id",))
    return table(name, f"{column} integer", "place text", "price integer", foreign_keys=(foreign,))


FOLLOWING = {
    "the table's name": ("houses_owner_id_fkey", "homes_owner_id_fkey", True),
    "its initials": ("fk_h_owner", "fk_h_people", True),
    "cut short": ("fk_houses_owner_id_people", "fk_homes_owner_id_peop", True),
    "another convention": ("houses_owner_id_fkey", "fk_homes_owner_id", True),
    "a word of its own": ("houses_owner_id_fkey", "proprietor_owner_id_fkey", False),
}


@pytest.mark.parametrize(("old", "new", "follows"), FOLLOWING.values(), ids=FOLLOWING.keys())
def test_a_foreign_key_follows_when_its_new_name_says_what_is_there(
    old: str, new: str, follows: bool
) -> None:
    found = plan([table("people"), referring("houses", old)],
                 [table("people"), referring("homes", new)])  # fmt: skip

    assert pairs(found, "table") == {("houses", "homes")}
    assert pairs(found, "constraint") == ({(old, new)} if follows else set())


LEFT_OVER = {
    "a former table": ("posts_owner_id_fkey", "houses_owner_id_fkey", True),
    "a word of one": ("holiday_houses_owner_id_fkey", "houses_owner_id_fkey", True),
    "a former column": ("houses_landlord_id_fkey", "houses_owner_id_fkey", True),
    "not the column": ("houses_people_fkey", "houses_owner_id_fkey", True),
    "only another convention": ("houses_owner_id_fkey", "fk_houses_owner_id_people", False),
    "only a suffix": ("houses_owner_id", "houses_owner_id_fkey", False),
    "a name of its own": ("houses_owner_id_fkey", "proprietor", False),
    "for a name of its own": ("posts_owner_id_fkey", "proprietor", False),
}


@pytest.mark.parametrize(("old", "new", "outdated"), LEFT_OVER.values(), ids=LEFT_OVER.keys())
def test_a_foreign_key_left_under_a_name_of_the_past_is_renamed(
    old: str, new: str, outdated: bool
) -> None:
    before, after = [table("people"), referring("houses", old)], [
        table("people"), referring("houses", new),
    ]  # fmt: skip
    unable = Capabilities(outdated=False)

    assert pairs(plan(before, after), "constraint") == ({(old, new)} if outdated else set())
    assert plan(before, after, "certain") == Plan()
    assert plan(before, after, capabilities=unable) == Plan()


def test_a_left_over_name_that_two_keys_could_get_is_left_alone() -> None:
    def houses(*keys: str) -> TableFacts:
        foreign = [ForeignKeyFacts(key, ("owner_id",), (None, "people"), ("id",)) for key in keys]
        return table("houses", "owner_id integer", foreign_keys=tuple(foreign))

    before, after = [houses("posts_fkey")], [houses("houses_owner_id_fkey", "fk_houses_owner_id")]

    assert plan(before, after) == Plan()
