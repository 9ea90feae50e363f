"""GRD940: A foreign key that does not say what happens on delete."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddColumn, AddConstraint, CreateTable
from . import Rule, rule


@rule
class FkOnDelete(Rule):
    """A foreign key that does not say what happens on delete.

    What it does
    ------------
    Finds references without ON DELETE, and those with CASCADE.

    Why it matters
    --------------
    NO ACTION by omission is rarely a decision; CASCADE deletes more than the statement says.

    Instead
    -------
    State ``ondelete=``.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
    """

    code = "GRD940"
    name = "fk-on-delete"
    hazard = "P10"
    severity = "note"
    on = (
        CreateTable,
        AddConstraint,
        AddColumn,
    )
    opinion = True
    bad = (
        'op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id")))',
    )
    good = (
        'op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id", ondelete="RESTRICT")))',
    )

    def check(
        self, statement: CreateTable | AddConstraint | AddColumn, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            specs = [c.foreign for c in statement.columns if c.foreign is not None]
            specs += [s for s in statement.constraints if s.kind == "foreign"]
        elif isinstance(statement, AddColumn):
            specs = [statement.column.foreign] if statement.column.foreign is not None else []
        else:
            specs = [statement.constraint] if statement.constraint.kind == "foreign" else []
        for spec in specs:
            action = (spec.ondelete or "").upper()
            if action in ("", "CASCADE"):
                what = (
                    "deletes rows here silently"
                    if action
                    else "is refused while rows here reference it"
                )
                yield self.finding(
                    at,
                    spec.line if isinstance(statement, CreateTable) and spec.line else statement,
                    f"A DELETE in {spec.ref_table} {what} ({statement.table}).",
                    'State ondelete="RESTRICT" or what you mean.',
                    objects=[statement.table],
                )
