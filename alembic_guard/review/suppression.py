"""Findings somebody has decided to live with: inline, by settings, or by a baseline.

Inline: ``# guard: ignore[GRD101] why`` on the line of the finding, on the line of the call, or
alone on the line above; ``# guard: ignore-file[GRD101] why`` anywhere for the whole file. A
waiver in settings has a reason and may have an owner and a day it expires on. One that is
not needed any more, has expired or gives no reason is a finding itself.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..facts import Finding, Location
from ..record import mutable_record
from ..usage import UsageError
from .reporters.report import Suppressed
from .revision import Revision

if TYPE_CHECKING:
    import datetime

UNUSED = ("GRD990", "unused-suppression")
EXPIRED = ("GRD991", "expired-suppression")
UNEXPLAINED = ("GRD992", "suppression-without-reason")
_INLINE = re.compile(
    r"#\s*guard\s*:\s*ignore(?P<file>-file)?\s*\[(?P<codes>[^\]]*)\]\s*(?P<reason>.*)"
)


@mutable_record
class Inline:
    """One comment."""

    path: str
    line: int
    alone: bool
    codes: frozenset[str]
    reason: str
    whole_file: bool
    used: bool = False

    def covers(self, finding: Finding) -> bool:
        """Whether it stands where the finding, or the call behind it, does."""
        if finding.location.path != self.path or not self.codes & {finding.code, finding.name}:
            return False
        if self.whole_file:
            return True
        lines = {finding.location.line, *(where.line for where in finding.related)}
        last = finding.location.end_line
        if last is not None:
            lines.add(last)
        return self.line in lines or (self.alone and self.line + 1 in lines)


@mutable_record
class Waiver:
    """One entry of the setting `waivers`: ``GRD101 versions/ab12*.py`` = reason and more.

    The reason may end in ``(owner NAME, until 2027-01-31)``; each part may be left out.
    """

    code: str
    pattern: str
    reason: str
    owner: str = ""
    until: datetime.date | None = None
    used: bool = False

    def covers(self, finding: Finding) -> bool:
        """Whether code and file fit."""
        path = finding.location.path.replace("\\", "/")
        fits = self.code in ("*", finding.code, finding.name)
        return fits and (self.pattern == "*" or fnmatch.fnmatch(path, f"*{self.pattern}"))


def inline_suppressions(revisions: Iterable[Revision]) -> list[Inline]:
    """The comments of all revisions."""
    found = []
    for revision in revisions:
        if not revision.comments:
            continue
        lines = revision.source.split("\n")
        for comment in revision.comments:
            match = _INLINE.search(comment.text)
            if match is None:
                continue
            codes = frozenset(code.strip() for code in match["codes"].split(",") if code.strip())
            alone = lines[comment.line - 1].lstrip().startswith("#")
            found.append(
                Inline(
                    revision.path,
                    comment.line,
                    alone,
                    codes,
                    match["reason"].strip(" -:"),
                    bool(match["file"]),
                )
            )
    return found


_TAIL = re.compile(
    r"\((?:owner\s+(?P<owner>[^,()]+))?,?\s*(?:until\s+(?P<until>\d{4}-\d\d-\d\d))?\)\s*$"
)


def read_waivers(values: Sequence[tuple[str, str]]) -> list[Waiver]:
    """Waivers from settings, or a `UsageError` naming the bad one."""
    waivers = []
    if values:
        import datetime
    for key, text in values:
        code, _, pattern = key.strip().partition(" ")
        tail = _TAIL.search(text)
        reason = (text[: tail.start()] if tail else text).strip()
        until = None
        if tail and tail["until"]:
            try:
                until = datetime.date.fromisoformat(tail["until"])
            except ValueError as error:
                raise UsageError(f"waiver {key!r}: {error}") from error
        if not reason:
            raise UsageError(f"waiver {key!r} gives no reason")
        owner = (tail["owner"] or "").strip() if tail else ""
        waivers.append(Waiver(code, pattern.strip() or "*", reason, owner, until))
    return waivers


def suppress(
    findings: Sequence[Finding],
    comments: Sequence[Inline],
    waivers: Sequence[Waiver],
    today: datetime.date | None = None,
) -> tuple[list[Finding], list[Suppressed]]:
    """Split findings into those that count and those that do not, and judge the suppressions.

    :param today: the day waivers are judged by, the actual one when None.
    """
    kept: list[Finding] = []
    dropped: list[Suppressed] = []
    for finding in findings:
        reason = _inline_reason(finding, comments)
        if reason is not None:
            dropped.append(Suppressed(finding, "inline", reason))
            continue
        waiver = next((w for w in waivers if w.covers(finding)), None)
        if waiver is not None:
            waiver.used = True
        if waiver is not None and (not _is_over(waiver, today)):
            dropped.append(Suppressed(finding, "settings", waiver.reason))
        else:
            kept.append(finding)
    kept.extend(_judged_comments(comments))
    kept.extend(_judged_waivers(waivers, today))
    return kept, dropped


def _is_over(waiver: Waiver, today: datetime.date | None) -> bool:
    if waiver.until is None:
        return False
    import datetime

    return waiver.until < (today or datetime.date.today())


def _inline_reason(finding: Finding, comments: Sequence[Inline]) -> str | None:
    reason = None
    for comment in comments:
        if comment.covers(finding):
            comment.used = True
            reason = comment.reason
    return reason


def _judged_comments(comments: Sequence[Inline]) -> Iterable[Finding]:
    for comment in comments:
        where = Location(comment.path, comment.line)
        codes = ", ".join(sorted(comment.codes)) or "nothing"
        if not comment.used:
            yield _finding(
                UNUSED, f"Nothing here is found by {codes} any more.", where, "Delete the comment."
            )
        elif not comment.reason:
            yield _finding(
                UNEXPLAINED,
                f"{codes} is ignored here without a reason.",
                where,
                "Say why after the bracket: # guard: ignore[CODE] the table is empty",
            )


def _judged_waivers(waivers: Sequence[Waiver], today: datetime.date | None) -> Iterable[Finding]:
    for waiver in waivers:
        where = Location("settings", 1)
        name = f"{waiver.code} {waiver.pattern}"
        if _is_over(waiver, today):
            owner = f" ({waiver.owner})" if waiver.owner else ""
            yield _finding(
                EXPIRED,
                f"The waiver {name!r}{owner} ended on {waiver.until}: {waiver.reason}.",
                where,
                "Fix the migration, or agree on a new day.",
            )
        elif not waiver.used:
            yield _finding(
                UNUSED, f"The waiver {name!r} covers nothing any more.", where, "Delete it."
            )


def _finding(rule: tuple[str, str], message: str, where: Location, help: str) -> Finding:
    return Finding(rule[0], rule[1], "warning", message, where, help)
