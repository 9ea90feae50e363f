"""Records behave as the dataclasses mypy takes them for."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import ClassVar

import pytest

from alembic_guard import record as records
from alembic_guard.record import field, frozen_record, mutable_record, plain_record, record


@frozen_record
class Point:
    """A place."""

    origin: ClassVar[tuple[int, int]] = (0, 0)

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list, compare=False, repr=False)


@record
class Named:
    name: str


@plain_record
class Base:
    line: int


@plain_record
class Child(Base):
    text: str = ""


@mutable_record
class Counter:
    count: int = 0


def test_positions_keywords_and_defaults_fill_the_attributes() -> None:
    first = Point(1)
    second = Point(1, y=3, tags=["a"])

    assert (first.x, first.y, first.tags) == (1, 2, [])
    assert (second.x, second.y, second.tags) == (1, 3, ["a"])
    assert first.tags is not Point(1).tags


def test_inherited_attributes_come_first() -> None:
    child = Child(4, "x")

    assert (child.line, child.text) == (4, "x")
    assert Child.__match_args__ == ("line", "text")
    assert not hasattr(child, "__dict__")


@pytest.mark.parametrize(
    "call",
    [Point, lambda: Point(1, 2, [], 4), lambda: Point(1, z=2)],  # type: ignore[call-arg]  # what is tested
)
def test_wrong_arguments_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        call()


def test_equality_and_hash_go_by_compared_attributes_and_class() -> None:
    assert Point(1, tags=["a"]) == Point(1)
    assert hash(Point(1, tags=["a"])) == hash(Point(1))
    assert Point(1) != Point(2)
    assert Named("a") == Named("a")
    assert Base(1) != Base(1)
    assert Counter(1) == Counter(1)
    with pytest.raises(TypeError):
        hash(Counter())


def test_frozen_attributes_stay() -> None:
    point = Point(1)

    with pytest.raises(AttributeError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]  # what is tested
    with pytest.raises(AttributeError):
        del point.x
    counter = Counter()
    counter.count += 1
    assert counter.count == 1


def test_shown_as_it_is_written() -> None:
    assert repr(Point(1, tags=["a"])) == "Point(x=1, y=2)"


@pytest.mark.parametrize("replace", [records.replace, dataclasses.replace])
def test_replaced_attributes(replace: Callable[..., Point]) -> None:
    assert Point(5, 3) == replace(Point(1, 3), x=5)
    with pytest.raises(TypeError):
        replace(Point(1), z=1)


def test_dataclasses_accepts_them() -> None:
    assert [f.name for f in dataclasses.fields(Point)] == ["x", "y", "tags"]
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2, "tags": []}


def test_travel_between_processes() -> None:
    values = [Point(1, tags=["a"]), Named("n"), Counter(3)]

    assert values == pickle.loads(pickle.dumps(values))
    assert pickle.loads(pickle.dumps(Child(1, "x"))).text == "x"


def test_reading_revisions_needs_no_dataclasses() -> None:
    """Importing them takes as long as starting Python."""
    code = "import alembic_guard.review.judging, alembic_guard.review.session, sys; print('dataclasses' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
