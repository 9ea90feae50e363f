"""Write the expand, backfill and contract revisions that make a dangerous change safe."""

from __future__ import annotations

from .make import DIALECTS, Plan, PlannedRevision, plan, plans_for, write

__all__ = ["DIALECTS", "Plan", "PlannedRevision", "plan", "plans_for", "write"]
