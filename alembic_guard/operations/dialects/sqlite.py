"""Renames on SQLite, never by copying a table.

Columns and tables are renamed natively. An index has no rename: it is created again from the
definition SQLite has stored. The name of a constraint is nothing but text inside the stored
CREATE TABLE, so it is edited there by the procedure SQLite documents for changes that do not
touch the content (https://www.sqlite.org/lang_altertable.html#otheralter), after the edited text
has been proven on an empty database.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError

from ...errors import RenameRefused
from ..lexing import Token, tokens
from .base import Renamer

if TYPE_CHECKING:
    from alembic.operations import ops as alembic_ops

    from ..ops import RenameOp

_BROKEN = re.compile(r"error in (view|trigger) (.+?)(?: after rename)?: ")


class SQLiteRenamer(Renamer):
    """SQLite 3.25 and later."""

    needs_catalog = frozenset({"index", "constraint"})

    def rename_column(self, op: RenameOp) -> None:
        if self.connection is not None:
            self._check_version(op)
            self._check_columns(op)
        with self._explained(op):
            super().rename_column(op)

    def rename_index(self, op: RenameOp) -> None:
        """Drop the index and create it from its stored SQL, both or neither."""
        if self.connection is None:
            raise self._offline(op, "stored definition of the index")
        stored = self._stored("index", op.old_name, op.schema)
        if stored is None:
            raise self.missing(op)
        if not _same(op.old_name, op.new_name) and self._stored(None, op.new_name, op.schema):
            raise self.taken(op)
        name = index_name(stored)
        schema = f"{self.quote(op.schema)}." if op.schema else ""
        new = schema + self._always_quoted(op.new_name)
        created = stored[: name.start] + new + stored[name.end :]
        with self._both_or_neither():
            self.run(f"DROP INDEX {self.name(op.old_name, op.schema)}")
            self.run(created)

    def rename_constraint(self, op: RenameOp) -> None:
        """Edit the constraint's name where it stands, in the stored CREATE TABLE."""
        if self.connection is None:
            raise self._offline(op, "stored definition of the table")
        stored = self._stored("table", op.table_name, op.schema)
        if stored is None:
            raise self.missing(op)
        found = constraint_names(stored)
        olds = [token for token in found if _same(token.name, op.old_name)]
        if not olds:
            raise self.missing(op)
        if len(olds) > 1:
            raise self.refused(
                op, f"{op.table_name} has {len(olds)} constraints named {op.old_name!r}."
            )
        if any(_same(token.name, op.new_name) for token in found if token is not olds[0]):
            raise self.taken(op)
        (old,) = olds
        edited = stored[: old.start] + self._always_quoted(op.new_name) + stored[old.end :]
        self._prove(op, stored, edited)
        self._store(op, edited)

    def rename_sequence(self, op: RenameOp) -> None:
        raise self.refused(op, "SQLite has no sequences.")

    def check_table(self, op: alembic_ops.RenameTableOp) -> None:
        old, new = op.table_name, op.new_table_name
        if self.connection is None or _same(old, new):
            return
        has_old, has_new = (self._stored(None, name, op.schema) is not None for name in (old, new))
        self.check_table_names(op, has_old, has_new)

    def run_table_rename(self, op: alembic_ops.RenameTableOp) -> None:
        """Names that differ only in case need a step between: to SQLite they are the same."""
        old, new = op.table_name, op.new_table_name
        steps = [old, f"{new}__renaming", new] if _same(old, new) else [old, new]
        with self._modern_alter_table(), self._both_or_neither(), self._explained(op):
            for before, after in itertools.pairwise(steps):
                self.impl.rename_table(before, after, schema=op.schema)

    def _check_version(self, op: RenameOp) -> None:
        version = self.dialect.server_version_info or sqlite3.sqlite_version_info
        if version < (3, 25):
            raise self.refused(
                op, f"SQLite {sqlite3.sqlite_version} cannot rename a column; 3.25 and later can."
            )

    def _check_columns(self, op: RenameOp) -> None:
        schema = f"{self.quote(op.schema)}." if op.schema else ""
        found = [
            row[1] for row in self.rows(f"PRAGMA {schema}table_xinfo({self.quote(op.table_name)})")
        ]
        olds = [name for name in found if _same(name, op.old_name)]
        news = [name for name in found if _same(name, op.new_name) and name not in olds]
        if news:
            raise self.taken(op) if olds else self.missing(op, is_done=True)

    def _stored(self, kind: str | None, name: str, schema: str | None) -> str | None:
        catalog = f"{self.quote(schema or 'main')}.sqlite_master"
        rows = self.rows(
            f"SELECT sql FROM {catalog} WHERE lower(name) = lower(:name) "
            "AND (:kind IS NULL OR type = :kind)",
            {"name": name, "kind": kind},
        )
        if not rows:
            return None
        return rows[0][0] or ""

    def _store(self, op: RenameOp, edited: str) -> None:
        schema = self.quote(op.schema or "main")
        (version,) = self.rows(f"PRAGMA {schema}.schema_version")[0]
        with self._both_or_neither():
            self.run("PRAGMA writable_schema = ON")
            try:
                self.run(
                    f"UPDATE {schema}.sqlite_master SET sql = {literal(edited)} "
                    f"WHERE type = 'table' AND lower(name) = lower({literal(op.table_name)})"
                )
                self.run(f"PRAGMA {schema}.schema_version = {version + 1}")
            finally:
                self.run("PRAGMA writable_schema = RESET")
            self.rows(f"SELECT * FROM {self.name(op.table_name, op.schema)} LIMIT 0")

    def _prove(self, op: RenameOp, stored: str, edited: str) -> None:
        """Make both tables in an empty database: they must be the same but for the name."""
        before, after = [list(tokens(sql, "sqlite")) for sql in (stored, edited)]
        differing = [
            new.name
            for old, new in zip(before, after, strict=False)
            if (old.kind, old.text) != (new.kind, new.text)
        ]
        made = [_structure(sql, op.table_name) for sql in (stored, edited)]
        if len(before) != len(after) or differing not in ([op.new_name], []) or made[0] != made[1]:
            raise self.refused(
                op, f"The stored definition of {op.table_name} cannot be edited safely:\n{stored}"
            )

    @contextlib.contextmanager
    def _both_or_neither(self) -> Iterator[None]:
        """A savepoint, because the Python driver commits each DDL statement by itself."""
        if self.connection is None:
            yield
            return
        self.run("SAVEPOINT alembic_guard_rename")
        try:
            yield
        except BaseException:
            self.run("ROLLBACK TO alembic_guard_rename")
            self.run("RELEASE alembic_guard_rename")
            raise
        self.run("RELEASE alembic_guard_rename")

    @contextlib.contextmanager
    def _modern_alter_table(self) -> Iterator[None]:
        """Under the legacy pragma a renamed table loses its views, triggers and foreign keys."""
        legacy = [row[0] for row in self.rows("PRAGMA legacy_alter_table")] == [1]
        if legacy:
            self.run("PRAGMA legacy_alter_table = OFF")
        try:
            yield
        finally:
            if legacy:
                self.run("PRAGMA legacy_alter_table = ON")

    @contextlib.contextmanager
    def _explained(self, op: RenameOp | alembic_ops.RenameTableOp) -> Iterator[None]:
        """Say which broken view or trigger keeps SQLite from renaming anything at all."""
        try:
            yield
        except OperationalError as error:
            broken = _BROKEN.search(str(error.orig))
            if broken is None:
                raise
            kind, name = broken.groups()
            raise RenameRefused(
                f"SQLite renames nothing while a view or trigger is broken: {error.orig}. "
                f"Drop it first (DROP {kind.upper()} {self.quote(name)}), and create it again "
                "afterwards if it is still wanted.",
                kind=getattr(op, "kind", "table"),
                owner=op.table_name,
                old=getattr(op, "old_name", op.table_name),
                new=getattr(op, "new_name", ""),
            ) from error

    def _offline(self, op: RenameOp, what: str) -> RenameRefused:
        return self.refused(
            op,
            f"SQLite has no statement that renames a {op.kind}; {op.old_name!r} is renamed through "
            f"the {what}, which --sql mode cannot read. Run this revision online.",
        )

    def _always_quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"' if self.quote(name) != name else name


