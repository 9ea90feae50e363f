"""Alembic's side of rename planning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register the rename operations and the comparator that plans them."""
    from alembic.util import DispatchPriority

    from .. import operations  # noqa: F401  registers op.rename_*

    plugin.add_autogenerate_comparator(
        _plan_renames, "schema", "alembic_guard_renames", priority=DispatchPriority.FIRST
    )
    plugin.add_autogenerate_comparator(
        _order_operations, "schema", "alembic_guard_order", priority=DispatchPriority.LAST
    )


def _plan_renames(*arguments: Any) -> Any:
    """Load the planner when it is first needed: every `import alembic` loads this module."""
    from .comparator import plan_renames

    return plan_renames(*arguments)


def _order_operations(*arguments: Any) -> Any:
    """Load the planner when it is first needed."""
    from .comparator import order_operations

    return order_operations(*arguments)
