"""What a pending revision will do, read off its source, so that a mode can be chosen.

The source is read, not run: a migration's Python may do anything, and must do it once.
What cannot be read is ``unknown``, and is treated like a change that breaks running code.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..facts import SchemaChange
from .revision_source import (
    STANDARD_MODULES,
    batch_tables,
    imported_names,
    is_core_expression,
    last_name,
    string_constants,
)
from .statements import parse_changes

_HARMLESS_OPERATIONS = frozenset(
    {
        "add_column",
        "batch_alter_table",
        "bulk_insert",
        "create_check_constraint",
        "create_exclude_constraint",
        "create_foreign_key",
        "create_index",
        "create_primary_key",
        "create_table",
        "create_table_comment",
        "create_unique_constraint",
        "drop_constraint",
        "drop_index",
        "drop_table_comment",
        "f",
        "get_bind",
        "get_context",
        "inline_literal",
        "rename_constraint",
        "rename_index",
    }
)
_BREAKING_OPERATIONS = frozenset(
    {
        "drop_column",
        "drop_table",
        "rename_column",
        "rename_enum_type",
        "rename_enum_value",
        "rename_sequence",
        "rename_table",
    }
)
_BREAKING_KINDS = frozenset(
    {
        "alter_column",
        "drop_column",
        "drop_table",
        "rename_column",
        "rename_enum_type",
        "rename_enum_value",
        "rename_sequence",
        "rename_table",
    }
)
_EXECUTORS = frozenset({"execute", "exec_driver_sql", "scalar", "scalars"})
_UNSAFE_CALLS = frozenset({"exec", "eval", "__import__", "run_async", "invoke"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What one revision will do.

    `breaking` says what would break running code, `unknown` what could not be read; both
    are phrases for people. `renames` are the column renames, when nothing else breaks and
    everything could be read, so that both names could be kept for a while; `column_renames`
    are those that could be read, whatever else happens.
    """

    breaking: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    renames: tuple[SchemaChange, ...] = ()
    column_renames: tuple[SchemaChange, ...] = ()

    @property
    def is_harmless(self) -> bool:
        """Whether running code goes on working while and after it is applied."""
        return not (self.breaking or self.unknown)

    @property
    def reason(self) -> str:
        return "; ".join((*self.breaking, *self.unknown))


def plan_function(path: Path, function: str, variants: Sequence[str] = ()) -> Plan:
    """Plan ``upgrade`` or ``downgrade`` of the revision file `path`.

    :param variants: values that may follow the function's name, as the multi-database
        template calls ``upgrade_engine1`` from ``upgrade``.
    """
    try:
        module = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        return Plan(unknown=(f"{path.name} cannot be read: {error}",))
    reader = _Reader(module)
    reader.function(function)
    for variant in variants:
        reader.function(f"{function}_{variant}")
    return reader.plan()


