"""Reserved names inside `alembic revision --autogenerate` and `alembic check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Register the comparator that looks at what the others have planned."""
    from alembic.util import DispatchPriority

    plugin.add_autogenerate_comparator(
        _spot_reserved, "schema", "alembic_guard_reserved", priority=DispatchPriority.LAST
    )


def _spot_reserved(*arguments: Any) -> Any:
    """Load the check when it is first needed: every `import alembic` loads this module."""
    from .planned import spot_reserved

    return spot_reserved(*arguments)
