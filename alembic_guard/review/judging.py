"""From revisions as they were read to the report: rules, scope, suppression, baseline."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from ..facts import Finding
from ..record import replace
from ..usage import UsageError
from .engine import UNREADABLE, Review, review
from .history import History
from .options import Options
from .reporters.report import Report, RuleInfo, Suppressed
from .revision import Revision
from .rules import Rule, all_rules
from .suppression import (
    EXPIRED,
    UNEXPLAINED,
    UNUSED,
    inline_suppressions,
    read_waivers,
    suppress,
)
from .versions import Version

if TYPE_CHECKING:
    from pathlib import Path


def judge(
    options: Options,
    revisions: Sequence[Revision],
    dialect: str,
    version: Version,
    *,
    whole: bool,
    background: Collection[str],
) -> Review:
    """The review of revisions as they were read, with what git and other code say about them."""
    settings = options.settings
    rules = chosen_rules(
        (*settings.review_select, *options.select), (*settings.review_ignore, *options.ignore)
    )
    result = review(revisions, rules, dialect, version, whole=whole, background=background)
    result = replace(
        result, findings=(*result.findings, *_changed_history(options, result.history))
    )
    if options.code or options.diff_base:
        result = replace(result, findings=tuple(_with_code(options, result)))
    order = {revision.path: index for index, revision in enumerate(revisions)}
    ordered = sorted(
        result.findings, key=lambda f: (order.get(f.location.path, 0), f.location.line)
    )
    return replace(result, findings=tuple(ordered))


def _with_code(options: Options, result: Review) -> list[Finding]:
    """The findings in the light of the code that uses, or no longer uses, the names."""
    from .changes import merge_base, repository_root
    from .references.check import with_evidence

    folder = _folder(options.paths)
    from pathlib import Path

    root = Path(options.code) if options.code else repository_root(folder)
    base = merge_base(options.diff_base, folder) if options.diff_base else None
    scope = _in_scope(options, result.history)
    revisions = [r for r in result.history.revisions if scope is None or r.path in scope]
    return with_evidence(result.findings, result.history, revisions, root, base)


def reported(options: Options, result: Review) -> Report:
    """Findings in scope, without those suppressed inline, by settings or by the baseline."""
    scope = _in_scope(options, result.history)
    findings = [f for f in result.findings if scope is None or f.location.path in scope]
    comments = inline_suppressions(
        r for r in result.history.revisions if scope is None or r.path in scope
    )
    waivers = read_waivers(tuple(options.settings.review_waivers.items()))
    kept, dropped = suppress(findings, comments, waivers)
    report = as_report(result, kept, dropped)
    baseline = options.baseline or options.settings.review_baseline
    if baseline and os.path.exists(baseline):
        from pathlib import Path

        from .baseline import apply_baseline

        kept, known = apply_baseline(Path(baseline), report)
        report = replace(report, findings=tuple(kept), suppressed=(*report.suppressed, *known))
    return report


def _in_scope(options: Options, history: History) -> set[str] | None:
    """The files to report on, None for all."""
    scope: set[str] | None = None
    if options.since:
        old = _ancestors(options.since, history)
        scope = {r.path for r in history.revisions if r.id not in old}
    if options.diff_base or options.staged:
        from .changes import changes_since, staged_changes

        folder = _folder(options.paths)
        changes = (
            staged_changes(folder) if options.staged else changes_since(options.diff_base, folder)
        )
        touched = {r.path for r in history.revisions if changes.holds(r.path)}
        scope = touched if scope is None else scope & touched
    return scope


def _ancestors(since: str, history: History) -> set[str]:
    start = history.by_id.get(history.resolve(since))
    if start is None:
        raise UsageError(f"there is no revision {since!r} to start after")
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        revision = waiting.pop()
        if revision.id is not None and revision.id not in seen:
            seen.add(revision.id)
            waiting.extend(history.parents(revision))
    return seen


def _changed_history(options: Options, history: History) -> Iterable[Finding]:
    """What only a comparison with the base branch shows."""
    if not options.diff_base:
        return ()
    from .base_branch import compare_with_base

    return compare_with_base(history, options.diff_base, _folder(options.paths))


def _folder(paths: Sequence[str]) -> Path:
    from pathlib import Path

    first = Path(paths[0])
    return first if first.is_dir() else first.resolve().parent


def chosen_rules(select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """The rules that run: all but opinions, those selected on top, without those ignored."""
    result = []
    _refuse_unknown((*select, *ignore))
    for rule in all_rules():
        names = {rule.code, rule.name, rule.hazard, rule.hazard[:1]}
        wanted = not rule.opinion or "opinions" in select or bool(names & set(select))
        if wanted and not names & set(ignore):
            result.append(rule)
    return result


def _refuse_unknown(names: Iterable[str]) -> None:
    """A name that no rule has was meant for one: leaving it out would go unnoticed."""
    known = {"opinions", *(name for (own, *_) in _OWN for name in own)}
    for rule in all_rules():
        known.update((rule.code, rule.name, rule.hazard, rule.hazard[:1]))
    for name in names:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, sorted(known), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"there is no rule {name!r}{hint}")


_OWN = (
    (UNREADABLE, "error", "A file that cannot be read is not reviewed."),
    (UNUSED, "warning", "A suppression that suppresses nothing."),
    (EXPIRED, "warning", "A waiver whose last day is over."),
    (UNEXPLAINED, "warning", "A suppression that gives no reason."),
    (("GRD706", "edited-after-merge"), "error", "A revision of the base branch was edited."),
    (
        ("GRD707", "non-linear-insert"),
        "warning",
        "A new revision stands behind the base branch's head.",
    ),
    (("GRD406", "dropped-column-referenced"), "error", "Code still uses a name that goes."),
    (
        ("GRD413", "code-and-migration-together"),
        "warning",
        "Code and an incompatible migration in one change.",
    ),
)


@cache
def _rule_info(code: str) -> RuleInfo | None:
    """What reports show of a rule; reading its docstring is left until somebody breaks it."""
    for rule in all_rules():
        if rule.code == code:
            return rule_info(rule)
    for (own, name), severity, summary in _OWN:
        if own == code:
            return RuleInfo(code, name, severity, summary)  # type: ignore[arg-type]  # literals above
    return None


def rule_info(rule: Rule) -> RuleInfo:
    """A rule as reports show it."""
    sections = rule.sections()
    return RuleInfo(
        rule.code,
        rule.name,
        "note" if rule.opinion else rule.severity,
        sections["Summary"].splitlines()[0] if sections["Summary"] else rule.name,
        sections.get("Why it matters", ""),
        rule.hazard,
        rule.hazard[:1],
    )


def as_report(
    result: Review, findings: Sequence[Finding] = (), suppressed: Sequence[Suppressed] = ()
) -> Report:
    """The report of these findings of a review."""
    codes = {f.code for f in findings} | {s.finding.code for s in suppressed}
    return Report(
        tuple(findings),
        {code: info for code in sorted(codes) if (info := _rule_info(code)) is not None},
        tuple(suppressed),
        files=result.coverage.files,
        dialect=result.dialect,
        server_version=".".join(map(str, result.version)),
        coverage=result.coverage,
        sources={r.path: r.source for r in result.history.revisions},
    )
