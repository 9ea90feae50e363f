"""Review what is about to be applied, and say it before the first change.

The review reads source and costs a few milliseconds a revision; its modules are loaded only
when there is something to apply to a database that already holds something.
"""

from __future__ import annotations

import datetime
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import PreflightRefused
from ..facts import Finding
from ..settings import Settings
from ..usage import UsageError
from .modes import PlannedStep

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory
    from sqlalchemy.engine import Dialect

log = logging.getLogger("alembic_guard.upgrade")

MOST_PENDING = 50
"""More pending revisions than this are a set-up rather than a release: `alembic-guard review`."""
MOST_ANCESTORS = 100
"""Applied revisions that are read for what the pending ones start from."""
MOST_SHOWN = 20
FAMILIES = frozenset("LRFCDTX")
"""Hazards of applying: locks, rewrites, failures, running code, data, transactions, access. How
a revision is written and whether it can be taken back was for its author's review."""
HANDLED = frozenset({"rename-column", "rename-table"})
"""Rules that advise to apply it the way it is being applied: not said unless ``announce`` is."""


def preflight(
    planned: Sequence[PlannedStep],
    heads: Sequence[str],
    script: ScriptDirectory,
    dialect: Dialect,
    settings: Settings,
) -> list[Finding]:
    """Log the errors and warnings of the pending revisions and return them.

    :param heads: where the database is; one at nothing is not reviewed for.
    :raises PreflightRefused: the setting is ``block`` and there is an error.
    """
    steps = [one for one in planned if _path_of(one) and one.step.is_upgrade]
    if settings.preflight == "off" or not (heads and steps):
        return []
    if len(steps) > MOST_PENDING:
        log.info("%d pending revisions are not reviewed: `alembic-guard review`", len(steps))
        return []
    try:
        findings = list(_findings(steps, _ancestors(script, heads), dialect, settings))
    except UsageError as error:
        log.warning("The pending revisions were not reviewed: %s", error)
        return []
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in findings[:MOST_SHOWN]:
        log.warning("%s", describe(finding))
    if len(findings) > MOST_SHOWN:
        log.warning("%d more: `alembic-guard review`", len(findings) - MOST_SHOWN)
    if errors and settings.preflight == "block":
        raise _refused(errors)
    return findings


def describe(finding: Finding) -> str:
    """A finding in one line: ``versions/ab12.py:14: error GRD402 [drop-column]: ...``."""
    where = finding.location
    near = os.path.relpath(where.path)
    path = where.path if near.startswith("..") else near
    return (
        f"{path}:{where.line}: {finding.severity} {finding.code} [{finding.name}]:"
        f" {' '.join(finding.message.split())}"
    )


def _refused(errors: Sequence[Finding]) -> PreflightRefused:
    lines = [f"  {describe(finding)}" for finding in errors[:MOST_SHOWN]]
    first = (
        f"the review of the pending revisions found {len(errors)} error(s); nothing was changed:"
    )
    last = (
        "Change the revision, accept a finding with `# guard: ignore[CODE] reason` on its line, or"
        " apply it all the same: `-x preflight=show`."
    )
    return PreflightRefused("\n".join([first, *lines, last]), findings=errors)


def _path_of(one: PlannedStep) -> str | None:
    return getattr(getattr(one.step, "revision", None), "path", None)


def _ancestors(script: ScriptDirectory, heads: Sequence[str]) -> list[str]:
    """Files of the newest applied revisions, oldest first; none when the heads are not ours."""
    paths: list[str] = []
    try:
        for revision in script.iterate_revisions(tuple(heads), "base"):
            paths.append(str(Path(revision.path)))
            if len(paths) == MOST_ANCESTORS:
                break
    except Exception:
        # unknown heads are Alembic's to complain about
        return []
    return paths[::-1]


def _findings(
    steps: Iterable[PlannedStep], before: Sequence[str], dialect: Dialect, settings: Settings
) -> Iterator[Finding]:
    """What the review says, without what is suppressed, known or taken care of."""
    from ..review.engine import review
    from ..review.judging import as_report, chosen_rules
    from ..review.sources.reader import read_revisions
    from ..review.suppression import inline_suppressions, read_waivers, suppress
    from ..review.versions import DEFAULT_VERSIONS

    modes = {_path_of(one): one.mode for one in steps}
    pending = [path for path in modes if path]
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    version = getattr(dialect, "server_version_info", None) or DEFAULT_VERSIONS[name]
    chosen = chosen_rules(settings.review_select, settings.review_ignore)
    rules = [rule for rule in chosen if rule.hazard[:1] in FAMILIES]
    codes = {rule.code for rule in rules}
    revisions = read_revisions([*before, *pending], name)
    result = review(
        revisions, rules, name, tuple(version), whole=False, background=frozenset(before)
    )
    comments = inline_suppressions(r for r in revisions if r.path in modes)
    waivers = read_waivers(tuple(settings.review_waivers.items()))
    kept, dropped = suppress(result.findings, comments, waivers, datetime.date.today())
    if settings.review_baseline and os.path.exists(settings.review_baseline):
        from ..review.baseline import apply_baseline

        report = as_report(result, kept, dropped)
        kept, _ = apply_baseline(Path(settings.review_baseline), report)
    for finding in kept:
        is_handled = finding.name in HANDLED and modes.get(finding.location.path) != "announce"
        if finding.code in codes and finding.severity != "note" and not is_handled:
            yield finding
