"""Look at the database through the application's engine: what differs, and what to do.

After a change of a few tables only those are looked at, and the rest of the last
examination is kept; a full look at 1,000 tables costs a twentieth of reflecting them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Table
from sqlalchemy.engine import Engine

from ..ledger import DatabaseIdentity, Entry, read_identity
from .adoption import adopt_new_tables
from .alembic_side import (
    AlembicSide,
    find_config,
    read_alembic_side,
    read_database_at,
    read_heads,
)
from .catalog import read_catalog
from .comparison import Difference, History, ModelTable, compare
from .models import model_tables, plan_overlay, read_new_columns
from .options import Options
from .overlay import OverlayPlan
from .position import NOWHERE, Position, first_position
from .report import SchemaReport, judge
from .targets import Targets


@dataclass(frozen=True)
class Examination:
    """A report, the overlay that goes with it, and the tables that were looked at.

    :param differences: as compared, whatever database they are in.
    """

    report: SchemaReport
    plan: OverlayPlan
    tables: dict[ModelTable, Table]
    differences: tuple[Difference, ...]
    position: Position


class Examiner:
    """Compares the models with the database; remembers what it has seen there."""

    def __init__(self, engine: Engine, targets: Targets, options: Options) -> None:
        self._engine = engine
        self._targets = targets
        self._options = options
        self._alembic: AlembicSide | None = None
        self._position: Position | None = None
        self._seen: set[str] = set()
        self._differences: tuple[Difference, ...] = ()
        self._tables: dict[ModelTable, Table] = {}
        self._identity: DatabaseIdentity | None = None

    def examine(
        self,
        connection: sa.Connection,
        history: History,
        epoch: int,
        uuid: str | None,
        touched: Collection[str] | None = None,
        position: Position = NOWHERE,
    ) -> Examination:
        """Compare all tables, or those a change has touched, and plan the overlay.

        :param touched: names as the ledger gives them, old and new; None is everything.
        """
        history = replace(history, ahead=position.changes)
        self._adopt(connection, history)
        looked = self._looked_at(touched)
        found = self._compare(connection, looked, history)
        kept = () if touched is None else self._kept(looked)
        tables = looked if touched is None else {**self._tables, **looked}
        differences = (*kept, *found)
        renamed = {d.table: d.database_name or "" for d in differences if d.kind == "renamed_table"}
        is_adding = self._options.add == "auto"
        new = read_new_columns(connection, found, renamed) if is_adding else {}
        if touched is None or self._identity is None:
            self._identity = read_identity(connection)
        report = self._report(self._identity, differences, epoch, uuid)
        plan = plan_overlay(report.differences, tables, new)
        return Examination(report, plan, looked, differences, position)

    def _adopt(self, connection: sa.Connection, history: History) -> None:
        """Take new tables into models that mirror the database."""
        policy = self._options.tables
        automaps = self._targets.automaps if policy != "off" else []
        mirrored = set(self._targets.metadata) - {base.metadata for base in automaps}
        renamed = {c.new for c in history.changes if c.kind == "rename_table" and c.new}
        adopt_new_tables(connection, automaps, mirrored if policy == "all" else (), renamed)

    def accept(self, examination: Examination) -> None:
        """Take an examination, whose plan is applied now, as the state to go on from."""
        self._differences = examination.differences
        self._position = examination.position
        self._tables.update(examination.tables)
        absent = {
            f"{d.table.name}.{d.column}"
            for d in self._differences
            if d.kind in ("missing_column", "gone_column")
        }
        gone = {d.table.name for d in self._differences if d.kind == "missing_table"}
        for table in examination.tables:
            if table.name not in gone:
                self._seen |= {f"{table.name}.{c.name}" for c in table.columns} - absent

    def _looked_at(self, touched: Collection[str] | None) -> dict[ModelTable, Table]:
        if touched is None:
            names = None
        else:
            names = {name.rpartition(".")[2] for name in touched}
            names |= {d.table.name for d in self._differences if d.database_name in names}
        tables = model_tables(self._targets, names)
        translate = dict(self._engine.get_execution_options().get("schema_translate_map") or {})
        if not translate:
            return tables
        return {replace(m, schema=translate.get(m.schema, m.schema)): t for m, t in tables.items()}

    def _kept(self, looked: dict[ModelTable, Table]) -> tuple[Difference, ...]:
        """Differences of tables that were not looked at again."""
        again = {(table.schema, table.name) for table in looked}
        return tuple(d for d in self._differences if (d.table.schema, d.table.name) not in again)

    def _compare(
        self, connection: sa.Connection, tables: dict[ModelTable, Table], history: History
    ) -> list[Difference]:
        history = replace(history, seen=frozenset(self._seen))
        found = self._compare_with(connection, tables, history)
        if not any(d.kind in ("missing_column", "missing_table") for d in found):
            return found
        return self._compare_with(connection, tables, self._with_pending(connection, history))

    def _compare_with(
        self, connection: sa.Connection, tables: dict[ModelTable, Table], history: History
    ) -> list[Difference]:
        schemas = {table.schema for table in tables}
        catalog = read_catalog(connection, schemas, _names_for(tables, history, self._differences))
        return compare(tables, catalog, history, mask=self._options.mask == "auto")

    def place(
        self, connection: sa.Connection, entries: Sequence[Entry], *, again: bool = False
    ) -> tuple[Position, tuple[Entry, ...]]:
        """Where the code stands once `entries` are read, and which are news to it.

        :param again: forget where it stood, because the database is another one now.
        """
        side = self._alembic_side()
        if self._position is None or again:
            known = entries if self._position is None else ()
            return first_position(side, self._heads(connection) if side else (), known)
        position = self._position
        if position.ahead and side is not None:
            pending = side.pending(self._heads(connection))
            return position.after(entries, pending), position.news(entries)
        return position.after(entries, ()), position.news(entries)

    def _heads(self, connection: sa.Connection) -> tuple[str, ...]:
        return read_heads(connection, self._options.schema)

    def _with_pending(self, connection: sa.Connection, history: History) -> History:
        """Add what revisions that are not applied would do: they name what is missing."""
        side = self._alembic_side()
        if side is None or not side.revisions:
            return history
        pending = side.pending(self._heads(connection))
        columns = {}
        for revision in pending:
            for change in revision.changes:
                if change.kind == "add_column" and change.table:
                    columns[f"{change.table}.{change.new}"] = revision.id
                elif change.kind == "add_table" and change.table:
                    columns[change.table] = revision.id
        changes = [change for revision in pending for change in revision.changes]
        return replace(history, pending=changes, pending_columns=columns)

    def _alembic_side(self) -> AlembicSide | None:
        if self._alembic is None and self._options.config is not False:
            given = self._options.config
            path = Path(given) if given else find_config()
            if path is not None and path.is_file():
                self._alembic = read_alembic_side(path)
        return self._alembic

    def _report(
        self,
        identity: DatabaseIdentity,
        differences: tuple[Difference, ...],
        epoch: int,
        uuid: str | None,
    ) -> SchemaReport:
        mine = identity.describe()
        report = SchemaReport(judge(differences), mine, epoch, differences, database_uuid=uuid)
        told = self._options.database
        if told and uuid != told:
            message = (
                f"the app uses {mine} with ledger {uuid or 'none'}; "
                f"it was told to use the database with ledger {told}"
            )
            unmasked = _unmasked(differences)
            return replace(report, state="wrong_database", differences=unmasked, message=message)
        if any(d.kind in ("missing_column", "missing_table") for d in differences):
            other = self._other_database(identity)
            if other is not None:
                message = f"the app uses {mine}; alembic upgraded {other}"
                return replace(
                    report, state="wrong_database", differences=_unmasked(differences),
                    alembic_database=other, message=message,
                )  # fmt: skip
        return replace(report, message=_message(report))

    def _other_database(self, mine: DatabaseIdentity) -> str | None:
        """The database alembic.ini points to, if it is another one and Alembic was there."""
        side = self._alembic_side()
        if side is None or side.url is None:
            return None
        theirs = read_database_at(side.url, self._options.schema)
        if isinstance(theirs, str) or theirs.identity.same_as(mine) or not theirs.heads:
            return None
        return theirs.identity.describe()


def _unmasked(differences: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """In the wrong database nothing may read as NULL: its rows are not the application's."""
    return tuple(replace(d, bridge=None) if d.bridge == "mask" else d for d in differences)


def _names_for(
    tables: dict[ModelTable, Table], history: History, known: Sequence[Difference]
) -> set[str] | None:
    """Every name these tables may have in the database; None when it is most of them."""
    if len(tables) > 50:
        return None
    names = {table.name for table in tables} | {n for table in tables for n in table.old_names}
    names |= {d.database_name for d in known if d.kind == "renamed_table" and d.database_name}
    for change in (*history.changes, *history.ahead, *history.pending):
        if change.kind == "rename_table":
            names |= {name for name in (change.old, change.new, change.table) if name}
    return names


_HARMLESS = ("new_column", "gone_column")


def _message(report: SchemaReport) -> str:
    count = len([d for d in report.differences if d.kind not in _HARMLESS])
    if report.state == "current":
        return f"models and {report.database} agree at epoch {report.epoch}"
    known = "" if report.database_uuid else ", which has no ledger: alembic-guard never upgraded it"
    if report.state == "degraded":
        return f"{count} difference(s) bridged between models and {report.database}{known}"
    return f"{count} difference(s) between models and {report.database}{known}"
