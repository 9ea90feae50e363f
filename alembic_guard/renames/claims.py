"""Hold what people said about names against both sides, and keep what still has to be done.

A claim is an annotation or an answer in terms of one owner. Most claims in an old project
are done with: the old name is gone, the new one is there. Some no longer fit, and some
contradict each other or what both sides show. Only the rest becomes a `Hint`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..facts import Hint, RenameKind
from .answers import AnswerProblem, Verb

ClaimOrigin = Literal["model", "command line", "file"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing said about one name.

    :param owner: how messages call what the name belongs to, such as ``sessions``.
    :param old: former names, newest first; empty for ``new``.
    :param spent: the claim was made for another migration than the next one.
    :param current: the claim was made for the next migration, which most do not say.
    :param used: tells whether a migration already did what the claim says.
    """

    verb: Verb
    kind: RenameKind
    schema: str | None
    table: str | None
    old: tuple[str, ...]
    new: str | None
    source: str
    origin: ClaimOrigin
    spent: bool = False
    current: bool = False
    used: Callable[[], bool] = bool

    def name(self, part: str) -> str:
        """A name with its owner, as messages show it."""
        return ".".join(word for word in (self.schema, self.table, part) if word)


@dataclass(frozen=True, slots=True)
class Settled:
    """What claims come to: hints to act on, and notes on those that do nothing any more."""

    hints: tuple[Hint, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    """A claimed rename from one old name, with the name it ends at."""

    claim: Claim
    old: str
    new: str


def settle(claims: Sequence[Claim], database: Collection[str], model: Collection[str]) -> Settled:
    """Settle the claims about names of one kind under one owner, in the order they were made.

    :param database: the names in the database.
    :param model: the names in the models.
    :raises AnswerProblem: naming the claim that is contradicted, or fits nothing.
    """
    judge = _Judge(claims, frozenset(database), frozenset(model))
    notes: list[str] = []
    hints: dict[tuple[str | None, str | None], tuple[Claim, Hint]] = {}
    for claim in claims:
        found = judge.rename(claim) if claim.verb == "rename" else judge.single(claim)
        if isinstance(found, str):
            notes.append(f"{claim.source}: {found}")
        else:
            hints.setdefault((found.old, found.new), (claim, found))
    _refuse_contradictions(list(hints.values()))
    return Settled(tuple(hint for _, hint in hints.values()), tuple(notes))


class _Judge:
    """The rules, with the state of both sides at hand."""

    def __init__(
        self, claims: Sequence[Claim], database: frozenset[str], model: frozenset[str]
    ) -> None:
        self.database = database
        self.model = model
        self.edges = [
            _Edge(claim, old, claim.new or "")
            for claim in claims
            if claim.verb == "rename"
            for old in claim.old
        ]

    def rename(self, claim: Claim) -> Hint | str:
        """The rename a claim asks for, or why there is nothing to do."""
        assert claim.new is not None
        present = [old for old in claim.old if old in self.database]
        if len(present) > 1 and claim.new not in self.database:
            both = " and ".join(claim.name(old) for old in present)
            raise AnswerProblem(f"{both} both exist in the database", source=claim.source)
        edge = _Edge(claim, present[0] if present else claim.old[0], claim.new)
        edge = replace(edge, new=self._final_name(edge))
        if edge.old in self.database:
            return self._pending(edge)
        if edge.new in self.database:
            return _applied(edge)
        return self._absent(edge)

    def _pending(self, edge: _Edge) -> Hint | str:
        """The old name is in the database."""
        claim = edge.claim
        if edge.new == edge.old:
            return f"a later rename brings {claim.name(edge.old)} back"
        if edge.new not in self.model:
            return self._unwanted(edge)
        if edge.new in self.database:
            return _hint(edge) if self._vacates(edge) else self._both_present(edge)
        readded = edge.old in self.model and not self._arrives(edge, pending=True)
        if readded and claim.origin == "file" and _is_old(claim):
            return _done(f"{claim.name(edge.old)} was renamed before and is a new object now")
        return _hint(edge)

    def _both_present(self, edge: _Edge) -> Hint | str:
        """Both names are in the database, and the new one is to stay there."""
        claim = edge.claim
        old, new = claim.name(edge.old), claim.name(edge.new)
        if self._is_swap(edge):
            if claim.current:
                return _hint(edge)
            if claim.spent:
                return _done("it was given for another migration")
            raise AnswerProblem(
                f"{old} and {new} are swapped, and the database looks the same before and after; "
                "say it once, on the command line, and delete it here",
                source=claim.source,
            )
        if self._arrives(edge, pending=False):
            return _applied(edge)
        if claim.origin == "file" and (edge.old in self.model or _is_old(claim)):
            return _done(f"{old} and {new} are two different {_plural(claim.kind)} now")
        way_out = (
            "delete this if they are two different things"
            if edge.old in self.model
            else f"copy what is missing, then say drop={old}"
        )
        raise AnswerProblem(
            f"{old} and {new} both exist in the database, so this is no rename; {way_out}",
            source=claim.source,
        )

    def _unwanted(self, edge: _Edge) -> str:
        """The old name is in the database, the new one nowhere."""
        claim = edge.claim
        if _is_old(claim) or self._arrives(edge, pending=False):
            return _done(f"{claim.name(edge.old)} is the name now")
        raise AnswerProblem(
            f"the model has no {claim.kind} {claim.name(edge.new)}{self._near(edge.new)}",
            source=claim.source,
        )

    def _absent(self, edge: _Edge) -> str:
        """Neither name is in the database."""
        claim = edge.claim
        if claim.origin == "model":
            names = " or ".join(claim.name(old) for old in claim.old)
            return f"the database has no {names}, so nothing is renamed"
        if any(other.new == edge.old for other in self.edges):
            return f"an earlier rename ends at {claim.name(edge.new)}"
        if _is_old(claim):
            return _done(f"{claim.name(edge.old)} is gone from the database")
        raise AnswerProblem(
            f"the database has no {claim.kind} {claim.name(edge.old)}"
            + self._near(edge.old, self.database),
            source=claim.source,
        )

    def single(self, claim: Claim) -> Hint | str:
        """The hint of a ``new`` or ``drop``, or why there is nothing to do."""
        name = claim.new if claim.verb == "new" else claim.old[0]
        assert name is not None
        here, there = self.database, self.model
        if claim.verb == "new":
            here, there = there, here
        side, other = ("model", "database") if claim.verb == "new" else ("database", "model")
        if name in here and name not in there:
            return self._once(claim, name)
        if name in here:
            if claim.origin == "command line" and claim.verb == "drop":
                raise AnswerProblem(f"the model still has {claim.name(name)}", source=claim.source)
            return _done(f"{claim.name(name)} is in the {other} too")
        if claim.origin == "model" or name in there or _is_old(claim):
            return _done(f"the {side} has no {claim.name(name)}")
        raise AnswerProblem(
            f"the {side} has no {claim.kind} {claim.name(name)}{self._near(name, here)}",
            source=claim.source,
        )

    def _once(self, claim: Claim, name: str) -> Hint | str:
        """An answer that lets a name be dropped counts for one migration only."""
        if claim.spent:
            return _done("it was given for another migration")
        if claim.origin == "file" and claim.used():
            raise AnswerProblem(
                f"a migration did this before, and {claim.name(name)} has come back since; delete "
                'the old answer, or say which revision it is for with after = "..."',
                source=claim.source,
            )
        old, new = (None, name) if claim.verb == "new" else (name, None)
        return Hint(claim.kind, claim.schema, claim.table, old, new, "A", claim.source)

    def _final_name(self, edge: _Edge) -> str:
        """Follow recorded renames for a database that is several of them behind."""
        seen, name = {edge.old}, edge.new
        while name not in self.model and name not in self.database and name not in seen:
            seen.add(name)
            name = next((other.new for other in self.edges if other.old == name), name)
        return name

    def _walk(self, edge: _Edge) -> str:
        """Where the names go that make room for this rename: the last name, or `edge.old`."""
        seen, name = {edge.old}, edge.new
        while name not in seen:
            seen.add(name)
            following = [
                other.new for other in self.edges if other.old == name and other.new in self.model
            ]
            if not following:
                break
            name = following[0]
        return name

    def _vacates(self, edge: _Edge) -> bool:
        """The new name is taken, but moves on to one that is free."""
        last = self._walk(edge)
        return last != edge.new and last not in self.database and last in self.model

    def _is_swap(self, edge: _Edge) -> bool:
        return self._walk(edge) == edge.old and edge.old != edge.new

    def _arrives(self, edge: _Edge, *, pending: bool) -> bool:
        """Another claim says that something else becomes, or became, the old name."""
        return any(
            other.new == edge.old and (other.old in self.database) is pending
            for other in self.edges
            if other.old != edge.old
        )

    def _near(self, name: str, names: Iterable[str] = ()) -> str:
        near = difflib.get_close_matches(name, sorted(names or self.model), n=1, cutoff=0.5)
        return f"; did you mean {near[0]}?" if near else ""


def _hint(edge: _Edge) -> Hint:
    claim = edge.claim
    return Hint(claim.kind, claim.schema, claim.table, edge.old, edge.new, "A", claim.source)


def _is_old(claim: Claim) -> bool:
    """Whether it was made for another migration, by what it says or by what one did."""
    return claim.spent or claim.used()


def _applied(edge: _Edge) -> str:
    claim = edge.claim
    return _done(f"{claim.name(edge.old)} is {edge.new} in the database already")


def _done(reason: str) -> str:
    return f"{reason}; this may be deleted once every database is there"


def _plural(kind: str) -> str:
    words = kind.replace("_", " ")
    return f"{words}es" if words.endswith("x") else f"{words}s"


def _refuse_contradictions(found: Sequence[tuple[Claim, Hint]]) -> None:
    """Two claims may not say different things of one old or one new name."""
    for side in ("old", "new"):
        said: dict[str, tuple[Claim, Hint]] = {}
        for claim, hint in found:
            name = getattr(hint, side)
            if name is None:
                continue
            first = said.setdefault(name, (claim, hint))
            if first[1] is not hint:
                raise AnswerProblem(
                    f"says that {_sentence(claim, hint)}, but {first[0].source} says that "
                    f"{_sentence(*first)}",
                    source=claim.source,
                )


def _sentence(claim: Claim, hint: Hint) -> str:
    if hint.old is None:
        return f"{claim.name(hint.new or '')} is new"
    if hint.new is None:
        return f"{claim.name(hint.old)} is dropped"
    return f"{claim.name(hint.old)} became {hint.new}"
