"""Hold what was recorded against what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...record import replace
from .. import statements as st
from ..engine import Review, review
from ..revision import Revision
from ..sources.sql.parse import parse_sql
from .processes import Recording, record

if TYPE_CHECKING:
    from ..reporters.report import Report
    from ..session import Options


def with_recording(
    result: Review, report: Report, options: Options, *, everything: bool = False
) -> tuple[Review, Report]:
    """Review again with what running the revisions added, and say what that was.

    :param everything: run the revisions that reading left no question about, too.
    """
    from ..rules import all_rules
    from ..session import _report, chosen_rules

    assert all_rules()
    revisions = [
        r
        for r in result.history.revisions
        if r.error is None and (everything or r.unsure) and r.path not in result.background
    ]
    if not revisions:
        return result, report
    recordings = record([r.path for r in revisions], result.dialect)
    by_key = {(r.path, r.direction): r for r in recordings}
    merged = [
        revision if revision.error else combine(revision, by_key, result.dialect)
        for revision in result.history.revisions
    ]
    rules = chosen_rules(
        (*options.settings.review_select, *options.select),
        (*options.settings.review_ignore, *options.ignore),
    )
    again = review(
        merged,
        rules,
        result.dialect,
        result.version,
        whole=result.history.whole,
        background=result.background,
    )
    failed = tuple(f"recorder: {r.path} {r.direction}: {r.error}" for r in recordings if r.error)
    coverage = replace(again.coverage, failures=(*again.coverage.failures, *failed))
    again = replace(again, coverage=coverage)
    fresh = _report(options, again)
    sql = {
        r.path: ((result.dialect, "\n".join(f"{text};" for _, text in r.seen)),)
        for r in recordings
        if r.direction == "upgrade" and r.seen
    }
    return again, replace(fresh, extra={**fresh.extra, "sql": sql})


def combine(
    revision: Revision, recordings: dict[tuple[str, st.Direction], Recording], dialect: str
) -> Revision:
    """A revision in which recorded statements stand where reading saw something opaque, or nothing."""
    upgrade = recordings.get((revision.path, "upgrade"))
    downgrade = recordings.get((revision.path, "downgrade"))
    return replace(
        revision,
        upgrade=_combined(revision.upgrade, upgrade, revision, "upgrade", dialect),
        downgrade=_combined(revision.downgrade, downgrade, revision, "downgrade", dialect),
    )


def _combined(
    read: Sequence[st.Statement],
    recording: Recording | None,
    revision: Revision,
    direction: st.Direction,
    dialect: str,
) -> tuple[st.Statement, ...]:
    if recording is None or not recording.seen:
        return tuple(read)
    opaque = {s.origin.call_line: s for s in read if isinstance(s, st.Opaque)}
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


def _opaque_at(opaque: dict[int, st.Opaque], line: int) -> st.Opaque | None:
    """The opaque statement whose call spans the line."""
    for first, statement in opaque.items():
        if first <= line <= (statement.origin.end_line or first):
            return statement
    return None
