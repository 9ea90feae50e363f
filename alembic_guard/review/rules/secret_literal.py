"""GRD965: A password or key written into a migration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..revision import Revision
from . import Rule, rule

_SECRET = r"""
    \bPASSWORD\s+'[^'{%:]{4,}' | \bIDENTIFIED\s+BY\s+'[^'{%:]{4,}'
    | \b[a-z][a-z0-9+]*://[^\s:/@{'"]+:[^\s:/@{'"]+@[\w.-]+
    | -----BEGIN\s[A-Z ]*PRIVATE\sKEY----- | \bAKIA[0-9A-Z]{16}\b | \bgh[pousr]_[A-Za-z0-9]{36}\b
    | \b[sr]k_live_[A-Za-z0-9]{16,}\b | \bxox[baprs]-[A-Za-z0-9-]{10,}
    | \b(?:host|hostaddr|port|dbname|user)=[^\s'"]+\s(?:\w+=[^\s'"]+\s)*password=[^\s'"{%]{4,}
    | (?:api_?key|secret|token|password)\w{0,20}["'`]?\s*[:=]\s*
      (?P<quote>["'])(?=[^"'\n]*\d)(?=[^"'\n]*[A-Za-z])(?![^"'\n]*(?:\d{4}-\d\d|[xX*]{4}))
      [A-Za-z0-9_.+/=!@-]{16,}(?P=quote)
"""
"""Compiled when a hint is found: `re` takes 2 ms for it, and few migrations hold one."""

_HINTS = (
    "password",
    "identified",
    "://",
    "private key",
    "akia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "k_live_",
    "xox",
    "api_key",
    "apikey",
    "secret",
    "token",
)
"""One of these is part of every secret; looking for them first spares the pattern most files."""


@rule
class SecretLiteral(Rule):
    """A password or key written into a migration.

    What it does
    ------------
    Finds passwords in CREATE ROLE and IDENTIFIED BY, URLs with a password, private keys,
    well-known tokens, and long random text given to something called a key, secret or token.

    Why it matters
    --------------
    Migrations are kept in version control for ever, and the statement shows up in server logs.

    Instead
    -------
    Read it from the environment or a secret store when it is needed, outside of migrations.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createrole.html
    """

    code = "GRD965"
    name = "secret-literal"
    hazard = "X05"
    severity = "error"
    bad = (
        "op.execute(\"SELECT dblink_connect('host=db2 user=app password=q8-wren-lamp')\")",
        "op.execute(\"CREATE ROLE app LOGIN PASSWORD 'hunter2-hunter2'\")",
        """
        mailers = sa.table("mailers", sa.column("name"), sa.column("api_key"))
        op.bulk_insert(mailers, [{"name": "post", "api_key": "mk9-04fe77c1a2d85b36"}])
        """,
    )
    good = (
        'op.execute("CREATE ROLE app LOGIN")',
        """
        op.add_column("mailers", sa.Column("token", sa.String(64)))
        op.execute("UPDATE mailers SET token = 'to-be-set-by-operator' WHERE id = 3")
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        text = revision.source.lower()
        for hint in _HINTS:
            if hint in text:
                break
        else:
            return
        for match in re.finditer(_SECRET, revision.source, re.VERBOSE | re.IGNORECASE):
            yield self.finding(
                at,
                revision.source.count("\n", 0, match.start()) + 1,
                "A secret stands in this migration: it stays in version control for ever and shows up in logs.",
                "Set it outside of migrations, from the environment or a secret store, and change it now.",
            )
