"""What the history of the models' source says about names that went and came.

The source at the commit that brought the newest applied revision is what the database was
made from. It is only read when there are questions, and any trouble means no evidence.
"""

from __future__ import annotations

import inspect
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from alembic.autogenerate.api import AutogenContext
from sqlalchemy.orm import mapperlib

from ..facts import Hint, Question
from ..renames.class_history import (
    ModelSource,
    Renamed,
    read_models,
    renamed_columns,
    renamed_tables,
    same_shapes,
)
from ..renames.model import TableKey
from ..renames.usage_history import replaced_words
from ..renames.vetoes import name_veto
from .git import Repository
from .names import ModelNames
from .sources import environment_of, heads_of

log = logging.getLogger(__name__)


def collect_history(autogen_context: AutogenContext, questions: Sequence[Question]) -> list[Hint]:
    """Hints on the questions that the source of the models answers, none if there is no git."""
    try:
        base = _base(autogen_context)
        if base is None:
            return []
        return list(_hints(autogen_context, base, questions))
    except Exception:  # evidence is optional, the command is not
        log.debug("no evidence from the models' history", exc_info=True)
        return []


def renamed_attributes(autogen_context: AutogenContext) -> list[str]:
    """What to say of attributes that were renamed while their columns keep their names.

    Only attributes that differ from their column are looked at, and only in files that have
    changed since the newest applied revision.
    """
    try:
        mapped = list(_differing_attributes(ModelNames(autogen_context)))
        base = _base(autogen_context) if mapped else None
        changed = base.repository.changed_since(base.commit) if base is not None else set()
        return [
            f"{cls.__name__}.{old} is now {cls.__name__}.{attribute}; the column "
            f"{table}.{column} keeps its name, so there is nothing to migrate"
            for cls, attribute, column, table in mapped
            if (path := _path_of(cls)) in changed and base is not None and path is not None
            if (old := _attribute_then(base.models(path, cls.__name__), cls.__name__, column))
            not in (None, attribute)
        ]
    except Exception:  # nothing depends on it
        log.debug("no word on attributes from the models' history", exc_info=True)
        return []


def _differing_attributes(model: ModelNames) -> Iterator[tuple[type, str, str, str]]:
    tables = {id(table): key[1] for key, table in model.tables()}
    for cls in _mapped_classes():
        name = tables.get(id(cls.__dict__.get("__table__")))
        if name is not None:
            for attribute, column in cls.__mapper__.columns.items():  # type: ignore[attr-defined]  # mapped
                if attribute != column.name and column.table is cls.__dict__["__table__"]:
                    yield cls, attribute, column.name, name


def _attribute_then(models: Mapping[str, ModelSource], name: str, column: str) -> str | None:
    model = models.get(name)
    slots = model.slots if model is not None else ()
    return next((slot.attribute for slot in slots if slot.column == column), None)


def _path_of(cls: type) -> Path | None:
    path = _file_of(cls)
    return Path(path).resolve() if path else None


@dataclass(frozen=True)
class _Base:
    """A repository at the commit whose models the database has."""

    repository: Repository
    commit: str

    @property
    def source(self) -> str:
        return f"git {self.commit[:10]}"

    @cached_property
    def uses(self) -> Counter[tuple[str, str]]:
        """Which words took the place of which since then, in all Python files."""
        return replaced_words(self.repository.changes_since(self.commit))

    @cached_property
    def _read(self) -> dict[tuple[Path, str | None], dict[str, ModelSource]]:
        return {}

    def models(self, path: Path, word: str) -> dict[str, ModelSource]:
        """The models of a file then, or of the one file that held `word` if it has moved."""
        return self._models(path, None) or self._models(path, word)

    def _models(self, path: Path, word: str | None) -> dict[str, ModelSource]:
        if (path, word) not in self._read:
            paths = [path] if word is None else self.repository.files_with(self.commit, word)
            text = self.repository.text_at(self.commit, paths[0]) if len(paths) == 1 else None
            self._read[path, word] = read_models(text or "")
        return self._read[path, word]


def _base(autogen_context: AutogenContext) -> _Base | None:
    environment = environment_of(autogen_context)
    if environment is None:
        return None
    revisions = (environment.script.get_revision(head) for head in heads_of(autogen_context))
    paths = [Path(revision.path) for revision in revisions if revision is not None]
    repository = Repository.around(paths[0]) if paths else None
    if repository is None:
        return None
    commits = [repository.commit_that_added(path) for path in paths]
    known = sorted({commit for commit in commits if commit is not None})
    if len(known) < len(set(commits)):
        return None
    return _Base(repository, max(known, key=repository.time_of)) if known else None


