"""GRD131: A FULLTEXT or SPATIAL index on an existing table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import CreateIndex
from . import Rule, rule


@rule
class MysqlFulltextSpatial(Rule):
    """A FULLTEXT or SPATIAL index on an existing table.

    What it does
    ------------
    Finds FULLTEXT and SPATIAL indexes added to tables in use.

    Why it matters
    --------------
    They cannot be built with LOCK=NONE: writes wait, and the first FULLTEXT index rebuilds the
    table.

    Instead
    -------
    Off-peak, or with gh-ost.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-index-operations
    """

    code = "GRD131"
    name = "mysql-fulltext-spatial"
    hazard = "L31"
    dialects = ("mysql", "mariadb")
    on = (CreateIndex,)
    bad = ('op.create_index("ft_items_title", "items", ["title"], mysql_prefix="FULLTEXT")',)
    good = ('op.create_index("ix_items_title", "items", ["title"])',)

    def check(self, statement: CreateIndex, at: Place) -> Iterator[Finding]:
        kind = (statement.method or str(statement.options.get("mysql_prefix", ""))).upper()
        if kind not in ("FULLTEXT", "SPATIAL") or at.is_new(statement.table):
            return
        rebuild = ", and the first one rebuilds the table" if kind == "FULLTEXT" else ""
        yield self.finding(
            at,
            statement,
            f"Building the {kind} index {statement.name} makes writes to {statement.table} wait{rebuild}.",
            f"Run it when {statement.table} is quiet, or with gh-ost.",
            objects=[statement.table, statement.name or ""],
        )
