"""Rename a column without losing a row and without failing a request."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Guard", "Settings", "UnresolvedRenames", "renamed_from"]

TYPE_CHECKING = False  # `typing` takes 3 ms to import
if TYPE_CHECKING:
    from typing import Any

    from .errors import UnresolvedRenames
    from .guard import Guard
    from .renames import renamed_from
    from .settings import Settings

_HOMES = {
    "Guard": "guard",
    "Settings": "settings",
    "UnresolvedRenames": "errors",
    "renamed_from": "renames",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use: every `import alembic` imports this package."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
