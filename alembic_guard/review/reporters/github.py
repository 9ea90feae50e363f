"""GitHub workflow commands: each finding becomes an annotation on its line."""

from __future__ import annotations

from ...facts import Finding
from .report import Report, repository_path

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """One command a finding."""
    return "\n".join(_command(finding) for finding in report.findings)


def _command(finding: Finding) -> str:
    where = finding.location
    values = {
        "file": repository_path(where.path),
        "line": str(where.line),
        "col": str(where.column),
    }
    if where.end_line is not None:
        values["endLine"] = str(where.end_line)
    values["title"] = f"{finding.code} {finding.name}"
    properties = ",".join(f"{key}={_property(value)}" for key, value in values.items())
    text = f"{finding.message}\n\n{finding.help}" if finding.help else finding.message
    return f"::{_LEVELS[finding.severity]} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
