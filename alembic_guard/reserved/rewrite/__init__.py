"""Rewrite a reserved name where it is declared and everywhere it is certainly used.

Edits are exact replacements of single names, so formatting and comments cannot change.
What is only probable is listed, never touched.
"""

from __future__ import annotations

from .apply import apply_edits, unified_diff
from .plan import Listed, Rewrite, plan_rewrite
from .targets import Target, choose_targets

__all__ = [
    "Listed",
    "Rewrite",
    "Target",
    "apply_edits",
    "choose_targets",
    "plan_rewrite",
    "unified_diff",
]
