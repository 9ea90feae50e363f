"""Rewrites of what rules found, in Alembic code.

A fixer is a function registered for a rule's code. What it proposes is reviewed again before
anybody sees it: a fix that does not silence its finding, or that brings a new one, is dropped.
"""

from __future__ import annotations

from .provider import apply, fixable_codes, fixes_for
from .registry import fixer

__all__ = ["apply", "fixable_codes", "fixer", "fixes_for"]
