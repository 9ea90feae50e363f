"""Renames on MySQL and MariaDB: native where the server can, else from SHOW CREATE TABLE.

What a column or constraint *is* always comes from the server, never from the model, because
CHANGE COLUMN silently drops whatever it is not told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .base import Renamer, log
from .show_create import (
    column_definition,
    column_users,
    constraint_definition,
    key_definition,
    renamed_in,
)

if TYPE_CHECKING:
    from alembic.operations import ops as alembic_ops

    from ..ops import RenameOp
    from .show_create import ColumnUser

_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = coalesce(:schema, database()) AND table_name = :owner
AND column_name IN (:old, :new)
"""

_TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = coalesce(:schema, database()) AND table_name IN (:old, :new)
"""
_INDEXES = """
SELECT DISTINCT index_name FROM information_schema.statistics
WHERE table_schema = coalesce(:schema, database()) AND table_name = :owner
AND index_name IN (:old, :new)
"""
_IMPLICIT_INDEX = """
SELECT DISTINCT s.index_name FROM information_schema.statistics s
JOIN information_schema.key_column_usage k ON k.table_schema = s.table_schema
  AND k.table_name = s.table_name AND k.column_name = s.column_name
  AND k.referenced_table_name IS NOT NULL
WHERE s.table_schema = coalesce(:schema, database()) AND s.table_name = :owner
  AND s.column_name = :old AND s.seq_in_index = 1 AND s.non_unique = 1
  AND s.index_name IN (:old, :new)
"""
_FOREIGN_KEYS = """
SELECT constraint_name FROM information_schema.key_column_usage
WHERE referenced_table_name IS NOT NULL AND (
  (table_schema = coalesce(:schema, database()) AND table_name = :owner AND column_name = :old)
  OR (referenced_table_schema = coalesce(:schema, database())
    AND referenced_table_name = :owner AND referenced_column_name = :old))
