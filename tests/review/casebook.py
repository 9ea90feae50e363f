"""Reads the oracle: real revision files with the finding they must give marked on its line.

``# expect: L01`` (or ``-- expect: L01`` inside SQL) marks the line of a required finding by
its hazard id; ``L01|L04`` accepts either, ``expect(-3)`` points three lines up, ``allow:``
accepts a finding without requiring it. Header comments: ``# dialect:``, ``# setup:`` (SQL run
first), ``# server-version:``, ``# runs: no|up`` (what a real server does with the file).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases"
_MARK = re.compile(
    r"(?:#|--)\s*(expect|allow)(?:\(([+-]\d+)\))?:\s*([A-Z]\d\d(?:[|,]\s*[A-Z]\d\d)*)"
)
_HEADER = re.compile(r"^# ([a-z-]+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """One required or tolerated finding: any of `hazards` on `line` of `path`."""

    path: Path
    line: int
    hazards: frozenset[str]
    required: bool


@dataclass(frozen=True)
class Case:
    """One reviewed unit: a single file, or a folder read as a chain."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.relative_to(CASES).with_suffix("").as_posix()

    @property
    def files(self) -> list[Path]:
        return sorted(self.path.glob("*.py")) if self.path.is_dir() else [self.path]

    @property
    def dialect(self) -> str:
        found = self.id.split("/", 1)[0]
        return "postgresql" if found == "graph" else found

    def headers(self, name: str) -> list[str]:
        """All values of one header, in order, over the files of the case."""
        texts = [path.read_text(encoding="utf-8").split('"""', 1)[0] for path in self.files]
        return [value for text in texts for key, value in _HEADER.findall(text) if key == name]

    def header(self, name: str, default: str) -> str:
        return next(iter(self.headers(name)), default)

    @property
    def marks(self) -> list[Mark]:
        return [mark for path in self.files for mark in _marks(path)]


def _marks(path: Path) -> Iterator[Mark]:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for kind, offset, hazards in _MARK.findall(text):
            for one in hazards.split(","):
                names = frozenset(name.strip() for name in one.split("|"))
                yield Mark(path, number + int(offset or 0), names, kind == "expect")


def cases(*folders: str) -> list[Case]:
    """The cases below these folders of the oracle; a folder of revisions is one case."""
    found = []
    for folder in folders:
        entries = sorted((CASES / folder).iterdir())
        found += [Case(entry) for entry in entries if entry.is_dir() or entry.suffix == ".py"]
    return [case for case in found if case.files and "__pycache__" not in case.id]
