"""GRD938: A foreign key column without an index."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import AddConstraint, CreateTable
from . import Rule, rule


@rule
class FkNoIndex(Rule):
    """A foreign key column without an index.

    What it does
    ------------
    Finds references whose column leads no index when the revision is done.

    Why it matters
    --------------
    Every DELETE or key change in the referenced table reads the whole referencing table.

    Instead
    -------
    Add an index that starts with the column.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
    """

    code = "GRD938"
    name = "fk-no-index"
    hazard = "P08"
    severity = "note"
    dialects = ("postgresql",)
    on = (
        CreateTable,
        AddConstraint,
    )
    opinion = True
    bad = (
        """
        op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id")))
        """,
    )
    good = (
        """
        op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id"), index=True))
        """,
    )

    def check(self, statement: CreateTable | AddConstraint, at: Place) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            specs = [
                c.foreign
                for c in statement.columns
                if c.foreign is not None and not (c.index or c.unique)
            ]
            specs += [s for s in statement.constraints if s.kind == "foreign"]
            leading = [s.columns for s in statement.constraints if s.kind in ("primary", "unique")]
            leading += [
                (c.name,) for c in statement.columns if c.primary_key or c.index or c.unique
            ]
        else:
            specs = [statement.constraint] if statement.constraint.kind == "foreign" else []
            table = at.table(statement.table)
            leading = (
                [index.columns for index in table.indexes.values()] if table is not None else []
            )
        leading += [
            s.columns
            for s in at.statements
            if isinstance(s, st.CreateIndex) and s.table == statement.table
        ]
        for spec in specs:
            if spec.columns and not any(
                columns[: len(spec.columns)] == spec.columns for columns in leading
            ):
                yield self.finding(
                    at,
                    spec.line if isinstance(statement, CreateTable) and spec.line else statement,
                    f"Deleting from {spec.ref_table} reads all of {statement.table}: "
                    f"({', '.join(spec.columns)}) has no index.",
                    "Add an index that starts with it.",
                    objects=[statement.table],
                )
