"""What a rule knows about the place of a statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from ..record import mutable_record
from . import statements as st
from .revision import Revision
from .specs import ColumnSpec, TypeSpec
from .state import Schema, Table
from .versions import Version, is_able

_UTC = frozenset(["UTC", "ETC/UTC", "UCT", "GMT", "ETC/GMT", "ZULU", "0"])


@mutable_record
class Place:
    """One statement's surroundings, before it runs.

    :param schema: the schema as the statement finds it.
    :param index: position of the statement in `statements`, all of this direction.
    :param before: the tables this revision touches, as they were before `upgrade` ran.
    """

    dialect: str
    version: Version
    revision: Revision
    direction: st.Direction
    statements: Sequence[st.Statement]
    schema: Schema
    before: Schema
    index: int = 0

    @property
    def key(self) -> str:
        """How the state names this revision."""
        return self.revision.id or self.revision.path

    @property
    def statement(self) -> st.Statement:
        return self.statements[self.index]

    @property
    def earlier(self) -> Sequence[st.Statement]:
        """What ran before in this direction."""
        return self.statements[: self.index]

    @property
    def later(self) -> Sequence[st.Statement]:
        """What runs after in this direction."""
        return self.statements[self.index + 1 :]

    def earlier_in_transaction(self) -> Iterator[st.Statement]:
        """What ran before in the same transaction; nothing in an autocommit block."""
        here = self.statement.context
        if here.autocommit:
            return iter(())
        return (s for s in self.earlier if s.context.transaction == here.transaction)

    def is_new(self, table: str | None) -> bool:
        """Whether this revision creates the table (under any name), or it is temporary.

        Nobody else can see it yet, so no lock on it matters and it holds no rows to lose.
        """
        found = self.schema.table(table)
        return found is not None and (found.created_in == self.key or found.temporary)

    def is_going(self, table: str | None) -> bool:
        """Whether a later statement of this direction drops the table: what it loses until then is no news."""
        return any(isinstance(s, st.DropTable) and s.table == table for s in self.later)

    def table(self, name: str | None) -> Table | None:
        return self.schema.table(name)

    def column(self, table: str, column: str) -> ColumnSpec | None:
        """The column as it stands before this statement, None when the chain never said."""
        return self.schema.column(table, column)

    def old_type(self, statement: st.AlterColumn) -> TypeSpec | None:
        """The type before: from the chain, else from `existing_type`."""
        known = self.schema.column_type(statement.table, statement.column)
        if known is not None and known.known:
            return known
        return statement.existing_type

    def forbids(self, what: Literal["copy", "rebuild"], statement: st.Statement) -> bool:
        """Whether the ALTER TABLE tells MySQL to fail rather than to copy or rebuild the table."""
        clauses = {"copy": ("INSTANT", "INPLACE", "NOCOPY", "NONE"), "rebuild": ("INSTANT",)}[what]
        return any(
            isinstance(s, st.AlterTable)
            and s.table == getattr(statement, "table", None)
            and s.origin.call_line == statement.origin.call_line
            and s.action in ("algorithm_option", "lock_option")
            and (s.target or "").upper() in clauses
            for s in self.statements
        )

    def is_in_utc(self) -> bool:
        """Whether the revision has put its session into UTC before this statement."""
        here = self.statement.context
        for s in reversed(self.earlier):
            if isinstance(s, st.SetVariable) and s.name == "timezone":
                if s.local and (s.context.autocommit or s.context.transaction != here.transaction):
                    continue
                return s.value.upper() in _UTC
        return False

    def is_able(self, ability: str) -> bool:
        """Whether the reviewed server has an ability of `versions.ABILITIES`."""
        return is_able(ability, self.dialect, self.version)

    def table_of(self, statement: st.Statement) -> str | None:
        """The table a statement works on; for an index also when only the chain knows it."""
        table = getattr(statement, "table", None)
        if table is None and isinstance(statement, (st.DropIndex, st.RenameIndex)):
            return self.schema.index_table(statement.name)
        return table