"""


class MySQLRenamer(Renamer):
    """MySQL 5.7 and later, MariaDB 10.2 and later."""

    longest_name = 64
    needs_catalog = frozenset({"constraint"})

    def rename_column(self, op: RenameOp) -> None:
        self._check_names(op, _COLUMNS)
        if self.connection is None:
            super().rename_column(op)
        elif self._is_at_least(mysql=(8, 0, 3), mariadb=(10, 5, 2)):
            old, new = self.quote(op.old_name), self.quote(op.new_name)
            table = f"ALTER TABLE {self.name(op.table_name, op.schema)}"
            self._alter_column(op, f"{table} RENAME COLUMN {old} TO {new}{self._along(op)}")
        else:
            self.change_column(op)

    def change_column(self, op: RenameOp) -> None:
        """``CHANGE COLUMN`` with the definition the server itself prints."""
        table = self._show_create(op)
        definition = column_definition(table, op.old_name)
        if definition is None:
            raise self.missing(op)
        self._alter_column(
            op,
            f"ALTER TABLE {self.name(op.table_name, op.schema)} CHANGE "
            f"{self.quote(op.old_name)} {self.quote(op.new_name)} "
            f"{renamed_in(definition, op.old_name, op.new_name)}{self._along(op)}",
        )

    def rename_index(self, op: RenameOp) -> None:
        self._check_names(op, _INDEXES)
        table = f"ALTER TABLE {self.name(op.table_name, op.schema)}"
        if self.connection is None or self._is_at_least(mysql=(5, 7), mariadb=(10, 5, 2)):
            self.run(f"{table} RENAME INDEX {self.quote(op.old_name)} TO {self.quote(op.new_name)}")
            return
        found = key_definition(self._show_create(op), op.old_name)
        if found is None:
            raise self.missing(op)
        kind, rest = found
        self.run(
            f"{table} DROP INDEX {self.quote(op.old_name)}, "
            f"ADD {kind} {self.quote(op.new_name)} {rest}"
        )

    def check_table(self, op: alembic_ops.RenameTableOp) -> None:
        values = {"schema": op.schema, "old": op.table_name, "new": op.new_table_name}
        found = {row[0] for row in self.rows(_TABLES, values)}
        self.check_table_names(op, op.table_name in found, op.new_table_name in found)

    def rename_constraint(self, op: RenameOp) -> None:
        """Drop and add with the same definition in one statement; a unique one is an index."""
        type_ = getattr(op, "type_", None)
        if self.connection is None:
            self._rename_constraint_unseen(op, type_)
            return
        create_table = self._show_create(op)
        definition = constraint_definition(create_table, op.old_name)
        has_index = key_definition(create_table, op.old_name) is not None
        if definition is None and has_index:
            self.rename_index(op)
        elif definition is not None:
            self._replace_constraint(op, definition, has_index)
        elif type_ == "primary" or op.old_name.upper() == "PRIMARY":
            self._skip_primary(op)
        else:
            raise self.missing(op)

    def rename_schema(self, op: RenameOp) -> None:
        """A schema is a database here, and a table may be renamed into another one."""
        self.run(
            f"ALTER TABLE {self.name(op.table_name, op.old_name)} "
            f"RENAME TO {self.name(op.table_name, op.new_name)}"
        )

    def rename_sequence(self, op: RenameOp) -> None:
        """A MariaDB sequence is a table of its own kind; MySQL has none."""
        self.run(
            f"RENAME TABLE {self.name(op.old_name, op.schema)} "
            f"TO {self.name(op.new_name, op.schema)}"
        )

    def _replace_constraint(self, op: RenameOp, definition: str, has_index: bool) -> None:
        old, new = self.quote(op.old_name), self.quote(op.new_name)
        is_foreign_key = definition.upper().startswith("FOREIGN KEY")
        if is_foreign_key:
            drop = "DROP FOREIGN KEY"
        else:
            drop = "DROP CONSTRAINT" if self._is_mariadb else "DROP CHECK"
        parts = [f"{drop} {old}", f"ADD CONSTRAINT {new} {definition}"]
        if is_foreign_key and has_index:
            # The server made this index for the foreign key and named it after it; left
            # behind, it would be one nobody asked for.
            parts.append(f"RENAME INDEX {old} TO {new}")
        self.run(f"ALTER TABLE {self.name(op.table_name, op.schema)} {', '.join(parts)}")

    def _rename_constraint_unseen(self, op: RenameOp, type_: str | None) -> None:
        if type_ == "unique":
            self.rename_index(op)
        elif type_ == "primary":
            self._skip_primary(op)
        else:
            raise self.refused(
                op,
                f"{self.dialect.name} has no statement that renames a constraint; {op.old_name!r} "
                "is dropped and added as SHOW CREATE TABLE prints it, which --sql mode cannot "
                'read. Run this revision online (a unique constraint needs only type_="unique").',
            )

    def _skip_primary(self, op: RenameOp) -> None:
        log.info("A primary key has no name of its own here: nothing to rename for %s", op.old_name)

    def _along(self, op: RenameOp) -> str:
        """Take along the index that the server made for a foreign key and named after the column.

        Under its old name Alembic would take it for one to drop, which the server refuses.
        """
        if not self._is_at_least(mysql=(5, 7), mariadb=(10, 5, 2)):
            return ""
        values = {"schema": op.schema, "owner": op.table_name, "old": op.old_name}
        found = [row[0] for row in self.rows(_IMPLICIT_INDEX, {**values, "new": op.new_name})]
        if found != [op.old_name]:
            return ""
        return f", RENAME INDEX {self.quote(op.old_name)} TO {self.quote(op.new_name)}"

    def _alter_column(self, op: RenameOp, statement: str) -> None:
        """Rename a column along with what uses it; MariaDB does so by itself."""
        users = []
        if not self._is_mariadb:
            users = column_users(self._show_create(op), op.old_name, op.new_name)
        if any(user.copies for user in users) and (keys := self._foreign_keys(op)):
            # MySQL does not copy a table when a column of a foreign key is renamed (error 1846).
            self._alter_in_place(op, statement, users, keys)
        else:
            self.run(statement + "".join(user.clause for user in users))

    def _alter_in_place(
        self, op: RenameOp, statement: str, users: list[ColumnUser], keys: list[str]
    ) -> None:
        """Leave checks not enforced, which takes no copy, until the column is renamed."""
        if stuck := [user.what for user in users if user.copies and not user.check]:
            raise self.refused(
                op,
                f"MySQL cannot rename column {op.old_name!r} of {op.table_name}: {stuck[0]} and "
                f"foreign key {keys[0]} use it, and it does not change both in one statement. "
                "Drop the foreign key, rename the column, and add the foreign key again.",
            )
        self.run(statement + "".join(user.unenforced for user in users))
        table = f"ALTER TABLE {self.name(op.table_name, op.schema)}"
        for user in users:
            if user.check:
                self.run(f"{table} ALTER CHECK {user.check} ENFORCED")

    def _foreign_keys(self, op: RenameOp) -> list[str]:
        values = {"schema": op.schema, "owner": op.table_name, "old": op.old_name}
        return [row[0] for row in self.rows(_FOREIGN_KEYS, values)]

    def _check_names(self, op: RenameOp, query: str) -> None:
        """Names of columns and indexes are compared without case here."""
        values = {
            "schema": op.schema,
            "owner": op.table_name,
            "old": op.old_name,
            "new": op.new_name,
        }
        found = {row[0].lower() for row in self.rows(query, values)}
        old, new = op.old_name.lower(), op.new_name.lower()
        if old != new and new in found:
            raise self.taken(op) if old in found else self.missing(op, is_done=True)

    def _show_create(self, op: RenameOp) -> str:
        assert self.connection is not None
        name = self.name(op.table_name, op.schema).replace("%", "%%")
        row = self.connection.exec_driver_sql(f"SHOW CREATE TABLE {name}").one()
        text: str = row[1]
        return text

    @property
    def _is_mariadb(self) -> bool:
        dialect: Any = self.dialect
        return bool(getattr(dialect, "is_mariadb", False))

    def _is_at_least(self, *, mysql: tuple[int, ...], mariadb: tuple[int, ...]) -> bool:
        dialect: Any = self.dialect
        version: tuple[int, ...] = dialect.server_version_info
        if self._is_mariadb:
            version = getattr(dialect, "_mariadb_normalized_version_info", None) or version
            return version >= mariadb
        return version >= mysql


def carried_indexes(
    columns: Mapping[str, str],
    indexes: Iterable[Mapping[str, Any]],
    foreign_keys: Iterable[Mapping[str, Any]],
) -> dict[str, str]:
    """The indexes of a table that a rename of its columns takes along, old name to new.

    :param columns: the renamed columns, old name to new.
    :param indexes: the table's indexes as SQLAlchemy's inspector gives them.
    :param foreign_keys: its foreign keys, likewise.
    """
    bound = {name for key in foreign_keys for name in key["constrained_columns"]}
    return {
        name: columns[name]
        for index in indexes
        if (name := str(index["name"])) in columns
        and name in bound
        and not index["unique"]
        and index["column_names"][:1] == [name]
    }
