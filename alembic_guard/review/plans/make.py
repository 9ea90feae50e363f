"""From a rename, type change, NOT NULL or unique constraint to the revisions to write instead.

The steps are those of the rules' own advice; each passes the review itself and runs up, down and
up again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from string import Template

from ...record import frozen_record
from .. import statements as st
from ..effects import apply
from ..engine import Review
from ..revision import Revision
from ..specs import TypeSpec, is_known
from ..state import Schema
from .columns import through_new_column
from .constraints import not_null, unique
from .step import Step, Target

DIALECTS = ("postgresql", "mysql", "mariadb")
_PLANNED = (
    "GRD401",
    "GRD201",
    "GRD110",
    "GRD107",
    "GRD127",
    "GRD128",
    "GRD308",
    "GRD503",
    "GRD412",
)
"""Findings a plan takes the place of."""
HEADER = Template(
    '''"""$title

Revision ID: $id
Revises: $down
"""

import sqlalchemy as sa
from alembic import op

revision = "$id"
down_revision = $down_value
branch_labels = None
depends_on = None


def upgrade() -> None:
$up


def downgrade() -> None:
$down_body
'''
)


@frozen_record
class PlannedRevision:
    """One revision file to write: `filename` and its `text`."""

    filename: str
    id: str
    text: str


@frozen_record
class Plan:
    """What to write instead of `revision`, and the lines of it that the plan does not hold."""

    revision: Revision
    revisions: tuple[PlannedRevision, ...]
    left: tuple[int, ...] = ()


def plans_for(result: Review) -> Iterator[Plan]:
    """The plans for the findings of a review, with the schema as the chain has it."""
    schema = Schema()
    for revision in result.history.order:
        lines = {
            finding.location.line
            for finding in result.findings
            if finding.location.path == revision.path and finding.code in _PLANNED
        }
        if lines:
            made = plan(revision, result.dialect, schema, lines)
            if made:
                left = {s.line for s in revision.upgrade} - lines
                yield Plan(revision, tuple(made), tuple(sorted(left)))
        for statement in revision.upgrade:
            apply(statement, schema, revision.id or revision.path)


def plan(
    revision: Revision,
    dialect: str = "postgresql",
    schema: Schema | None = None,
    lines: Collection[int] | None = None,
) -> list[PlannedRevision]:
    """The revisions to write instead of `revision`, in order; empty when there is no plan for it.

    :param schema: what is known of the tables before it.
    :param lines: only for the statements on these lines; for all when left out.
    """
    steps = [
        step
        for statement in revision.upgrade
        if lines is None or statement.line in lines
        for step in _steps(statement, revision, dialect, schema)
    ]
    down = revision.down[0] if revision.down else None
    result = []
    for number, step in enumerate(steps, start=1):
        seed = f"{revision.id}:{number}:{step.title}"
        identifier = hashlib.sha256(seed.encode()).hexdigest()[:12]
        text = HEADER.substitute(
            title=step.title,
            id=identifier,
            down=down or "",
            down_value=f'"{down}"' if down else None,
            up=_indented(step.up),
            down_body=_indented(step.down),
        )
        slug = "_".join("".join(c if c.isalnum() else " " for c in step.title.lower()).split())[:40]
        result.append(PlannedRevision(f"{identifier}_{slug}.py", identifier, text))
        down = identifier
    return result


def _steps(
    statement: st.Statement, revision: Revision, dialect: str, schema: Schema | None
) -> Iterator[Step]:
    """The steps for one statement; none when a part of it is only known at run time."""
    table = getattr(statement, "table", None)
    if not is_known(table) or dialect not in DIALECTS:
        return
    target = Target(str(table), dialect, schema)
    match statement:
        case st.RenameColumn() if is_known(statement.new) and not _is_key(target, statement.column):
            yield from _rename(statement, revision, target)
        case st.AlterColumn() if _is_renamed(statement, revision):
            return
        case st.AlterColumn() if statement.type is not None and statement.type.known:
            if not _is_key(target, statement.column):
                yield from through_new_column(
                    target,
                    statement.column,
                    f"{statement.column}_new",
                    statement.type,
                    _old_type(target, statement.column) or statement.existing_type,
                )
        case st.AlterColumn() if statement.nullable is False and dialect == "postgresql":
            yield from not_null(target, statement.column)
        case st.AddConstraint() if (
            statement.constraint.kind == "unique" and dialect == "postgresql"
        ):
            yield from unique(target, statement.constraint)


def _rename(statement: st.RenameColumn, revision: Revision, target: Target) -> Iterator[Step]:
    altered = [
        s for s in revision.upgrade if isinstance(s, st.AlterColumn) and _is_of(s, statement)
    ]
    stated = altered[0].existing_type if altered else statement.existing_type
    old_type = _old_type(target, statement.column) or stated
    new_type = altered[0].type if altered else None
    yield from through_new_column(target, statement.column, statement.new, new_type, old_type)


def _is_of(altered: st.AlterColumn, renamed: st.RenameColumn) -> bool:
    return (altered.table, altered.column) == (renamed.table, renamed.new)


def _is_renamed(statement: st.AlterColumn, revision: Revision) -> bool:
    """Whether the plan of a rename on the same line holds this change already."""
    return any(isinstance(s, st.RenameColumn) and _is_of(statement, s) for s in revision.upgrade)


def _old_type(target: Target, column: str) -> TypeSpec | None:
    return target.schema.column_type(target.table, column) if target.schema is not None else None


def _is_key(target: Target, column: str) -> bool:
    """Whether other tables may refer to the column, which a second one does not help."""
    return target.known is not None and column in target.known.primary_key()


def _indented(body: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in body.splitlines())


def write(planned: Sequence[PlannedRevision], folder: str) -> list[str]:
    """Write the files; none is overwritten."""
    from pathlib import Path

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths = [target / item.filename for item in planned]
    for path, item in zip(paths, planned, strict=True):
        with path.open("x", encoding="utf-8") as file:
            file.write(item.text)
    return [str(path) for path in paths]
