"""Everything anybody said about names, held against both sides in the right order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..facts import Hint, RenameKind
from .answers import Answer
from .claims import Claim, Settled, settle
from .model import TableKey
from .owners import Owners, claims_of, members, ownerless, owners_of
from .sides import OWNED, STANDALONE, Situation, key_of, path_name


def settle_all(
    answers: Sequence[Answer], annotations: Sequence[Claim], situation: Situation
) -> Settled:
    """Settle tables, sequences and types first, then what belongs to them.

    Annotations name their owner as the model does; claims about tables, sequences and types
    themselves carry whole paths (`path_name`) instead of an owner.

    :raises AnswerProblem: naming the first claim that is contradicted, or fits nothing.
    """
    answered = [claim for answer in answers for claim in claims_of(answer, situation)]
    claims = [
        *(claim for claim in answered if claim.origin == "file"),
        *annotations,
        *(claim for claim in answered if claim.origin != "file"),
    ]
    hints: list[Hint] = []
    notes = [f"{claim.source}: not compared here" for claim in claims if _hidden(claim, situation)]
    claims = [claim for claim in claims if not _hidden(claim, situation)]
    became: dict[RenameKind, Mapping[TableKey, TableKey]] = {}
    for kind in STANDALONE:
        found = _standalone([claim for claim in claims if claim.kind == kind], kind, situation)
        became[kind] = {
            key_of(hint.old): key_of(hint.new) for hint in found.hints if hint.old and hint.new
        }
        hints += [part for hint in found.hints for part in _split(hint)]
        notes += found.notes
    groups: dict[tuple[RenameKind, Owners], list[Claim]] = {}
    for claim in claims:
        if claim.kind in OWNED:
            owner_kind: RenameKind = "enum_type" if claim.kind == "enum_value" else "table"
            owners = owners_of(claim, situation, became[owner_kind])
            if owners is None:
                notes.append(ownerless(claim, situation))
            else:
                groups.setdefault((claim.kind, owners), []).append(claim)
    for (kind, owners), group in groups.items():
        found = _owned(group, kind, owners, situation)
        hints += found.hints
        notes += found.notes
    return Settled(tuple(hints), tuple(notes))


def _hidden(claim: Claim, situation: Situation) -> bool:
    """Whether a claim is about a table that is kept out of the comparison."""
    if claim.table is not None:
        owned_by_table = claim.kind != "enum_value"
        return owned_by_table and situation.is_hidden((claim.schema, claim.table))
    names = [*claim.old, claim.new] if claim.kind == "table" else []
    return any(situation.is_hidden(key_of(name)) for name in names if name)


def _standalone(claims: Sequence[Claim], kind: RenameKind, situation: Situation) -> Settled:
    if not claims:
        return Settled()
    database = {path_name(key) for key in situation.database.keys(kind)}
    model = {path_name(key) for key in situation.model.keys(kind)}
    if situation.several_databases:
        known = database | model
        claims = [claim for claim in claims if known.intersection({*claim.old, claim.new})]
    return settle(claims, database, model)


def _owned(
    claims: Sequence[Claim], kind: RenameKind, owners: Owners, situation: Situation
) -> Settled:
    before, after = owners
    schema, table = before or after or (None, None)
    return settle(
        [replace(claim, schema=schema, table=table) for claim in claims],
        members(situation.database, situation.model, kind, before),
        members(situation.model, situation.database, kind, after),
    )


def _split(hint: Hint) -> list[Hint]:
    """A hint on whole paths as one on the name and one on the schema, where they differ."""
    old, new = (key_of(name) if name else None for name in (hint.old, hint.new))
    given = old or new
    if given is None or (old and new and old[0] != new[0]):
        assert old is not None
        assert new is not None
        moved = replace(
            hint, kind="schema", schema=old[0], table=old[1], old=old[0] or "", new=new[0] or ""
        )
        named = replace(hint, schema=old[0], old=old[1], new=new[1])
        return [moved] if old[1] == new[1] else [named, moved]
    return [replace(hint, schema=given[0], old=old and old[1], new=new and new[1])]
