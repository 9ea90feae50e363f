"""Names, types and vetoes: tables of cases."""

from __future__ import annotations

import pytest

from alembic_guard.renames.types import cast_quality, normalise_type
from alembic_guard.renames.vetoes import name_veto
from alembic_guard.renames.vocabulary import learn
from alembic_guard.renames.words import likeness, substitution, words

TYPES = [
    ("VARCHAR(40)", "varchar(40)", "string"),
    ("character varying(40)", "varchar(40)", "string"),
    ("INTEGER(11)", "integer", "integer"),
    ("BIGINT", "bigint", "integer"),
    ("TINYINT(1)", "boolean", "boolean"),
    ("NUMERIC(10, 2)", "numeric(10,2)", "decimal"),
    ("TIMESTAMP WITHOUT TIME ZONE", "timestamp", "timestamp"),
    ("DATETIME", "timestamp", "timestamp"),
    ("TIMESTAMP(3) WITH TIME ZONE", "timestamp(3) with time zone", "timestamp"),
    ("TIMESTAMP WITH TIME ZONE", "timestamp with time zone", "timestamp"),
    ("DOUBLE PRECISION", "double", "float"),
    ("VARCHAR(40) COLLATE utf8mb4_bin", "varchar(40)", "string"),
    ("INTEGER[]", "integer[]", "array"),
    ("INET", "inet", "inet"),
]


@pytest.mark.parametrize(("spelled", "normal", "family"), TYPES)
def test_types_compare_across_spellings(spelled: str, normal: str, family: str) -> None:
    assert normalise_type(spelled) == (normal, family)


def test_casts_are_graded() -> None:
    assert cast_quality("integer", "integer") == 1.0
    assert cast_quality("integer", "decimal") == 0.5
    assert cast_quality("boolean", "integer") == 0.25
    assert cast_quality("json", "timestamp") == 0.0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("userIDs", ("user", "id")),
        ("user_ids", ("user", "id")),
        ("tns_status", ("tns", "status")),
        ("HTTPRequestURL", ("http", "request", "url")),
        ("categories", ("category",)),
        ("addresses", ("address",)),
        ("is_sms", ("is", "sms")),
    ],
)
def test_names_are_split_into_singular_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("user_name", "username"), ("user_name", "user_email")),
        (("message_text", "body_text"), ("message_text", "visibility")),
        (("description", "desc"), ("description", "title")),
        (("versionid", "revisionid"), ("versionid", "position")),
        (("explaination", "explanation"), ("explaination", "started")),
    ],
)
def test_likeness_ranks(better: tuple[str, str], worse: tuple[str, str]) -> None:
    assert likeness(*better) > likeness(*worse)


def test_unlike_names_are_not_alike() -> None:
    assert likeness("amount", "created") == 0.0


@pytest.mark.parametrize(
    ("old", "new", "vetoed"),
    [
        ("public_doc", "is_admin", True),
        ("note", "password", True),
        ("token", "token_hash", True),
        ("email_sha256", "email", True),
        ("roles", "permissions", False),
        ("is_admin", "admin_public", False),
        ("metadata", "session_metadata", False),
        ("shared", "stashed", False),
    ],
)
def test_some_words_must_not_move(old: str, new: str, vetoed: bool) -> None:
    assert (name_veto(old, new) is not None) is vetoed


def test_a_substitution_is_what_remains_after_the_common_words() -> None:
    assert substitution("user_id", "account_id") == (("user",), ("account",))
    assert substitution("bio", "bio_text") == ((), ("text",))
    assert substitution("user", "users") is None


def test_names_follow_a_renamed_table_however_it_is_written() -> None:
    known = learn([("tnsrobots", "sharingservices")], [])

    assert known.follows("tnsrobot_id", "sharing_service_id")
    assert not known.follows("tnsrobots", "sharingservices", besides="tnsrobots")
    assert not known.follows("group_id", "sharing_service_id")
