"""How many rows a data change may touch."""

from __future__ import annotations

import re

from .. import statements as st

_ALWAYS = re.compile(r"^\(*\s*(?:true|1\s*=\s*1|1)\s*\)*$", re.IGNORECASE)
_KEY = re.compile(r"\b(?:\w*id|code|key|name|slug)\b\W*(?:=|in\b)", re.IGNORECASE)


def touches_all_rows(statement: st.Dml) -> bool:
    """Whether no condition limits the rows."""
    return not statement.where or bool(_ALWAYS.match(statement.condition.strip()))


def is_by_key(statement: st.Dml) -> bool:
    """Whether a key picks the rows: a handful, or a batch."""
    return statement.limited or (statement.where and bool(_KEY.search(statement.condition)))
