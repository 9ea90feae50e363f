from __future__ import annotations

import pytest

from alembic_guard.renames.class_history import (
    read_models,
    renamed_columns,
    renamed_tables,
    same_shapes,
)
from alembic_guard.renames.usage_history import replaced_words


def columns(before: str, after: str) -> list[tuple[str, str, str]]:
    """Renamed columns between two bodies of one class."""
    head = "class S(Base):\n    __tablename__ = 's'\n"
    old, new = (
        read_models(head + "".join(f"    {line}\n" for line in body.split("; ")))["S"]
        for body in (before, after)
    )
    return [(one.old, one.new, one.evidence_class) for one in renamed_columns(old, new)]


ID = "id: Mapped[int] = mapped_column(primary_key=True)"
RENAMED = [
    ("mapped_column", f"{ID}; a: Mapped[str] = mapped_column(String(9))",
     f"{ID}; b: Mapped[str] = mapped_column(String(9))", [("a", "b", "B")]),
    ("Column", "a = Column(Integer); z = Column(Text)", "b = Column(Integer); z = Column(Text)", [("a", "b", "B")]),
    ("db.Column with a name", "a = db.Column('x', db.Integer)", "b = db.Column('y', db.Integer)", [("x", "y", "B")]),
    ("annotation only", f"{ID}; a: Mapped[int]", f"{ID}; b: Mapped[int]", [("a", "b", "B")]),
    ("SQLModel", "a: str = Field(max_length=9)", "b: str = Field(max_length=9)", [("a", "b", "B")]),
    ("SQLModel, plain", "id: int; a: str", "id: int; b: str", [("a", "b", "B")]),
    ("same attribute, other column", "a = Column('x', Integer)", "a = Column('y', Integer)", [("x", "y", "A")]),
    ("same attribute, other column and type", "a = Column('x', Integer)", "a = Column('y', Text)", [("x", "y", "B")]),
    ("attribute made explicit", "a: Mapped[int] = mapped_column()", "a: Mapped[int] = mapped_column('y')", [("a", "y", "A")]),
    ("name by keyword", "a = Column(Integer, name='x')", "a = Column(Integer, name='y')", [("x", "y", "A")]),
    ("info and doc say nothing", "a = Column(Text)", "b = Column(Text, info=renamed_from('a'), doc='B')", [("a", "b", "B")]),
    ("two neighbours of two types", "a: Mapped[int]; b: Mapped[str]", "c: Mapped[int]; d: Mapped[str]",
     [("a", "c", "B"), ("b", "d", "B")]),
    ("one more column below", "a: Mapped[int]; z: Mapped[str]", "b: Mapped[int]; z: Mapped[str]; n: Mapped[int]", [("a", "b", "B")]),
]  # fmt: skip
NOT_RENAMED = [
    ("attribute only", "a: Mapped[int] = mapped_column()", "b: Mapped[int] = mapped_column('a')"),
    ("two neighbours of one type", "a: Mapped[int]; b: Mapped[int]", "c: Mapped[int]; d: Mapped[int]"),
    ("one went, two came", "a: Mapped[int]; z: Mapped[str]", "b: Mapped[int]; c: Mapped[int]; z: Mapped[str]"),
    ("another place", "a: Mapped[int]; z: Mapped[str]", "z: Mapped[str]; b: Mapped[int]"),
    ("another type", "a: Mapped[int]", "b: Mapped[str]"),
    ("another foreign key", "a = Column(ForeignKey('x.id'))", "b = Column(ForeignKey('y.id'))"),
    ("another rule", "a = Column(Text)", "b = Column(Text, nullable=False)"),
    ("a relationship", "a: Mapped['X'] = relationship()", "b: Mapped['X'] = relationship()"),
    ("a constant", "KINDS: ClassVar[list] = []", "SORTS: ClassVar[list] = []"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [case[1:] for case in RENAMED],
    ids=[case[0] for case in RENAMED],
)
def test_column_that_changed_only_its_name_is_found(
    before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    assert columns(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"), [case[1:] for case in NOT_RENAMED], ids=[case[0] for case in NOT_RENAMED]
)
def test_anything_else_is_left_to_a_question(before: str, after: str) -> None:
    assert columns(before, after) == []


def test_core_tables_are_read_under_their_variable() -> None:
    before = read_models(
        "s = Table('s', m, Column('id', Integer), Column('a', Text), Index('i', 'a'))"
    )
    after = read_models("s = sa.Table('s', m, sa.Column('id', Integer), Column('b', Text))")

    found = renamed_columns(before["s"], after["s"])

    assert [(one.old, one.new) for one in found] == [("a", "b")]


CLASS = """
class {name}(Base):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str]
    b: Mapped[str]
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([("User", "users")], [("User", "people")], [("users", "people")]),
        ([("User", "users")], [("Person", "people")], [("users", "people")]),
        ([("User", "users")], [("Person", "users")], []),
        ([("User", "users"), ("Other", "o")], [("Person", "people"), ("Other", "o")], [("users", "people")]),
        ([("Cat", "cats"), ("Dog", "dogs")], [("Tom", "toms"), ("Rex", "rexes")], []),
        ([], [("User", "users")], []),
    ],
)  # fmt: skip
def test_table_of_the_same_model_is_found(
    before: list[tuple[str, str]], after: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    old, new = (
        read_models("".join(CLASS.format(name=name, table=table) for name, table in side))
        for side in (before, after)
    )

    assert [(one.old, one.new) for one in renamed_tables(old, new)] == expected


def test_same_definition_elsewhere_in_the_class_is_a_candidate() -> None:
    before = read_models("class S:\n    a: Mapped[int]\n    z: Mapped[str]\n")["S"]
    after = read_models("class S:\n    z: Mapped[str]\n    b: Mapped[int]\n")["S"]

    assert same_shapes(before, after) == {("a", "b")}


def test_source_that_does_not_parse_says_nothing() -> None:
    assert read_models("class S(:") == {}


DIFF = """\
diff --git a/store.py b/store.py
--- a/store.py
+++ b/store.py
@@ -1 +1 @@
-    return record.metadata or {}
+    return record.session_metadata or {}
@@ -9,2 +9,2 @@
-    row["metadata"] = load(row["metadata"])
-    title = record.title
+    row["session_metadata"] = load(row["session_metadata"])
+    title = record.name.strip()
@@ -20 +20 @@
-    metadata = 3
+    session_metadata = 3
@@ -30,2 +30 @@
-    record.title
-    record.title
+    record.name
"""


def test_lines_that_replace_one_used_word_are_counted() -> None:
    assert replaced_words(DIFF) == {("metadata", "session_metadata"): 2}
