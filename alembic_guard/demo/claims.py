"""Claims the demo makes, each with the figure that was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Claim:
    """One sentence and whether it held, with the figure."""

    text: str
    holds: bool
    figure: str


@dataclass
class Claims:
    """Collects claims and tells each as it is settled."""

    tell: Tell
    settled: list[Claim] = field(default_factory=list)

    def settle(self, text: str, holds: bool, figure: object) -> None:
        """Record one claim."""
        claim = Claim(text, bool(holds), str(figure))
        self.settled.append(claim)
        self.tell(f"  {'ok  ' if claim.holds else 'FAIL'} {text}: {claim.figure}")

    @property
    def hold(self) -> bool:
        """Whether every claim held."""
        return all(claim.holds for claim in self.settled)
