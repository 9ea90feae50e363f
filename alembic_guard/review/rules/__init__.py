"""The rules: one file each, registered by decorator, found by importing this package.

A rule of another distribution registers itself when its ``alembic_guard.rules`` entry point
is loaded. There is no second list anywhere.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from functools import cache
from importlib import import_module

from ...usage import UsageError
from .base import Example, Rule

_CODE = re.compile(r"^[A-Z]{3}\d{3}$")
_NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_REGISTRY: dict[str, Rule] = {}


def rule(cls: type[Rule]) -> type[Rule]:
    """Register a rule, or raise naming what is wrong with it."""
    if not _CODE.match(cls.code):
        raise ValueError(f"{cls.__qualname__}: code {cls.code!r} is not of the form GRD123")
    if not _NAME.match(cls.name):
        raise ValueError(f"{cls.__qualname__}: name {cls.name!r} is not in kebab-case")
    other = _REGISTRY.get(cls.code)
    if other is not None and type(other).__qualname__ != cls.__qualname__:
        raise ValueError(f"{cls.code} is both {other.name} and {cls.name}")
    _REGISTRY[cls.code] = cls()
    return cls


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    for module in _module_names():
        if module != "base":
            import_module(f"{__name__}.{module}")
    _load_entry_points()
    return tuple(_REGISTRY[code] for code in sorted(_REGISTRY))


def _module_names() -> list[str]:
    """Those of this package; `pkgutil`, for a package in a zip file, takes 15 ms to import."""
    try:
        names = [name for folder in __path__ for name in os.listdir(folder)]
    except OSError:
        from pkgutil import iter_modules

        return sorted(item.name for item in iter_modules(__path__))
    return sorted(
        name.removesuffix(".py")
        for name in names
        if name.endswith(".py") and not name.startswith("_")
    )


def _load_entry_points() -> None:
    """Rules of other distributions; `importlib.metadata` costs 30 ms, so look before asking it."""
    if not any(_mentions_us(folder) for folder in sys.path):
        return
    from importlib.metadata import entry_points

    for entry_point in entry_points(group="alembic_guard.rules"):
        entry_point.load()


def _mentions_us(folder: str) -> bool:
    """Whether a distribution below `folder` declares an entry point in our group."""
    for path in glob.iglob(os.path.join(glob.escape(folder or "."), "*-info", "entry_points.txt")):
        try:
            with open(path, encoding="utf-8") as file:
                if "[alembic_guard.rules]" in file.read():
                    return True
        except OSError:
            continue
    return False


def find_rule(text: str) -> Rule:
    """The rule of a code or name, or a `UsageError` naming the nearest."""
    import difflib

    wanted = text.strip()
    for found in all_rules():
        if wanted.upper() == found.code or wanted.lower() in (found.name, found.hazard.lower()):
            return found
    names = [name for found in all_rules() for name in (found.code, found.name)]
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.0)
    raise UsageError(f"there is no rule {text!r}; did you mean {near[0]!r}?")


__all__ = ["Example", "Rule", "all_rules", "find_rule", "rule"]
