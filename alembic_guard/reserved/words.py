"""The word lists, read once from the data files that ship with the package."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from ..facts import Severity
from ..record import frozen_record

if TYPE_CHECKING:
    from importlib.abc import ResourceLoader

Effect = Literal["silent", "quoted"]
Version = tuple[int, ...]

DATABASES = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")
"""Databases with a word list; the first four names of each list were measured where it says so."""


@frozen_record
class SqlWord:
    """A word one database treats specially, from version `since` up to before `until`.

    ``silent``: an unquoted use in a query gives something else than the column.
    ``quoted``: an unquoted use is a syntax error, so everybody has to quote it.
    """

    word: str
    effect: Effect
    since: Version = ()
    until: Version = ()

    def applies_to(self, version: Version | None) -> bool:
        """Whether a server of `version` has the word; an unknown version may be any."""
        if version is None:
            return True
        return version >= self.since and (not self.until or version < self.until)


@frozen_record
class AttributeWord:
    """An attribute name one library keeps for itself."""

    family: str
    word: str
    severity: Severity
    effect: str


@cache
def sql_words(database: str) -> dict[str, SqlWord]:
    """The words of `database`, or none for a database we have no list of."""
    if database not in DATABASES:
        return {}
    return {
        row[0]: SqlWord(
            row[0],
            cast(Effect, row[1]),
            parse_version(row[2]) if len(row) > 2 else (),
            parse_version(row[3]) if len(row) > 3 else (),
        )
        for row in _rows(f"{database}.tsv")
    }


@cache
def attribute_words() -> dict[str, tuple[AttributeWord, ...]]:
    """Attribute names that SQLAlchemy, Pydantic or Flask-SQLAlchemy keep, by name."""
    found: dict[str, list[AttributeWord]] = {}
    for family, word, severity, effect in _rows("attributes.tsv"):
        found.setdefault(word, []).append(
            AttributeWord(family, word, cast(Severity, severity), effect)
        )
    return {word: tuple(items) for word, items in found.items()}


def parse_version(text: str) -> Version:
    """``"15.18"`` as ``(15, 18)``; what is not a number ends the version."""
    parts = []
    for part in text.strip().split("."):
        digits = "".join(character for character in part if character.isdigit())
        if not digits:
            break
        parts.append(int(digits))
    return tuple(parts)


def _rows(name: str) -> list[list[str]]:
    # As `pkgutil.get_data` does, which takes longer to import than all else here.
    loader = cast("ResourceLoader", __spec__.loader)
    data = loader.get_data(os.path.join(os.path.dirname(__file__), "data", name))
    lines = data.decode("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
