"""Choose how each pending step is applied."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from alembic.runtime.migration import StampStep

from ..facts import SchemaChange
from ..settings import ModeSetting
from .environment import Step
from .planning import Plan, plan_function

log = logging.getLogger("alembic_guard.upgrade")

StepMode = Literal["announce", "pause", "compat", "expand"]
Both = Literal["compat", "expand"]
"""How a database keeps the old and the new name of a column for a while."""


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
    both: Both,
    obstacle: Callable[[SchemaChange], str | None],
) -> list[PlannedStep]:
    """Plan every pending step.

    Only the last one can leave both names behind: a later step would find them in its way.

    :param both: how this database keeps both names.
    :param obstacle: why it cannot for this column, or None.
    """
    variants = [value for value in migration_args.values() if isinstance(value, str)]
    planned = []
    for index, step in enumerate(steps, start=1):
        plan = plan_step(step, variants)
        wants_both = setting in ("compat", "expand") and index == len(steps)
        is_free = wants_both and _is_free(plan, both, obstacle)
        mode = choose_mode(plan, setting, both=both if is_free else None)
        planned.append(PlannedStep(step, plan, mode))
    return planned


def _is_free(plan: Plan, both: Both, obstacle: Callable[[SchemaChange], str | None]) -> bool:
    """Whether every column the plan renames can have both names."""
    reasons = {obstacle(rename) for rename in plan.renames} - {None}
    for reason in sorted(filter(None, reasons)):
        log.warning("No %s mode, pausing instead: %s", both, reason)
    return not reasons


def plan_step(step: Step, variants: Sequence[str]) -> Plan:
    """Plan one step; a stamp changes nothing but the version table."""
    if isinstance(step, StampStep):
        return Plan()
    path = getattr(getattr(step, "revision", None), "path", None)
    if path is None:
        return Plan(unknown=("the revision has no file",))
    return plan_function(Path(path), "upgrade" if step.is_upgrade else "downgrade", variants)


def choose_mode(plan: Plan, setting: ModeSetting, *, both: Both | None) -> StepMode:
    """The mode of one step under the project's setting.

    ``compat`` and ``expand`` are possible for column renames only; whatever else breaks
    running code is paused for instead.

    :param both: how both names can be kept, None when they cannot.
    """
    if plan.is_harmless:
        return "pause" if setting == "pause" else "announce"
    if setting == "announce":
        return "announce"
    if both is not None and plan.renames:
        return both
    return "pause"
