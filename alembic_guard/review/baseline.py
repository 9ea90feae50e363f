"""Findings that were there when the project began to review: kept in a file, not counted.

Entries are fingerprints of rule, file, objects and the text of the line, so that they survive
moved lines; each counts as often as it was recorded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..facts import Finding
from ..usage import UsageError
from .reporters.report import Report, Suppressed, fingerprint


def write_baseline(path: Path, report: Report) -> int:
    """Record all findings of a report; returns how many."""
    entries = sorted(
        (
            {
                "code": finding.code,
                "path": finding.location.path,
                "fingerprint": fingerprint(finding, report.line_text(finding)),
                "message": finding.message,
            }
            for finding in report.findings
        ),
        key=lambda entry: (entry["path"], entry["code"], entry["fingerprint"]),
    )
    path.write_text(
        json.dumps({"version": 1, "findings": entries}, indent=2) + "\n", encoding="utf-8"
    )
    return len(entries)


def apply_baseline(path: Path, report: Report) -> tuple[list[Finding], list[Suppressed]]:
    """Split findings into new ones and those the file knows."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["findings"]
        left = Counter(entry["fingerprint"] for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not a baseline of alembic-guard review: {error}") from error
    return _split(report.findings, left, report, path)


def _split(
    findings: Sequence[Finding], left: Counter[str], report: Report, path: Path
) -> tuple[list[Finding], list[Suppressed]]:
    kept: list[Finding] = []
    dropped: list[Suppressed] = []
    for finding in findings:
        key = fingerprint(finding, report.line_text(finding))
        if left[key] > 0:
            left[key] -= 1
            dropped.append(Suppressed(finding, "baseline", f"recorded in {path.name}"))
        else:
            kept.append(finding)
    return kept, dropped
