"""Which function fixes which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...facts import Edit
from .site import Site


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a fixer wants to change; `safe` when nobody has to look at it first."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


Fixer = Callable[[Site], Proposal | None]
FIXERS: dict[str, Fixer] = {}


def fixer(*codes: str) -> Callable[[Fixer], Fixer]:
    """Register a function for the findings of these rules."""

    def register(function: Fixer) -> Fixer:
        for code in codes:
            FIXERS[code] = function
        return function

    return register


def proposal(title: str, edits: Iterable[Edit | None], *, safe: bool = True) -> Proposal | None:
    """A proposal of these edits; None when one of them could not be made."""
    found = list(edits)
    if not found or any(edit is None for edit in found):
        return None
    return Proposal(title, tuple(edit for edit in found if edit is not None), safe)
