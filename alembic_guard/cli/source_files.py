"""Which files a command reads."""

from __future__ import annotations

import contextlib
import gc
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..usage import UsageError

SKIPPED_FOLDERS = {
    "__pycache__", "node_modules", "site-packages", "build", "dist", ".git", ".hg", ".tox", ".nox",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".eggs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text; `path` as the user gave it."""

    path: str
    text: str


def find_files(paths: Sequence[str], suffixes: tuple[str, ...]) -> Iterator[str]:
    """Files under `paths` in sorted order; virtual environments and caches are left out.

    :raises UsageError: a path does not exist.
    """
    seen: set[str] = set()
    for given in paths:
        path = Path(given)
        if not path.exists():
            raise UsageError(f"{given} does not exist")
        for found in [str(path)] if path.is_file() else _walk(str(path), suffixes):
            if found not in seen:
                seen.add(found)
                yield found


def read_source(path: str) -> Source | None:
    """The text of a file with its line ends kept, or None when it is not UTF-8 text."""
    try:
        with open(path, "rb") as file:
            return Source(path, file.read().decode("utf-8"))
    except (UnicodeDecodeError, OSError):
        return None


@contextlib.contextmanager
def parsing_many() -> Iterator[None]:
    """Parse other people's files: without warnings of their escapes, and without looking for
    cycles, which syntax trees do not have and which would cost a third of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if collecting:
            gc.enable()


def _walk(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    for current, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name not in SKIPPED_FOLDERS
            and not os.path.exists(os.path.join(current, name, "pyvenv.cfg"))
        )
        prefix = os.path.join(current, "") if current != "." else ""
        prefix = prefix.removeprefix("./")
        yield from (prefix + name for name in sorted(files) if name.endswith(suffixes))
