"""Which revision files a change touches, asked of git."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..usage import UsageError


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths that differ from a base, resolved.

    :param base: the merge base's commit, None for staged files.
    :param edited: files that exist at the base too, with another content.
    """

    base: str | None
    added: frozenset[str]
    edited: frozenset[str]

    def holds(self, path: str) -> bool:
        """Whether the change adds or edits this file."""
        resolved = os.path.realpath(path)
        return resolved in self.added or resolved in self.edited


def changes_since(base: str, folder: Path) -> Changes:
    """What differs from the merge base with `base`, such as ``origin/main``, in the working tree."""
    root = repository_root(folder)
    start = merge_base(base, folder)
    added, edited = _listed(root, _git(root, "diff", "--name-status", "--no-renames", "-z", start))
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    more = {os.path.realpath(root / name) for name in untracked if name}
    return Changes(start, frozenset(added | more), frozenset(edited))


def staged_changes(folder: Path) -> Changes:
    """What is staged for the next commit."""
    root = repository_root(folder)
    text = _git(root, "diff", "--cached", "--name-status", "--no-renames", "-z")
    added, edited = _listed(root, text)
    return Changes(None, frozenset(added), frozenset(edited))


def file_at(commit: str, path: Path) -> str | None:
    """The text of a file at a commit, None when it was not there."""
    root = repository_root(path.parent)
    relative = Path(os.path.realpath(path)).relative_to(root).as_posix()
    done = subprocess.run(
        ["git", "-C", str(root), "show", f"{commit}:{relative}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def _listed(root: Path, text: str) -> tuple[set[str], set[str]]:
    parts = [part for part in text.split("\0") if part]
    added: set[str] = set()
    edited: set[str] = set()
    for status, name in zip(parts[::2], parts[1::2], strict=False):
        target = added if status.startswith("A") else edited
        if not status.startswith("D"):
            target.add(os.path.realpath(root / name))
    return added, edited


def merge_base(base: str, folder: Path) -> str:
    """The commit at which HEAD left `base`."""
    return _git(repository_root(folder), "merge-base", base, "HEAD").strip()


def repository_root(folder: Path) -> Path:
    """The top folder of the working tree."""
    return Path(os.path.realpath(_git(folder, "rev-parse", "--show-toplevel").strip()))


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise UsageError(f"git is needed to know what changed: {error}") from error
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise UsageError(f"git {arguments[0]} failed: {reason[0]}")
    return done.stdout
