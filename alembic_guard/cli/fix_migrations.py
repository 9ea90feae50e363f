"""``alembic-guard fix --migrations``: rewrite what `review` found in revision files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..facts import Finding, Fix
from ..reserved.rewrite import unified_diff
from ..review.engine import Review, review
from ..review.fixes import apply, fixes_for
from ..review.judging import chosen_rules
from ..review.options import Options
from ..review.session import run_review
from ..review.sources.calls import MigrationCalls
from ..review.sources.helper_modules import HelperModules
from ..review.sources.module import Module
from ..review.sources.reader import read_module
from ..settings import find_settings

MAX_ROUNDS = 200

WriteAll = Callable[..., None]
Agreed = Callable[[], bool]


def run(args: argparse.Namespace, write_all: WriteAll, agreed: Agreed) -> int:
    """0: applied, or nothing to do; 1: there is something to apply."""
    name, _, version = (args.dialect or [""])[0].partition("=")
    options = Options(
        tuple(args.paths),
        name,
        args.server_version or version,
        settings=find_settings(Path(args.paths[0])),
    )
    before, after, titles = plan(options)
    if not after:
        print("Nothing to fix.")
        return 0
    for title in titles:
        print(title)
    for path, text in after.items():
        print(unified_diff(path, before[path], text), end="")
    if not args.yes and not agreed():
        print("Nothing was written; add --yes to apply.")
        return 1
    write_all(after, expected=before)
    print(f"{len(after)} file(s) rewritten.")
    return 0


def plan(options: Options) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Texts before and after all fixes nobody has to look at, and what they were.

    Each fix is tried on the text the ones before it left, because one changes the lines of
    the next; others are named on standard error and left to a person.
    """
    result, _ = run_review(options)
    before = {r.path: r.source for r in result.history.revisions if r.source}
    after: dict[str, str] = {}
    titles: list[str] = []
    left: set[str] = set()
    for _ in range(MAX_ROUNDS):
        found = _first_safe(result, left)
        if found is None:
            break
        finding, fix = found
        path = finding.location.path
        after[path] = apply(after.get(path, before[path]), fix.edits)
        titles.append(f"{path}:{finding.location.line}: {finding.code} {fix.title}")
        result = _again(result, path, after)
    for line in sorted(left):
        print(f"alembic-guard: {line}", file=sys.stderr)
    return {path: before[path] for path in after}, after, titles


def _first_safe(result: Review, left: set[str]) -> tuple[Finding, Fix] | None:
    for finding, fix in fixes_for(result):
        if fix.safe:
            return finding, fix
        left.add(f"{finding.location.path}: {finding.code} is left to you: {fix.title}")
    return None


def _again(result: Review, path: str, texts: Mapping[str, str]) -> Review:
    """The review of the changed text of one file, among the others."""
    fresh = read_module(
        Module(path, texts[path]), result.dialect, MigrationCalls(), HelperModules()
    )
    revisions = [
        fresh if r.path == path and fresh is not None else r for r in result.history.revisions
    ]
    rules = chosen_rules((), ())
    return review(revisions, rules, result.dialect, result.version, whole=result.history.whole)