@dataclass
class _Reader:
    module: ast.Module
    changes: list[SchemaChange] = field(default_factory=list)
    breaking: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    _done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        body = self.module.body
        self._functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        self._imported = set(imported_names(self.module))
        self._strings = dict(string_constants(self.module))

    def plan(self) -> Plan:
        is_clear = not self.unknown and len(self.changes) == len(self.breaking)
        renames = tuple(self.changes) if is_clear else ()
        return Plan(tuple(self.breaking), tuple(self.unknown), renames, tuple(self.changes))

    def function(self, name: str) -> None:
        if name in self._done or name not in self._functions:
            return
        self._done.add(name)
        for node in ast.walk(self._functions[name]):
            if isinstance(node, ast.Call):
                self._call(node, batch_tables(self._functions[name]))

    def _call(self, call: ast.Call, batches: dict[str, ast.Call]) -> None:
        target = call.func
        if isinstance(target, ast.Name):
            self._named_call(target.id, call)
        elif isinstance(target, ast.Attribute):
            owner = target.value.id if isinstance(target.value, ast.Name) else None
            if owner == "op" or owner in batches:
                self._operation(target.attr, call, batches.get(owner or ""))
            elif target.attr in _EXECUTORS:
                self._execute(call)
            elif target.attr in _UNSAFE_CALLS or owner in self._imported_modules():
                self.unknown.append(f"line {call.lineno} calls {ast.unparse(target)}")

    def _imported_modules(self) -> set[str]:
        return (
            self._imported
            - {"sa", "sqlalchemy", "postgresql", "mysql", "sqlite"}
            - STANDARD_MODULES
        )

    def _named_call(self, name: str, call: ast.Call) -> None:
        if name in self._functions:
            self.function(name)
        elif name in _UNSAFE_CALLS or name in self._imported_modules():
            self.unknown.append(f"line {call.lineno} calls {name}")

    def _operation(self, name: str, call: ast.Call, batch: ast.Call | None) -> None:
        if name == "execute":
            self._execute(call)
        elif name == "alter_column":
            self._alter_column(call, batch)
        elif name in _BREAKING_OPERATIONS:
            self._breaking_operation(name, call, batch)
        elif name not in _HARMLESS_OPERATIONS:
            self.unknown.append(f"line {call.lineno} calls op.{name}")

    def _alter_column(self, call: ast.Call, batch: ast.Call | None) -> None:
        keywords = {keyword.arg for keyword in call.keywords}
        if not keywords & {"new_column_name", "type_"}:
            return
        table, column = self._table_and_rest(call, batch, 1)
        new = self._keyword(call, "new_column_name")
        if "type_" in keywords:
            self.breaking.append(f"changes the type of {table}.{column}")
        elif new != column:
            self._rename_column(call, table, column, new)

    def _breaking_operation(self, name: str, call: ast.Call, batch: ast.Call | None) -> None:
        if name == "rename_column":
            table, old, new = self._table_and_rest(call, batch, 2)
            self._rename_column(call, table, old, new)
            return
        owner, *rest = self._table_and_rest(call, batch, 1)
        joint = " to " if name == "rename_table" else "."
        target = joint.join(part for part in (owner, *rest) if part)
        self.breaking.append(f"{name.replace('_', ' ')} {target}".strip())

    def _rename_column(
        self, call: ast.Call, table: str | None, old: str | None, new: str | None
    ) -> None:
        self.breaking.append(f"renames {table}.{old} to {new}")
        if table and old and new:
            schema = self._keyword(call, "schema")
            self.changes.append(SchemaChange("rename_column", schema, table, old, new))

    def _table_and_rest(
        self, call: ast.Call, batch: ast.Call | None, count: int
    ) -> list[str | None]:
        """The table, from the batch or the first argument, and the next `count` strings."""
        arguments = ([batch.args[0]] if batch and batch.args else []) + call.args
        strings = [self._string(argument) for argument in arguments[: count + 1]]
        return strings + [None] * (count + 1 - len(strings))

    def _keyword(self, call: ast.Call, name: str) -> str | None:
        values = [keyword.value for keyword in call.keywords if keyword.arg == name]
        return self._string(values[0]) if values else None

    def _execute(self, call: ast.Call) -> None:
        statement = call.args[0] if call.args else None
        sql = self._sql(statement)
        if sql is None:
            if not is_core_expression(statement):
                self.unknown.append(f"line {call.lineno} executes SQL that is made at run time")
            return
        if sql.lstrip().upper().startswith(("DO ", "CALL ", "EXEC ", "DO$")):
            self.unknown.append(f"line {call.lineno} executes a block of code")
        for change in parse_changes(sql):
            if change.kind in _BREAKING_KINDS:
                if change.kind == "rename_column":
                    self.changes.append(change)
                self.breaking.append(_phrase(change))

    def _sql(self, node: ast.expr | None) -> str | None:
        if isinstance(node, ast.Call) and last_name(node.func) in ("text", "DDL") and node.args:
            return self._string(node.args[0])
        return self._string(node)

    def _string(self, node: ast.expr | None) -> str | None:
        """The string a node stands for, if it is a literal or a constant of the module."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if isinstance(node, ast.Name):
            return self._strings.get(node.id)
        return None


def _phrase(change: SchemaChange) -> str:
    owner = None if change.table == change.old else change.table
    target = ".".join(part for part in (owner, change.old) if part)
    new = f" to {change.new}" if change.kind.startswith("rename") else ""
    return f"{change.kind.replace('_', ' ')} {target}{new}"
