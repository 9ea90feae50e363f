"""NOT NULL and UNIQUE on PostgreSQL without a scan or an index build under an exclusive lock."""

from __future__ import annotations

from collections.abc import Iterator

from ..specs import ConstraintSpec
from .step import Step, Target, execute, outside


def not_null(target: Target, column: str) -> Iterator[Step]:
    """Refuse new NULLs, check the rows that are there, then state what is proved."""
    table, name = target.name, target.named("ck", target.short, column, "not_null")
    quoted = target.quote(column)
    add = execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({quoted} IS NOT NULL) NOT VALID"
    )
    drop = execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    label = f"{target.table}.{column}"
    yield Step(f"{label}: refuse new NULLs", add, drop)
    yield Step(
        f"{label}: check the rows that are there",
        execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
        "pass",
    )
    yield Step(
        f"{label}: NOT NULL",
        execute(f"ALTER TABLE {table} ALTER COLUMN {quoted} SET NOT NULL") + f"\n{drop}",
        add + "\n" + execute(f"ALTER TABLE {table} ALTER COLUMN {quoted} DROP NOT NULL"),
    )


def unique(target: Target, spec: ConstraintSpec) -> Iterator[Step]:
    """Build the index while the table is in use, then make it a constraint."""
    table = target.name
    columns = ", ".join(target.quote(column) for column in spec.columns)
    name = target.quote(spec.name or target.named("uq", target.short, *spec.columns))
    build = outside(execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})"))
    yield Step(
        f"{target.table}: build {name} while the table is in use",
        build,
        outside(execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")),
    )
    yield Step(
        f"{target.table}: make {name} a constraint",
        execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"),
        execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}") + f"\n{build}",
    )
