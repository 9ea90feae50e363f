"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from .report import Report, fingerprint, repository_path

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def render(report: Report) -> str:
    """A JSON array; fingerprints are unique, as GitLab demands."""
    seen: Counter[str] = Counter()
    entries: list[dict[str, Any]] = []
    for finding in report.findings:
        key = fingerprint(finding, report.line_text(finding))
        seen[key] += 1
        entries.append(
            {
                "description": f"{finding.code}: {finding.message}",
                "check_name": finding.name,
                "fingerprint": key if seen[key] == 1 else f"{key}-{seen[key]}",
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": repository_path(finding.location.path),
                    "lines": {"begin": finding.location.line},
                },
            }
        )
    return json.dumps(entries, indent=2)
