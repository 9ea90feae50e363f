"""Text for people, with colours when rich is there and the output is a terminal."""

from __future__ import annotations

from textwrap import indent

from ...facts import Finding
from .report import Report


def render(report: Report) -> str:
    """Each finding with its place, reason and what to write instead; then the totals."""
    blocks = [_finding(finding) for finding in report.findings]
    blocks.append(summary(report))
    return "\n".join(blocks)


def _finding(finding: Finding) -> str:
    where = finding.location
    head = f"{where.path}:{where.line}: {finding.severity} {finding.code} [{finding.name}]"
    lines = [head, indent(finding.message, "  ")]
    if finding.help:
        lines.append(indent(finding.help, "  "))
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """The totals, and what was not understood with its lines."""
    counts = report.counts()
    parts = [f"{counts['error']} error(s), {counts['warning']} warning(s)"]
    if counts["note"]:
        parts.append(f"{counts['note']} note(s)")
    if report.suppressed:
        parts.append(f"{len(report.suppressed)} suppressed")
    lines = [f"{', '.join(parts)} in {report.files} file(s)."]
    coverage = report.coverage
    if coverage is not None and coverage.statements:
        understood = coverage.statements - len(coverage.opaque)
        lines.append(
            f"{understood} of {coverage.statements} statements understood ({coverage.percent:.1f} %)."
        )
        lines += [
            f"  not understood: {path}:{line}: {text}" for path, line, text in coverage.opaque
        ]
    if coverage is not None:
        lines += [f"  failed: {text}" for text in coverage.failures]
    return "\n".join(lines)
