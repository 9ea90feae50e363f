"""What git knows: a file as it was, and what changed since. Silent where there is no git."""

from __future__ import annotations

import logging
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)
_SECONDS = 10
_MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class Repository:
    """A working tree; every question comes back empty when git cannot answer it."""

    root: Path

    @classmethod
    def around(cls, path: Path) -> Repository | None:
        """The repository a file or folder is in, or None."""
        folder = path if path.is_dir() else path.parent
        root = _git(folder, "rev-parse", "--show-toplevel")
        return cls(Path(root.strip())) if root else None

    def commit_that_added(self, path: Path) -> str | None:
        """The newest commit in which a file came into being."""
        found = _git(
            self.root, "log", "--diff-filter=A", "--format=%H", "-1", "--", self.name(path)
        )
        return found.strip() or None

    def time_of(self, commit: str) -> int:
        """When a commit was made, in seconds; 0 when that is not known."""
        found = _git(self.root, "show", "-s", "--format=%ct", commit).strip()
        return int(found) if found.isdigit() else 0

    def text_at(self, commit: str, path: Path) -> str | None:
        """A file's text at a commit, or None if it was not there."""
        return _git(self.root, "show", f"{commit}:{self.name(path)}") or None

    def files_with(self, commit: str | None, word: str) -> list[Path]:
        """Python files that hold a word, at a commit or in the working tree."""
        at = [commit] if commit else []
        found = _git(self.root, "grep", "-l", "-w", "-F", "-e", word, *at, "--", "*.py")
        names = (line.partition(":")[2] if commit else line for line in found.splitlines())
        return [self.root / name for name in names]

    def changes_since(self, commit: str) -> str:
        """The difference of all Python files between a commit and the working tree."""
        return _git(
            self.root, "diff", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", commit,
            "--", "*.py",
        )  # fmt: skip

    def changed_since(self, commit: str) -> set[Path]:
        """The Python files that differ between a commit and the working tree."""
        found = _git(self.root, "diff", "--name-only", "--no-ext-diff", commit, "--", "*.py")
        return {(self.root / name).resolve() for name in found.splitlines()}

    def holds(self, path: Path) -> bool:
        """Whether a file stands in the working tree."""
        return path.resolve().is_relative_to(self.root.resolve())

    def name(self, path: Path) -> str:
        """A file's path as git writes it."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()


def _git(folder: Path, *arguments: str) -> str:
    """What a command prints; nothing when it fails, takes too long or prints too much."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **quiet},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.debug("no evidence from git: %s", error)
        return ""
    if done.returncode or len(done.stdout) > _MOST_BYTES:
        log.debug("no evidence from git %s: exit %s", arguments[0], done.returncode)
        return ""
    return done.stdout.decode("utf-8", "replace")
