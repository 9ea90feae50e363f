from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_guard import renamed_from
from alembic_guard.renames.annotations import Annotation, read_annotation
from alembic_guard.usage import UsageError


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (renamed_from("metadata"), Annotation(names=("metadata",))),
        (renamed_from("meta", "metadata"), Annotation(names=("meta", "metadata"))),
        (renamed_from("orders", schema="legacy"), Annotation(names=("orders",), schema="legacy")),
        (renamed_from(schema="legacy"), Annotation(schema="legacy")),
        (renamed_from(enum="state"), Annotation(enum=("state",))),
        (
            renamed_from(values={"pending": "waiting"}),
            Annotation(values=(("pending", "waiting"),)),
        ),
        ({"renamed_from": "metadata"}, Annotation(names=("metadata",))),
        ({"renamed_from": ["meta", "metadata"]}, Annotation(names=("meta", "metadata"))),
        ({"label": "Metadata"}, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_annotation_is_read_as_it_was_written(info: dict, expected: Annotation | None) -> None:
    assert read_annotation(info) == expected


def test_annotation_merges_with_other_info() -> None:
    info = {**renamed_from("metadata"), "label": "Metadata"}

    assert info["label"] == "Metadata"
    assert read_annotation(info) == Annotation(names=("metadata",))


def test_annotation_is_accepted_wherever_sqlalchemy_takes_info() -> None:
    metadata = sa.MetaData()
    column = sa.Column("b", sa.Integer, info=renamed_from("a"))
    unique = sa.UniqueConstraint("b", name="uq_b", info=renamed_from("uq_a"))
    table = sa.Table("new", metadata, column, unique, info=renamed_from("old"))
    index = sa.Index("ix_b", column, info=renamed_from("ix_a"))
    sequence = sa.Sequence("new_seq")
    sequence.info.update(renamed_from("old_seq"))

    names = [read_annotation(item.info) for item in (column, unique, table, index, sequence)]

    assert [item and item.names for item in names] == [
        ("a",),
        ("uq_a",),
        ("old",),
        ("ix_a",),
        ("old_seq",),
    ]


@pytest.mark.parametrize("names", [(), ("",), (None,), (3,)])
def test_annotation_without_a_name_is_refused(names: tuple) -> None:
    with pytest.raises(UsageError, match="renamed_from"):
        renamed_from(*names)


@pytest.mark.parametrize("said", [3, {"name": "a"}, [None], {}])
def test_annotation_of_an_unknown_shape_is_refused(said: object) -> None:
    with pytest.raises(UsageError, match="renamed_from"):
        read_annotation({"renamed_from": said})
