"""GRD414: A changed default."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..specs import Default
from ..statements import AlterColumn
from . import Rule, rule


@rule
class ChangeDefault(Rule):
    """A changed default.

    What it does
    ------------
    Finds server defaults that get another value.

    Why it matters
    --------------
    Code that leaves the column out gets another value from one moment to the next; SQLAlchemy
    with partial inserts relies on it.

    Instead
    -------
    Release code that sets the column explicitly first.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-default.html
    """

    code = "GRD414"
    name = "change-default"
    hazard = "C14"
    severity = "note"
    on = (AlterColumn,)
    opinion = True
    bad = (
        'op.alter_column("users", "role", existing_type=sa.String(9), server_default="guest", existing_server_default="user")',
    )
    good = (
        'op.alter_column("users", "role", existing_type=sa.String(9), server_default="guest", existing_server_default=None)',
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        new = statement.server_default
        known = at.column(statement.table, statement.column)
        old = (
            known.default
            if known is not None and known.default
            else statement.existing_server_default
        )
        if (
            not isinstance(new, Default)
            or not isinstance(old, Default)
            or at.is_new(statement.table)
        ):
            return
        if old.text == new.text:
            return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"Code that leaves {name} out of its inserts gets {new.text} instead of {old.text} from here on.",
            "Release code that sets it explicitly first.",
            objects=[name],
        )
