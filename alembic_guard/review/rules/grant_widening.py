"""GRD961: rights given to everybody, or a superuser made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import Grant, OtherSql
from . import Rule, rule

_SUPERUSER = re.compile(
    r"^\s*(?:create|alter)\s+(?:role|user)\s+(\S+).*\bsuperuser\b", re.IGNORECASE | re.DOTALL
)


@rule
class GrantWidening(Rule):
    """Rights given to everybody, or a superuser made.

    What it does
    ------------
    Finds GRANT ... TO PUBLIC and roles made SUPERUSER.

    Why it matters
    --------------
    Every role of the cluster, present and future, gets the right.

    Instead
    -------
    Grant what is needed to the role that needs it.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-grant.html
    """

    code = "GRD961"
    name = "grant-widening"
    hazard = "X01"
    dialects = ("postgresql",)
    on = (
        Grant,
        OtherSql,
    )
    bad = ('op.execute("GRANT ALL ON orders TO PUBLIC")',)
    good = ('op.execute("GRANT SELECT ON orders TO reporting")',)

    def check(self, statement: Grant | OtherSql, at: Place) -> Iterator[Finding]:
        if isinstance(statement, Grant):
            if statement.revoke or not any(name.upper() == "PUBLIC" for name in statement.to):
                return
            what = f"Every role, present and future, gets {statement.privileges} on {statement.on}."
        else:
            match = _SUPERUSER.match(statement.sql)
            if match is None:
                return
            what = f"{match[1]} may do everything on the whole cluster."
        yield self.finding(at, statement, what, "Grant what is needed to the role that needs it.")
