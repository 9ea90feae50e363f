"""Which files a command reads."""

from __future__ import annotations

import codecs
import contextlib
import gc
import os
import re
import warnings
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ..record import plain_record
from ..usage import UsageError

SKIPPED_FOLDERS = {
    "__pycache__", "node_modules", "site-packages", "build", "dist", ".git", ".hg", ".tox", ".nox",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".eggs",
}  # fmt: skip

_CODING = re.compile(rb"(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
"""PEP 263, in the first two lines."""


@plain_record
class Source:
    """One file's text with its line ends; `path` as the user gave it."""

    path: str
    text: str
    codec: str = "utf-8"

    def encode(self, text: str) -> bytes:
        """`text` as the bytes this file would hold, its byte order mark included."""
        return text.encode(self.codec)


def find_files(paths: Sequence[str], suffixes: tuple[str, ...]) -> Iterator[str]:
    """Files under `paths` in sorted order; virtual environments and caches are left out.

    :raises UsageError: a path does not exist.
    """
    seen: set[str] = set()
    links: list[str] = []
    for given in paths:
        path = Path(given)
        if not path.exists():
            raise UsageError(f"{given} does not exist")
        files = [(str(path), path.is_symlink())] if path.is_file() else _walk(str(path), suffixes)
        for found, is_link in files:
            if is_link:
                links.append(found)
            elif found not in seen:
                seen.add(found)
                yield found
    yield from _other_targets(links, seen)


def _other_targets(links: Sequence[str], seen: Collection[str]) -> Iterator[str]:
    """The links to files that are not among `seen`: a class read twice would be two classes."""
    if links:
        known = {os.path.realpath(path) for path in seen}
        for path in links:
            target = os.path.realpath(path)
            if target not in known:
                known.add(target)
                yield path


class Unreadable(Exception):
    """A file whose text nobody can know; the message says why, without its path."""


def read_source(path: str) -> Source:
    """The text of a file: UTF-8, or what a Python file declares in its first two lines.

    :raises Unreadable: it cannot be opened, or is not text in that encoding.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(path, data, "utf-8-sig")
    try:
        return Source(path, data.decode("utf-8"))
    except UnicodeDecodeError:
        declared = _CODING.match(data) if path.endswith(".py") else None
        if declared is None:
            raise Unreadable("not UTF-8 text") from None
        return _decoded(path, data, declared[1].decode("ascii"))


def _decoded(path: str, data: bytes, codec: str) -> Source:
    try:
        return Source(path, data.decode(codec), codec)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(f"not text in the encoding it declares, {codec}") from error


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
            gc.freeze()  # or everything made meanwhile would be looked at the moment it is enabled
            gc.enable()
            gc.unfreeze()


def _walk(folder: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Each file below `folder` with whether it is a link; links to folders are not followed."""
    prefix = os.path.join(folder, "") if folder != "." else ""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:  # a folder nobody may read has nothing of the project
        return
    folders = [entry for entry in found if entry.is_dir(follow_symlinks=False)]
    for entry in found:
        if entry.name.endswith(suffixes) and entry not in folders and not _is_folder_link(entry):
            yield prefix + entry.name, entry.is_symlink()
    for entry in folders:
        inner = prefix + entry.name
        if entry.name not in SKIPPED_FOLDERS and not os.path.exists(f"{inner}/pyvenv.cfg"):
            yield from _walk(inner, suffixes)


def _is_folder_link(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and os.path.isdir(entry.path)
