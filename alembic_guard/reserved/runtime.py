"""Reserved names as the user's own Base, mixins and import see them."""

from __future__ import annotations

import ast
import contextlib
import sys
import traceback
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapper, registry

from ..errors import GuardError, ReservedNames
from ..facts import Finding, Location
from .mapping import LostColumn, lost_columns, mappers_of, watch_mappings
from .names import RULES, Hazard, attribute_hazards
from .scan import ModuleFacts, Project, collect, judge

_SOUGHT = ("Base", "metadata", "db", "SQLModel")
_MOST_FILES = 2000


def load_metadata(target: str) -> MetaData:
    """Import ``package.module:Base`` and give its MetaData.

    The part after the colon may be a Declarative base, a registry, a MetaData or a
    Flask-SQLAlchemy object; without it the module is searched for ``Base``, ``metadata``,
    ``db`` and ``SQLModel``.

    :raises ReservedNames: the import dies of a reserved name, or a mixin column is lost.
    :raises GuardError: the module has no such thing.
    """
    name, _, path = target.partition(":")
    lost: list[LostColumn] = []
    with explain_import_errors(), watch_mappings(lost.append):
        module = import_module(name)
    if lost:
        intro = f"{target}: columns are declared and not mapped, without an error."
        raise ReservedNames([item.finding() for item in lost], intro=intro)
    wanted = (path,) if path else _SOUGHT
    for candidate in wanted:
        found = _reach(module, candidate)
        metadata = found if isinstance(found, MetaData) else getattr(found, "metadata", None)
        if isinstance(metadata, MetaData):
            return metadata
    raise GuardError(f"{target!r}: no Base, registry or MetaData there ({', '.join(wanted)})")


@contextlib.contextmanager
def explain_import_errors() -> Iterator[None]:
    """Turn an import that dies of a reserved name into an explanation of that name.

    Works from the class statement the traceback points at, not from the wording of the
    error: SQLAlchemy and Pydantic say many different things about the same mistake. An
    error with another cause passes unchanged.

    :raises ReservedNames: a name of the failing class, or of what it inherits, is reserved.
    """
    try:
        yield
    except (GuardError, ImportError, NameError, SyntaxError):
        raise
    except Exception as error:
        findings = findings_at(error.__traceback__)
        if not findings:
            raise
        reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        intro = f"The models cannot be imported ({reason}):"
        raise ReservedNames(findings, intro=intro) from error


def findings_at(trace: TracebackType | None) -> list[Finding]:
    """What is wrong with the class statements a traceback stands in, innermost first."""
    for frame, line in reversed(list(traceback.walk_tb(trace))):
        path = frame.f_code.co_filename
        if not path.endswith(".py") or "site-packages" in path:
            continue
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        found = _findings_in_class(path, line, package)
        if found:
            return found
    return []


def base_hazards(base: type[Any], name: str) -> list[Hazard]:
    """What a column called `name` would replace on this very Base, computed from its attributes.

    As Rails does with its dangerous attributes: whatever the Base and its mixins define, by
    themselves or by inheritance, minus what every Python object has.
    """
    if hasattr(object, name):
        return []
    found = attribute_hazards(name, owner=base.__name__, vocabulary=_vocabulary_of(base))
    if found:
        return found
    for owner in base.__mro__:
        if name in vars(owner) and owner is not object:
            if _is_declared(vars(owner)[name]):
                return []
            effect = f"it replaces {owner.__name__}.{name}, which {base.__name__} defines"
            return [Hazard("base", name, "warning", effect, RULES["base"].documented)]
    return []


def dangerous_names(base: type[Any]) -> list[str]:
    """Every public name that `base_hazards` would report for this Base."""
    return sorted(
        name for name in dir(base) if not name.startswith("__") and base_hazards(base, name)
    )


def mapped_findings(target: Any = None) -> list[Finding]:
    """Lost columns and shadowed Base attributes of everything already mapped.

    :param target: a Declarative base, a registry or a MetaData; all mappers when None.
    """
    found: list[Finding] = []
    for mapper in mappers_of(target):
        found += [lost.finding() for lost in lost_columns(mapper)]
        found += _shadowing(mapper)
    return found


def _shadowing(mapper: Mapper[Any]) -> Iterator[Finding]:
    bases = [owner for owner in mapper.class_.__mro__[1:] if "__mapper__" not in vars(owner)]
    for name in mapper.columns.keys():  # noqa: SIM118  a column collection iterates over columns
        for owner in bases[:1]:
            for hazard in base_hazards(owner, name):
                yield Finding(
                    hazard.rule.code,
                    hazard.rule.name,
                    hazard.severity,
                    f"{mapper.class_.__name__}.{name}: {hazard.effect}",
                    Location("", 1),
                    hazard.documented,
                    objects=(mapper.class_.__name__, name),
                )


def _vocabulary_of(base: type[Any]) -> Any:
    from .names import Vocabulary

    lineage = [f"{owner.__module__}.{owner.__name__}" for owner in base.__mro__]
    frameworks = []
    if any(name.startswith("flask_sqlalchemy.") for name in lineage):
        frameworks.append("flask")
    if any(name.startswith("pydantic.") for name in lineage):
        frameworks.append("pydantic")
    return Vocabulary(frameworks=tuple(frameworks))


def _is_declared(value: Any) -> bool:
    """Whether a Base attribute is itself a column or a declared_attr: meant to be replaced."""
    return hasattr(value, "__clause_element__") or type(value).__name__ in (
        "declared_attr", "MappedColumn", "Column", "_declared_directive", "InstrumentedAttribute",
    )  # fmt: skip


def _reach(module: Any, path: str) -> Any:
    found = module
    for part in path.split("."):
        found = getattr(found, part, None)
    if isinstance(found, registry):
        return found.metadata
    return found


def _findings_in_class(path: str, line: int, package: str) -> list[Finding]:
    own = _facts(path)
    if own is None:
        return []
    around = [
        item
        for item in own.classes
        if item.location.line - len(item.decorators)
        <= line
        <= (item.location.end_line or item.location.line)
    ]
    if not around:
        return []
    inner = max(around, key=lambda item: item.location.line)
    project = Project([own, *(_facts_of_package(package, besides=path))])
    lineage = {
        (item.location.path, item.name)
        for item in (inner, *project.ancestors(_same(project, inner.name, path) or inner))
    }
    names = {name for _, name in lineage}
    paths = {place for place, _ in lineage}
    return [
        finding
        for finding in judge(project)
        if finding.code < "GRD030"
        and finding.severity == "error"
        and finding.location.path in paths
        and finding.objects[0] in names
    ]


def _same(project: Project, name: str, path: str) -> Any:
    found = (item for item in project.classes if (item.name, item.location.path) == (name, path))
    return next(found, None)


def _facts_of_package(package: str, *, besides: str) -> Iterator[ModuleFacts]:
    """The already imported modules of the failing module's own package."""
    modules = [
        module
        for name, module in sorted(sys.modules.items())
        if package and (name == package or name.startswith(f"{package}."))
    ]
    for module in modules[:_MOST_FILES]:
        path = getattr(module, "__file__", None)
        if path and path.endswith(".py") and path != besides:
            facts = _facts(path)
            if facts is not None:
                yield facts


def _facts(path: str) -> ModuleFacts | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return collect(ast.parse(Path(path).read_text(encoding="utf-8")), path)
    except (OSError, SyntaxError, ValueError):
        return None
