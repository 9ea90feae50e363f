"""What people said about names: on the models, in ``renames.toml`` and after ``-x``."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.environment import EnvironmentContext

from ..errors import AnswerError
from ..facts import Hint, RenameKind
from ..renames.annotations import Annotation, read_annotation
from ..renames.answer_file import FILE_NAME, read_answers
from ..renames.answers import Answer, AnswerProblem, Verb, parse_argument
from ..renames.applied import has_done
from ..renames.claims import Claim
from ..renames.model import TableKey
from ..renames.settling import settle_all
from ..renames.sides import Situation, path_name
from ..usage import UsageError
from .names import DatabaseNames, ModelNames

log = logging.getLogger(__name__)


def collect_hints(autogen_context: AutogenContext) -> list[Hint]:
    """Everything anybody said that is still to be done; what is done with is logged.

    :raises AnswerError: if an answer or annotation contradicts another or the facts, or
        names what does not exist; the message says where it stands.
    """
    try:
        model = ModelNames(autogen_context)
        answers = [*_answers_in_file(autogen_context), *_answers_after_x(autogen_context)]
        claims = list(_annotations(model))
        if not answers and not claims:
            return []
        situation = _situation(autogen_context, model)
        settled = settle_all(answers, claims, situation)
    except AnswerProblem as problem:
        raise AnswerError(str(problem), source=problem.source) from problem
    for note in settled.notes:
        log.info(note)
    return list(settled.hints)


def environment_of(autogen_context: AutogenContext) -> EnvironmentContext | None:
    """The command's environment; None when autogenerate is called from Python code."""
    context = autogen_context.migration_context
    return context.environment_context if context is not None else None


def x_arguments(autogen_context: AutogenContext) -> list[str]:
    """The ``-x`` arguments of the command, in order."""
    environment = environment_of(autogen_context)
    if environment is None:
        return []
    return list(environment.get_x_argument(as_dictionary=False))


def answer_file_of(autogen_context: AutogenContext) -> Path | None:
    """Where recorded answers stand: beside ``versions/``, whether or not the file exists."""
    environment = environment_of(autogen_context)
    return Path(environment.script.dir) / FILE_NAME if environment is not None else None


def heads_of(autogen_context: AutogenContext) -> tuple[str, ...]:
    """The revisions the database is at, sorted."""
    context = autogen_context.migration_context
    return tuple(sorted(context.get_current_heads())) if context is not None else ()


def _answers_after_x(autogen_context: AutogenContext) -> Iterator[Answer]:
    for argument in x_arguments(autogen_context):
        answer = parse_argument(argument)
        if answer is not None:
            yield answer


def _answers_in_file(autogen_context: AutogenContext) -> list[Answer]:
    path = answer_file_of(autogen_context)
    if path is None or not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AnswerError(f"{path} cannot be read: {error}", source=str(path)) from error
    return read_answers(text)


def _situation(autogen_context: AutogenContext, model: ModelNames) -> Situation:
    database = DatabaseNames(autogen_context, model)
    return Situation(
        database=database,
        model=model,
        heads=cache(lambda: heads_of(autogen_context)),
        used=lambda verb, names: _is_used(autogen_context, verb, names),
        is_hidden=lambda key: model.is_hidden(key) or database.is_hidden(key),
        default_schema=autogen_context.dialect.default_schema_name,
        several_databases=autogen_context.opts.get("upgrade_token", "upgrades") != "upgrades",
    )


def _is_used(autogen_context: AutogenContext, verb: Verb, names: tuple[str, ...]) -> bool:
    """Whether an existing revision did it already."""
    environment = environment_of(autogen_context)
    if environment is None:
        return False
    for revision in environment.script.walk_revisions():
        try:
            source = Path(revision.path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if has_done(source, verb, names):
            return True
    return False


def _annotations(model: ModelNames) -> Iterator[Claim]:
    """The claims of all ``info=renamed_from(...)`` in the models, in a fixed order."""
    for key, table in model.tables():
        yield from _standalone(model, "table", key, table)
        for column in table.columns:
            if "info" in column.__dict__:
                yield from _column_claims(model, key, column)
        named: list[sa.Index | sa.Constraint] = [*table.indexes, *table.constraints]
        noted = [item for item in named if "info" in item.__dict__]
        for item in sorted(noted, key=lambda item: str(item.name or "")):
            name = model.constraint_name(item)
            annotation = _annotation(item, f"{path_name(key)}.{name}")
            if name is not None and annotation is not None and annotation.names:
                kind: RenameKind = "index" if isinstance(item, sa.Index) else "constraint"
                where = f"renamed_from on {path_name(key)}.{name}"
                yield _claim(kind, key, annotation.names, name, where)
    for key, sequence in model.sequences():
        yield from _standalone(model, "sequence", key, sequence)


def _annotation(item: Any, where: str) -> Annotation | None:
    """An object's annotation; reading ``info`` itself would give each object a dictionary."""
    info = item.__dict__.get("info")
    try:
        return read_annotation(info) if info else None
    except UsageError as error:
        raise AnswerProblem(str(error), source=f"renamed_from on {where}") from error


def _claim(
    kind: RenameKind, owner: TableKey | None, old: tuple[str, ...], new: str, source: str
) -> Claim:
    schema, table = owner or (None, None)
    return Claim("rename", kind, schema, table, old, new, source, "model")


def _column_claims(model: ModelNames, key: TableKey, column: sa.Column[Any]) -> Iterator[Claim]:
    where = f"{path_name(key)}.{column.name}"
    annotation = _annotation(column, where)
    if annotation is None:
        return
    if annotation.names:
        yield _claim("column", key, annotation.names, str(column.name), f"renamed_from on {where}")
    yield from _enum_claims(model, column, annotation, f"renamed_from on {where}")


def _standalone(model: ModelNames, kind: RenameKind, key: TableKey, item: Any) -> Iterator[Claim]:
    """A table's or sequence's claim, whose former names may have stood in another schema."""
    annotation = _annotation(item, path_name(key))
    if annotation is None:
        return
    schema = annotation.schema or key[0]
    names = annotation.names or (key[1],)
    old = tuple(path_name(model.key(schema, name)) for name in names)
    yield _claim(kind, None, old, path_name(key), f"renamed_from on {path_name(key)}")


def _enum_claims(
    model: ModelNames, column: sa.Column[Any], annotation: Annotation, source: str
) -> Iterator[Claim]:
    found = model.enum_of(column)
    if found is None:
        return
    key = found[0]
    if annotation.enum:
        old = tuple(path_name((key[0], name)) for name in annotation.enum)
        yield _claim("enum_type", None, old, path_name(key), source)
    for was, now in annotation.values:
        yield _claim("enum_value", key, (was,), now, source)
