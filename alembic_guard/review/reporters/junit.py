"""JUnit XML: one suite a file, one failure a finding."""

from __future__ import annotations

from collections import defaultdict
from xml.etree import ElementTree

from ...facts import Finding
from .report import Report


def render(report: Report) -> str:
    """Files without findings appear as one passed test."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for path in report.sources:
        by_path[path] = []
    for finding in report.findings:
        by_path[finding.location.path].append(finding)
    root = ElementTree.Element(
        "testsuites", name="alembic-guard", failures=str(len(report.findings))
    )
    for path, findings in by_path.items():
        _suite(root, path, findings)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(
        root, encoding="unicode"
    )


def _suite(root: ElementTree.Element, path: str, findings: list[Finding]) -> None:
    tests = max(1, len(findings))
    suite = ElementTree.SubElement(
        root, "testsuite", name=path, tests=str(tests), failures=str(len(findings)), errors="0"
    )
    if not findings:
        ElementTree.SubElement(suite, "testcase", name="review", classname=path)
    for finding in findings:
        line = finding.location.line
        name = f"{finding.code} {finding.name} line {line}"
        case = ElementTree.SubElement(suite, "testcase", name=name, classname=path, line=str(line))
        failure = ElementTree.SubElement(
            case, "failure", message=_printable(finding.message), type=finding.severity
        )
        failure.text = _printable(f"{path}:{line}\n{finding.message}\n\n{finding.help}")


def _printable(text: str) -> str:
    """Without the control characters XML has no way to write."""
    return "".join(char for char in text if char in "\n\t" or ord(char) >= 32)
