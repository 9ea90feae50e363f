"""Bring answers, which name things as people do, into claims about one owner on both sides."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..facts import RenameKind
from .answers import Answer, AnswerProblem, Path
from .claims import Claim
from .model import TableKey
from .sides import OWNED, Side, Situation, path_name

Owners = tuple[TableKey | None, TableKey | None]


def claims_of(answer: Answer, situation: Situation) -> list[Claim]:
    """The claims an answer makes; a schema's answer makes one for each table that moves.

    :raises AnswerProblem: if a column is to move to another table.
    """
    kind = answer.kind or _kind(answer.path, situation)
    if kind == "schema":
        return _schema_claims(answer, situation)
    if kind in OWNED:
        owner, name = situation.key(answer.path[:-1]), answer.path[-1]
        if len(answer.to) > 1 and answer.to[:-1] != answer.path[:-1]:
            raise AnswerProblem(
                f"a {kind} stays in its {'type' if kind == 'enum_value' else 'table'}; "
                f"say only its new name, {answer.to[-1]}",
                source=answer.source,
            )
        names = (owner[1], name, *answer.to[-1:])
        return [_claim(answer, situation, kind, owner, name, answer.to[-1:], names)]
    old = situation.key(answer.path)
    to = situation.key(answer.to) if len(answer.to) > 1 else (old[0], *answer.to)
    names = (old[1], *answer.to[-1:])
    new = (path_name(to),) if answer.to else ()  # type: ignore[arg-type]  # (schema, name)
    return [_claim(answer, situation, kind, None, path_name(old), new, names)]


def _claim(
    answer: Answer,
    situation: Situation,
    kind: RenameKind,
    owner: TableKey | None,
    name: str,
    to: Path,
    names: tuple[str, ...],
) -> Claim:
    schema, table = owner or (None, None)
    return Claim(
        answer.verb,
        kind,
        schema,
        table,
        old=() if answer.verb == "new" else (name,),
        new=name if answer.verb == "new" else to[0] if to else None,
        source=answer.source,
        origin=answer.origin,
        spent=situation.is_spent(answer),
        current=answer.origin == "command line"
        or (answer.after is not None and not situation.is_spent(answer)),
        used=lambda: answer.after is None and situation.used(answer.verb, names),
    )


def _kind(path: Path, situation: Situation) -> RenameKind:
    """What a path without a kind means: looked up on both sides, a column when in doubt."""
    if len(path) == 1:
        return "table"
    owner = situation.key(path[:-1])
    sides = (situation.database, situation.model)
    kinds: tuple[RenameKind, ...] = ("column", "index", "constraint", "enum_value")
    for kind in kinds:
        if any(path[-1] in side.members(kind, owner) for side in sides):
            return kind
    if len(path) == 2 and any(situation.key(path) in side.keys("table") for side in sides):
        return "table"
    return "column"


def _schema_claims(answer: Answer, situation: Situation) -> list[Claim]:
    if answer.verb != "rename":
        raise AnswerProblem("say it of the schema's tables", source=answer.source)
    moving = [
        key
        for key in sorted(situation.database.keys("table"), key=path_name)
        if situation.key((*answer.path, key[1])) == key
        and situation.key((*answer.to, key[1])) in situation.model.keys("table")
    ]
    if not moving and not situation.is_spent(answer):
        raise AnswerProblem(
            f"the schema {answer.path[0]} has no table that the models have in {answer.to[0]}",
            source=answer.source,
        )
    tables = [
        replace(answer, kind="table", path=(*answer.path, name), to=(*answer.to, name))
        for _, name in moving
    ]
    return [claim for table in tables for claim in claims_of(table, situation)]


def owners_of(
    claim: Claim, situation: Situation, became: Mapping[TableKey, TableKey]
) -> Owners | None:
    """The owner's key in the database and in the model, or None when neither has it.

    :param became: the renames of owners of this kind that are to be planned.
    """
    kind: RenameKind = "enum_type" if claim.kind == "enum_value" else "table"
    before, after = situation.database.keys(kind), situation.model.keys(kind)
    assert claim.table is not None
    key = (claim.schema, claim.table)
    was = {new: old for old, new in became.items()}
    if claim.origin == "model":
        return was.get(key, key if key in before and key not in became else None), key
    if key in before and not (key in was and claim.old and not _has(situation, claim, key)):
        return key, became.get(key, key if key in after else None)
    if key in was:
        return was[key], key
    return (None, key) if key in after else None


def _has(situation: Situation, claim: Claim, owner: TableKey) -> bool:
    return any(old in situation.database.members(claim.kind, owner) for old in claim.old)


def members(side: Side, other: Side, kind: RenameKind, owner: TableKey | None) -> frozenset[str]:
    """The owner's names on one side; those of all candidates while it is unknown there.

    A table that is only on one side may be a renamed one, whatever nobody has said of it.
    """
    if owner is not None:
        return side.members(kind, owner)
    owner_kind: RenameKind = "enum_type" if kind == "enum_value" else "table"
    alone = side.keys(owner_kind) - other.keys(owner_kind)
    return frozenset(name for key in alone for name in side.members(kind, key))


def ownerless(claim: Claim, situation: Situation) -> str:
    """Why a claim about an owner nobody has does nothing.

    :raises AnswerProblem: if it was meant to do something.
    """
    assert claim.table is not None
    kind: RenameKind = "enum_type" if claim.kind == "enum_value" else "table"
    name = path_name((claim.schema, claim.table))
    gone = f"there is no {kind} {name}"
    if claim.spent or situation.several_databases or claim.used():
        return f"{claim.source}: {gone} here"
    known = {
        path_name(key) for side in (situation.database, situation.model) for key in side.keys(kind)
    }
    raise AnswerProblem(f"{gone}{_near(name, known)}", source=claim.source)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
