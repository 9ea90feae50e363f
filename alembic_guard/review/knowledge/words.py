"""Reserved names, as the `reserved` room knows them, for one database and version.

That room's word lists are read only when a revision introduces a name.
"""

from __future__ import annotations

from functools import cache

from ..versions import Version


@cache
def reserved_effect(name: str, place: str, dialect: str, version: Version) -> str | None:
    """What makes `name` a bad name for a table or column of this database, None when nothing does."""
    from ...reserved.words import sql_words

    if name.lower() not in sql_words(dialect):
        return None
    from ...reserved.names import Vocabulary, hazards

    vocabulary = Vocabulary(databases={dialect: version})
    found = hazards(name, place="table" if place == "table" else "column", vocabulary=vocabulary)
    effects = {hazard.family: hazard.effect for hazard in found}
    return effects.get("sql-silent") or effects.get("sql-quoted")


@cache
def orm_effect(name: str) -> str | None:
    """What an attribute of that name does to a declarative model, None when nothing."""
    from ...reserved.words import attribute_words

    if name not in attribute_words():
        return None
    from ...reserved.names import attribute_hazards

    for hazard in attribute_hazards(name):
        return hazard.effect
    return None
