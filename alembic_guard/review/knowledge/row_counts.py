"""How many rows a data change may touch."""

from __future__ import annotations

import re

from .. import statements as st

_ALWAYS = re.compile(r"^\(*\s*(?:true|1\s*=\s*1|1)\s*\)*$", re.IGNORECASE)
_NAME = r"\b(?:\w*id|code|key|name|slug)\b[\"`\])]*\s*"
_KEY_IN_SQL = re.compile(
    _NAME + r"(?:=|\bin\b)\s*[(\s]*(?:'|\d|[:%?{$]|any\b|array\b|null\b|lower\s*\(\s*['\:])",
    re.IGNORECASE,
)
"""A key that equals a value or parameter; where it equals a column, each row has its partner."""
_KEY_IN_CORE = re.compile(
    _NAME + r"(?:==|\.in_|=(?!=))(?![^,&|]*\.c(?:olumns)?[.\[])", re.IGNORECASE
)


def touches_all_rows(statement: st.Dml) -> bool:
    """Whether no condition limits the rows."""
    return not statement.where or bool(_ALWAYS.match(statement.condition.strip()))


def is_by_key(statement: st.Dml) -> bool:
    """Whether a key picks the rows: a handful, or a batch."""
    if statement.limited:
        return True
    key = _KEY_IN_CORE if statement.via in ("core", "orm") else _KEY_IN_SQL
    return statement.where and key.search(statement.condition) is not None
