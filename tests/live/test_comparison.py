from __future__ import annotations

import pytest

from alembic_guard.facts import SchemaChange
from alembic_guard.live.catalog import Catalog
from alembic_guard.live.comparison import History, ModelColumn, ModelTable, compare


def table(*names: str | ModelColumn, name: str = "t") -> ModelTable:
    columns = tuple(n if isinstance(n, ModelColumn) else ModelColumn(n) for n in names)
    return ModelTable(None, name, columns)


def rename(old: str, new: str, owner: str = "t") -> SchemaChange:
    return SchemaChange("rename_column", None, owner, old, new)


def renames(model: ModelTable, columns: str, history: History) -> dict[str, str]:
    found = compare([model], Catalog({(None, "t"): tuple(columns.split())}), history)
    return {d.column or "": d.database_name or d.kind for d in found if d.kind != "new_column"}


@pytest.mark.parametrize(
    ("model", "database", "recent", "expected"),
    [
        ("a", "b", [rename("a", "b")], {"a": "b"}),
        ("a", "c", [rename("a", "b"), rename("b", "c")], {"a": "c"}),
        ("a", "a", [rename("a", "b"), rename("b", "a")], {}),
        ("a b", "b c", [rename("b", "c"), rename("a", "b")], {"a": "b", "b": "c"}),
        (
            "a b",
            "a b",
            [rename("a", "x"), rename("b", "a"), rename("x", "b")],
            {"a": "b", "b": "a"},
        ),
        ("a", "a b", [rename("a", "b")], {"a": "b"}),
        ("a", "b", [rename("a", "b", "other")], {"a": "missing_column"}),
    ],
    ids=["rename", "twice", "and back", "shift", "swap", "old name added again", "other table"],
)
def test_names_follow_what_happened_since(
    model: str, database: str, recent: list[SchemaChange], expected: dict[str, str]
) -> None:
    history = History(recent, recent)

    assert renames(table(*model.split()), database, history) == expected


def test_history_before_the_start_explains_only_what_is_missing() -> None:
    history = History(changes=[rename("a", "b")])

    assert renames(table("a"), "b", history) == {"a": "b"}
    assert renames(table("a", "b"), "a b", history) == {}


def test_annotation_and_pending_revision_explain_code_that_is_ahead() -> None:
    annotated = table(ModelColumn("new", old_names=("newer", "old")))

    assert renames(annotated, "old", History()) == {"new": "old"}
    assert renames(table("new"), "old", History(pending=[rename("old", "new")])) == {"new": "old"}


def test_old_name_that_another_attribute_uses_is_no_rename() -> None:
    model = table("a", ModelColumn("b", old_names=("a",)))

    assert renames(model, "a", History()) == {"b": "missing_column"}


def test_missing_columns_are_masked_only_where_null_cannot_lie() -> None:
    model = table(ModelColumn("id", keep="it is part of the primary key"), "note")
    catalog = Catalog({(None, "t"): ("other",)})
    history = History(pending_columns={"t.note": "1a2b"})
    found = {d.column: d for d in compare([model], catalog, history) if d.column}

    assert found["id"].bridge is None
    assert "primary key" in found["id"].why
    assert found["note"].bridge == "mask"
    assert "revision 1a2b is pending" in found["note"].describe()
    assert compare([model], catalog, history, mask=False)[1].bridge is None


def test_case_is_ignored_where_the_database_ignores_it() -> None:
    assert (
        compare([table("Note")], Catalog({(None, "T"): ("note",)}, ignores_case=True), History())
        == []
    )


def test_renamed_table_is_followed_and_its_columns_with_it() -> None:
    changes = [SchemaChange("rename_table", None, "t", "t", "u"), rename("a", "b", "u")]
    found = compare([table("a")], Catalog({(None, "u"): ("b",)}), History(changes))

    assert [(d.kind, d.database_name) for d in found] == [
        ("renamed_table", "u"),
        ("renamed_column", "b"),
    ]


@pytest.mark.parametrize(
    ("changes", "bridge"), [([], None), ([SchemaChange("drop_column", None, "t", "a")], "add")]
)
def test_an_extra_column_is_mapped_only_if_it_cannot_be_a_missing_one_s_new_name(
    changes: list[SchemaChange], bridge: str | None
) -> None:
    """DDL that commits by itself is seen a moment before the ledger explains it."""
    catalog = Catalog({(None, "t"): ("id", "b")})
    found = compare([table("id", "a")], catalog, History(changes))

    assert [d.bridge for d in found if d.kind == "new_column"] == [bridge]
