"""Markdown for a pull request comment, with a marker by which a bot finds its own comment."""

from __future__ import annotations

from ...facts import Finding
from .advice import parts
from .report import Report, repository_path

MARKER = "<!-- alembic-guard review -->"
LIMIT = 65_000
"""GitHub refuses comments of more than 65,536 characters."""

_SIGNS = {"error": "🛑", "warning": "⚠️", "note": "💬"}


def render(report: Report) -> str:
    """A table of findings and the details of each, cut before GitHub's limit."""
    counts = report.counts()
    head = [MARKER, "", "### Migration review", ""]
    if not report.findings:
        head.append(f"Nothing to say about {report.files} file(s).")
    else:
        head.append(
            f"{counts['error']} error(s), {counts['warning']} warning(s) in {report.files} file(s)."
        )
    if report.coverage is not None and report.coverage.opaque:
        head.append(
            f"\n{len(report.coverage.opaque)} statement(s) could not be read and were not reviewed."
        )
    text = "\n".join(head) + "\n"
    for number, finding in enumerate(report.findings):
        part = _details(report, finding)
        if len(text) + len(part) > LIMIT - 200:
            return f"{text}\n… and {len(report.findings) - number} more; see the full report.\n"
        text += part
    return text


def _details(report: Report, finding: Finding) -> str:
    where = finding.location
    place, link = f"`{repository_path(where.path)}:{where.line}`", f"{finding.code} {finding.name}"
    lines = ["", f"#### {_SIGNS[finding.severity]} {place} {link}", "", finding.message]
    if finding.help:
        lines += [
            "",
            "<details><summary>Instead</summary>",
            "",
            *_instead(finding.help),
            "</details>",
        ]
    return "\n".join(lines) + "\n"


def _instead(help: str) -> list[str]:
    lines: list[str] = []
    for part in parts(help):
        lines += [_fenced(part.text) if part.is_code else part.text, ""]
    return lines


def _fenced(text: str) -> str:
    """A fence longer than any inside keeps the code together."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}python\n{text}\n{fence}"
