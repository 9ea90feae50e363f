"""Functions that revisions import from modules of their own repository.

Those modules are read, not imported; only their functions and constants matter here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .module import Module

if TYPE_CHECKING:
    from pathlib import Path

MAX_PARENTS = 8


class HelperModules:
    """Finds and keeps the modules that revisions take helper functions from."""

    def __init__(self) -> None:
        self._modules: dict[str, Module | None] = {}
        self._names: dict[str, dict[str, Any]] = {}

    def find(self, path: str, origin: str) -> Module | None:
        """The module ``package.module`` as seen from the file `origin`, None when not found."""
        key = f"{os.path.dirname(origin)}:{path}"
        if key not in self._modules:
            from pathlib import Path

            self._modules[key] = self._search(path, Path(origin))
        return self._modules[key]

    def _search(self, path: str, origin: Path) -> Module | None:
        dots = len(path) - len(path.lstrip("."))
        parts = [part for part in path.strip(".").split(".") if part]
        folder = origin.resolve().parent
        if dots:
            for _ in range(dots - 1):
                folder = folder.parent
            return _module_at(folder, parts)
        for parent in [folder, *folder.parents][:MAX_PARENTS]:
            found = _module_at(parent, parts)
            if found is not None:
                return found
        return None


def _module_at(folder: Path, parts: list[str]) -> Module | None:
    if not parts:
        return None
    base = folder.joinpath(*parts)
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            try:
                return Module.read(str(candidate))
            except (OSError, SyntaxError, UnicodeDecodeError):
                return None
    return None
