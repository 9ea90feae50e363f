"""Run a migration on a scratch copy of a schema and see which locks it holds and what it rewrites."""

from __future__ import annotations

from .run import Traced, trace_revisions

__all__ = ["Traced", "trace_revisions"]
