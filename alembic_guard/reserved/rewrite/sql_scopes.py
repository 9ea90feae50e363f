"""Which table a column name in a parsed statement belongs to."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any


class Owner(enum.Enum):
    """Whether a name is a column of the tables in question."""

    TARGET = enum.auto()
    ANOTHER = enum.auto()
    UNSURE = enum.auto()


def owner_of(identifier: Any, tables: frozenset[str]) -> Owner:
    """Who owns a name that is written like the old column; `tables` are lower case."""
    from sqlglot import exp

    parent = identifier.parent
    if isinstance(parent, exp.Column):
        if parent.this is not identifier:
            return Owner.ANOTHER  # the qualifier, not the column
        return _owner_of_column(parent, tables)
    if isinstance(parent, (exp.Alias, exp.TableAlias, exp.Table, exp.Index, exp.Dot, exp.CTE)):
        return Owner.ANOTHER
    if isinstance(parent, exp.Constraint) and parent.this is identifier:
        return Owner.ANOTHER
    if isinstance(parent, exp.Anonymous) and identifier.arg_key == "this":
        return Owner.ANOTHER  # a function of that name
    if isinstance(parent, (exp.Parameter, exp.Placeholder, exp.Var)):
        return Owner.ANOTHER
    return _owner_in_statement(identifier, tables)


def _owner_in_statement(node: Any, tables: frozenset[str]) -> Owner:
    """A bare name in a column list: the table it is a list of decides."""
    from sqlglot import exp

    current = node
    while current is not None:
        if isinstance(current, exp.Reference) and current is not node:
            schema = current.this
            table = schema.this if isinstance(schema, exp.Schema) else schema
            return _is(table, tables)
        if isinstance(current, exp.Schema) and current.this is not None:
            return _is(current.this, tables)
        if isinstance(current, exp.Index):
            return _is(current.args.get("table"), tables)
        if isinstance(current, (exp.Insert, exp.Update, exp.Delete, exp.Alter)):
            return _is(_statement_table(current), tables)
        current = current.parent
    return Owner.UNSURE


def _owner_of_column(column: Any, tables: frozenset[str]) -> Owner:
    from sqlglot import exp

    qualifier = column.table.lower()
    if isinstance(_comment_of(column), exp.Comment):
        return Owner.TARGET if qualifier in tables else Owner.ANOTHER
    if _orders_a_union(column) or _refers_to_alias(column):
        return Owner.ANOTHER
    if not qualifier and _is_assigned(column):
        return _owner_in_statement(column, tables)
    outer = False
    for scope in _scopes(column):
        if isinstance(scope, exp.Schema) and scope.this is None:
            continue  # the column list of a constraint inside CREATE TABLE
        if isinstance(scope, (exp.Schema, exp.Index, exp.Alter)):
            return _owner_in_statement(column, tables)
        sources = dict(_sources(scope))
        if qualifier:
            if qualifier in sources:
                return _is(sources[qualifier], tables, scope)
        elif sources:
            return _owner_of_bare(column, scope, sources, tables)
        outer = True
    return Owner.UNSURE if outer or qualifier else _owner_in_statement(column, tables)


def _owner_of_bare(
    column: Any, scope: Any, sources: dict[str, Any], tables: frozenset[str]
) -> Owner:
    owners = {_is(source, tables, scope) for source in sources.values()}
    if owners == {Owner.TARGET}:
        return Owner.TARGET
    if Owner.TARGET in owners:
        return Owner.UNSURE
    outside = [
        _is(source, tables, outer)
        for outer in _scopes(scope.parent)
        for _, source in _sources(outer)
    ]
    return Owner.UNSURE if Owner.TARGET in outside else Owner.ANOTHER


def _scopes(node: Any) -> Iterator[Any]:
    """The statements and column lists around a node, innermost first."""
    from sqlglot import exp

    kinds = (
        exp.Select, exp.Update, exp.Delete, exp.Insert, exp.Merge, exp.Schema, exp.Index, exp.Alter,
    )  # fmt: skip
    current = node
    while current is not None:
        if isinstance(current, kinds):
            yield current
        current = current.parent


def _sources(scope: Any) -> Iterator[tuple[str, Any]]:
    """The tables and subqueries a statement reads, by the name they go by in it."""
    from sqlglot import exp

    if isinstance(scope, (exp.Update, exp.Delete, exp.Insert, exp.Merge)):
        table = _statement_table(scope)
        if table is not None:
            yield table.alias_or_name.lower(), table
            if isinstance(scope, exp.Insert):
                yield "excluded", table
    places = [scope.args.get(key) for key in ("from", "from_", "using")]
    for place in [*places, *(scope.args.get("joins") or [])]:
        for item in place if isinstance(place, list) else [place]:
            source = item.this if isinstance(item, (exp.From, exp.Join)) else item
            if not isinstance(source, exp.Expression):
                continue
            for joined in [source, *(join.this for join in source.args.get("joins") or [])]:
                yield joined.alias_or_name.lower(), joined


def _statement_table(statement: Any) -> Any:
    from sqlglot import exp

    table = statement.this
    return table.this if isinstance(table, exp.Schema) else table


def _is(source: Any, tables: frozenset[str], scope: Any = None) -> Owner:
    from sqlglot import exp

    if not isinstance(source, exp.Table):
        return Owner.ANOTHER  # a subquery: its result columns keep their names
    if source.name.lower() not in tables:
        return Owner.ANOTHER
    ctes = _cte_names(scope) if scope is not None else set()
    return Owner.ANOTHER if source.name.lower() in ctes else Owner.TARGET


def _cte_names(scope: Any) -> set[str]:
    found: set[str] = set()
    current = scope
    while current is not None:
        clause = current.args.get("with") or current.args.get("with_")
        for cte in clause.expressions if clause is not None else ():
            found.add(cte.alias_or_name.lower())
        current = current.parent
    return found


def _orders_a_union(column: Any) -> bool:
    from sqlglot import exp

    order = column.find_ancestor(exp.Order)
    return order is not None and isinstance(order.parent, exp.SetOperation)


def _refers_to_alias(column: Any) -> bool:
    """``SELECT x AS metadata ... ORDER BY metadata`` speaks of the alias."""
    from sqlglot import exp

    order = column.find_ancestor(exp.Order)
    select = order.parent if order is not None else None
    if column.table or not isinstance(select, exp.Select):
        return False
    return any(
        isinstance(item, exp.Alias) and item.alias.lower() == column.name.lower()
        for item in select.expressions
    )


def _is_assigned(column: Any) -> bool:
    """Whether this is the left side of ``SET column = ...``: always the statement's table."""
    from sqlglot import exp

    assignment = column.parent
    return (
        isinstance(assignment, exp.EQ)
        and assignment.this is column
        and isinstance(assignment.parent, (exp.Update, exp.OnConflict))
        and assignment.arg_key == "expressions"
    )


def _comment_of(column: Any) -> Any:
    from sqlglot import exp

    return column.find_ancestor(exp.Comment)
