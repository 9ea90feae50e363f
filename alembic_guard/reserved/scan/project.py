"""Classes of all scanned files together: who inherits from whom, and who is mapped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

from .declared import MAPPED_KINDS, AttributeFacts, ClassFacts, ModuleFacts

_DECLARATIVE_ROOTS = {
    "DeclarativeBase", "DeclarativeBaseNoMeta", "AutomapBase",
}  # fmt: skip
_MAPPING_DECORATORS = ("mapped", "mapped_as_dataclass", "as_declarative")
_PYDANTIC = {"BaseModel", "BaseSettings", "GenericModel"}
Trait = Literal["mapped", "flask", "sqlmodel", "pydantic", "pydantic-1"]
_NO_TRAITS: frozenset[Trait] = frozenset()
_FLASK_MODELS = ("flask_appbuilder.Model", "flask_sqlalchemy.model.Model")


class Project:
    """Every class by its name, with bases resolved across files where that is certain."""

    def __init__(self, modules: Iterable[ModuleFacts]) -> None:
        self.modules = tuple(modules)
        self.classes = tuple(item for module in self.modules for item in module.classes)
        self._by_name: dict[str, list[ClassFacts]] = {}
        for item in self.classes:
            self._by_name.setdefault(item.name, []).append(item)
        self._bases = {id(item) for item in self.classes if _is_declarative_base(item)}
        self._made_bases = {
            f"{module.module}.{name}"
            for module in self.modules
            for name in module.declarative_bases
        }
        self._lineages: dict[int, tuple[ClassFacts, ...]] = {}
        self._mapped: dict[int, bool] = {}
        self._meanings: dict[str, frozenset[Trait]] = {}
        self._traits: dict[int, frozenset[Trait]] = {}

    def find(self, dotted: str, module: str) -> ClassFacts | None:
        """The class a dotted base name means inside `module`, or None if it is not scanned."""
        home, _, name = dotted.rpartition(".")
        candidates = self._by_name.get(name, [])
        for item in candidates:
            if item.module == (home or module):
                return item
        fitting = [item for item in candidates if home and _ends_with(item.module, home)]
        if len(fitting) == 1:
            return fitting[0]
        return candidates[0] if len(candidates) == 1 and home and not fitting else None

    def ancestors(self, item: ClassFacts) -> tuple[ClassFacts, ...]:
        """The scanned classes `item` inherits from, nearest first, without `item`."""
        known = self._lineages.get(id(item))
        if known is None:
            self._lineages[id(item)] = ()  # cuts cycles in broken source
            found: dict[int, ClassFacts] = {}
            for base in item.bases:
                parent = self.find(base, item.module)
                if parent is not None and parent is not item:
                    found.setdefault(id(parent), parent)
                    for ancestor in self.ancestors(parent):
                        found.setdefault(id(ancestor), ancestor)
            known = self._lineages[id(item)] = tuple(found.values())
        return known

    @cached_property
    def descendants(self) -> dict[int, list[ClassFacts]]:
        """For each ancestor (by id) the mapped classes below it."""
        found: dict[int, list[ClassFacts]] = {}
        for item in self.classes:
            if self.is_mapped(item):
                for ancestor in self.ancestors(item):
                    found.setdefault(id(ancestor), []).append(item)
        return found

    def is_base(self, item: ClassFacts) -> bool:
        """Whether this is a Declarative base itself rather than a model."""
        return id(item) in self._bases

    def is_sqlmodel(self, item: ClassFacts) -> bool:
        """Whether SQLModel, and so Pydantic, builds the class."""
        return "sqlmodel" in self.traits(item)

    def is_flask(self, item: ClassFacts) -> bool:
        """Whether the class inherits from ``db.Model`` of Flask-SQLAlchemy."""
        return "flask" in self.traits(item)

    def traits(self, item: ClassFacts) -> frozenset[Trait]:
        """What the libraries' classes make of `item` that it inherits from at any distance."""
        known = self._traits.get(id(item))
        if known is None:
            known = _NO_TRAITS
            for member in (item, *self.ancestors(item)):
                for base in member.bases:
                    known |= self._meaning(base, member.module)
            self._traits[id(item)] = known
        return known

    def _meaning(self, base: str, module: str) -> frozenset[Trait]:
        """What it means to inherit from `base` itself, which `module` names so."""
        full = base if "." in base else f"{module}.{base}"
        known = self._meanings.get(full)
        if known is None:
            found: list[Trait] = []
            if self._is_made_base(full) or _is_flask_base(base):
                found.append("mapped")
            if _is_flask_base(base):
                found.append("flask")
            home, _, name = base.rpartition(".")
            if name == "SQLModel":
                found.append("sqlmodel")
            if name in _PYDANTIC and home.partition(".")[0] in ("pydantic", "pydantic_settings"):
                found.append("pydantic-1" if home.startswith("pydantic.v1") else "pydantic")
            known = self._meanings[full] = frozenset(found)
        return known

    def is_mapped(self, item: ClassFacts) -> bool:
        """Whether SQLAlchemy maps the class (abstract ones count: their columns are copied)."""
        known = self._mapped.get(id(item))
        if known is None:
            known = self._mapped[id(item)] = self._decide_mapped(item)
        return known

    def names_in(self, item: ClassFacts) -> set[str]:
        """Every attribute and column name the class already has, its ancestors included."""
        found: set[str] = set()
        for member in (item, *self.ancestors(item)):
            for attribute in member.attributes.values():
                found |= {attribute.name, attribute.column_name}
        return found

    def _decide_mapped(self, item: ClassFacts) -> bool:
        if self.is_base(item):
            return False
        if any(name.rpartition(".")[2] in _MAPPING_DECORATORS for name in item.decorators):
            return True
        traits = self.traits(item)
        if "sqlmodel" in traits:
            return item.sqlmodel_table
        if "mapped" in traits:
            return True
        ancestors = self.ancestors(item)
        if any(id(member) in self._bases for member in ancestors):
            return True
        return item.has_own_table and (
            item.core_table is not None or _has_columns((item, *ancestors))
        )

    def _is_made_base(self, full: str) -> bool:
        if full in self._made_bases:
            return True
        home, _, name = full.rpartition(".")
        return any(
            _ends_with(made.rpartition(".")[0], home) and made.rpartition(".")[2] == name
            for made in self._made_bases
        )


def _is_flask_base(base: str) -> bool:
    head, _, name = base.rpartition(".")
    return base in _FLASK_MODELS or (name == "Model" and head.rpartition(".")[2] == "db")


def _is_declarative_base(item: ClassFacts) -> bool:
    return any(base.rpartition(".")[2] in _DECLARATIVE_ROOTS for base in item.bases) or any(
        decorator.endswith("as_declarative") for decorator in item.decorators
    )


def defined_elsewhere(
    name: str, lineage: Sequence[ClassFacts], kinds: Sequence[str]
) -> tuple[ClassFacts, AttributeFacts] | None:
    """The first class of `lineage` that binds `name` to one of `kinds`."""
    for item in lineage:
        attribute = item.attributes.get(name)
        if attribute is not None and attribute.kind in kinds:
            return item, attribute
    return None


def _has_columns(lineage: Sequence[ClassFacts]) -> bool:
    return any(
        attribute.kind in MAPPED_KINDS for item in lineage for attribute in item.attributes.values()
    )


def _ends_with(module: str, tail: str) -> bool:
    return module == tail or module.endswith(f".{tail}") or tail.endswith(f".{module}")
