"""What to call it instead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_guard.reserved.names import is_reserved
from alembic_guard.reserved.suggest import (
    entity_names,
    is_derived,
    singular,
    suggest_names,
    suggest_table_name,
)


@pytest.mark.parametrize(
    ("old", "table", "taken", "first"),
    [
        ("metadata", "sessions", (), "session_metadata"),
        ("metadata", "chat_sessions", (), "session_metadata"),
        ("metadata", "chat_sessions", ("Session_Metadata",), "chat_session_metadata"),
        ("metadata", "public.documents", (), "document_metadata"),
        ("metadata", "Invoices", (), "invoice_metadata"),
        ("metadata", None, (), "meta_data"),
        ("registry", "packages", (), "package_registry"),
        ("metadata", "x" * 62, (), "meta_data"),
        ("metadata", "addresses", (), "address_metadata"),
        ("metadata", "categories", (), "category_metadata"),
    ],
)
def test_the_first_suggestion(old: str, table: str, taken: tuple[str, ...], first: str) -> None:
    assert suggest_names(old, table, taken)[0] == first


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        ["metadata", "registry", "user", "order", "json", "query", "t", "values", "__x__"]
    ),
    st.from_regex(r"[a-z_]{1,70}", fullmatch=True),
    st.sets(st.sampled_from(["meta", "meta_data", "extra_data", "extra_metadata", "user_name"])),
)
def test_suggestions_are_free_short_and_not_reserved(old: str, table: str, taken: set[str]) -> None:
    for name in suggest_names(old, table, taken, limit=9):
        assert name not in taken
        assert len(name.encode()) <= 63
        assert not is_reserved(name), name


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("metadata", "session_metadata", True), ("metadata", "metadata_", True),
        ("metadata", "_metadata", True), ("metadata", "meta", True), ("metadata", "meta_data", True),
        ("metadata", "extra_data", True), ("metadata", "extra", True),
        ("metadata", "metadata_payload", True), ("metadata", "notes", False),
        ("metadata", "metadata", False), ("metadata", "after_json", False),
        ("metadata", "metadatas", False), ("user", "username", True), ("user", "users", False),
        ("order", "sort_order", True), ("metadata", "is_admin", False),
    ],
)  # fmt: skip
def test_derived_names_are_recognised(old: str, new: str, expected: bool) -> None:
    assert is_derived(old, new) is expected


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("sessions", "session"), ("boxes", "box"), ("status", "status"), ("people", "person"),
     ("bus", "bus"), ("entries", "entry"), ("data", "data"), ("address", "address")],
)  # fmt: skip
def test_singulars(plural: str, expected: str) -> None:
    assert singular(plural) == expected


def test_entities_of_a_camel_case_table() -> None:
    assert entity_names("ChatSessions") == ("session", "chat_session")


@pytest.mark.parametrize(
    ("old", "new"),
    [("user", "users"), ("group", "group_records"), ("query", "queries"), ("match", "matches"),
     ("index", "indexes"), ("key", "key_records")],
)  # fmt: skip
def test_a_table_is_called_by_its_plural(old: str, new: str) -> None:
    assert suggest_table_name(old) == new
    assert not is_reserved(new)
