"""Facts of indexes: what they index, in which order, and under which condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import elements, operators

from ..renames.model import IndexFacts
from .expressions import normal_text, rendered

_ORDERS = {
    operators.desc_op: "desc",
    operators.nulls_first_op: "nulls_first",
    operators.nulls_last_op: "nulls_last",
}
# What an order implies anyway.
_IMPLIED = {True: "nulls_first", False: "nulls_last"}


def reflected_index(item: Mapping[str, Any], dialect: Dialect) -> IndexFacts:
    """An index as SQLAlchemy reflects it."""
    expressions = item.get("expressions")
    parts = expressions or item["column_names"]
    sorting = item.get("column_sorting") or {}
    options = item.get("dialect_options") or {}
    where, include, using = (
        next((value for key, value in options.items() if key.endswith(end)), None)
        for end in ("_where", "_include", "_using")
    )
    return IndexFacts(
        name=item["name"],
        columns=tuple((normal_text(part) if expressions else part) or "" for part in parts),
        unique=bool(item.get("unique")),
        extra=_extra(
            where,
            include or item.get("include_columns"),
            using,
            [sorting.get(part, ()) for part in parts] if _knows_order(dialect) else [],
        ),
    )


def declared_index(index: sa.Index, name: str, dialect: Dialect) -> IndexFacts:
    """An index as a model declares it, under the `name` it will have."""
    parts = [_unwrapped(expression) for expression in index.expressions]
    options: Mapping[str, Any] = index.dialect_options.get(dialect.name, {})
    where = options.get("where")
    return IndexFacts(
        name=name,
        columns=tuple(
            str(part.name)
            if isinstance(part, sa.Column)
            else normal_text(rendered(part, dialect)) or ""
            for part, _ in parts
        ),
        unique=bool(index.unique),
        extra=_extra(
            None if where is None else rendered(where, dialect),
            [getattr(part, "name", part) for part in options.get("include") or ()],
            options.get("using"),
            [order for _, order in parts] if _knows_order(dialect) else [],
        ),
    )


def _knows_order(dialect: Dialect) -> bool:
    """Where the order of an index is reflected."""
    return dialect.name == "postgresql"


def _unwrapped(expression: object) -> tuple[object, list[str]]:
    """What is indexed, and in which order."""
    order = []
    while isinstance(expression, elements.UnaryExpression) and expression.modifier:
        order.append(_ORDERS.get(expression.modifier, ""))
        expression = expression.element
    return expression, order


def _extra(
    where: object, include: object, using: object, orders: Sequence[Sequence[str]]
) -> tuple[tuple[str, str], ...]:
    pairs = {
        "where": normal_text(where) if where is not None else None,
        "include": ",".join(map(str, include)) if isinstance(include, (list, tuple)) else None,
        "using": None if str(using or "btree").lower() == "btree" else str(using).lower(),
        "order": _order(orders),
    }
    return tuple(sorted((key, value) for key, value in pairs.items() if value))


def _order(orders: Sequence[Sequence[str]]) -> str | None:
    """The order of each part that has one of its own, by place, so that no name is in it."""
    said = [sorted({*order} - {"", _IMPLIED["desc" in order]}) for order in orders]
    return ",".join(" ".join(words) for words in said) if any(said) else None
