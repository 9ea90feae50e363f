"""Frozen values that cost little: a review of a long history makes tens of thousands of them.

mypy sees frozen dataclasses. At run time nothing guards their attributes, because a guarded one
takes five times as long to make and ten times as long to pass between processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

Kind = TypeVar("Kind")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Kind], Kind]:
        """Say nothing: only mypy listens."""
        return lambda decorator: decorator


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[Kind]) -> type[Kind]:
    """A slots dataclass that is compared and hashed by its fields."""
    return dataclass(slots=True, unsafe_hash=True)(kind)


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def plain_record(kind: type[Kind]) -> type[Kind]:
    """One that is only the same as itself, and shown as its base class does."""
    return dataclass(slots=True, eq=False, repr=False)(kind)
