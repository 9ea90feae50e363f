"""SARIF 2.1.0, for code scanning services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...facts import Finding
from .report import Report, RuleInfo, Suppressed, fingerprint, repository_path

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report) -> str:
    """One run with its rules, results, suppressed results and invocation."""
    codes = sorted({f.code for f in report.findings} | {s.finding.code for s in report.suppressed})
    rules = [_rule(_info(report, code)) for code in codes]
    index = {code: position for position, code in enumerate(codes)}
    results = [_result(report, finding, index) for finding in report.findings]
    results += [_suppressed(report, item, index) for item in report.suppressed]
    driver = {
        "name": "alembic-guard",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": "https://pypi.org/project/alembic-guardrails/",
        "rules": rules,
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [_invocation(report)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _info(report: Report, code: str) -> RuleInfo:
    known = report.rules.get(code)
    if known is not None:
        return known
    everything = (*report.findings, *(s.finding for s in report.suppressed))
    finding = next(f for f in everything if f.code == code)
    return RuleInfo(code, finding.name, finding.severity, finding.name.replace("-", " "))


def _rule(info: RuleInfo) -> dict[str, Any]:
    result: dict[str, Any] = {
        "id": info.code,
        "name": info.name,
        "shortDescription": {"text": info.summary or info.name},
        "defaultConfiguration": {"level": info.severity},
    }
    if info.description:
        result["fullDescription"] = {"text": info.description}
        more = f"{info.description}\n\nMore: `alembic-guard rules --explain {info.code}`"
        result["help"] = {"text": more, "markdown": more}
    tags = [tag for tag in (info.hazard, info.family) if tag]
    if tags:
        result["properties"] = {"tags": tags, "hazard": info.hazard}
    return result


def _result(report: Report, finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    text = finding.message if not finding.help else f"{finding.message}\n\n{finding.help}"
    line_text = report.line_text(finding)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": finding.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(finding, line_text)}],
        "partialFingerprints": {"alembicGuard/v1": fingerprint(finding, line_text)},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(where.path)},
                    "region": {"startLine": max(1, where.line)},
                },
            }
            for number, where in enumerate(finding.related, start=1)
        ]
    if finding.fix is not None:
        result["properties"] = {"fix": finding.fix.title}
    return result


def _location(finding: Finding, line_text: str) -> dict[str, Any]:
    where = finding.location
    region: dict[str, Any] = {"startLine": max(1, where.line), "startColumn": max(1, where.column)}
    if where.end_line is not None and where.end_line >= where.line:
        region["endLine"] = where.end_line
    if where.end_column is not None:
        region["endColumn"] = where.end_column
    if line_text:
        region["snippet"] = {"text": line_text}
    return {"artifactLocation": {"uri": _uri(where.path)}, "region": region}


def _uri(text: str) -> str:
    """A file's path as SARIF wants it: relative, or a file URI."""
    path = Path(repository_path(text))
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _suppressed(report: Report, item: Suppressed, index: dict[str, int]) -> dict[str, Any]:
    result = _result(report, item.finding, index)
    kind = "inSource" if item.kind == "inline" else "external"
    result["suppressions"] = [
        {"kind": kind, "status": "accepted", "justification": item.reason or item.kind}
    ]
    return result


def _invocation(report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {"executionSuccessful": True}
    notes = [
        {
            "level": "note",
            "message": {"text": f"not understood: {text}"},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": _uri(path)},
                                      "region": {"startLine": max(1, line)}}}
            ],
        }
        for path, line, text in getattr(report.coverage, "opaque", ())
    ]  # fmt: skip
    if notes:
        result["toolExecutionNotifications"] = notes
    return result
