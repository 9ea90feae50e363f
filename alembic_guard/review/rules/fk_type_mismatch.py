"""GRD322: A foreign key between columns of different types."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.conversions import CHARACTERS, NUMBERS
from ..place import Place
from ..specs import ColumnSpec, ConstraintSpec, TypeSpec
from ..statements import AddColumn, AddConstraint, CreateTable
from . import Example, Rule, rule

_WIDTHS = ("smallint", "integer", "bigint")
_LARGEST = {"smallint": "32,767", "integer": "2,147,483,647"}
_PLAIN = {
    "serial": "integer", "bigserial": "bigint", "smallserial": "smallint",
    "smallint": "smallint", "integer": "integer", "bigint": "bigint",
}  # fmt: skip


@rule
class FkTypeMismatch(Rule):
    """A foreign key between columns of different types.

    What it does
    ------------
    Finds references whose two columns have types that no server compares for a key.

    Why it matters
    --------------
    PostgreSQL and MySQL refuse it; between integer sizes it works, but the smaller one overflows
    first and PostgreSQL casts at every check.

    Instead
    -------
    Give the column the type of the column it references.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
    """

    code = "GRD322"
    name = "fk-type-mismatch"
    hazard = "F22"
    severity = "error"
    on = (
        CreateTable,
        AddColumn,
        AddConstraint,
    )
    bad = (
        """
        op.create_table("depots", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table(
            "bins",
            sa.Column("depot_id", sa.String(20), sa.ForeignKey("depots.id")),
        )
        """,
        """
        op.create_table("depots", sa.Column("id", sa.BigInteger(), primary_key=True))
        op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id")))
        """,
        Example(
            """
            op.create_table("depots", sa.Column("id", sa.Integer(), primary_key=True))
            op.create_table("bins", sa.Column("depot_id", sa.BigInteger(), sa.ForeignKey("depots.id")))
            """,
            dialect="mysql",
        ),
    )
    good = (
        Example(
            """
            op.create_table("depots", sa.Column("id", sa.Integer(), primary_key=True))
            op.create_table("bins", sa.Column("depot_id", sa.BigInteger(), sa.ForeignKey("depots.id")))
            """,
            dialect="postgresql",
        ),
        """
        op.create_table("depots", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id")))
        """,
    )

    def check(
        self, statement: CreateTable | AddColumn | AddConstraint, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            columns = {column.name: column for column in statement.columns}
            specs = [c.foreign for c in statement.columns if c.foreign is not None]
            specs += [spec for spec in statement.constraints if spec.kind == "foreign"]
        elif isinstance(statement, AddColumn):
            columns = {statement.column.name: statement.column}
            specs = [statement.column.foreign] if statement.column.foreign is not None else []
        else:
            table = at.table(statement.table)
            columns = dict(table.columns) if table is not None else {}
            specs = [statement.constraint] if statement.constraint.kind == "foreign" else []
        for spec in specs:
            yield from self._pairs(statement, spec, columns, at)

    def _pairs(
        self,
        statement: CreateTable | AddColumn | AddConstraint,
        spec: ConstraintSpec,
        columns: dict[str, ColumnSpec],
        at: Place,
    ) -> Iterator[Finding]:
        target = columns if spec.ref_table == statement.table else None
        known = at.table(spec.ref_table)
        if target is None and known is not None:
            target = known.columns
        for name, other in zip(spec.columns, spec.ref_columns, strict=False):
            here, there = columns.get(name), (target or {}).get(other)
            if here is None or there is None:
                continue
            small = self._overflows(here.type, there.type)
            mysql = at.dialect in ("mysql", "mariadb")
            sized = mysql and _differ_in_size(here.type, there.type)
            if not small and not sized and self._fits(here.type, there.type):
                continue
            refused = not small or mysql
            why = (
                "the foreign key is refused"
                if refused
                else f"PostgreSQL accepts it, and the first {other} above {_LARGEST[small]} cannot be referenced"
            )
            in_table = isinstance(statement, CreateTable) and here.line
            yield self.finding(
                at,
                here.line if in_table else statement,
                f"{statement.table}.{name} is {here.type} and references {spec.ref_table}.{other}, which is "
                f"{there.type}: {why}.",
                f"Make {name} {there.type} as well.",
                objects=[f"{statement.table}.{name}", f"{spec.ref_table}.{other}"],
                severity="error" if refused else "warning",
            )

    def _overflows(self, one: TypeSpec | None, other: TypeSpec | None) -> str:
        """The integer type of the referencing column when the referenced one is larger."""
        if one is None or other is None or one.name not in _LARGEST:
            return ""
        wider = _WIDTHS.index(one.name) < _WIDTHS.index(_PLAIN.get(other.name, "smallint"))
        return one.name if wider else ""

    def _fits(self, one: TypeSpec | None, other: TypeSpec | None) -> bool:
        if one is None or other is None or not one.known or not other.known:
            return True
        for group in (
            CHARACTERS,
            NUMBERS | {"serial", "bigserial", "smallserial", "tinyint", "mediumint"},
        ):
            if one.name in group and other.name in group:
                return True
        return one.name == other.name or "enum" in (one.name, other.name)


def _differ_in_size(one: TypeSpec | None, other: TypeSpec | None) -> bool:
    """Whether two integers have not the size and sign in common that MySQL wants."""
    if one is None or other is None or one.name not in _PLAIN or other.name not in _PLAIN:
        return False
    return (_PLAIN[one.name], one.unsigned) != (_PLAIN[other.name], other.unsigned)
