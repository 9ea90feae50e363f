"""Write the expand, backfill and contract revisions that make a dangerous change safe."""

from __future__ import annotations

from .make import PlannedRevision, plan

__all__ = ["PlannedRevision", "plan"]
