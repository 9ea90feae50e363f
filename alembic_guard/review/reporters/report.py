"""What a reporter is given: findings, what is known of their rules, and what was seen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ...facts import Finding, Severity
from ...record import field, frozen_record


@frozen_record
class RuleInfo:
    """A rule as reports show it."""

    code: str
    name: str
    severity: Severity
    summary: str
    description: str = ""
    hazard: str = ""
    family: str = ""


@frozen_record
class Suppressed:
    """A finding that is not counted, and why: ``inline``, ``settings`` or ``baseline``."""

    finding: Finding
    kind: str
    reason: str = ""


@frozen_record
class Report:
    """Everything a reporter may show.

    :param command: ``review`` or ``names``.
    :param sources: text of the reviewed files by path, as far as it is at hand.
    :param extra: what only some reports show, such as coverage or the schema pictures.
    """

    findings: tuple[Finding, ...]
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    suppressed: tuple[Suppressed, ...] = ()
    command: str = "review"
    files: int = 0
    dialect: str = ""
    server_version: str = ""
    coverage: Any = None
    sources: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def rule(self, finding: Finding) -> RuleInfo:
        """What is known of a finding's rule."""
        known = self.rules.get(finding.code)
        return known or RuleInfo(finding.code, finding.name, finding.severity, finding.name)

    def line_text(self, finding: Finding) -> str:
        """The source line a finding stands on, empty when it is not at hand."""
        lines = self.sources.get(finding.location.path, "").splitlines()
        index = finding.location.line - 1
        return lines[index].strip() if 0 <= index < len(lines) else ""

    def counts(self) -> dict[str, int]:
        """Number of findings by severity."""
        result = {"error": 0, "warning": 0, "note": 0}
        for finding in self.findings:
            result[finding.severity] += 1
        return result


def fingerprint(finding: Finding, line_text: str) -> str:
    """A name for a finding that survives moved lines: its rule, file, objects and line's text."""
    import hashlib

    parts = (finding.code, repository_path(finding.location.path), *finding.objects, line_text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def repository_path(path: str) -> str:
    """The path as a service that reads reports knows it: relative to the working directory.

    Files elsewhere keep their absolute path.
    """
    known = os.path.normpath(path).removeprefix(os.path.join(os.getcwd(), ""))
    return known.replace(os.sep, "/")
