"""`alembic-guard names`: find reserved names in source, without importing it."""

from __future__ import annotations

import argparse
import ast
import linecache
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ..facts import Finding
from ..reserved.names import DEFAULT_DATABASES, RULES, Vocabulary, normalise_database
from ..reserved.scan import ModuleFacts, Project, collect, judge
from ..reserved.words import DATABASES, Version, parse_version
from ..settings import Settings, find_settings
from ..usage import UsageError
from .source_files import find_files, parsing_many, read_source

_WORTH_PARSING = re.compile(r"sqlalchemy|sqlmodel|Column|Mapped|\bTable\b|Model\b|Mixin|\bBase\b")
"""A file without any of these declares no table and nothing a table inherits."""

_IGNORED = re.compile(r"#\s*guard:\s*ignore(?:\[([\w\s,-]*)\])?")

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
        modules, unreadable = scan_paths(args.paths)
        found = [item for item in judge(Project(modules), vocabulary) if _wanted(item, settings)]
    shown = [item for item in found if args.notes or item.severity != "note"]
    for problem in unreadable:
        print(f"alembic-guard: {problem}", file=sys.stderr)
    hidden = len(found) - len(shown)
    print(render(shown, args.format, files=len(modules), hidden_notes=hidden))
    return int(any(item.severity != "note" for item in shown))


def scan_paths(paths: Sequence[str]) -> tuple[list[ModuleFacts], list[str]]:
    """What the Python files under `paths` declare, and a line about each that does not parse."""
    modules: list[ModuleFacts] = []
    unreadable: list[str] = []
    with parsing_many():
        for path in find_files(paths, (".py",)):
            _scan(path, modules, unreadable)
    return modules, unreadable


def _scan(path: str, modules: list[ModuleFacts], unreadable: list[str]) -> None:
    source = read_source(path)
    if source is None:
        unreadable.append(f"{path}: not UTF-8 text, skipped")
    elif _WORTH_PARSING.search(source.text) is not None:
        try:
            modules.append(collect(ast.parse(source.text, source.path), source.path))
        except (SyntaxError, ValueError, RecursionError) as error:
            unreadable.append(f"{path}: does not parse, skipped: {error}")


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
    findings: Sequence[Finding], format: str, *, files: int = 0, hidden_notes: int = 0
) -> str:
    """Findings in one of `FORMATS`; all but text are the reporters of `review`."""
    if format == "text":
        return _text(findings, hidden_notes)
    from ..review import reporters

    rules = {
        rule.code: reporters.RuleInfo(
            rule.code, rule.name, "error", rule.name.replace("-", " "), rule.documented
        )
        for rule in RULES.values()
    }
    sources = {
        path: "".join(linecache.getlines(path))
        for path in {item.location.path for item in findings}
    }
    report = reporters.Report(tuple(findings), rules, command="names", files=files, sources=sources)
    return reporters.render(format, report)


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


def _wanted(finding: Finding, settings: Settings) -> bool:
    comment = _IGNORED.search(linecache.getline(finding.location.path, finding.location.line))
    if comment is not None:
        codes = {part.strip() for part in (comment[1] or "").split(",") if part.strip()}
        if not codes or codes & {finding.code, finding.name}:
            return False
    names = {part.lower() for part in finding.objects} | {".".join(finding.objects).lower()}
    return not names & {
        name.lower() for name, policy in settings.reserved_policy.items() if policy == "ignore"
    }


def _text(findings: Sequence[Finding], hidden_notes: int) -> str:
    lines = []
    for item in findings:
        place = f"{item.location.path}:{item.location.line}:{item.location.column}"
        lines.append(f"{place}: {item.severity} {item.code} [{item.name}] {item.message}")
        lines.append(f"    {item.help}")
    count = f"{len(findings)} finding(s)" if findings else "No reserved names"
    notes = f"; {hidden_notes} name(s) merely have to be quoted (--notes)" if hidden_notes else ""
    lines.append(f"{count}{notes}.")
    return "\n".join(lines)
