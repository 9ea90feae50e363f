"""Facts in few words, and decisions on them."""

from __future__ import annotations

from typing import Any

from alembic_guard.renames.decision import Plan, Rules, decide
from alembic_guard.renames.model import ColumnFacts, ForeignKeyFacts, SchemaFacts, TableFacts
from alembic_guard.renames.types import normalise_type


def column(spelled: str, **more: Any) -> ColumnFacts:
    """``"user_id integer"``, ``"name varchar(40)!"`` for NOT NULL."""
    name, _, type_ = spelled.partition(" ")
    normal, family = normalise_type(type_.rstrip("!") or "text")
    return ColumnFacts(name, normal, family, nullable=not type_.endswith("!"), **more)


def table(name: str, *columns: str | ColumnFacts, **more: Any) -> TableFacts:
    """A table with an ``id`` and these columns; ``keys={"user_id": "users"}`` for foreign keys."""
    keys = more.pop("keys", {})
    return TableFacts(
        more.pop("schema", None),
        name,
        (column("id integer!"), *(column(c) if isinstance(c, str) else c for c in columns)),
        foreign_keys=(
            *more.pop("foreign_keys", ()),
            *(
                ForeignKeyFacts(f"fk_{name}_{key}", (key,), (None, target), ("id",))
                for key, target in keys.items()
            ),
        ),
        **more,
    )


def plan(
    before: list[TableFacts], after: list[TableFacts], level: str = "likely", **more: Any
) -> Plan:
    hints = more.pop("hints", ())
    rules = Rules(level=level, **more)  # type: ignore[arg-type]  # a plain string in tests
    return decide(SchemaFacts(tuple(before)), SchemaFacts(tuple(after)), hints=hints, rules=rules)


def pairs(found: Plan, kind: str = "column") -> set[tuple[str, str]]:
    return {(item.old, item.new) for item in found.renames if item.kind == kind}


def asked(found: Plan) -> set[str]:
    return {question.old for question in found.questions}
