"""Column definitions and table constraints in SQL text."""

from __future__ import annotations

import re
from typing import Any, Literal

from ...specs import ColumnSpec, ConstraintKind, ConstraintSpec, Default, DefaultKind
from .cursor import Cursor, ParseError
from .types import SERIALS

_CONSTRAINT_STARTS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE")
_COLUMN_WORDS = (
    "CONSTRAINT", "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "KEY", "CHECK", "REFERENCES",
    "GENERATED", "AS", "AUTO_INCREMENT", "AUTOINCREMENT", "COMMENT", "COLLATE", "CHARACTER",
    "CHARSET", "FIRST", "AFTER", "ON", "INVISIBLE", "VISIBLE", "STORAGE", "COMPRESSION",
    "DEFERRABLE", "INITIALLY", "USING", "VIRTUAL", "STORED", "PERSISTENT", "ALGORITHM", "LOCK", ",",
)  # fmt: skip

_AFTER_TYPE = frozenset(
    [*_COLUMN_WORDS, "OPTIONS", "WITH", "NO", "ENFORCED", "ENCODE", "DISTKEY", "SORTKEY"]
)


def column_definition(cursor: Cursor, name: str, line: int) -> ColumnSpec:
    """Everything after the column's name up to the next comma or parenthesis."""
    values: dict[str, Any] = {"name": name, "line": line}
    ended = cursor.done or cursor.at(",") or cursor.at(")")
    if not ended and not _is_typeless(cursor):
        values["type"] = cursor.type()
        _expect_option(cursor)
    checks: list[ConstraintSpec] = []
    while not cursor.done and not cursor.at(",") and not cursor.at(")"):
        if not _column_option(cursor, values, checks, line):
            cursor.step()
    values["checks"] = tuple(checks)
    spec = ColumnSpec(**values)
    if spec.type is not None and spec.type.name in SERIALS:
        values.update(identity=True, nullable=False)
        spec = ColumnSpec(**values)
    return spec


def _is_typeless(cursor: Cursor) -> bool:
    """Whether an option follows at once, as SQLite allows; CHARACTER begins a type here."""
    word = cursor.token.upper if cursor.token.kind == "word" else ""
    return word in _COLUMN_WORDS and word != "CHARACTER"


def _expect_option(cursor: Cursor) -> None:
    """What follows a type on PostgreSQL is an option; elsewhere a type may be any words."""
    token = cursor.token
    if cursor.dialect != "postgresql" or cursor.done or token.kind not in ("word", "quoted"):
        return
    if token.kind == "quoted" or token.upper not in _AFTER_TYPE:
        raise ParseError(f"nothing is called {token.value!r} after a type", cursor.offset)


def _column_option(
    cursor: Cursor, values: dict[str, Any], checks: list[ConstraintSpec], line: int
) -> bool:
    """Read one option such as NOT NULL; False when the next token is none we know."""
    name = cursor.identifier() if cursor.accept("CONSTRAINT") else None
    if cursor.accept("NOT", "NULL"):
        values["nullable"] = False
    elif cursor.accept("NULL"):
        values["nullable"] = True
    elif cursor.accept("DEFAULT"):
        values["default"] = default_value(cursor, line)
    elif cursor.accept("PRIMARY", "KEY"):
        values.update(primary_key=True, nullable=False)
    elif cursor.accept("UNIQUE"):
        cursor.accept("KEY")
        values["unique"] = True
    elif cursor.accept("CHECK"):
        checks.append(_check(cursor, name, line))
    elif cursor.at("REFERENCES"):
        values["foreign"] = references(cursor, name, (values["name"],), line)
    elif cursor.accept("GENERATED"):
        _generated(cursor, values)
    elif cursor.at("AS", "("):
        cursor.step()
        cursor.parenthesised()
        values["generated"] = _storage(cursor)
    elif cursor.accept_any("AUTO_INCREMENT", "AUTOINCREMENT"):
        values.update(identity=True, autoincrement=True)
    elif cursor.accept("COMMENT"):
        values["comment"] = cursor.step().value
    elif cursor.accept("FIRST"):
        values["position"] = "first"
    elif cursor.accept("AFTER"):
        values["position"] = cursor.identifier()
    elif cursor.accept("ON", "UPDATE"):
        values["on_update"] = cursor.text_until(*_COLUMN_WORDS)
    else:
        return False
    return True


