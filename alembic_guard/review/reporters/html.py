"""One self-contained HTML file: findings with their source, the tables before and after, the SQL.

The page is the Mako template ``templates/review/report.html.mako``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...usage import UsageError
from .advice import parts
from .picture import table_pictures
from .report import Report


def render(report: Report) -> str:
    """The page."""
    try:
        from mako.template import Template  # type: ignore[import-untyped]  # Mako has no stubs
    except ImportError as error:  # pragma: no cover - Mako comes with Alembic
        raise UsageError("the HTML report needs Mako: pip install mako") from error
    template = Template(
        filename=str(template_path("report.html.mako")),
        default_filters=["h"],
        strict_undefined=True,
    )
    pages = report.extra.get("revisions", ())
    text: str = template.render(
        report=report,
        counts=report.counts(),
        revisions=pages,
        pictures=table_pictures,
        source=_source,
        parts=parts,
    )
    return text


def template_path(name: str) -> Path:
    """A file of ``templates/review``: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parents[2]
    for base in (package / "templates" / "review", package.parent / "templates" / "review"):
        if (base / name).is_file():
            return base / name
    raise UsageError(f"the template {name} is missing from this installation")


def _source(report: Report, finding: Any, around: int = 3) -> list[tuple[int, str, bool]]:
    """The lines around a finding: number, text, and whether it is the one."""
    lines = report.sources.get(finding.location.path, "").splitlines()
    line = finding.location.line
    first, last = max(1, line - around), min(len(lines), line + around)
    return [(number, lines[number - 1], number == line) for number in range(first, last + 1)]
