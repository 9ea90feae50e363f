"""What exists on either side, asked for name by name, so that nothing is read in vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..facts import RenameKind
from .answers import Answer, Verb, join_path, split_paths
from .model import TableKey

OWNED: tuple[RenameKind, ...] = ("column", "index", "constraint", "enum_value")
STANDALONE: tuple[RenameKind, ...] = ("table", "sequence", "enum_type")


class Side(Protocol):
    """One side; the default schema is None in every key."""

    def keys(self, kind: RenameKind) -> frozenset[TableKey]:
        """Tables, sequences or enum types, by schema and name."""

    def members(self, kind: RenameKind, owner: TableKey) -> frozenset[str]:
        """Columns, indexes or constraints of a table, or values of an enum type."""


def _never(*_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Situation:
    """Both sides, and what tells how old an answer is.

    :param heads: the revisions the database is at.
    :param used: whether some revision already did a verb to an object of these names.
    :param is_hidden: whether the project keeps a table out of the comparison.
    :param several_databases: an answer may then be about another one.
    """

    database: Side
    model: Side
    heads: Callable[[], tuple[str, ...]] = tuple
    used: Callable[[Verb, tuple[str, ...]], bool] = _never
    is_hidden: Callable[[TableKey], bool] = _never
    default_schema: str | None = None
    several_databases: bool = False

    def is_spent(self, answer: Answer) -> bool:
        """Whether the answer was given for another migration than the next one."""
        return answer.after is not None and set(answer.after) != set(self.heads())

    def key(self, path: tuple[str, ...]) -> TableKey:
        """The key of a table's, sequence's or type's path."""
        schema = path[-2] if len(path) > 1 else None
        return (None if schema == self.default_schema else schema, path[-1])


def path_name(key: TableKey) -> str:
    """A key as one name: ``sessions``, ``audit.sessions``."""
    return join_path([part for part in key if part])


def key_of(name: str) -> TableKey:
    """The key that `path_name` wrote."""
    path = split_paths(name, name)[0]
    return (path[0], path[1]) if len(path) == 2 else (None, path[0])
