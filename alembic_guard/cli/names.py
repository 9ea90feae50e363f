"""`alembic-guard names`: find reserved names in source, without importing it."""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..facts import Finding
from ..reserved.names import DEFAULT_DATABASES, RULES, Vocabulary, normalise_database
from ..reserved.scan import ModuleFacts, Project, collect, judge
from ..reserved.words import DATABASES, Version, parse_version
from ..settings import Settings, find_settings
from ..usage import UsageError
from .names_suppression import MARK, keep_unsuppressed
from .source_files import Unreadable, find_files, parsing_many, read_source

if TYPE_CHECKING:
    from ..review.reporters import Suppressed

_WORTH_PARSING = re.compile(
    r"sqlalchemy|sqlmodel|Column|Mapped|\bTable\b|Model\b|pydantic|Mixin|\bBase\b"
)
"""A file without any of these declares no table and nothing a table inherits."""

FORMATS = ("text", "json", "github", "gitlab", "sarif", "junit", "markdown", "html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `alembic-guard names`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of Python source")
    parser.add_argument("--format", choices=FORMATS, default="text")
    add_database_arguments(parser)
    parser.add_argument(
        "--notes", action="store_true", help="also show names that merely have to be quoted"
    )


def add_database_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which databases the names have to live on."""
    parser.add_argument(
        "--dialect", action="append", default=[], metavar="NAME[=VERSION]",
        help="database the project runs on, such as postgresql or mysql=8.4 (repeatable)",
    )  # fmt: skip
    parser.add_argument(
        "--server-version", metavar="VERSION", help="version for a single --dialect"
    )
    parser.add_argument(
        "--database-url", metavar="URL", help="read the reserved words from this running server"
    )


def run(args: argparse.Namespace) -> int:
    """Print findings; 0 clean, 1 when there is an error or a warning, 2 on bad usage."""
    settings = find_settings(Path(args.paths[0]))
    vocabulary = vocabulary_from(args, settings)
    with parsing_many():
        scanned = scan_paths(args.paths)
        found = judge(Project(scanned.modules), vocabulary)
        kept, suppressed = keep_unsuppressed(found, scanned.marked, settings)
    shown = [item for item in kept if args.notes or item.severity != "note"]
    for problem in scanned.problems:
        print(f"alembic-guard: {problem}", file=sys.stderr)
    hidden = len(kept) - len(shown)
    files = len(scanned.modules)
    print(render(shown, args.format, files=files, hidden_notes=hidden, suppressed=suppressed))
    return int(any(item.severity != "note" for item in shown))


class Scanned:
    """What the Python files under some paths declare, and what could not be read.

    `marked` has the text of the files with a suppression comment, by path.
    """

    def __init__(self) -> None:
        self.modules: list[ModuleFacts] = []
        self.problems: list[str] = []
        self.marked: dict[str, str] = {}


def scan_paths(paths: Sequence[str]) -> Scanned:
    """Read and parse the Python files under `paths`; what does not parse is a problem line."""
    scanned = Scanned()
    with parsing_many():
        for path in find_files(paths, (".py",)):
            _scan(path, scanned)
    return scanned


def _scan(path: str, scanned: Scanned) -> None:
    try:
        text = read_source(path).text
    except Unreadable as error:
        scanned.problems.append(f"{path}: {error}, skipped")
        return
    if _WORTH_PARSING.search(text) is not None:
        try:
            scanned.modules.append(collect(ast.parse(text, path), path))
        except (SyntaxError, ValueError, RecursionError) as error:
            scanned.problems.append(f"{path}: does not parse, skipped: {error}")
        if "guard" in text and MARK.search(text) is not None:
            scanned.marked[path] = text


def vocabulary_from(args: argparse.Namespace, settings: Settings) -> Vocabulary:
    """The databases of the command line, else of the settings, else all we know."""
    databases = _databases(args.dialect or settings.databases, args.server_version)
    team = {name.lower(): "" for name in settings.reserved_names}
    live = {}
    if args.database_url:
        from ..reserved.live import read_words

        database, version, words = read_words(args.database_url)
        live, databases = {database: words}, {database: version}
    return Vocabulary(databases, team=team, live=live)


def render(
    findings: Sequence[Finding],
    format: str,
    *,
    files: int = 0,
    hidden_notes: int = 0,
    suppressed: Sequence[Suppressed] = (),
) -> str:
    """Findings in one of `FORMATS`; all but text are the reporters of `review`."""
    if format == "text":
        return _text(findings, hidden_notes, len(suppressed))
    from ..review import reporters

    rules = {
        rule.code: reporters.RuleInfo(
            rule.code, rule.name, "error", rule.name.replace("-", " "), rule.documented
        )
        for rule in RULES.values()
    }
    report = reporters.Report(
        tuple(findings),
        rules,
        tuple(suppressed),
        command="names",
        files=files,
        sources=_sources(findings),
    )
    return reporters.render(format, report)


def _sources(findings: Sequence[Finding]) -> Mapping[str, str]:
    return {path: read_source(path).text for path in {item.location.path for item in findings}}


def _databases(given: Sequence[str], version: str | None) -> dict[str, Version | None]:
    if not given:
        return dict(DEFAULT_DATABASES)
    found: dict[str, Version | None] = {}
    for text in given:
        name, _, number = text.partition("=")
        database = normalise_database(name)
        if database not in DATABASES:
            raise UsageError(
                f"unknown database {name!r}; there are lists for {', '.join(DATABASES)}"
            )
        found[database] = parse_version(number or version or "") or None
    return found


def _text(findings: Sequence[Finding], hidden_notes: int, suppressed: int) -> str:
    lines = []
    for item in findings:
        place = f"{item.location.path}:{item.location.line}:{item.location.column}"
        lines.append(f"{place}: {item.severity} {item.code} [{item.name}] {item.message}")
        lines.append(f"    {item.help}")
    count = f"{len(findings)} finding(s)" if findings else "No reserved names"
    notes = f"; {hidden_notes} name(s) merely have to be quoted (--notes)" if hidden_notes else ""
    ignored = f"; {suppressed} ignored by comments and waivers" if suppressed else ""
    lines.append(f"{count}{notes}{ignored}.")
    return "\n".join(lines)
