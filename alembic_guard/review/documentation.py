"""Pages about rules, made from the rules themselves."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from .rules import Example, Rule, all_rules

PROSE = ("What it does", "Why it matters", "Instead")


def page(rule: Rule) -> str:
    """The Markdown page of a rule."""
    sections = rule.sections()
    severity = "opinion, only when selected" if rule.opinion else rule.severity
    lines = [
        f"# {rule.code} {rule.name}",
        "",
        sections["Summary"],
        "",
        f"Severity: {severity}. Databases: {', '.join(rule.dialects)}. Hazard {rule.hazard}.",
    ]
    for heading in PROSE:
        if heading in sections:
            lines += ["", f"## {heading}", "", sections[heading]]
    lines += ["", "## Bad", *_examples(rule.bad), "", "## Good", *_examples(rule.good)]
    if sections.get("References"):
        links = [
            f"- <{line.strip()}>" for line in sections["References"].splitlines() if line.strip()
        ]
        lines += ["", "## References", "", *links]
    return "\n".join(lines) + "\n"


def _examples(examples: tuple[str | Example, ...]) -> list[str]:
    lines: list[str] = []
    for example in examples:
        shown = example if isinstance(example, Example) else Example(example)
        texts = (shown.text,) if isinstance(shown.text, str) else shown.text
        where = ", ".join(part for part in (shown.dialect, shown.version) if part)
        if where:
            lines += ["", f"On {where}:"]
        for text in texts:
            lines += ["", "```python", textwrap.dedent(text).strip("\n"), "```"]
        if shown.down:
            down = textwrap.indent(textwrap.dedent(shown.down).strip("\n"), "    ")
            lines += ["", "```python", "def downgrade():", down, "```"]
    return lines


def write_pages(folder: Path) -> int:
    """One page a rule and an index; returns the number of rules."""
    folder.mkdir(parents=True, exist_ok=True)
    index = [
        "# Rules",
        "",
        "| code | name | severity | databases | what |",
        "|---|---|---|---|---|",
    ]
    for rule in all_rules():
        (folder / f"{rule.name}.md").write_text(page(rule), encoding="utf-8")
        severity = "opinion" if rule.opinion else rule.severity
        summary = (rule.sections()["Summary"].splitlines() or [""])[0]
        databases = ", ".join(rule.dialects)
        index.append(
            f"| {rule.code} | [{rule.name}]({rule.name}.md) | {severity} | {databases} | {summary} |"
        )
    (folder / "index.md").write_text("\n".join(index) + "\n", encoding="utf-8")
    return len(all_rules())


def catalogue() -> list[dict[str, Any]]:
    """All rules as plain values."""
    return [
        {
            "code": rule.code,
            "name": rule.name,
            "hazard": rule.hazard,
            "severity": rule.severity,
            "opinion": rule.opinion,
            "dialects": list(rule.dialects),
            "summary": rule.sections()["Summary"],
            "why": rule.sections().get("Why it matters", ""),
            "instead": rule.sections().get("Instead", ""),
        }
        for rule in all_rules()
    ]
