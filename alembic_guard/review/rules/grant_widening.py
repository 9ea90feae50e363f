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

_DEFAULT = re.compile(
    r"^\s*alter\s+default\s+privileges\b.*\bgrant\s+(.+?)\s+to\s+public\b",
    re.IGNORECASE | re.DOTALL,
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
    bad = (
        'op.execute("GRANT ALL ON orders TO PUBLIC")',
        'op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC")',
    )
    good = (
        'op.execute("GRANT SELECT ON orders TO reporting")',
        'op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reporting")',
    )

    def check(self, statement: Grant | OtherSql, at: Place) -> Iterator[Finding]:
        if isinstance(statement, Grant):
            if statement.revoke or not any(name.upper() == "PUBLIC" for name in statement.to):
                return
            what = f"Every role, present and future, gets {statement.privileges} on {statement.on}."
        else:
            default, role = _DEFAULT.match(statement.sql), _SUPERUSER.match(statement.sql)
            if default is not None:
                what = f"Every role, present and future, gets {default[1]} made from now on."
            elif role is not None:
                what = f"{role[1]} may do everything on the whole cluster."
            else:
                return
        yield self.finding(at, statement, what, "Grant what is needed to the role that needs it.")
