"""GRD604: enum left behind."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Example, Rule, rule


@rule
class EnumLeftBehind(Rule):
    """downgrade() leaves an enum type behind.

    What it does
    ------------
    Finds PostgreSQL enum types that upgrade() creates and downgrade() does not drop.

    Why it matters
    --------------
    DROP TABLE does not drop the type of its columns: the next upgrade fails with "type already
    exists".

    Instead
    -------
    Drop the type after the table: ``sa.Enum(name=...).drop(op.get_bind(), checkfirst=True)``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-droptype.html
    """

    code = "GRD604"
    name = "enum-left-behind"
    hazard = "V04"
    severity = "warning"
    dialects = ("postgresql",)
    where = (st.CreateType, st.CreateTable)
    supersedes = ("GRD602",)
    bad = (
        Example(
            """op.create_table("shipments", sa.Column("state", sa.Enum("packed", "sent", name="shipment_state")))""",
            down="""op.drop_table("shipments")""",
        ),
    )
    good = (
        Example(
            """op.create_table("shipments", sa.Column("state", sa.Enum("packed", "sent", name="shipment_state")))""",
            down="""
            op.drop_table("shipments")
            sa.Enum(name="shipment_state").drop(op.get_bind(), checkfirst=True)
            """,
        ),
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        shape = revision.downgrade_shape
        if shape is None or shape.empty or shape.raises:
            return
        if any(isinstance(s, (st.Opaque, st.DoBlock)) for s in revision.downgrade):
            return
        dropped = {s.name for s in revision.downgrade if isinstance(s, st.DropType)}
        renamed = {
            s.name
            for s in revision.downgrade
            if isinstance(s, st.AlterType) and s.action == "rename"
        }
        for name, table in _created_types(revision):
            known = at.before.types.get(name)
            if name in dropped or name in renamed or known is not None or "{" in name:
                continue
            yield self.finding(
                at,
                _line(revision, table) or shape.line,
                f"downgrade() leaves the enum type {name} behind: the next upgrade fails because it "
                "already exists.",
                f"""
                Drop the type once nothing uses it:

                    sa.Enum(name="{name}").drop(op.get_bind(), checkfirst=True)
                """,
                objects=(name,),
            )


def _created_types(revision: Revision) -> Iterator[tuple[str, str | None]]:
    """The enum types upgrade() creates, with the table whose creation does it."""
    dropped = {s.name for s in revision.upgrade if isinstance(s, st.DropType)}
    for statement in revision.upgrade:
        if isinstance(statement, st.CreateType) and statement.kind == "enum":
            if statement.name not in dropped:
                yield statement.name, None
        elif isinstance(statement, st.CreateTable):
            for column in statement.columns:
                kind = column.type
                if kind is None or kind.name != "enum" or not kind.native or not kind.enum_name:
                    continue
                if kind.create_type is not False and kind.enum_name not in dropped:
                    yield kind.enum_name, statement.table


def _line(revision: Revision, table: str | None) -> int | None:
    """Where downgrade() drops the table, or the column, that used the type."""
    for statement in revision.downgrade:
        if isinstance(statement, st.DropTable) and table in (None, statement.table):
            return statement.line
        if isinstance(statement, st.DropColumn) and table is None:
            return statement.line
    return None
