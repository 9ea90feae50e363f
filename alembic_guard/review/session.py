"""One review from paths to report: what the command line and `Guard` call."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from ..settings import enclosing
from ..usage import UsageError
from .ancestors import ancestor_files
from .options import Options
from .sources.reader import find_files, read_revisions
from .versions import DEFAULT_VERSIONS, DIALECTS, parse_version

if TYPE_CHECKING:
    from .engine import Review
    from .reporters.report import Report
    from .revision import Revision

AfterReading = Callable[["Sequence[Revision]", Collection[str], str], None]


def run_review(options: Options, read: AfterReading | None = None) -> tuple[Review, Report]:
    """Read, check, leave out what is not asked for or suppressed, and report.

    :param read: told of the revisions, of the paths that are background and of the dialect
        before they are checked.
    """
    settings = options.settings
    dialect = options.dialect or settings.review_dialect or guess_dialect(options.paths)
    if dialect not in DIALECTS:
        raise UsageError(f"dialect is {dialect!r}; it can be {', '.join(DIALECTS)}")
    version_text = options.server_version or settings.review_server_version
    version = parse_version(version_text) if version_text else DEFAULT_VERSIONS[dialect]
    background = ancestor_files(options.paths)
    revisions = read_revisions((*options.paths, *background), dialect, _get_ready)
    from .judging import judge, reported

    if read is not None:
        read(revisions, background, dialect)
    whole = any(os.path.isdir(path) for path in options.paths)
    result = judge(options, revisions, dialect, version, whole=whole, background=background)
    return result, reported(options, result)


def _get_ready() -> None:
    """Load what comes after the reading, while other processes read."""
    from .judging import chosen_rules

    chosen_rules((), ())


_URL = re.compile(r"^\s*sqlalchemy\.url\s*=\s*(\w+)", re.MULTILINE)
_HINTS = (
    ("postgresql", re.compile(r"postgresql_|dialects(?:\.| import )postgresql|CONCURRENTLY")),
    ("mysql", re.compile(r"mysql_|dialects(?:\.| import )mysql|AUTO_INCREMENT|ENGINE\s*=")),
    ("sqlite", re.compile(r"dialects(?:\.| import )sqlite|PRAGMA ")),
)


def guess_dialect(paths: Sequence[str]) -> str:
    """The dialect of the nearest alembic.ini, else the one most files hint at, else PostgreSQL."""
    first = paths[0] if paths and os.path.exists(paths[0]) else "."
    folder = os.path.realpath(first if os.path.isdir(first) else os.path.dirname(first))
    for directory in [folder, *enclosing(folder)][:5]:
        ini = os.path.join(directory, "alembic.ini")
        if os.path.isfile(ini):
            found = _URL.search(_text(ini))
            name = {"postgres": "postgresql"}.get(found[1], found[1]) if found else ""
            if name in DIALECTS:
                return name
    counts = dict.fromkeys((name for name, _ in _HINTS), 0)
    for path in find_files(paths)[:200]:
        text = _text(path)
        for name, pattern in _HINTS:
            counts[name] += bool(pattern.search(text))
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "postgresql"


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def review_paths(paths: Iterable[str], dialect: str, server_version: str = "") -> Review:
    """Review files and folders with the default rules."""
    return run_review(Options(tuple(paths), dialect, server_version))[0]