def index_name(create_index: str) -> Token:
    """The token that names the index in its stored CREATE INDEX."""
    found = list(tokens(create_index, "sqlite"))
    after = next(at for at, token in enumerate(found) if token.is_word("INDEX")) + 1
    while found[after].is_word("IF", "NOT", "EXISTS"):
        after += 1
    return found[after + 2] if found[after + 1].text == "." else found[after]


def constraint_names(create_table: str) -> list[Token]:
    """The tokens that name a constraint in a stored CREATE TABLE."""
    found = list(tokens(create_table, "sqlite"))
    return [
        name
        for keyword, name in itertools.pairwise(found)
        if keyword.is_word("CONSTRAINT") and name.kind in ("name", "quoted", "string")
    ]


def literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def _same(one: str, other: str) -> bool:
    """SQLite folds the case of ASCII letters only."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return re.sub("[A-Z]+", lambda match: match.group().lower(), name)


def _structure(create_table: str, table: str) -> list[Any] | None:
    """What SQLite understands of a CREATE TABLE; None if it cannot be made by itself."""
    quoted = '"' + table.replace('"', '""') + '"'
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(create_table)
        return [
            connection.execute(f"PRAGMA {pragma}({quoted})").fetchall()
            for pragma in ("table_xinfo", "index_list", "foreign_key_list")
        ]
    except sqlite3.Error:
        return None
    finally:
        connection.close()
