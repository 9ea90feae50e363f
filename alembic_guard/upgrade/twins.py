"""Both names at once, on MariaDB: a second column that triggers keep equal.

No updatable view there takes an INSERT when it shows a column twice. So the column gets a
twin, filled in batches, and one ALTER TABLE then gives each the other's name: because both
hold the same values and the triggers treat them alike, nobody notices. Old and new code both
read and write; once every live app has loaded the change the triggers and the twin go.

Nothing here ever queues for a lock. A DDL statement that queues for its table makes MariaDB
choose the application's transaction as the victim of their deadlock, when that has read the
table and wants to write it; MySQL has no way of not queueing.

The twin's comment says what it is, so that a later run can go on where this one died.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from ..facts import SchemaChange
from ..ledger.tables import PASSING_COLUMN
from .table_locks import is_lock_timeout

MARK = PASSING_COLUMN
BATCH, SMALLEST_BATCH = 2000, 1
FIRST_NAP, LONGEST_NAP = 0.002, 0.02
"""Seconds between two attempts to get a lock; jittered, so as not to beat with the load."""
CONTRACT_SECONDS = 60.0
RENAMES_SINCE = (10, 5, 2)
"""First MariaDB with RENAME COLUMN."""

Stage = Literal["filling", "ready", "both"]


@dataclass(frozen=True, slots=True)
class Twin:
    """The second column of a rename; `column` is what it is called now."""

    table: str
    old: str
    new: str
    column: str

    @property
    def name(self) -> str:
        return self.table

    @property
    def hidden(self) -> str:
        """What it is called until it is filled."""
        return f"guard_{self._digest}"

    @property
    def stage(self) -> Stage:
        """``filling`` under a hidden name, ``ready`` to be swapped, or ``both`` names there."""
        if self.column == self.old:
            return "both"
        return "ready" if self.column == self.new else "filling"

    @property
    def triggers(self) -> tuple[str, str]:
        return f"guard_{self._digest}_insert", f"guard_{self._digest}_update"

    @property
    def comment(self) -> str:
        return f"{MARK}{self.old}:{self.new}"

    @property
    def _digest(self) -> str:
        return hashlib.sha256(f"{self.table}.{self.old}:{self.new}".encode()).hexdigest()[:12]


def is_mariadb(connection: sa.Connection) -> bool:
    """Whether the server is MariaDB, whatever the URL calls it."""
    return bool(getattr(connection.dialect, "is_mariadb", False))


def find_twins(connection: sa.Connection) -> list[Twin]:
    """The second columns of this database, also those of an upgrade that died."""
    if not is_mariadb(connection):
        return []
    query = sa.text(
        "SELECT table_name, column_name, column_comment FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND column_comment LIKE :mark ORDER BY 1, 2"
    )
    found = []
    for table, column, comment in connection.execute(query, {"mark": f"{MARK}%"}):
        old, _, new = comment.removeprefix(MARK).partition(":")
        found.append(Twin(table, old, new, column))
    return found


_COLUMN = """
SELECT c.column_type, c.character_set_name, c.collation_name, c.column_default, c.extra,
  c.column_key, c.generation_expression FROM information_schema.columns c
