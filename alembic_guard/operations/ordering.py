"""Put renames into an order in which each step finds the names it needs.

All renames of a revision describe one change, from the names before to the names after. They run
one by one, though, so chains (``a -> b, b -> c``) run from their end, and swaps go through a
temporary name. The downgrade is the same list backwards, so what is dropped goes before the
renames and what is added or altered after them: in both directions every operation then meets the
names it was written with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from alembic.operations import MigrateOperation
from alembic.operations import ops as alembic_ops

from .ops import MoveTableOp, RenameColumnOp, RenameOp, RenameTableOp

AnyRename = RenameOp | RenameTableOp
TableKey = tuple[str | None, str]
_DROPS = (alembic_ops.DropColumnOp, alembic_ops.DropIndexOp, alembic_ops.DropConstraintOp)


def order_renames(ops: Iterable[MigrateOperation]) -> list[MigrateOperation]:
    """All operations of an upgrade, renames among them, in an order that runs both ways.

    A rename names its table as it was *before* the revision, whatever else is renamed; other
    operations name it as Alembic planned them. Renames come out at the top level, outside any
    `ModifyTableOps`, with the table names they need at their turn.
    """
    flat = [pair for op in ops for pair in _flat(op)]
    renames = [op for op, _ in flat if _is_rename(op)]
    if not renames:
        return _grouped(flat)
    tables, columns, others = _split(renames)
    moved = _table_names(tables)
    columns = [_in_renamed_table(op, moved) for op in columns]
    types = {(op.schema, op.old_name): op.new_name for op in others if op.kind == "enum_type"}
    others = [_in_renamed_type(_in_renamed_table(op, moved), types) for op in others]
    others.sort(key=lambda op: op.kind != "enum_type")
    new_columns = {(op.schema, op.table_name, op.new_name) for op in columns}
    old_columns = {(op.schema, op.table_name, op.old_name) for op in columns}
    rest = [pair for pair in flat if not _is_rename(pair[0])]
    phases: list[list[tuple[MigrateOperation, TableKey | None]]] = [[], [], [], []]
    for pair in rest:
        phases[_phase(pair[0], set(moved.values()), new_columns - old_columns)].append(pair)
    return [
        *_grouped(phases[0]),
        *_tables_in_order(tables),
        *_grouped(phases[1]),
        *_in_order(columns, lambda op: (op.schema, op.table_name)),
        *_grouped(phases[2]),
        *_in_order(others, lambda op: (op.schema, _namespace(op))),
        *_grouped(phases[3]),
    ]


def _flat(op: MigrateOperation) -> Iterable[tuple[MigrateOperation, TableKey | None]]:
    """Each operation with the `ModifyTableOps` it stood in, if any."""
    if isinstance(op, alembic_ops.ModifyTableOps):
        return [(inner, (op.schema, op.table_name)) for inner in op.ops]
    return [(op, None)]


def _grouped(
    pairs: Iterable[tuple[MigrateOperation, TableKey | None]],
) -> list[MigrateOperation]:
    """Neighbours of one table back in one `ModifyTableOps`."""
    result: list[MigrateOperation] = []
    for op, table in pairs:
        last = result[-1] if result else None
        if table is None:
            result.append(op)
        elif (
            isinstance(last, alembic_ops.ModifyTableOps) and (last.schema, last.table_name) == table
        ):
            last.ops.append(op)
        else:
            schema, name = table
            result.append(alembic_ops.ModifyTableOps(name, [op], schema=schema))
    return result


def _is_rename(op: MigrateOperation) -> bool:
    return isinstance(op, (RenameOp, alembic_ops.RenameTableOp))


def _split(renames: Sequence[Any]) -> tuple[list[Any], list[Any], list[Any]]:
    tables = [op for op in renames if isinstance(op, (MoveTableOp, alembic_ops.RenameTableOp))]
    columns = [op for op in renames if isinstance(op, RenameColumnOp)]
    sorted_out = {id(op) for op in (*tables, *columns)}
    others = [op for op in renames if id(op) not in sorted_out]
    return tables, columns, others


def _table_names(tables: Sequence[Any]) -> dict[TableKey, TableKey]:
    """Where each renamed or moved table ends: ``(schema, old) -> (schema, new)``."""
    names: dict[TableKey, TableKey] = {}
    for op in tables:
        if isinstance(op, MoveTableOp):
            key = (op.old_name, op.table_name)
            names[key] = (op.new_name, names.get(key, key)[1])
        else:
            key = (op.schema, op.table_name)
            names[key] = (names.get(key, key)[0], op.new_table_name)
    return names


def _in_renamed_table(op: RenameOp, names: dict[TableKey, TableKey]) -> RenameOp:
    schema, table = names.get((op.schema, op.table_name), (op.schema, op.table_name))
    return op.replaced(schema=schema, table_name=table)


def _in_renamed_type(op: RenameOp, types: dict[TableKey, str]) -> RenameOp:
    if op.kind != "enum_value":
        return op
    return op.replaced(table_name=types.get((op.schema, op.table_name), op.table_name))


def _phase(
    op: MigrateOperation, new_tables: set[TableKey], new_columns: set[tuple[str | None, str, str]]
) -> int:
    """0 before the table renames, 1 before the column renames, 2 right after them, 3 last."""
    if isinstance(op, alembic_ops.DropTableOp):
        return 0
    if not isinstance(op, _DROPS):
        return 3
    table = (op.schema, op.table_name or "")
    if any((*table, column) in new_columns for column in _columns_of(op)):
        return 2
    return 1 if table in new_tables else 0


def _columns_of(op: MigrateOperation) -> list[str]:
    """The columns the operation needs when it is undone."""
    back: Any = getattr(op, "_reverse", None)
    found = getattr(back, "columns", None) or getattr(back, "local_cols", None) or ()
    return [str(getattr(column, "name", column)) for column in found]


def _tables_in_order(tables: Sequence[Any]) -> list[MigrateOperation]:
    """Moves first, under the old name; then renames, in the schema the table is in by then."""
    moves = [op for op in tables if isinstance(op, MoveTableOp)]
    moved = {(op.old_name, op.table_name): op.new_name for op in moves}
    renames = []
    for op in tables:
        if not isinstance(op, MoveTableOp):
            schema = moved.get((op.schema, op.table_name), op.schema)
            copy = RenameTableOp(
                op.table_name,
                op.new_table_name,
                schema=schema,
                evidence=getattr(op, "evidence", ()),
            )
            copy.notes = getattr(op, "notes", ())
            renames.append(copy)
    return [*moves, *_in_order(renames, lambda op: op.schema)]


def _namespace(op: RenameOp) -> str:
    """Indexes and constraints share their names: a unique constraint is an index, too."""
    if op.kind in ("index", "constraint"):
        return "index"
    return f"{op.kind} of {op.table_name}" if op.kind == "enum_value" else op.kind


def _in_order(renames: Sequence[Any], namespace: Any) -> list[MigrateOperation]:
    """Renames of one namespace after another, each so that its new name is free at its turn."""
    groups: dict[Any, list[Any]] = {}
    for op in renames:
        groups.setdefault(namespace(op), []).append(op)
    taken = {name for op in renames for name in (op.old_name, op.new_name)}
    result: list[MigrateOperation] = []
    for group in groups.values():
        result.extend(_free_names_first(group, taken))
    return result


def _free_names_first(group: list[Any], taken: set[str]) -> list[Any]:
    """Follow each rename to the one that holds its new name, and run that one first."""
    holders = {op.old_name.lower(): op for op in group}
    placed: set[int] = set()
    done: list[Any] = []
    for start in group:
        path: list[Any] = []
        op = start
        while op is not None and id(op) not in placed:
            placed.add(id(op))
            path.append(op)
            holder = holders.get(op.new_name.lower())
            op = None if holder is op else holder
        at = next((n for n, member in enumerate(path) if member is op), None)
        if at is not None:
            # The path bites its tail: one rename steps aside, and the others can move up.
            aside = _temporary_name(taken)
            done.append(_renamed(op, op.old_name, aside))
            path[at] = _renamed(op, aside, op.new_name)
        done.extend(reversed(path))
    return done


def _temporary_name(taken: set[str]) -> str:
    number = 1
    while (name := f"alembic_guard_swap_{number}") in taken:
        number += 1
    taken.add(name)
    return name


def _renamed(op: Any, old: str, new: str) -> Any:
    if isinstance(op, RenameTableOp):
        copy = RenameTableOp(old, new, schema=op.schema, evidence=op.evidence)
        copy.notes = op.notes
        return copy
    return op.replaced(old_name=old, new_name=new)
