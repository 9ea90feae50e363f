"""Hold what was recorded against what was read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ...record import replace
from .. import statements as st
from ..engine import Review
from ..judging import judge, reported
from ..revision import Revision
from ..sources.sql.parse import parse_sql
from .processes import TIMEOUT, RecorderProcess, recorded
from .recording import Known, Recording

if TYPE_CHECKING:
    from ..options import Options
    from ..reporters.report import Report


class SecondReader:
    """Runs revisions beside the review of what was read of them.

    :param process: one that runs all of them, and prepares itself while they are read; without
        it, those that reading left a question about are run.
    :param with_sql: tell all the SQL, for a report that shows it.
    """

    def __init__(self, process: RecorderProcess | None = None, *, with_sql: bool = False) -> None:
        self._process, self._everything, self._with_sql = process, process is not None, with_sql
        self._paths: list[str] = []
        self._known: dict[str, Known] = {}

    def __enter__(self) -> SecondReader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.close()

    def begin(
        self, revisions: Sequence[Revision], background: Collection[str], dialect: str
    ) -> None:
        """Run what is to be run of these; the caller goes on."""
        chosen = [
            r
            for r in revisions
            if r.error is None and (self._everything or r.unsure) and r.path not in background
        ]
        if not chosen:
            return
        self._paths = [r.path for r in chosen]
        if not self._with_sql:
            self._known = {r.path: known_lines(r) for r in chosen}
        if self._process is None:
            self._process = RecorderProcess()
        self._process.ask(self._paths, self._known, dialect, TIMEOUT)

    def complete(self, result: Review, report: Report, options: Options) -> tuple[Review, Report]:
        """The review with what running the revisions added, and what that was."""
        if self._process is None or not self._paths:
            return result, report
        recordings = recorded(self._process, self._paths, result.dialect, known=self._known)
        by_key = {(r.path, r.direction): r for r in recordings}
        read = result.history.revisions
        merged = [r if r.error else combine(r, by_key, result.dialect) for r in read]
        if any(new is not old for new, old in zip(merged, read, strict=True)):
            result = judge(
                options,
                merged,
                result.dialect,
                result.version,
                whole=result.history.whole,
                background=result.background,
            )
        failed = tuple(
            f"recorder: {r.path} {r.direction}: {r.error}" for r in recordings if r.error
        )
        coverage = replace(result.coverage, failures=(*result.coverage.failures, *failed))
        result = replace(result, coverage=coverage)
        report = reported(options, result)
        if self._with_sql:
            report = replace(report, extra={**report.extra, "sql": _upgrades(recordings, result)})
        return result, report


def _upgrades(recordings: Sequence[Recording], result: Review) -> dict[str, object]:
    """What each revision executes, as pages show it: dialect and SQL."""
    return {
        r.path: ((result.dialect, "\n".join(f"{text};" for _, text in r.seen)),)
        for r in recordings
        if r.direction == "upgrade" and r.seen
    }


def known_lines(revision: Revision) -> Known:
    """The lines of which running tells nothing that reading did not."""
    known = {}
    for direction, read in (("upgrade", revision.upgrade), ("downgrade", revision.downgrade)):
        opaque = _opaque_lines(read)
        known[direction] = [n for n in _covered_lines(read) if _opaque_at(opaque, n) is None]
    return known


def combine(
    revision: Revision, recordings: dict[tuple[str, st.Direction], Recording], dialect: str
) -> Revision:
    """A revision in which recorded statements stand where reading saw something opaque, or nothing.

    The same one when there are none.
    """
    upgrade = recordings.get((revision.path, "upgrade"))
    downgrade = recordings.get((revision.path, "downgrade"))
    up = _combined(revision.upgrade, upgrade, revision, "upgrade", dialect)
    down = _combined(revision.downgrade, downgrade, revision, "downgrade", dialect)
    if up == revision.upgrade and down == revision.downgrade:
        return revision
    return replace(revision, upgrade=up, downgrade=down)


def _combined(
    read: Sequence[st.Statement],
    recording: Recording | None,
    revision: Revision,
    direction: st.Direction,
    dialect: str,
) -> tuple[st.Statement, ...]:
    if recording is None or not recording.seen:
        return tuple(read)
    opaque = _opaque_lines(read)
    covered = _covered_lines(read)
    result: list[st.Statement] = []
    added: dict[int, list[st.Statement]] = {}
    for line, sql in recording.seen:
        model = _opaque_at(opaque, line)
        if model is None and line in covered:
            continue
        context = model.context if model is not None else st.Context(direction)
        origin = st.Origin(
            revision.path, line, call_line=line, via="sql", text=sql, context=context
        )
        found = parse_sql(sql, lambda start, end, origin=origin: origin, dialect=dialect)  # type: ignore[misc]  # binds the loop's value
        key = model.origin.call_line if model is not None else line
        added.setdefault(key, []).extend(found)
    for statement in read:
        if isinstance(statement, st.Opaque) and statement.origin.call_line in added:
            result.extend(added.pop(statement.origin.call_line))
        else:
            result.append(statement)
    for line in sorted(added):
        result.extend(added[line])
    return tuple(result)


def _covered_lines(read: Sequence[st.Statement]) -> set[int]:
    lines: set[int] = set()
    for statement in read:
        origin = statement.origin
        lines.update((origin.line, origin.call_line))
        if origin.end_line is not None:
            lines.update(range(origin.line, origin.end_line + 1))
        if origin.related is not None:
            lines.add(origin.related)
        if origin.context.batch is not None:
            lines.add(origin.context.batch.line)
    return lines


def _opaque_lines(read: Sequence[st.Statement]) -> dict[int, st.Opaque]:
    return {s.origin.call_line: s for s in read if isinstance(s, st.Opaque)}


def _opaque_at(opaque: dict[int, st.Opaque], line: int) -> st.Opaque | None:
    """The opaque statement whose call spans the line."""
    for first, statement in opaque.items():
        if first <= line <= (statement.origin.end_line or first):
            return statement
    return None
