"""Choose how each pending step is applied."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from alembic.runtime.migration import StampStep

from ..settings import ModeSetting
from .environment import Step
from .planning import Plan, plan_function

log = logging.getLogger("alembic_guard.upgrade")

StepMode = Literal["announce", "pause", "compat"]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One pending step, what it will do, and how it is applied."""

    step: Step
    plan: Plan
    mode: StepMode


def plan_steps(
    steps: Sequence[Step],
    setting: ModeSetting,
    migration_args: dict[str, Any],
    obstacle: Callable[[str | None, str], str | None],
) -> list[PlannedStep]:
    """Plan every pending step.

    Only the last one can leave a view behind: a later step would find it in its way.

    :param obstacle: why a table cannot have both names behind a view, or None.
    """
    variants = [value for value in migration_args.values() if isinstance(value, str)]
    planned = []
    for index, step in enumerate(steps, start=1):
        plan = plan_step(step, variants)
        has_views = setting == "compat" and index == len(steps) and _is_free(plan, obstacle)
        planned.append(PlannedStep(step, plan, choose_mode(plan, setting, has_views=has_views)))
    return planned


def _is_free(plan: Plan, obstacle: Callable[[str | None, str], str | None]) -> bool:
    """Whether every table the plan renames columns of can move under a view."""
    reasons = {obstacle(rename.schema, rename.table or "") for rename in plan.renames} - {None}
    for reason in sorted(filter(None, reasons)):
        log.warning("No compat mode, pausing instead: %s", reason)
    return not reasons


def plan_step(step: Step, variants: Sequence[str]) -> Plan:
    """Plan one step; a stamp changes nothing but the version table."""
    if isinstance(step, StampStep):
        return Plan()
    path = getattr(getattr(step, "revision", None), "path", None)
    if path is None:
        return Plan(unknown=("the revision has no file",))
    return plan_function(Path(path), "upgrade" if step.is_upgrade else "downgrade", variants)


def choose_mode(plan: Plan, setting: ModeSetting, *, has_views: bool) -> StepMode:
    """The mode of one step under the project's setting.

    ``compat`` is possible for column renames only; whatever else breaks running code is
    paused for instead.
    """
    if plan.is_harmless:
        return "pause" if setting == "pause" else "announce"
    if setting == "announce":
        return "announce"
    if setting == "compat" and plan.renames and has_views:
        return "compat"
    return "pause"
