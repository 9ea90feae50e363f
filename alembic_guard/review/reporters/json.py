"""JSON, described by ``review.schema.json`` beside this module."""

from __future__ import annotations

import json
from typing import Any

from ... import __version__
from ...facts import Finding
from .report import Report, Suppressed, fingerprint


def render(report: Report) -> str:
    """The whole report."""
    return json.dumps(as_dict(report), indent=2)


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    result: dict[str, Any] = {
        "version": 1,
        "tool": {"name": "alembic-guard", "version": __version__, "command": report.command},
        "files": report.files,
        "counts": report.counts(),
        "findings": [_finding(report, finding) for finding in report.findings],
        "suppressed": [_suppressed(report, item) for item in report.suppressed],
    }
    if report.dialect:
        result["dialect"] = report.dialect
        result["serverVersion"] = report.server_version
    if report.coverage is not None:
        result["coverage"] = _coverage(report.coverage)
    return result


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    where = finding.location
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "endLine": where.end_line,
        "objects": list(finding.objects),
        "related": [{"path": other.path, "line": other.line} for other in finding.related],
        "fixable": finding.fix is not None,
        "fingerprint": fingerprint(finding, report.line_text(finding)),
    }


def _suppressed(report: Report, item: Suppressed) -> dict[str, Any]:
    return {**_finding(report, item.finding), "by": item.kind, "reason": item.reason}


def _coverage(coverage: Any) -> dict[str, Any]:
    return {
        "statements": coverage.statements,
        "understood": coverage.statements - len(coverage.opaque),
        "percent": round(coverage.percent, 1),
        "opaque": [
            {"path": path, "line": line, "text": text} for path, line, text in coverage.opaque
        ],
        "failures": list(coverage.failures),
    }
