"""GRD415: A column that SQLAlchemy inheritance may read."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddColumn
from . import Rule, rule


@rule
class StiColumn(Rule):
    """A column that SQLAlchemy inheritance may read.

    What it does
    ------------
    Finds added columns named like a polymorphic discriminator.

    Why it matters
    --------------
    When the model maps it as ``polymorphic_on``, rows written by old code have no identity and
    cannot be loaded.

    Instead
    -------
    A server_default that names the base class.

    References
    ----------
    https://docs.sqlalchemy.org/en/20/orm/inheritance.html
    """

    code = "GRD415"
    name = "sti-column"
    hazard = "C15"
    severity = "note"
    on = (AddColumn,)
    opinion = True
    bad = ('op.add_column("people", sa.Column("type", sa.String(20), nullable=True))',)
    good = (
        'op.add_column("people", sa.Column("type", sa.String(20), nullable=False, server_default="person"))',
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column = statement.column
        named = column.name.lower() in ("type", "discriminator", "polymorphic_type", "kind")
        if not named or column.default is not None or at.is_new(statement.table):
            return
        yield self.finding(
            at,
            statement,
            f"If {statement.table}.{column.name} becomes polymorphic_on, rows without a value cannot be loaded.",
            "Give it a server_default that names the base class.",
            objects=[f"{statement.table}.{column.name}"],
        )
