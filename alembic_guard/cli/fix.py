"""`alembic-guard fix`: show what would be rewritten, then rewrite it."""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..facts import Fix
from ..reserved.rewrite import (
    Listed,
    Rewrite,
    Target,
    apply_edits,
    choose_targets,
    plan_rewrite,
    unified_diff,
)
from ..reserved.rewrite.sql import sqlglot_dialects
from ..reserved.scan import Project, collect, judge
from ..settings import find_settings
from ..usage import UsageError
from .names import add_database_arguments, vocabulary_from
from .source_files import Source, Unreadable, find_files, parsing_many, read_source

TEXT_SUFFIXES = (
    ".py", ".sql", ".md", ".rst", ".txt", ".toml", ".yaml", ".yml", ".json", ".ini", ".cfg",
    ".html", ".jinja", ".j2", ".sh", ".js", ".ts", ".graphql",
)  # fmt: skip

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

MOST_ROUNDS = 100
"""After how many rounds of fixing and reviewing again to stop."""


@dataclass
class _Files:
    texts: dict[str, str] = field(default_factory=dict)
    trees: dict[str, ast.Module] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `alembic-guard fix`."""
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="the whole project")
    parser.add_argument("--yes", "--apply", action="store_true", help="write without asking")
    parser.add_argument(
        "--migrations", action="store_true", help="rewrite what `review` finds in these revisions"
    )
    parser.add_argument(
        "--keep-column", action="store_true",
        help="rename attributes only and keep the columns: no migration (default: both)",
    )  # fmt: skip
    parser.add_argument(
        "--name", action="append", default=[], metavar="MODEL.ATTRIBUTE[:NEW]",
        help="rename this attribute instead of everything reserved (repeatable)",
    )  # fmt: skip
    parser.add_argument(
        "--review", action="store_true",
        help="apply the safe fixes of `review` to these revisions instead",
    )  # fmt: skip
    add_database_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """0: applied, or nothing to do; 1: there is something to apply; 2: bad usage."""
    if args.migrations:
        from . import fix_migrations

        return fix_migrations.run(args, write_all, _agreed)
    if args.review:
        return _fix_revisions(args)
    settings = find_settings(Path(args.paths[0]))
    files = _read(args.paths)
    modules = [collect(tree, path) for path, tree in files.trees.items()]
    project = Project(modules)
    vocabulary = vocabulary_from(args, settings)
    targets = choose_targets(
        project, judge(project, vocabulary), args.name, keep_column=args.keep_column
    )
    for problem in files.problems:
        print(f"alembic-guard: {problem}", file=sys.stderr)
    if not targets:
        print("Nothing to fix.")
        return 0
    dialects = sqlglot_dialects(
        [name.partition("=")[0] for name in args.dialect or settings.databases]
    )
    outcome = plan_rewrite(files.texts, files.trees, project, targets, dialects=dialects)
    _show(targets, files.texts, outcome)
    if not outcome.changed:
        return 0
    if not args.yes and not _agreed():
        print("Nothing was written; add --yes to apply.")
        return 1
    write_all(outcome.changed, expected=files.texts)
    print(f"{len(outcome.changed)} file(s) rewritten.")
    return 0


def _fix_revisions(args: argparse.Namespace) -> int:
    """Apply the safe fixes of `review`, one a file at a time, reviewing again in between."""
    from ..review.session import guess_dialect

    dialect = args.dialect[0].partition("=")[0] if args.dialect else guess_dialect(args.paths)
    written: set[str] = set()
    for _ in range(MOST_ROUNDS):
        chosen = _safe_fixes(args.paths, dialect)
        texts = {path: read_source(path).text for path in chosen}
        changed = {path: apply_edits(texts[path], chosen[path].edits) for path in texts}
        if not changed:
            break
        for path, text in changed.items():
            print(chosen[path].title)
            print(unified_diff(path, texts[path], text), end="")
        if not args.yes and not _agreed():
            print("Nothing was written; add --yes to apply.")
            return 1
        write_all(changed, expected=texts)
        written |= set(changed)
    print(f"{len(written)} file(s) rewritten." if written else "Nothing to fix.")
    return 0


def _safe_fixes(paths: Sequence[str], dialect: str) -> dict[str, Fix]:
    """The first safe fix of each revision file."""
    from ..review.fixes import fixes_for
    from ..review.session import review_paths

    found: dict[str, Fix] = {}
    for finding, fix in fixes_for(review_paths(paths, dialect)):
        if fix.safe:
            found.setdefault(finding.location.path, fix)
    return found


def write_all(changed: Mapping[str, str], *, expected: Mapping[str, str]) -> None:
    """Replace all files or none: each is written beside its original first, then moved over it.

    A link keeps pointing where it points: the file behind it is replaced.

    :raises UsageError: a file has changed since it was read, is read-only or cannot be written.
    """
    staged: dict[str, str] = {}
    before: dict[str, Source] = {}
    moved: list[str] = []
    try:
        for path, text in changed.items():
            before[path] = current = _unchanged(path, expected[path])
            staged[path] = _stage(Path(path).resolve(), current.encode(text))
        for path, temporary in staged.items():
            moved.append(path)
            os.replace(temporary, Path(path).resolve())
    except BaseException as error:
        for path in moved:
            with contextlib.suppress(OSError):
                Path(path).write_bytes(before[path].encode(before[path].text))
        if isinstance(error, OSError):
            raise UsageError(f"could not write {error.filename}: {error.strerror}") from error
        raise
    finally:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _unchanged(path: str, text: str) -> Source:
    try:
        current = read_source(path)
    except Unreadable as error:
        raise UsageError(f"{path} {error}; nothing was written") from error
    if current.text != text:
        raise UsageError(f"{path} has changed meanwhile; nothing was written, run it again")
    if not os.stat(path).st_mode & _WRITABLE:
        raise UsageError(f"{path} is read-only; nothing was written")
    return current


def _stage(path: Path, data: bytes) -> str:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.chmod(temporary, path.stat().st_mode)
    return temporary


def _read(paths: Sequence[str]) -> _Files:
    files = _Files()
    with parsing_many():
        for path in find_files(paths, TEXT_SUFFIXES):
            try:
                source = read_source(path)
            except Unreadable as error:
                if path.endswith((".py", ".sql")):
                    files.problems.append(f"{path}: {error}, left alone")
                continue
            files.texts[source.path] = source.text
            if path.endswith(".py"):
                try:
                    files.trees[source.path] = ast.parse(source.text, source.path)
                except (SyntaxError, ValueError, RecursionError) as error:
                    files.problems.append(f"{path}: does not parse, left alone: {error}")
    return files


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    return input("Apply these changes? [y/N] ").strip().lower() in ("y", "yes")


def _show(targets: Sequence[Target], texts: Mapping[str, str], outcome: Rewrite) -> None:
    for target in targets:
        print(target.describe())
    for path, text in outcome.changed.items():
        print(unified_diff(path, texts[path], text), end="")
    for problem in outcome.problems:
        print(f"alembic-guard: {problem}", file=sys.stderr)
    _show_listed("Look at these; what they are is not certain:", outcome.listed, probable=True)
    _show_listed("Left, because the name means something else:", outcome.listed, probable=False)


def _show_listed(title: str, listed: Sequence[Listed], *, probable: bool) -> None:
    shown = [item for item in listed if item.probable is probable]
    if shown:
        print(title)
    for item in shown:
        print(f"  {item.path}:{item.line}: {item.text[:100]}  [{item.reason}]")