def _generated(cursor: Cursor, values: dict[str, Any]) -> None:
    if cursor.accept("BY", "DEFAULT") or cursor.accept("ALWAYS"):
        pass
    cursor.expect("AS")
    if cursor.accept("IDENTITY"):
        values.update(identity=True, nullable=False)
        if cursor.at("("):
            cursor.parenthesised()
        return
    cursor.parenthesised()
    values["generated"] = _storage(cursor)


def _storage(cursor: Cursor) -> Literal["stored", "virtual"]:
    if cursor.accept("STORED") or cursor.accept("PERSISTENT"):
        return "stored"
    cursor.accept("VIRTUAL")
    return "virtual"


def default_value(cursor: Cursor, line: int) -> Default | None:
    """The expression after DEFAULT; None for ``DEFAULT NULL``."""
    first = cursor.token
    if cursor.accept("NULL"):
        cursor.text_until(*_COLUMN_WORDS)
        return None
    text = cursor.text_until(*_COLUMN_WORDS)
    if not text:
        raise ParseError("DEFAULT has no value", cursor.offset)
    return default_from_text(text, line, quoted=first.kind == "string")


def default_from_text(text: str, line: int = 0, *, quoted: bool | None = None) -> Default | None:
    """A default written as SQL: literals keep their bare value."""
    stripped = text.strip()
    wrapped = stripped.startswith("(")
    while stripped.startswith("(") and stripped.endswith(")") and _wraps(stripped):
        stripped = stripped[1:-1].strip()
    upper = stripped.upper()
    if upper == "NULL" or upper.startswith("NULL::"):
        return None
    if stripped.startswith("'"):
        end = stripped.rfind("'")
        tail = stripped[end + 1 :].strip()
        if end > 0 and (not tail or tail.startswith("::")):
            literal = stripped[1:end].replace("''", "'")
            computed = text_kind(literal) == "python"
            return Default(literal, "python" if computed else "literal", line, wrapped)
    if upper in ("TRUE", "FALSE") or _is_number(stripped):
        return Default(stripped, "literal", line, wrapped)
    if "{" in stripped and stripped.startswith("{") and stripped.endswith("}"):
        return Default(stripped, "unknown", line)
    return Default(stripped, "expression", line)


_CLOCK = re.compile(
    r"\{(?!\s*\")[^{}]*"
    r"\b(?:now|utcnow|today|uuid[1-7]|random|randint|choice|token_\w+|time|environ|getenv)\s*[(\[.][^{}]*\}"
)


def text_kind(text: str) -> DefaultKind:
    """``python`` when a clock or the like was written into the text while the migration ran."""
    if "{" not in text:
        return "literal"
    if _CLOCK.search(text):
        return "python"
    return "unknown" if "{(" in text and "}" in text else "literal"


def _wraps(text: str) -> bool:
    depth = 0
    for index, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0:
            return index == len(text) - 1
    return False


def _is_number(text: str) -> bool:
    try:
        float(text.split("::")[0])
    except ValueError:
        return False
    return True


def at_table_constraint(cursor: Cursor) -> bool:
    """Whether a table constraint follows rather than a column."""
    if cursor.token.kind != "word" or cursor.token.upper not in _CONSTRAINT_STARTS:
        return False
    return cursor.token.upper in ("CONSTRAINT", "EXCLUDE") or (
        cursor.at("PRIMARY", "KEY")
        or cursor.at("FOREIGN", "KEY")
        or cursor.at("CHECK", "(")
        or cursor.token.upper == "UNIQUE"
    )


