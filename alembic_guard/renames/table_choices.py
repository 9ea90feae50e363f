"""Tables as one pool: each a single string with its schema, back to what people call it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ..facts import Candidate, Hint, Question, Rename
from .choosing import Choice
from .model import TableKey


def text_of(key: TableKey) -> str:
    """A table key as one string; the separator cannot stand in a name."""
    return f"{key[0] or ''}\x00{key[1]}"


def key_of(text: str) -> TableKey:
    """The key that `text_of` wrote."""
    schema, _separator, name = text.partition("\x00")
    return (schema or None, name)


def whole_tables(hints: Sequence[Hint], tables: Collection[TableKey]) -> list[Hint]:
    """Hints on tables by schema and name; a move and a rename of one table are one hint."""
    moves = {(hint.schema, hint.table): hint for hint in hints if hint.kind == "schema"}
    found = []
    for hint in hints:
        if hint.kind != "table":
            continue
        move = moves.pop((hint.schema, hint.old), None)
        schema, name = (move.new or None) if move else hint.schema, hint.new
        if name is not None and (schema, name) not in tables and "." in name:
            schema, _dot, name = name.rpartition(".")
        found.append(
            replace(
                hint,
                old=text_of((hint.schema, hint.old)) if hint.old else None,
                new=text_of((schema, name)) if name else None,
            )
        )
    for (schema, table), move in moves.items():
        if table is not None:
            old, new = text_of((schema, table)), text_of((move.new or None, table))
            found.append(replace(move, kind="table", table=None, old=old, new=new))
    return found


def ask_table(old: str, candidates: Collection[Candidate]) -> Question:
    """What to ask of a table that went."""
    schema, name = key_of(old)
    return Question(
        "table",
        schema,
        None,
        name,
        tuple(replace(item, new=_named_from(schema, item.new)) for item in candidates),
    )


def _named_from(schema: str | None, new: str) -> str:
    """A table as an answer names it: with its schema where that is another one."""
    other, name = key_of(new)
    return name if other == schema else f"{other}.{name}"


def table_renames(choice: Choice) -> list[Rename]:
    """A table that moved to another schema under another name is two renames."""
    (schema, old), (other, new) = key_of(choice.old), key_of(choice.new)
    why = choice.evidence_class, choice.evidence
    found = []
    if schema != other:
        found.append(Rename("schema", schema, old, schema or "", other or "", *why))
    if old != new:
        found.append(Rename("table", schema, None, old, new, *why))
    return found
