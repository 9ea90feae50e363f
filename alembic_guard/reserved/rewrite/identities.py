"""Which class a name means in one file, when several files have a class of that name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..scan.collect import absolute_module
from ..scan.declared import ClassFacts
from ..scan.project import Project
from .statements import statements

_MOST_HOPS = 10
"""How many re-exports to follow from one package to the next."""


class Identities:
    """Names that tell the classes of a project apart.

    A class whose name nobody else has is called by it; of two with the same name each is called
    by its name and its file. Two in one file are not told apart: of those nothing is certain.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._modules = {module.path: module for module in project.modules}
        self._by_name: dict[str, list[ClassFacts]] = {}
        self._in_file: dict[str, dict[str, str]] = {}
        for item in project.classes:
            self._by_name.setdefault(item.name, []).append(item)
        self._unique = {name: name for name, items in self._by_name.items() if len(items) == 1}

    def of(self, item: ClassFacts) -> str | None:
        """What the class is called by; None when its own file has another one."""
        same = self._by_name.get(item.name, [item])
        if len(same) == 1:
            return item.name
        path = item.span[0]
        is_only = sum(other.span[0] == path for other in same) == 1
        return f"{item.name}@{path}" if is_only else None

    def in_file(self, tree: ast.Module, path: str) -> dict[str, str]:
        """Each name a class goes by in a file, ``import ... as`` included."""
        known = self._in_file.get(path)
        if known is not None:
            return known
        found = self._in_file[path] = dict(self._unique)
        local: dict[str, set[str | None]] = {}
        for name, identity in self._bound(tree, path):
            local.setdefault(name, set()).add(identity)
        for name, meanings in local.items():
            identity = meanings.pop() if len(meanings) == 1 else None
            found.pop(name, None)
            if identity is not None:
                found[name] = identity
        return found

    def _bound(self, tree: ast.Module, path: str) -> Iterator[tuple[str, str | None]]:
        """Class names a file defines or imports, None for what cannot be told."""
        for item in self._modules[path].classes if path in self._modules else ():
            yield item.name, self.of(item)
        for node in statements(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name in self._by_name:
                        yield alias.asname or alias.name, self._imported(node, alias.name, path)

    def _imported(self, node: ast.ImportFrom, name: str, path: str) -> str | None:
        if len(self._by_name[name]) == 1:
            return name
        item = self._follow(f"{absolute_module(node, path)}.{name}")
        return self.of(item) if item is not None else None

    def _follow(self, dotted: str) -> ClassFacts | None:
        """The class behind an import, through packages that import it themselves."""
        for _ in range(_MOST_HOPS):
            item = self._project.find(dotted, "")
            if item is not None:
                return item
            home, _, name = dotted.rpartition(".")
            homes = [
                module
                for module in self._project.modules
                if module.module == home or module.module.endswith(f".{home}")
            ]
            further = homes[0].imports.get(name) if len(homes) == 1 else None
            if further is None or further == dotted:
                return None
            dotted = further
        return None
