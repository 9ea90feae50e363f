"""SQL expressions of either side in one spelling."""

from __future__ import annotations

import re

from sqlalchemy.engine import Dialect
from sqlalchemy.sql import elements

# PostgreSQL writes the casts it made itself: ``((state)::text = 'new'::text)``.
_CAST = re.compile(
    r"::(?:character varying|bit varying|double precision"
    r"|time(?:stamp)?(?:\(\d\))? with(?:out)? time zone"
    r"|(?:\"[^\"]+\"|\w+)(?:\.(?:\"[^\"]+\"|\w+))?)(?:\([\d, ]*\))?(?:\[\])*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[`\"](\w+)[`\"]")
_ALONE = re.compile(r"(?<!\w)\((\w+)\)")
_OPERATOR = re.compile(r"\s*([=<>!]+)\s*")


def normal_text(sql: object) -> str | None:
    """An expression in one spelling: no casts, quotes or outer brackets, lower case."""
    if sql is None:
        return None
    text = _QUOTED.sub(r"\1", _CAST.sub("", " ".join(str(sql).split()))).strip().lower()
    text = _OPERATOR.sub(r" \1 ", _ALONE.sub(r"\1", text)).strip()
    while _is_bracketed(text):
        text = text[1:-1].strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    if text in ("current_timestamp()", "now()", "current_timestamp"):
        return "now"
    if text in ("t", "true", "1"):
        return "true"
    if text in ("f", "false", "0"):
        return "false"
    return None if text in ("null", "") or text.startswith("nextval(") else text


def _is_bracketed(text: str) -> bool:
    """Whether one pair of brackets holds everything, unlike in ``(a) + (b)``."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1 and len(text) > 1
    return False


def rendered(clause: object, dialect: Dialect) -> str:
    """A clause as SQL with its values in place, columns without their table."""
    if isinstance(clause, elements.ClauseElement):
        kwargs = {"literal_binds": True, "include_table": False}
        try:
            return str(clause.compile(dialect=dialect, compile_kwargs=kwargs))
        except Exception:
            return str(clause)
    return str(clause)
