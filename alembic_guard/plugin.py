"""What Alembic loads: the two plugins, kept light because every `import alembic` pays for it.

Alembic 1.18.0 to 1.20.0 iterate over what the entry point loads, 1.20.1 wants a module
(sqlalchemy/alembic#1873). A module that iterates over itself satisfies all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.runtime.plugins import Plugin


class _PluginModule(ModuleType):
    def __init__(self, name: str, setup: Callable[[Plugin], None]) -> None:
        super().__init__(f"{__name__}.{name}", setup.__doc__)
        self.setup = setup

    def __iter__(self) -> Iterator[ModuleType]:
        yield self


def _setup_renames(plugin: Plugin) -> None:
    """Register the rename operations and the comparators that plan them."""
    from . import operations  # noqa: F401  # importing it registers the operations
    from .autogenerate import setup

    setup(plugin)


def _setup_reserved(plugin: Plugin) -> None:
    """Register the comparators that spot reserved names."""
    from .reserved.autogenerate import setup

    setup(plugin)


renames = _PluginModule("renames", _setup_renames)
reserved = _PluginModule("reserved", _setup_reserved)
