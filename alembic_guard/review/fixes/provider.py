"""From the findings of a review to fixes that hold."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ...facts import Edit, Finding, Fix
from ..engine import Review, review
from ..judging import chosen_rules
from ..revision import Revision
from ..sources.calls import MigrationCalls
from ..sources.helper_modules import HelperModules
from ..sources.module import Module
from ..sources.reader import read_module
from .registry import FIXERS, Proposal
from .site import Site

_OURS = ("provider", "registry", "site")


@cache
def _load() -> None:
    package = __name__.rpartition(".")[0]
    found = import_module(package)
    for item in iter_modules(found.__path__):
        if item.name not in _OURS:
            import_module(f"{package}.{item.name}")


def fixable_codes() -> tuple[str, ...]:
    """The codes of rules that have a fix."""
    _load()
    return tuple(sorted(FIXERS))


def fixes_for(result: Review) -> Iterator[tuple[Finding, Fix]]:
    """Each finding that can be fixed, with its fix.

    Every fix is tried on the file as it is: one that does not silence its finding, or that
    brings a new one, is left out. Apply one, then review again before the next.
    """
    _load()
    revisions = {revision.path: revision for revision in result.history.revisions}
    for finding in result.findings:
        revision = revisions.get(finding.location.path)
        make = FIXERS.get(finding.code)
        if revision is None or make is None or not revision.source:
            continue
        site = _site(revision, finding, result.dialect)
        proposed = make(site) if site is not None else None
        if proposed is not None and _holds(result, revision, finding, proposed):
            yield finding, Fix(proposed.title, proposed.edits, proposed.safe)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` after the edits, which must not overlap."""
    for edit in sorted(edits, key=lambda edit: (-edit.start, -edit.end)):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _site(revision: Revision, finding: Finding, dialect: str) -> Site | None:
    """The innermost expression statement around the finding's line."""
    try:
        tree = ast.parse(revision.source)
    except SyntaxError:
        return None
    line = finding.location.line
    best: ast.Expr | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if node.lineno <= line <= (node.end_lineno or node.lineno):
                best = node
        elif isinstance(node, ast.With) and node.lineno == line:
            item = node.items[0].context_expr
            if isinstance(item, ast.Call):
                best = ast.copy_location(ast.Expr(item), item)
    return Site(revision.source, tree, finding, best, dialect) if best is not None else None


def _holds(result: Review, revision: Revision, finding: Finding, proposed: Proposal) -> bool:
    """Whether the fixed file has this finding once less and no other more."""
    text = apply(revision.source, proposed.edits)
    module = Module(revision.path, text)
    if module.error is not None:
        return False
    fixed = read_module(module, result.dialect, MigrationCalls(), HelperModules())
    if fixed is None:
        return False
    others = [r for r in result.history.revisions if r.path != revision.path]
    again = review(
        [*others, fixed],
        chosen_rules((), ()),
        result.dialect,
        result.version,
        whole=result.history.whole,
    )
    before = _counted(result.findings, revision.path)
    after = _counted(again.findings, revision.path)
    before[finding.code] -= 1
    return all(after[code] <= before[code] for code in after)


def _counted(findings: Iterable[Finding], path: str) -> Counter[str]:
    return Counter(f.code for f in findings if f.location.path == path and f.severity != "note")


def with_fixes(result: Review) -> Review:
    """The review with the fixes on its findings."""
    fixes = {id(finding): fix for finding, fix in fixes_for(result)}
    findings = tuple(replace(f, fix=fixes[id(f)]) if id(f) in fixes else f for f in result.findings)
    return replace(result, findings=findings)
