"""GRD962: A SECURITY DEFINER function without a search_path."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import CodeStatement
from . import Rule, rule


@rule
class SecurityDefinerPath(Rule):
    """A SECURITY DEFINER function without a search_path.

    What it does
    ------------
    Finds functions that run with their owner's rights and the caller's search_path.

    Why it matters
    --------------
    A caller puts a schema of his own first and the function runs his objects with the owner's
    rights.

    Instead
    -------
    ``SET search_path = pg_catalog, public`` (or an empty one) on the function.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
    """

    code = "GRD962"
    name = "security-definer-path"
    hazard = "X02"
    severity = "error"
    dialects = ("postgresql",)
    on = (CodeStatement,)
    bad = (
        'op.execute("CREATE FUNCTION purge() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$")',
    )
    good = (
        """
        op.execute(
            "CREATE FUNCTION purge() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog "
            "AS $$ SELECT 1 $$"
        )
        """,
    )

    def check(self, statement: CodeStatement, at: Place) -> Iterator[Finding]:
        if (
            not statement.security_definer
            or statement.has_search_path
            or statement.action == "drop"
        ):
            return
        yield self.finding(
            at,
            statement,
            f"{statement.name} runs with its owner's rights but the caller's search_path: a caller can make it use "
            "his own tables and functions.",
            f"Add SET search_path = pg_catalog, public to {statement.name}.",
            objects=[statement.name],
        )