WHERE c.table_schema = DATABASE() AND c.table_name = :table AND c.column_name = :column
"""


def twin_obstacle(connection: sa.Connection, rename: SchemaChange) -> str | None:
    """Why the column cannot have a twin; None when it can."""
    table, owner = rename.table or "", f"{rename.table}.{rename.old}"
    version = connection.dialect.server_version_info or (0,)
    if not is_mariadb(connection) or version < RENAMES_SINCE:
        return "only MariaDB from 10.5.2 on swaps two columns, and without queueing for the table"
    if rename.schema:
        return f"{owner} is in another schema than the connection's"
    row = connection.execute(sa.text(_COLUMN), {"table": table, "column": rename.old}).first()
    if row is None:
        return f"there is no {owner}"
    _, _, _, default, extra, key, generated = row
    if default not in (None, "NULL"):
        return f"{owner} has a default, which hides whether a value was given"
    if extra or generated:
        return f"{owner} is filled by the server ({extra or 'generated'})"
    if key == "PRI":
        return f"{owner} is in the primary key"
    query = sa.text(
        "SELECT count(*) FROM information_schema.key_column_usage WHERE table_schema = DATABASE()"
        " AND table_name = :table AND column_name = :column AND referenced_table_name IS NOT NULL"
    )
    if connection.execute(query, {"table": table, "column": rename.old}).scalar():
        return f"{owner} is in a foreign key, whose actions fire no trigger"
    query = sa.text(
        "SELECT count(*) FROM information_schema.triggers WHERE event_object_schema = DATABASE()"
        " AND event_object_table = :table AND trigger_name NOT LIKE 'guard\\_%'"
    )
    if connection.execute(query, {"table": table}).scalar():
        return f"{table} has triggers, which filling the twin would fire"
    return None


class Twinning:
    """Gives one column its twin, on an autocommit connection.

    :param seconds: how long to go on trying when the table is never free.
    """

    def __init__(self, side: sa.Connection, rename: SchemaChange, seconds: float) -> None:
        self._side, self._seconds = side, seconds
        table, old, new = rename.table or "", rename.old or "", rename.new or ""
        self._twin = Twin(table, old, new, Twin(table, old, new, "").hidden)
        self._quote: Callable[[str], str] = side.dialect.identifier_preparer.quote_identifier
        self._table = self._quote(table)

    def both(self) -> None:
        """Add the twin, fill it and swap the names.

        Safe to call again after a run that died at any point; what one that failed has left
        is for `remove_unfinished`, best while the apps are paused.
        """
        swapped = replace(self._twin, column=self._twin.old)
        if swapped in find_twins(self._side):
            return
        with _impatient(self._side, self._seconds) as self._run:
            remove_unfinished(self._side)
            self._fill()
            self._show()
            self._swap()

    def _fill(self) -> None:
        """Under its hidden name: kept equal from now on, then the rows that were there."""
        old, hidden = self._quote(self._twin.old), self._quote(self._twin.hidden)
        self._run(
            f"ALTER TABLE {self._table} ADD COLUMN {hidden} {self._definition()} NULL"
            f" COMMENT '{self._twin.comment}'"
        )
        follow = f"SET NEW.{hidden} = NEW.{old}"
        self._triggers(follow, follow)
        self._copy(hidden)

    def _show(self) -> None:
        """Under the new name: whichever of the two is written, the other follows."""
        old, new = self._quote(self._twin.old), self._quote(self._twin.new)
        for name in self._twin.triggers:
            self._run(f"DROP TRIGGER IF EXISTS {self._quote(name)}")
        self._run(
            f"ALTER TABLE {self._table} RENAME COLUMN {self._quote(self._twin.hidden)} TO {new}"
        )
        self._triggers(
            f"IF NEW.{new} IS NULL THEN SET NEW.{new} = NEW.{old};"
            f" ELSEIF NEW.{old} IS NULL THEN SET NEW.{old} = NEW.{new}; END IF",
            f"IF NOT (NEW.{new} <=> OLD.{new}) THEN SET NEW.{old} = NEW.{new};"
            f" ELSEIF NOT (NEW.{old} <=> OLD.{old}) THEN SET NEW.{new} = NEW.{old}; END IF",
        )
        # what was written while there were no triggers
        self._copy(new)

    def _swap(self) -> None:
        old, new = self._quote(self._twin.old), self._quote(self._twin.new)
        self._run(
            f"ALTER TABLE {self._table} RENAME COLUMN {old} TO {new}, RENAME COLUMN {new} TO {old}"
        )

    def _definition(self) -> str:
        values = {"table": self._twin.table, "column": self._twin.old}
        kind, charset, collation, *_ = self._side.execute(sa.text(_COLUMN), values).one()
        text = f" CHARACTER SET {charset} COLLATE {collation}" if charset else ""
        return f"{kind}{text}"

    def _triggers(self, insert: str, update: str) -> None:
        for name, event, body in zip(
            self._twin.triggers, ("INSERT", "UPDATE"), (insert, update), strict=True
        ):
            self._run(
                f"CREATE TRIGGER {self._quote(name)} BEFORE {event} ON {self._table}"
                f" FOR EACH ROW {body}"
            )

    def _copy(self, target: str) -> None:
        """Make the twin equal in batches, leaving ``ON UPDATE`` columns as they are."""
        source = self._quote(self._twin.old)
        query = sa.text(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
            " AND table_name = :table AND extra LIKE '%on update%'"
        )
        found = self._side.execute(query, {"table": self._twin.table})
        kept = [self._quote(name) for (name,) in found]
        values = ", ".join([f"{target} = {source}", *(f"{name} = {name}" for name in kept)])
        update = f"UPDATE {self._table} SET {values} WHERE NOT ({target} <=> {source}) LIMIT"
        batch = BATCH
        while True:
            try:
                if not _execute(self._side, f"{update} {batch}").rowcount:
                    return
                batch = min(batch * 2, BATCH)
            except sa.exc.DBAPIError as error:
                # a row that is being written: fewer of them, and the last one patiently
                if not is_lock_timeout(error):
                    raise
                batch = max(batch // 4, SMALLEST_BATCH)
                if batch == SMALLEST_BATCH:
                    self._run(f"{update} {batch}")


Runner = Callable[[str], Any]


@contextlib.contextmanager
def _impatient(side: sa.Connection, seconds: float) -> Iterator[Runner]:
    """Run statements that fail at once for want of a lock, and are tried again.

    Without READ COMMITTED a copy would also lock the rows it only looks at.

    :param seconds: how long statements are tried again, all of them together.
    """
    ends = time.monotonic() + seconds
    asked = "SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout"
    rows, tables = side.exec_driver_sql(asked).one()
    _execute(side, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    _execute(side, "SET SESSION innodb_lock_wait_timeout = 0, lock_wait_timeout = 0")

    def run(statement: str) -> Any:
        nap = FIRST_NAP
        while True:
            try:
                return _execute(side, statement)
            except sa.exc.DBAPIError as error:
                if not is_lock_timeout(error) or time.monotonic() > ends:
                    raise
            time.sleep(nap * random.uniform(0.5, 1.5))
            nap = min(nap * 1.5, LONGEST_NAP)

    try:
        yield run
    finally:
        before = f"innodb_lock_wait_timeout = {rows}, lock_wait_timeout = {tables}"
        _execute(side, f"SET SESSION {before}")


def _execute(side: sa.Connection, statement: str) -> Any:
    return side.exec_driver_sql(statement.replace("%", "%%"))


def remove_unfinished(side: sa.Connection) -> None:
    """Remove every twin that was never swapped; nobody uses it yet."""
    for twin in find_twins(side):
        if twin.stage != "both":
            remove_twin(side, twin)


def remove_twin(side: sa.Connection, twin: Twin) -> None:
    """Drop the triggers and the twin; the column itself stays as it is."""
    quote = side.dialect.identifier_preparer.quote_identifier
    with _impatient(side, CONTRACT_SECONDS) as run:
        for name in twin.triggers:
            run(f"DROP TRIGGER IF EXISTS {quote(name)}")
        run(f"ALTER TABLE {quote(twin.table)} DROP COLUMN {quote(twin.column)}")
