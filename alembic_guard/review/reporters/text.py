"""Text for people: as it is for files and pipes, laid out and with the source line for a terminal."""

from __future__ import annotations

from textwrap import fill, indent

from ...facts import Finding
from .advice import parts
from .report import Report


def render(report: Report) -> str:
    """Each finding with its place, reason and what to write instead; then the totals."""
    blocks = [_finding(finding) for finding in report.findings]
    blocks.append(summary(report))
    return "\n".join(blocks)


def render_for_terminal(report: Report, width: int) -> str:
    """The same with its sentences wrapped at `width` columns; code is left as it is."""
    blocks = [_laid_out(report, finding, width) for finding in report.findings]
    blocks.append(summary(report))
    return "\n".join(blocks)


def _laid_out(report: Report, finding: Finding, width: int) -> str:
    where = finding.location
    head = f"{where.path}:{where.line}: {finding.severity} {finding.code} [{finding.name}]"
    lines = [head]
    if source := report.line_text(finding):
        shown = f"  {where.line} | {source}"
        lines += [shown if len(shown) <= width else shown[: width - 1] + "…", ""]
    lines.append(_wrapped(finding.message, width))
    for part in parts(finding.help):
        lines += ["", indent(part.text, "      ") if part.is_code else _wrapped(part.text, width)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int) -> str:
    return fill(
        text,
        width,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


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
