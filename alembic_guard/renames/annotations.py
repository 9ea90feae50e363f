"""Say on the model itself what a thing was called before.

::

    session_metadata = mapped_column(JSON, info=renamed_from("metadata"))
    __table_args__ = {"info": renamed_from("sessions")}
    Index("ix_runs_owner", "owner", info=renamed_from("ix_runs_user"))
    UniqueConstraint("email", name="uq_people_email", info=renamed_from("uq_users_email"))
    state = mapped_column(
        Enum("waiting", "done", name="run_state"),
        info=renamed_from(enum="state", values={"pending": "waiting"}),
    )

An enum type has no ``info`` of its own, so what its type and its values were called stands
on a column that uses it. A `Sequence` takes no ``info=`` but has the dictionary:
``sequence.info.update(renamed_from("run_seq"))``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..usage import UsageError

INFO_KEY = "renamed_from"
_PARTS = ("names", "schema", "enum", "values")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What ``info`` says: former names newest first, and those of an enum's type and values.

    :param names: any of these may be found in the database.
    :param schema: the schema a table has moved from.
    :param enum: former names of the enum type.
    :param values: pairs of an enum's old and new values.
    """

    names: tuple[str, ...] = ()
    schema: str | None = None
    enum: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


def renamed_from(
    *names: str,
    schema: str | None = None,
    enum: str | tuple[str, ...] = (),
    values: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Build the ``info`` of a column, table, index, constraint or sequence that was renamed.

    Autogenerate then plans the rename unasked, with the strongest evidence there is. Once
    the old name is gone from the database the annotation does nothing and may be deleted.
    To keep other ``info``, merge: ``info={**renamed_from("metadata"), "label": "Metadata"}``.

    :param names: former names, the newest first; a database that is several renames behind
        is taken from whichever of them it has.
    :param schema: for a table, the schema it was in before.
    :param enum: for a column, the former name or names of its enum type.
    :param values: for a column, the enum values that were renamed, as ``{"old": "new"}``.
    :raises UsageError: if nothing is said, or a name is not a non-empty string.
    """
    former = (enum,) if isinstance(enum, str) else tuple(enum)
    pairs = tuple((values or {}).items())
    for name in (*names, *former, *(name for pair in pairs for name in pair)):
        _check_name(name)
    if schema is not None:
        _check_name(schema)
    said = {"names": tuple(names), "schema": schema, "enum": former, "values": dict(pairs)}
    if not any(said.values()):
        raise UsageError('renamed_from() needs the former name, such as renamed_from("metadata")')
    return {INFO_KEY: {key: value for key, value in said.items() if value}}


def read_annotation(info: Mapping[Any, Any]) -> Annotation | None:
    """Read what `renamed_from` wrote, or ``{"renamed_from": "old"}`` written by hand.

    :raises UsageError: if the entry has a shape that nobody can have meant.
    """
    said = info.get(INFO_KEY)
    if said is None:
        return None
    if isinstance(said, str):
        said = {"names": (said,)}
    elif isinstance(said, (list, tuple)):
        said = {"names": tuple(said)}
    elif not isinstance(said, Mapping) or not set(said) <= set(_PARTS):
        raise UsageError(f'info[{INFO_KEY!r}] is {said!r}; write info=renamed_from("old_name")')
    given = renamed_from(
        *said.get("names", ()),
        schema=said.get("schema"),
        enum=said.get("enum", ()),
        values=said.get("values"),
    )[INFO_KEY]
    return Annotation(
        names=given.get("names", ()),
        schema=given.get("schema"),
        enum=given.get("enum", ()),
        values=tuple(given.get("values", {}).items()),
    )


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not name:
        raise UsageError(f"renamed_from(): {name!r} is not a name")
