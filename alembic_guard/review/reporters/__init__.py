"""From findings to text: one module a format, loaded when it is asked for.

A reporter is a module with ``render(report: Report) -> str``. Rules never see reporters and
reporters never decide exit codes.
"""

from __future__ import annotations

from importlib import import_module

from ...usage import UsageError
from .report import Report, RuleInfo, Suppressed

FORMATS = ("text", "json", "github", "gitlab", "sarif", "junit", "markdown", "html")


def render(format_name: str, report: Report) -> str:
    """The report in one of `FORMATS`."""
    if format_name not in FORMATS:
        raise UsageError(f"there is no format {format_name!r}; it can be {', '.join(FORMATS)}")
    module = import_module(f".{format_name}", __name__)
    text: str = module.render(report)
    return text


__all__ = ["FORMATS", "Report", "RuleInfo", "Suppressed", "render"]
