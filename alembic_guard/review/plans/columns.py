"""A rename or a change of type by way of a second column: expand, fill, contract."""

from __future__ import annotations

from collections.abc import Iterator

from ..specs import ColumnSpec, IndexSpec, TypeSpec
from . import sync
from .constraints import not_null
from .step import Step, Target, execute, in_batches, outside, sql_type

_BATCH = 5000
_FUNCTION_GONE = "  # guard: ignore[GRD417] only the trigger used it"
_COLUMN_GONE = "  # guard: ignore[GRD403] released code uses {new} only"


def through_new_column(
    target: Target, old: str, new: str, new_type: TypeSpec | None, old_type: TypeSpec | None
) -> Iterator[Step]:
    """The steps, each a revision; code that uses `new` only is released before the last one.

    :param new_type: None when it is that of the old column, which the server then tells.
    """
    kind = sql_type(new_type, target.dialect) if new_type is not None else None
    table, known = target.table, target.known
    column = known.columns.get(old) if known is not None else None
    dialect = target.dialect
    yield Step(
        f"expand {table}: add {new}",
        _add(target, new, kind or sql_type(old_type, dialect), like=old),
        f'op.drop_column("{target.short}", "{new}"{target.keyword})',
    )
    yield Step(
        f"expand {table}: keep {old} and {new} equal",
        sync.start(target, old, new, kind),
        sync.stop(target, old, new),
    )
    yield Step(f"backfill {table}.{new}", _backfill(target, old, new, kind), "pass")
    if dialect == "postgresql":
        for index in _indexes(target, old):
            yield _indexed_as_well(target, index, old, new)
        if column is not None and not column.nullable:
            yield from not_null(target, new)
    back = sql_type(old_type, dialect)
    yield Step(
        f"contract {table}: drop {old} (release code that uses {new} only before this)",
        "\n".join([*_default_moved(target, column, new), *_dropped(target, old, new)]),
        "\n".join(
            [
                _add(target, old, back, like=new),
                sync.start(target, old, new, kind),
                _backfill(target, new, old, None),
            ]
        ),
    )


def _add(target: Target, name: str, kind: str | None, like: str) -> str:
    """Add a nullable column of a type; when it is not known, the one the other column has."""
    if kind is not None:
        return execute(f"ALTER TABLE {target.name} ADD COLUMN {target.quote(name)} {kind}")
    return (
        f'columns = sa.inspect(op.get_bind()).get_columns("{target.short}"{target.keyword})\n'
        f'(kind,) = [column["type"] for column in columns if column["name"] == "{like}"]\n'
        f'op.add_column("{target.short}", sa.Column("{name}", kind, nullable=True){target.keyword})'
    )


def _backfill(target: Target, source: str, filled: str, kind: str | None) -> str:
    t, a, b = target.name, target.quote(source), target.quote(filled)
    cast = f"::{kind}" if kind and target.dialect == "postgresql" else ""
    missing = f"{b} IS NULL AND {a} IS NOT NULL LIMIT {_BATCH}"
    if target.dialect == "postgresql":
        return in_batches(
            f"UPDATE {t} SET {b} = {a}{cast} WHERE ctid IN (SELECT ctid FROM {t} WHERE {missing})"
        )
    return in_batches(f"UPDATE {t} SET {b} = {a} WHERE {missing}")


def _indexes(target: Target, column: str) -> list[IndexSpec]:
    """The plain indexes with this column, which go when it is dropped."""
    found = target.known.indexes.values() if target.known is not None else ()
    return [
        index
        for index in found
        if column in index.columns
        and index.name
        and index.where is None
        and all(name.isidentifier() for name in index.columns)
    ]


def _indexed_as_well(target: Target, index: IndexSpec, old: str, new: str) -> Step:
    columns = ", ".join(target.quote(new if c == old else c) for c in index.columns)
    name = target.named("uq" if index.unique else "ix", target.short, new)
    kind = "UNIQUE INDEX" if index.unique else "INDEX"
    method = f" USING {index.method}" if index.method else ""
    sql = f"CREATE {kind} CONCURRENTLY {name} ON {target.name}{method} ({columns})"
    return Step(
        f"{target.table}: index {new} as {index.name} does {old}",
        outside(execute(sql)),
        outside(execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")),
    )


def _default_moved(target: Target, column: ColumnSpec | None, new: str) -> Iterator[str]:
    """The default of the old column, which the trigger stood in for."""
    default = column.default if column is not None else None
    if (
        default is not None
        and default.kind in ("literal", "expression")
        and "{" not in default.text
    ):
        text = default.text if default.kind == "expression" else _literal(default.text)
        yield execute(
            f"ALTER TABLE {target.name} ALTER COLUMN {target.quote(new)} SET DEFAULT {text}"
        )


def _literal(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _dropped(target: Target, old: str, new: str) -> Iterator[str]:
    yield sync.stop(target, old, new, _FUNCTION_GONE)
    comment = _COLUMN_GONE.format(new=new)
    yield f'op.drop_column("{target.short}", "{old}"{target.keyword}){comment}'
