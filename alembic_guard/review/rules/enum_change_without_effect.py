"""GRD327: alter_column to the same enum type with more values."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.wording import quoted
from ..place import Place
from ..specs import TypeSpec, is_known
from . import Rule, rule


@rule
class EnumChangeWithoutEffect(Rule):
    """alter_column to the same enum type with more values.

    What it does
    ------------
    Finds ``alter_column`` whose new type has the name of the old one and values it does not have.

    Why it matters
    --------------
    Alembic writes ``ALTER COLUMN ... TYPE name``, with the name the column's type has already:
    PostgreSQL changes nothing. The values are not there, and the code that writes them fails.

    Instead
    -------
    ``ALTER TYPE name ADD VALUE IF NOT EXISTS 'value'``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertype.html
    """

    code = "GRD327"
    name = "enum-change-without-effect"
    hazard = "F27"
    severity = "error"
    dialects = ("postgresql",)
    on = (st.AlterColumn,)
    bad = (
        """
        op.alter_column(
            "orders",
            "state",
            existing_type=sa.Enum("new", "paid", name="state"),
            type_=sa.Enum("new", "paid", "sent", name="state"),
        )
        """,
    )
    good = (
        """
        op.execute("ALTER TYPE state ADD VALUE IF NOT EXISTS 'sent'")
        op.alter_column(
            "orders",
            "state",
            existing_type=sa.Enum("new", "paid", name="state"),
            type_=sa.Enum("new", "paid", "sent", name="state"),
        )
        """,
    )

    def check(self, statement: st.AlterColumn, at: Place) -> Iterator[Finding]:
        new = statement.type
        if statement.via == "sql" or new is None or not _is_native(new):
            return
        known = _values(statement.existing_type, new, at)
        added = [value for value in new.values if value not in known]
        if not known or not added or _is_changed_here(new, at):
            return
        name = new.enum_name or ""
        lines = "\n".join(
            f"                op.execute(\"ALTER TYPE {name} ADD VALUE IF NOT EXISTS '{value}'\")"
            for value in added
        )
        yield self.finding(
            at,
            statement,
            f"The type of {statement.table}.{statement.column} is called {quoted(name)} before and after: "
            f"PostgreSQL changes nothing, and {', '.join(added)} is not added.",
            f"""
            Add what is new to the type:

{lines}
            """,
            objects=[name],
        )


def _is_native(kind: TypeSpec) -> bool:
    return kind.name == "enum" and kind.native and is_known(kind.enum_name) and not kind.array


def _values(old: TypeSpec | None, new: TypeSpec, at: Place) -> set[str]:
    """What the type of this name has, as the chain or the call says it; nothing when neither does."""
    found = at.schema.types.get(new.enum_name or "")
    stated = old is not None and _is_native(old) and old.enum_name == new.enum_name
    values = set(old.values) if stated and old is not None else set()
    if found is None:
        return values
    if not values and found.created_in is None:
        return set()
    return values.union(found.values)


def _is_changed_here(kind: TypeSpec, at: Place) -> bool:
    """Whether this revision does something to the type, or something nobody can know."""
    for s in at.statements:
        if isinstance(s, (st.Opaque, st.BrokenSql, st.DoBlock)):
            return True
        if isinstance(s, (st.AlterType, st.CreateType, st.DropType)) and (
            not is_known(s.name) or kind.enum_name in (s.name, getattr(s, "new", None))
        ):
            return True
    return not all(is_known(value) for value in kind.values)
