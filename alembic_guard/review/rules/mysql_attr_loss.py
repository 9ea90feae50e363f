"""GRD314: alter_column on MySQL that silently drops NOT NULL, the default or the comment."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..specs import UNSET
from ..statements import AlterColumn, RenameColumn
from . import Rule, rule


@rule
class MysqlAttrLoss(Rule):
    """alter_column on MySQL that silently drops NOT NULL, the default or the comment.

    What it does
    ------------
    Finds column changes that restate the column and leave out what it had.

    Why it matters
    --------------
    MODIFY and CHANGE replace the whole definition: what ``existing_nullable``,
    ``existing_server_default`` or ``existing_comment`` does not say is gone afterwards, with no
    error.

    Instead
    -------
    State them.

    References
    ----------
    https://github.com/apache/airflow/issues/39361
    """

    code = "GRD314"
    name = "mysql-attr-loss"
    hazard = "F14"
    severity = "error"
    dialects = ("mysql", "mariadb")
    on = (
        AlterColumn,
        RenameColumn,
    )
    bad = (
        'op.alter_column("users", "name", existing_type=sa.String(80), type_=sa.String(90))',
        """
        op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), sa.Column("rank", sa.Integer, nullable=False))
        op.alter_column("tags", "rank", existing_type=sa.Integer(), type_=sa.BigInteger())
        """,
    )
    good = (
        """
        op.alter_column(
            "users", "name", existing_type=sa.String(80), type_=sa.String(90), existing_nullable=False
        )
        """,
    )

    def check(self, statement: AlterColumn | RenameColumn, at: Place) -> Iterator[Finding]:
        lost = list(
            self._lost_by_rename(statement, at)
            if isinstance(statement, RenameColumn)
            else self._lost(statement, at)
        )
        if not lost:
            return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"MySQL restates {name} completely, and this line does not say {' and '.join(lost)}: "
            "it is silently dropped.",
            "Add existing_nullable=..., existing_server_default=... and existing_comment=... as the column has them.",
            objects=[name],
        )

    def _lost_by_rename(self, statement: RenameColumn, at: Place) -> Iterator[str]:
        known = at.column(statement.table, statement.column)
        if (
            statement.origin.text == "alter_column"
            and statement.existing_type is not None
            and statement.existing_nullable is None
            and (known is None or not known.nullable)
        ):
            yield "whether it is NOT NULL"

    def _lost(self, statement: AlterColumn, at: Place) -> Iterator[str]:
        known = at.column(statement.table, statement.column)
        if statement.modify:
            yield from self._lost_in_sql(statement, at)
            return
        restates = statement.type is not None or statement.nullable is not None
        if statement.origin.text != "alter_column" or not (
            restates or statement.comment is not UNSET
        ):
            return
        unstated = statement.nullable is None and statement.existing_nullable is None
        if unstated and (known is None or not known.nullable):
            yield "whether it is NOT NULL"
        if known is None:
            return
        defaults = (statement.server_default, statement.existing_server_default)
        if known.default is not None and all(value is UNSET for value in defaults):
            yield f"its default {known.default.text}"
        comments = (statement.comment, statement.existing_comment)
        if known.comment and all(value is UNSET for value in comments):
            yield "its comment"

    def _lost_in_sql(self, statement: AlterColumn, at: Place) -> Iterator[str]:
        known = at.column(statement.table, statement.column)
        if known is not None and known.default is not None and statement.server_default is None:
            yield f"its default {known.default.text}"
        if known is not None and known.comment and statement.comment is None:
            yield "its comment"
