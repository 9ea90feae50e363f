"""From a rename, type change, NOT NULL or unique constraint to the revisions to write instead.

The steps are those of the rules' own advice, for PostgreSQL; each passes the review itself and
runs up, down and up again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import Template

from .. import statements as st
from ..knowledge.wording import short
from ..revision import Revision
from ..specs import TypeSpec

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


@dataclass(frozen=True, slots=True)
class PlannedRevision:
    """One revision file to write: `filename` and its `text`."""

    filename: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """Bodies of both functions, and a title that says when to release it."""

    title: str
    up: str
    down: str


def plan(revision: Revision) -> list[PlannedRevision]:
    """The revisions to write instead of `revision`, in order; empty when there is no plan for it."""
    steps = [step for statement in revision.upgrade for step in steps_for(statement, revision)]
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


def steps_for(statement: st.Statement, revision: Revision) -> Iterator[Step]:
    """The steps for one statement."""
    match statement:
        case st.RenameColumn():
            yield from _rename(statement, revision)
        case st.AlterColumn() if statement.type is not None:
            yield from _change_type(statement)
        case st.AlterColumn() if statement.nullable is False:
            yield from _not_null(statement.table, statement.column)
        case st.AddConstraint() if statement.constraint.kind == "unique":
            yield from _unique(statement)


def _rename(statement: st.RenameColumn, revision: Revision) -> Iterator[Step]:
    """Expand by a second column kept equal by a trigger, backfill, contract."""
    altered = [
        s
        for s in revision.upgrade
        if isinstance(s, st.AlterColumn) and (s.table, s.column) == (statement.table, statement.new)
    ]
    known = altered[0].type or altered[0].existing_type if altered else None
    yield from _through_new_column(
        statement.table,
        statement.column,
        statement.new,
        _sql_type(known) if known is not None else f"{{type of {statement.column}}}",
        same_name=False,
    )


def _change_type(statement: st.AlterColumn) -> Iterator[Step]:
    assert statement.type is not None
    yield from _through_new_column(
        statement.table,
        statement.column,
        f"{statement.column}_new",
        _sql_type(statement.type),
        same_name=True,
    )


def _through_new_column(
    table: str, old: str, new: str, kind: str, *, same_name: bool
) -> Iterator[Step]:
    """Add a column, keep both equal, fill it, and drop the old one."""
    name = f"{short(table)}_{old}_{new}"[:55]
    values = {"t": table, "old": old, "new": new, "kind": kind, "fn": f"{name}_sync"}
    yield Step(
        f"expand {table}: add {new}",
        f'op.execute("ALTER TABLE {table} ADD COLUMN {new} {kind}")',
        f'op.execute("ALTER TABLE {table} DROP COLUMN {new}")',
    )
    yield Step(
        f"expand {table}: keep {old} and {new} equal",
        Template(_SYNC).substitute(values),
        Template(_UNSYNC).substitute(values),
    )
    yield Step(f"backfill {table}.{new}", Template(_BACKFILL).substitute(values), "pass")
    then = f"; then rename {new} in the model back" if same_name else ""
    yield Step(
        f"contract {table}: stop keeping {old} (release code that uses {new} only before this{then})",
        Template(_UNSYNC).substitute(values) + _WAIVED,
        Template(_SYNC).substitute(values),
    )


_SYNC = '''op.execute(
    """
    CREATE FUNCTION $fn() RETURNS trigger LANGUAGE plpgsql AS $$$$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.$new := coalesce(NEW.$new, NEW.$old::$kind);
        ELSIF NEW.$old IS DISTINCT FROM OLD.$old THEN
            NEW.$new := NEW.$old::$kind;
        END IF;
        RETURN NEW;
    END $$$$;
    """
)
op.execute("SET LOCAL lock_timeout = '2s'")
op.execute(
    "CREATE TRIGGER $fn BEFORE INSERT OR UPDATE ON $t "
    "FOR EACH ROW EXECUTE FUNCTION $fn()"
)'''
_UNSYNC = """op.execute("SET LOCAL lock_timeout = '2s'")
op.execute("DROP TRIGGER $fn ON $t")
op.execute("DROP FUNCTION $fn()")"""
_WAIVED = "  # guard: ignore[GRD417] only the trigger used it"
_BACKFILL = """with op.get_context().autocommit_block():
    bind = op.get_bind()
    while bind.execute(
        sa.text(
            "UPDATE $t SET $new = $old::$kind WHERE ctid IN ("
            "SELECT ctid FROM $t WHERE $new IS NULL AND $old IS NOT NULL LIMIT 5000)"
        )
    ).rowcount:
        pass"""


def _not_null(table: str, column: str) -> Iterator[Step]:
    name = f"ck_{short(table)}_{column}_not_null"[:63]
    drop = f'op.execute("ALTER TABLE {table} DROP CONSTRAINT {name}")'
    yield Step(
        f"{table}.{column}: refuse new NULLs",
        f'op.execute("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID")',
        drop,
    )
    yield Step(
        f"{table}.{column}: check the rows that are there",
        f'op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")',
        "pass",
    )
    yield Step(
        f"{table}.{column}: NOT NULL",
        f'op.execute("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")\n{drop}',
        f'op.execute("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID")\n'
        f'op.execute("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")',
    )


def _unique(statement: st.AddConstraint) -> Iterator[Step]:
    table, spec = statement.table, statement.constraint
    columns = ", ".join(spec.columns)
    name = spec.name or f"uq_{short(table)}_{'_'.join(spec.columns)}"[:63]
    yield Step(
        f"{table}: build {name} while the table is in use",
        "with op.get_context().autocommit_block():\n"
        f'    op.execute("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})")',
        "with op.get_context().autocommit_block():\n"
        f'    op.execute("DROP INDEX CONCURRENTLY IF EXISTS {name}")',
    )
    yield Step(
        f"{table}: make {name} a constraint",
        f'op.execute("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")',
        f'op.execute("ALTER TABLE {table} DROP CONSTRAINT {name}")\n'
        "with op.get_context().autocommit_block():\n"
        f'    op.execute("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})")',
    )


_SQL_NAMES = {"double": "double precision", "timestamptz": "timestamptz"}


def _sql_type(kind: TypeSpec) -> str:
    """The type as PostgreSQL writes it."""
    name = kind.enum_name or _SQL_NAMES.get(kind.name, kind.name)
    args = f"({', '.join(map(str, kind.args))})" if kind.args else ""
    return f"{name}{args}{'[]' * kind.array}"


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
