"""Evidence with a weight, and what its sum says about a pair.

Points are log-odds: they add up, and a pair with 0 is as likely a rename as not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where decisions turn, in points.

    :param confident: a pair is planned unasked under ``likely`` from here on,
    :param clear: and only by this margin to the next best assignment.
    :param suspicious: a pair is worth a question from here on.
    """

    confident: float
    clear: float
    suspicious: float


COLUMNS = Bounds(confident=2.2, clear=2.3, suspicious=-1.5)
TABLES = Bounds(confident=1.6, clear=1.0, suspicious=-1.5)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a pair (positive points) or against it; silent without text."""

    points: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All evidence on one pair.

    :param veto: why likeness alone must not apply it.
    :param refusal: why not even history or a reserved name may; only a person can.
    """

    evidence: tuple[Evidence, ...]
    veto: str | None = None
    refusal: str | None = None

    @property
    def points(self) -> float:
        """The sum of the evidence, in log-odds."""
        return sum(item.points for item in self.evidence)

    @property
    def score(self) -> float:
        """The points as a probability, 0 to 1."""
        return probability(self.points)

    def texts(self) -> tuple[str, ...]:
        """What to tell a person, strongest first; the veto, if any, leads."""
        told = sorted((item for item in self.evidence if item.text), key=lambda e: -abs(e.points))
        vetoed = (f"not unasked: {self.veto}",) if self.veto else ()
        return (*vetoed, *(item.text for item in told))


def probability(points: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, points))))


def collect(
    evidence: Iterable[Evidence], veto: str | None = None, refusal: str | None = None
) -> Verdict:
    """A verdict of what counts at all."""
    return Verdict(tuple(item for item in evidence if item.points), veto or refusal, refusal)
