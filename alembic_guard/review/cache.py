"""The last report, kept while nothing it came from has changed.

An entry names every file it was made from with size and modification time, the rules' own code
and the search path included; reading it back costs one `stat` a file and imports no rule.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterable, Sequence

from .. import __version__

KEPT = 20


class Cache:
    """One entry of the cache: what these paths with these options gave."""

    def __init__(self, folder: str, paths: Sequence[str], key: str) -> None:
        self.folder = folder or default_folder()
        self.paths = [os.path.abspath(path) for path in paths]
        self.key = f"{__version__}|{sys.version_info[:2]}|{os.getcwd()}|{key}"
        name = f"{zlib.crc32(repr((self.paths, self.key)).encode()):08x}"
        self.file = os.path.join(self.folder, f"review-{name}.json")

    def read(self) -> tuple[str, int] | None:
        """The report's text and exit code, None when anything has changed."""
        try:
            with open(self.file, encoding="utf-8") as file:
                entry = json.load(file)
            if entry["key"] == self.key and entry["stamp"] == self._stamp(entry["files"]):
                return entry["text"], entry["code"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None

    def write(self, text: str, code: int, files: Iterable[str]) -> None:
        """Keep a report; a folder that cannot be written to is no error."""
        names = sorted({os.path.abspath(name) for name in files})
        entry = {
            "key": self.key,
            "files": names,
            "stamp": self._stamp(names),
            "text": text,
            "code": code,
        }
        try:
            os.makedirs(self.folder, exist_ok=True)
            temporary = f"{self.file}.{os.getpid()}"
            with open(temporary, "w", encoding="utf-8") as file:
                json.dump(entry, file)
            os.replace(temporary, self.file)
            self._forget_old()
        except OSError:
            return

    def _stamp(self, files: Sequence[str]) -> str:
        """Sizes and times of everything a report depends on, as one short text."""
        found: list[tuple[str, int, int]] = []
        for path in self.paths:
            found.extend(_tree(path) if os.path.isdir(path) else _one(path))
        for name in files:
            found.extend(_one(name))
        for folder in _around(self.paths):
            for name in ("alembic.ini", "pyproject.toml"):
                found.extend(_one(os.path.join(folder, name)))
        here = os.path.dirname(__file__)
        found.extend(_tree(here))
        for folder in sys.path:
            found.extend(_one(folder))
        text = repr(found).encode()
        return f"{len(found)}-{zlib.crc32(text):08x}-{zlib.adler32(text):08x}"

    def _forget_old(self) -> None:
        """Keep the newest entries only."""
        entries = [e for e in os.scandir(self.folder) if e.name.startswith("review-")]
        entries.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
        for entry in entries[KEPT:]:
            os.unlink(entry.path)


def default_folder() -> str:
    """``$XDG_CACHE_HOME/alembic_guard`` or the platform's like."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return os.path.join(base or os.path.join(os.path.expanduser("~"), ".cache"), "alembic_guard")


def _tree(folder: str) -> list[tuple[str, int, int]]:
    """All Python files below a folder, by one scan each."""
    found: list[tuple[str, int, int]] = []
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
                elif entry.is_dir() and entry.name not in ("__pycache__", ".git", "node_modules"):
                    waiting.append(entry.path)
    return sorted(found)


def _one(path: str) -> list[tuple[str, int, int]]:
    try:
        status = os.stat(path)
    except OSError:
        return [(path, -1, -1)]
    return [(path, status.st_size, status.st_mtime_ns)]


def _around(paths: Sequence[str]) -> list[str]:
    folders: list[str] = []
    for path in paths:
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        for _ in range(6):
            folders.append(folder)
            folder = os.path.dirname(folder)
    return list(dict.fromkeys(folders))
