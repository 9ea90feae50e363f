"""What a DDL statement says it does, as `SchemaChange` values.

A small tokenizer rather than a full SQL parser: it has to know which names a statement
adds, drops and renames, in the dialects of PostgreSQL, MySQL, MariaDB and SQLite. What it
does not recognise becomes ``other``, and the catalog tells the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..facts import ChangeKind, SchemaChange
from .tokens import Token, split_statements, tokens_of

_DDL = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:ALTER|CREATE|DROP|RENAME)\b", re.I | re.S)
_NOT_COLUMNS = frozenset(
    {"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "INDEX", "KEY", "FULLTEXT",
     "SPATIAL", "EXCLUDE", "PARTITION", "PERIOD", "SYSTEM"}
)  # fmt: skip
_CREATE_MODIFIERS = frozenset(
    {"OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "UNIQUE", "FULLTEXT",
     "SPATIAL", "RECURSIVE", "MATERIALIZED", "FOREIGN"}
)  # fmt: skip


def is_ddl(sql: str) -> bool:
    """Whether it is worth parsing."""
    return _DDL.match(sql) is not None


def parse_changes(sql: str, dialect: str = "default") -> list[SchemaChange]:
    """Every change the statements in `sql` announce, in order.

    :param dialect: ``postgresql`` folds unquoted names to lower case.
    """
    changes: list[SchemaChange] = []
    for statement in split_statements(tokens_of(sql)):
        changes.extend(_Statement(statement, folds=dialect == "postgresql").changes())
    return changes


class _Statement:
    """A cursor over one statement's tokens."""

    def __init__(self, tokens: Sequence[Token], *, folds: bool) -> None:
        self._tokens = tokens
        self._folds = folds
        self._at = 0

    def changes(self) -> list[SchemaChange]:
        if self._take("ALTER"):
            return self._alter()
        if self._take("CREATE"):
            return self._create()
        if self._take("DROP"):
            return self._drop()
        if self._take("RENAME") and self._take("TABLE"):
            return list(self._rename_tables())
        return []

    # -- reading ----------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> str:
        index = self._at + ahead
        return self._tokens[index].upper if index < len(self._tokens) else ""

    def _take(self, *words: str) -> bool:
        """Step over these words if they all come next."""
        if all(self._peek(index) == word for index, word in enumerate(words)):
            self._at += len(words)
            return True
        return False

    def _mark(self, mark: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at].text == mark:
            self._at += 1
            return True
        return False

    def _skip(self, *words: str) -> None:
        while self._peek() in words and self._peek():
            self._at += 1

    def _name(self) -> str:
        if self._at >= len(self._tokens):
            return ""
        token = self._tokens[self._at]
        self._at += 1
        fold = self._folds and token.kind == "word"
        return token.name.lower() if fold else token.name

    def _string(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1].string if self._at <= len(self._tokens) else ""

    def _owner(self) -> tuple[str | None, str]:
        """A possibly qualified name: schema and name."""
        schema, name = None, self._name()
        while self._mark("."):
            schema, name = name, self._name()
        return schema, name

    def _if_exists(self) -> None:
        self._skip("IF", "NOT", "EXISTS")

    # -- statements -------------------------------------------------------------------

    def _alter(self) -> list[SchemaChange]:
        self._skip("ONLINE", "IGNORE", "FOREIGN")
        kind = self._name().upper()
        self._if_exists()
        self._skip("ONLY")
        schema, name = self._owner()
        self._mark("*")
        if kind == "TABLE":
            return [change for action in self._actions() for change in action.table(schema, name)]
        return self._alter_other(kind, schema, name)

    def _alter_other(self, kind: str, schema: str | None, name: str) -> list[SchemaChange]:
        if self._take("RENAME", "VALUE"):
            old = self._string()
            self._take("TO")
            return [SchemaChange("rename_enum_value", schema, name, old, self._string())]
        if self._take("RENAME", "TO"):
            renamed: dict[str, ChangeKind] = {
                "INDEX": "rename_index",
                "SEQUENCE": "rename_sequence",
                "TYPE": "rename_enum_type",
                "VIEW": "rename_table",
            }
            return [SchemaChange(renamed.get(kind, "other"), schema, None, name, self._name())]
        if kind in ("VIEW", "MATERIALIZED"):
            return [_other(schema, name, "alter view")]
        return [SchemaChange("other", schema, None, name, detail={"statement": f"alter {kind}"})]

    def _actions(self) -> Iterator[_Statement]:
        """The comma-separated actions of an ALTER TABLE, each as a statement of its own."""
        depth, start = 0, self._at
        for index in range(self._at, len(self._tokens)):
            text = self._tokens[index].text
            depth += {"(": 1, ")": -1}.get(text, 0)
            if text == "," and not depth:
                yield _Statement(self._tokens[start:index], folds=self._folds)
                start = index + 1
        yield _Statement(self._tokens[start:], folds=self._folds)

    def table(self, schema: str | None, table: str) -> Iterator[SchemaChange]:
        """The changes one action of ALTER TABLE makes to `table`."""
        if self._take("RENAME"):
            yield self._rename(schema, table)
        elif self._take("ADD"):
            yield from self._add(schema, table)
        elif self._take("DROP"):
            yield self._drop_part(schema, table)
        elif self._take("CHANGE"):
            self._take("COLUMN")
            self._if_exists()
            old, new = self._name(), self._name()
            if old != new:
                yield SchemaChange("rename_column", schema, table, old, new)
            yield SchemaChange("alter_column", schema, table, new, new)
        elif self._take("ALTER", "CONSTRAINT") or self._take("ALTER", "INDEX"):
            yield _other(schema, table, "alter constraint")
        elif self._take("ALTER") or self._take("MODIFY"):
            self._take("COLUMN")
            self._if_exists()
            column = self._name()
            yield SchemaChange("alter_column", schema, table, column, column)
        else:
            yield _other(schema, table, self._peek().lower() or "alter table")

    def _rename(self, schema: str | None, table: str) -> SchemaChange:
        kinds: dict[str, ChangeKind] = {
            "CONSTRAINT": "rename_constraint",
            "INDEX": "rename_index",
            "KEY": "rename_index",
            "COLUMN": "rename_column",
        }
        if self._peek() in ("TO", "AS") and self._peek(1) != "TO":
            self._at += 1
            new_schema, new = self._owner()
            detail = {"new_schema": new_schema} if new_schema not in (None, schema) else {}
            return SchemaChange("rename_table", schema, table, table, new, detail)
        kind: ChangeKind = "rename_column"
        if self._peek() in kinds and self._peek(1) != "TO":
            kind = kinds[self._peek()]
            self._at += 1
        self._if_exists()
        old = self._name()
        self._take("TO")
        return SchemaChange(kind, schema, table, old, self._name())

    def _add(self, schema: str | None, table: str) -> Iterator[SchemaChange]:
        is_column = self._take("COLUMN")
        self._if_exists()
        if not is_column and self._peek() in _NOT_COLUMNS:
            yield _other(schema, table, f"add {self._peek().lower()}")
        elif self._mark("("):
            closing = self._tokens[self._at : -1]
            for part in _Statement(closing, folds=self._folds)._actions():
                yield SchemaChange("add_column", schema, table, new=part._name())
        else:
            yield SchemaChange("add_column", schema, table, new=self._name())

    def _drop_part(self, schema: str | None, table: str) -> SchemaChange:
        is_column = self._take("COLUMN")
        if not is_column and self._peek() in _NOT_COLUMNS and self._peek(1):
            return _other(schema, table, f"drop {self._peek().lower()}")
        self._if_exists()
        return SchemaChange("drop_column", schema, table, self._name())

    def _create(self) -> list[SchemaChange]:
        while self._peek() in _CREATE_MODIFIERS:
            if self._take("OR", "REPLACE"):
                continue
            self._at += 1
        kind = self._name().upper()
        if kind == "TABLE":
            self._if_exists()
            schema, name = self._owner()
            return [SchemaChange("add_table", schema, name, new=name)]
        if kind == "INDEX":
            return [self._create_index()]
        if kind == "VIEW":
            self._if_exists()
            schema, name = self._owner()
            return [_other(schema, name, "create view")]
        return []

    def _create_index(self) -> SchemaChange:
        self._skip("CONCURRENTLY")
        while self._at < len(self._tokens) and not self._take("ON"):
            self._at += 1
        self._skip("ONLY")
        schema, name = self._owner()
        return _other(schema, name, "create index")

    def _drop(self) -> list[SchemaChange]:
        self._skip("TEMPORARY", "MATERIALIZED")
        kind = self._name().upper()
        self._skip("CONCURRENTLY")
        self._if_exists()
        if kind == "INDEX":
            return self._drop_index()
        if kind not in ("TABLE", "VIEW"):
            return []
        names = [self._owner()]
        while self._mark(","):
            names.append(self._owner())
        if kind == "VIEW":
            return [_other(schema, name, "drop view") for schema, name in names]
        return [SchemaChange("drop_table", schema, name, name) for schema, name in names]

    def _drop_index(self) -> list[SchemaChange]:
        schema, index = self._owner()
        if self._take("ON"):
            schema, table = self._owner()
            return [_other(schema, table, "drop index")]
        return [SchemaChange("other", schema, None, index, detail={"statement": "drop index"})]

    def _rename_tables(self) -> Iterator[SchemaChange]:
        while True:
            schema, old = self._owner()
            self._take("TO")
            _, new = self._owner()
            yield SchemaChange("rename_table", schema, old, old, new)
            if not self._mark(","):
                return


def _other(schema: str | None, table: str, statement: str) -> SchemaChange:
    return SchemaChange("other", schema, table, detail={"statement": statement})