def _hints(
    autogen_context: AutogenContext, base: _Base, questions: Sequence[Question]
) -> Iterator[Hint]:
    sources = _Sources(autogen_context, base)
    for question in questions:
        wanted = {candidate.new for candidate in question.candidates}
        find = {"table": _tables, "column": _columns}.get(question.kind)
        found = find(sources, base, question, wanted) if find is not None else ()
        for one in found:
            vetoed = one.evidence_class != "A" and name_veto(one.old, one.new) is not None
            if one.old == question.old and one.new in wanted and not vetoed:
                yield Hint(
                    question.kind, question.schema, question.table, one.old, one.new,
                    one.evidence_class, f"{base.source}: {one.reason}",
                )  # fmt: skip
                break


def _tables(
    sources: _Sources, base: _Base, question: Question, wanted: set[str]
) -> Iterator[Renamed]:
    for new in sorted(wanted):
        for path, _name in sources.of((question.schema, new)):
            yield from renamed_tables(base.models(path, question.old), sources.now(path))


def _columns(
    sources: _Sources, base: _Base, question: Question, wanted: set[str]
) -> Iterator[Renamed]:
    """What became of one column; of a renamed table, in whichever model has a candidate."""
    for key in sources.homes(question, wanted):
        for path, name in sources.of(key):
            after = sources.now(path).get(name)
            before = _counterpart(base.models(path, name), after, question)
            if before is None or after is None:
                continue
            yield from renamed_columns(before, after)
            yield from _by_use(before, after, question.old, base)


def _by_use(before: ModelSource, after: ModelSource, old: str, base: _Base) -> Iterator[Renamed]:
    """A column of the same definition elsewhere in the class, which the code uses instead."""
    alike = [new for was, new in same_shapes(before, after) if was == old]
    uses = base.uses if alike else Counter()
    news = [new for new in alike if uses[old, new] > 1]
    rivals = [was for was, new in uses if new in news and was != old]
    if len(news) == 1 and not rivals:
        count = uses[old, news[0]]
        reason = f"same definition in {after.name}, and {count} lines use {news[0]} instead"
        yield Renamed(after.name, old, news[0], "B", reason)


def _counterpart(
    models: Mapping[str, ModelSource], after: ModelSource | None, question: Question
) -> ModelSource | None:
    """The model as it was: of the same name, else of the same table."""
    if after is None:
        return None
    if after.name in models:
        return models[after.name]
    named = [model for model in models.values() if model.table in (question.table, after.table)]
    return named[0] if len(named) == 1 and named[0].table is not None else None


class _Sources:
    """Where in the working tree each table is defined."""

    def __init__(self, autogen_context: AutogenContext, base: _Base) -> None:
        self._repository = base.repository
        self._model = ModelNames(autogen_context)
        self._read: dict[Path, dict[str, ModelSource]] = {}
        self._found: dict[TableKey, list[tuple[Path, str]]] = {}
        versions = environment_of(autogen_context)
        self._skipped = Path(versions.script.dir) if versions is not None else base.repository.root

    def homes(self, question: Question, wanted: set[str]) -> list[TableKey]:
        """The tables of the models that may hold a column now."""
        key = (question.schema, str(question.table))
        if key in self._model.keys("table"):
            return [key]
        return [key for key, table in self._model.tables() if wanted & set(table.columns.keys())]

    def now(self, path: Path) -> dict[str, ModelSource]:
        """The models of a file in the working tree."""
        if path not in self._read:
            self._read[path] = read_models(path.read_text(encoding="utf-8"))
        return self._read[path]

    def of(self, key: TableKey) -> list[tuple[Path, str]]:
        """The classes that define a table, mixins included, or the ``Table`` variable."""
        if key not in self._found:
            self._found[key] = self._classes_of(key) or self._variables_of(key)
        return self._found[key]

    def _classes_of(self, key: TableKey) -> list[tuple[Path, str]]:
        return [
            (Path(path), cls.__name__)
            for mapped in self._classes.get(key, ())
            for cls in mapped.__mro__
            if (path := _file_of(cls)) and self._repository.holds(Path(path))
        ]

    def _variables_of(self, key: TableKey) -> list[tuple[Path, str]]:
        return [
            (path, model.name)
            for path in self._repository.files_with(None, key[1])
            if not path.is_relative_to(self._skipped)
            for model in self.now(path).values()
            if model.table == key[1]
        ]

    @cached_property
    def _classes(self) -> dict[TableKey, list[type]]:
        keys = {id(table): key for key, table in self._model.tables()}
        found: dict[TableKey, list[type]] = {}
        for mapped in _mapped_classes():
            key = keys.get(id(mapped.__dict__.get("__table__")))
            if key is not None:
                found.setdefault(key, []).append(mapped)
        return found


def _mapped_classes() -> list[type]:
    """All mapped classes; the name of the list of registries is SQLAlchemy's own affair."""
    registries = mapperlib._all_registries()
    mappers = [mapper for registry in registries for mapper in registry.mappers]
    return sorted(
        (mapper.class_ for mapper in mappers), key=lambda cls: (cls.__module__, cls.__name__)
    )


def _file_of(cls: type) -> str | None:
    try:
        return inspect.getsourcefile(cls)
    except TypeError:
        return None