def table_constraint(cursor: Cursor, line: int) -> ConstraintSpec:
    """``[CONSTRAINT name] PRIMARY KEY | UNIQUE | CHECK | FOREIGN KEY | EXCLUDE | NOT NULL ...``."""
    name = None
    if cursor.accept("CONSTRAINT") and cursor.token.upper not in _CONSTRAINT_STARTS:
        name = cursor.identifier()
    if cursor.accept("PRIMARY", "KEY"):
        return _keyed(cursor, "primary", name, line)
    if cursor.accept("UNIQUE"):
        cursor.accept_any("KEY", "INDEX")
        cursor.accept("NULLS", "DISTINCT")
        cursor.accept("NULLS", "NOT", "DISTINCT")
        if cursor.token.kind in ("word", "quoted") and not cursor.at("USING"):
            name = name or cursor.identifier()
        return _keyed(cursor, "unique", name, line)
    if cursor.accept("CHECK"):
        return _check(cursor, name, line)
    if cursor.accept("NOT", "NULL"):
        column = cursor.identifier()
        return ConstraintSpec("not_null", name, (column,), line=line, **_trailing(cursor))
    if cursor.accept("EXCLUDE"):
        text = cursor.text_until(",", "NOT", "DEFERRABLE")
        return ConstraintSpec("exclude", name, expression=text, line=line, **_trailing(cursor))
    cursor.expect("FOREIGN", "KEY")
    if cursor.token.kind in ("word", "quoted"):
        name = name or cursor.identifier()
    columns = cursor.names_in_parens()
    return references(cursor, name, columns, line)


def _keyed(cursor: Cursor, kind: ConstraintKind, name: str | None, line: int) -> ConstraintSpec:
    if cursor.accept("USING", "INDEX"):
        index = cursor.identifier()
        return ConstraintSpec(
            kind, name or index, using_index=index, line=line, **_trailing(cursor)
        )
    cursor.accept_any("CLUSTERED", "NONCLUSTERED")
    if cursor.accept("USING"):
        cursor.identifier()
    columns = cursor.names_in_parens()
    if cursor.accept("INCLUDE"):
        cursor.names_in_parens()
    return ConstraintSpec(kind, name, columns, line=line, **_trailing(cursor))


def _check(cursor: Cursor, name: str | None, line: int) -> ConstraintSpec:
    expression = cursor.parenthesised()
    return ConstraintSpec("check", name, expression=expression, line=line, **_trailing(cursor))


def references(
    cursor: Cursor, name: str | None, columns: tuple[str, ...], line: int
) -> ConstraintSpec:
    """``REFERENCES table (columns) [ON DELETE ...]`` and what follows."""
    cursor.expect("REFERENCES")
    table = cursor.name()
    ref_columns = cursor.names_in_parens() if cursor.at("(") else ()
    return ConstraintSpec(
        "foreign",
        name,
        columns,
        ref_table=table,
        ref_columns=ref_columns,
        line=line,
        **_trailing(cursor),
    )


def _trailing(cursor: Cursor) -> dict[str, Any]:
    """NOT VALID, NOT ENFORCED, DEFERRABLE, ON DELETE and the like, in any order."""
    values: dict[str, Any] = {}
    while not cursor.done:
        if cursor.accept("NOT", "VALID"):
            values["not_valid"] = True
        elif cursor.accept("NOT", "ENFORCED"):
            values["not_enforced"] = True
        elif cursor.accept("NOT", "DEFERRABLE"):
            pass
        elif cursor.accept("NO", "INHERIT"):
            values["no_inherit"] = True
        elif cursor.accept("DEFERRABLE") or cursor.accept("INITIALLY", "DEFERRED"):
            values["deferrable"] = True
        elif cursor.accept("MATCH"):
            cursor.step()
        elif cursor.at("ON", "DELETE") or cursor.at("ON", "UPDATE"):
            cursor.step()
            key = "on" + cursor.step().value.lower()
            values[key] = _action(cursor)
        elif not (cursor.accept("INITIALLY", "IMMEDIATE") or cursor.accept("ENFORCED")):
            break
    values.pop("", None)
    return values


def _action(cursor: Cursor) -> str:
    if cursor.accept("SET"):
        return f"SET {cursor.step().upper}"
    if cursor.accept("NO", "ACTION"):
        return "NO ACTION"
    return cursor.step().upper
