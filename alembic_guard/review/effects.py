"""What each statement does to the `state.Schema`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..record import replace
from . import statements as st
from .specs import UNSET, ColumnSpec, ConstraintSpec, IndexSpec, Unset
from .state import Constraint, EnumType, Schema, Table


def apply(statement: st.Statement, schema: Schema, revision: str) -> None:
    """Change `schema` as the statement of `revision` does."""
    handler = _EFFECTS.get(type(statement))
    if handler is not None:
        handler(statement, schema, revision)


def constraint_name(table: str, spec: ConstraintSpec) -> str:
    """Its name, or the one PostgreSQL would give it."""
    if spec.name:
        return spec.name
    short = table.rpartition(".")[2]
    columns = "_".join(spec.columns)
    suffix = {"primary": "pkey", "unique": "key", "foreign": "fkey", "check": "check"}
    end = suffix.get(spec.kind, spec.kind)
    return (
        f"{short}_pkey" if spec.kind == "primary" else f"{short}_{columns}_{end}".replace("__", "_")
    )


def _add_constraint(table: Table, spec: ConstraintSpec, revision: str, schema: Schema) -> None:
    name = constraint_name(table.name, spec)
    if spec.using_index:
        index = table.indexes.pop(spec.using_index, None)
        if index is not None and not spec.columns:
            spec = replace(spec, columns=index.columns)
        schema.index_tables.pop(str(spec.using_index), None)
    valid = not spec.not_valid
    table.constraints[name] = Constraint(spec, name, valid, revision, revision if valid else None)
    if spec.kind == "primary":
        for column in spec.columns:
            if column in table.columns:
                table.columns[column] = replace(table.columns[column], nullable=False)


def _add_column(table: Table, column: ColumnSpec, revision: str, schema: Schema) -> None:
    table.columns[column.name] = column
    if column.foreign is not None:
        _add_constraint(table, column.foreign, revision, schema)
    for check in column.checks:
        spec = check if check.name else replace(check, columns=(column.name,))
        _add_constraint(table, spec, revision, schema)
    short = table.name.rpartition(".")[2]
    if column.index:
        _add_index(
            schema, table, IndexSpec(f"ix_{short}_{column.name}", (column.name,), column.unique)
        )
    elif column.unique:
        unique = ConstraintSpec("unique", None, (column.name,), line=column.line)
        _add_constraint(table, unique, revision, schema)


def _add_index(schema: Schema, table: Table, index: IndexSpec) -> None:
    name = index.name or f"{table.name}_{'_'.join(index.columns)}_idx"
    table.indexes[name] = index
    schema.index_tables[name] = table.name


def _create_table(s: st.CreateTable, schema: Schema, revision: str) -> None:
    if s.if_not_exists and schema.table(s.table) is not None:
        return
    parent = schema.table(s.like or s.partition_of)
    table = Table(
        s.table,
        columns=dict(parent.columns) if parent is not None else {},
        created_in=revision,
        complete=not s.from_select and (parent is not None or s.like is None),
        transaction=s.context.transaction,
        temporary=s.temporary,
        unlogged=s.unlogged,
        partition_of=s.partition_of,
        default_partition=bool(s.partition_of) and _is_default(s.options.get("tail")),
        partitioned=bool(s.partition_by) or "postgresql_partition_by" in s.options,
    )
    for column in s.columns:
        _add_column(table, column, revision, schema)
        _note_enum(column, schema, revision)
    for constraint in s.constraints:
        _add_constraint(table, constraint, revision, schema)
    schema.put(table)
    schema.dropped_tables.discard(s.table)


def _is_default(bounds: object) -> bool:
    return isinstance(bounds, str) and bounds.upper().startswith("DEFAULT")


def _note_enum(column: ColumnSpec, schema: Schema, revision: str) -> None:
    """CREATE TABLE with an `sa.Enum` creates its type."""
    kind = column.type
    if kind is None or not kind.enum_name or not kind.values or kind.create_type is False:
        return
    schema.types.setdefault(kind.enum_name, EnumType(kind.enum_name, kind.values, revision))


def _drop_table(s: st.DropTable, schema: Schema, revision: str) -> None:
    table = schema.remove(s.table)
    schema.dropped_tables.add(s.table)
    for name in table.indexes if table is not None else ():
        schema.index_tables.pop(name, None)


def _rename_table(s: st.RenameTable, schema: Schema, revision: str) -> None:
    table = schema.table(s.table)
    new = s.new
    if "." in s.table and "." not in new:
        new = f"{s.table.rpartition('.')[0]}.{new}"
    if table is None:
        schema.put(Table(new, former_names=(s.table,)))
        return
    renamed = table.copy()
    renamed.name, renamed.former_names = new, (*table.former_names, s.table)
    schema.remove(s.table)
    schema.put(renamed)
    for name in renamed.indexes:
        schema.index_tables[name] = new


def _add(s: st.AddColumn, schema: Schema, revision: str) -> None:
    _add_column(schema.change(s.table), s.column, revision, schema)


def _drop_column(s: st.DropColumn, schema: Schema, revision: str) -> None:
    table = schema.change(s.table)
    table.columns.pop(s.column, None)
    for name in [n for n, c in table.constraints.items() if s.column in c.spec.columns]:
        del table.constraints[name]
    for name in [n for n, i in table.indexes.items() if s.column in i.columns]:
        del table.indexes[name]
        schema.index_tables.pop(name, None)


def _rename_column(s: st.RenameColumn, schema: Schema, revision: str) -> None:
    table = schema.change(s.table)
    table.columns = {
        s.new if name == s.column else name: replace(column, name=s.new)
        if name == s.column
        else column
        for name, column in table.columns.items()
    }
    for found in table.constraints.values():
        found.spec = replace(found.spec, columns=_renamed(found.spec.columns, s.column, s.new))
    table.indexes = {
        name: replace(index, columns=_renamed(index.columns, s.column, s.new))
        for name, index in table.indexes.items()
    }


def _renamed(columns: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if column == old else column for column in columns)


def _alter_column(s: st.AlterColumn, schema: Schema, revision: str) -> None:
    table = schema.change(s.table)
    column = table.columns.get(s.column)
    if column is None:
        column = ColumnSpec(
            s.column,
            s.existing_type,
            nullable=s.existing_nullable is not False,
            default=_or_none(s.existing_server_default),
        )
    changes: dict[str, Any] = {}
    if s.type is not None:
        changes["type"] = s.type
    if s.nullable is not None:
        changes["nullable"] = s.nullable
    if s.server_default is not UNSET:
        changes["default"] = _or_none(s.server_default)
    if s.identity or s.drop == "identity":
        changes["identity"] = s.identity
    if s.drop == "expression":
        changes["generated"] = None
    table.columns[s.column] = replace(column, **changes)


def _or_none(value: Any) -> Any:
    return None if isinstance(value, Unset) else value


def _constraint(s: st.AddConstraint, schema: Schema, revision: str) -> None:
    _add_constraint(schema.change(s.table), s.constraint, revision, schema)


def _drop_constraint(s: st.DropConstraint, schema: Schema, revision: str) -> None:
    if s.name is not None:
        schema.change(s.table).constraints.pop(s.name, None)


def _validate(s: st.ValidateConstraint, schema: Schema, revision: str) -> None:
    found = schema.change(s.table).constraints.get(s.name)
    if found is not None:
        found.valid, found.validated_in = True, revision


def _rename_constraint(s: st.RenameConstraint, schema: Schema, revision: str) -> None:
    constraints = schema.change(s.table).constraints
    found = constraints.pop(s.name, None)
    if found is not None:
        constraints[s.new] = replace(found, name=s.new, spec=replace(found.spec, name=s.new))


def _create_index(s: st.CreateIndex, schema: Schema, revision: str) -> None:
    spec = IndexSpec(s.name, s.columns, s.unique, s.where, s.method, s.include)
    _add_index(schema, schema.change(s.table), spec)


def _drop_index(s: st.DropIndex, schema: Schema, revision: str) -> None:
    table = schema.index_tables.pop(s.name or "", None) or s.table
    if table is not None and s.name is not None:
        schema.change(table).indexes.pop(s.name, None)


def _rename_index(s: st.RenameIndex, schema: Schema, revision: str) -> None:
    name = schema.index_tables.pop(s.name, None) or s.table
    if name is None:
        return
    indexes = schema.change(name).indexes
    schema.index_tables[s.new] = name
    if s.name in indexes:
        indexes[s.new] = replace(indexes.pop(s.name), name=s.new)


def _create_type(s: st.CreateType, schema: Schema, revision: str) -> None:
    kind: Any = s.kind if s.kind in ("enum", "domain") else "other"
    if not (s.checkfirst and s.name in schema.types):
        schema.types[s.name] = EnumType(s.name, s.values, revision, kind)


def _drop_type(s: st.DropType, schema: Schema, revision: str) -> None:
    schema.types.pop(s.name, None)


def _alter_type(s: st.AlterType, schema: Schema, revision: str) -> None:
    found = schema.types.get(s.name)
    if s.action == "rename" and s.new:
        if found is not None:
            schema.types[s.new] = replace(schema.types.pop(s.name), name=s.new)
        _rename_type_of_columns(schema, s.name, s.new)
        return
    if s.value is None:
        return
    if found is None:
        found = EnumType(s.name, ())
    if s.action == "add_value":
        added = (*found.added_values, (s.value, revision, s.context.transaction))
        schema.types[s.name] = replace(found, values=(*found.values, s.value), added_values=added)
    elif s.action == "rename_value" and s.new:
        schema.types[s.name] = replace(found, values=_renamed(found.values, s.value, s.new))


def _rename_type_of_columns(schema: Schema, old: str, new: str) -> None:
    """Columns keep their type under its new name."""
    for table in list(schema.tables()):
        for name, column in table.columns.items():
            kind = column.type
            if kind is not None and old in (kind.name, kind.enum_name):
                renamed = replace(
                    kind,
                    name=new if kind.name == old else kind.name,
                    enum_name=new if kind.enum_name == old else kind.enum_name,
                )
                schema.change(table.name).columns[name] = replace(column, type=renamed)


def _view(s: st.ViewStatement, schema: Schema, revision: str) -> None:
    if s.action in ("create", "replace"):
        schema.views[s.name] = s.body
        if s.materialized:
            schema.put(Table(s.name, created_in=revision, transaction=s.context.transaction))
    elif s.action == "drop":
        schema.views.pop(s.name, None)
        schema.remove(s.name)


def _alter_table(s: st.AlterTable, schema: Schema, revision: str) -> None:
    if s.action == "enable_rls":
        schema.row_security.add(s.table)
    elif s.action == "disable_rls":
        schema.row_security.discard(s.table)
    elif s.action == "set_schema" and s.target:
        new = f"{s.target}.{s.table.rpartition('.')[2]}"
        _rename_table(st.RenameTable(s.origin, s.table, new), schema, revision)
    elif s.action in ("set_logged", "set_unlogged"):
        schema.change(s.table).unlogged = s.action == "set_unlogged"
    elif s.action == "attach_partition" and s.target:
        child = schema.change(s.target)
        child.partition_of = s.table
        child.default_partition = _is_default(s.options.get("bounds"))


def _code(s: st.CodeStatement, schema: Schema, revision: str) -> None:
    if s.kind == "policy" and s.table and s.action == "create":
        schema.policies.add(s.table)


def _do(s: st.DoBlock, schema: Schema, revision: str) -> None:
    for inner in s.inner:
        apply(inner, schema, revision)


_EFFECTS: Mapping[type[st.Statement], Callable[[Any, Schema, str], None]] = {
    st.CreateTable: _create_table,
    st.DropTable: _drop_table,
    st.RenameTable: _rename_table,
    st.AlterTable: _alter_table,
    st.AddColumn: _add,
    st.DropColumn: _drop_column,
    st.RenameColumn: _rename_column,
    st.AlterColumn: _alter_column,
    st.AddConstraint: _constraint,
    st.DropConstraint: _drop_constraint,
    st.ValidateConstraint: _validate,
    st.RenameConstraint: _rename_constraint,
    st.CreateIndex: _create_index,
    st.DropIndex: _drop_index,
    st.RenameIndex: _rename_index,
    st.CreateType: _create_type,
    st.DropType: _drop_type,
    st.AlterType: _alter_type,
    st.ViewStatement: _view,
    st.CodeStatement: _code,
    st.DoBlock: _do,
}
