"""JUnit XML: one suite a file, one test a finding."""

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
    failed = report.counts()["error"] + report.counts()["warning"]
    root = ElementTree.Element("testsuites", name="alembic-guard", failures=str(failed))
    for path, findings in by_path.items():
        _suite(root, path, findings)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(
        root, encoding="unicode"
    )


def _suite(root: ElementTree.Element, path: str, findings: list[Finding]) -> None:
    failed = sum(finding.severity != "note" for finding in findings)
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=path,
        tests=str(max(1, len(findings))),
        failures=str(failed),
        errors="0",
    )
    if not findings:
        ElementTree.SubElement(suite, "testcase", name="review", classname=path)
    for finding in findings:
        _case(suite, path, finding)


def _case(suite: ElementTree.Element, path: str, finding: Finding) -> None:
    """A failed test; an opinion, which does not fail the command either, is a test with output."""
    line = finding.location.line
    name = f"{finding.code} {finding.name} line {line}"
    case = ElementTree.SubElement(suite, "testcase", name=name, classname=path)
    if finding.severity == "note":
        said = ElementTree.SubElement(case, "system-out")
    else:
        said = ElementTree.SubElement(
            case, "failure", message=_printable(finding.message), type=finding.severity
        )
    said.text = _printable(f"{path}:{line}\n{finding.message}\n\n{finding.help}")


def _printable(text: str) -> str:
    """Without the control characters XML has no way to write."""
    return "".join(char for char in text if char in "\n\t" or ord(char) >= 32)
