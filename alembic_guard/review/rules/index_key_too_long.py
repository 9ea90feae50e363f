"""GRD321: an index key longer than InnoDB allows, or of no known length."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.mysql_ddl import INDEX_BYTES, is_long, key_bytes
from ..place import Place
from ..statements import AddConstraint, CreateIndex, CreateTable
from . import Rule, rule


@rule
class IndexKeyTooLong(Rule):
    """An index key longer than InnoDB allows.

    What it does
    ------------
    Finds indexes whose columns add up to more than 3072 bytes, counting four bytes a character
    unless the charset says less, and on MySQL whole TEXT, BLOB and JSON columns as a key.

    Why it matters
    --------------
    MySQL refuses it: "Specified key was too long", or "BLOB/TEXT column used in key specification
    without a key length". MariaDB indexes a prefix of a TEXT by itself.

    Instead
    -------
    A prefix length (``mysql_length={"path": 255}``), a shorter column, or an indexed hash.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html
    """

    code = "GRD321"
    name = "index-key-too-long"
    hazard = "F21"
    severity = "error"
    dialects = ("mysql", "mariadb")
    on = (
        CreateIndex,
        AddConstraint,
        CreateTable,
    )
    bad = (
        """
        op.create_table("docs", sa.Column("path", sa.String(1000)))
        op.create_index("ix_docs_path", "docs", ["path"])
        """,
        'op.create_table("docs", sa.Column("body", sa.Text(), unique=True))',
    )
    good = (
        """
        op.create_table("docs", sa.Column("path", sa.String(700)))
        op.create_index("ix_docs_path", "docs", ["path"])
        """,
    )

    def check(
        self, statement: CreateIndex | AddConstraint | CreateTable, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            kinds = {column.name: column for column in statement.columns}
            wanted = [
                (s.name, s.columns)
                for s in statement.constraints
                if s.kind in ("unique", "primary")
            ]
            wanted += [
                (c.name, (c.name,))
                for c in statement.columns
                if c.unique or c.index or c.primary_key
            ]
        else:
            table = at.table(statement.table)
            kinds = dict(table.columns) if table is not None else {}
            if isinstance(statement, CreateIndex):
                if statement.options.get("mysql_length") or statement.method in (
                    "fulltext",
                    "spatial",
                ):
                    return
                if statement.options.get("mysql_prefix"):
                    return
                wanted = [(statement.name, statement.columns)]
            else:
                spec = statement.constraint
                wanted = [(spec.name, spec.columns)] if spec.kind in ("unique", "primary") else []
        for name, columns in wanted:
            endless = [c for c in columns if c in kinds and is_long(kinds[c].type)]
            if endless and at.dialect == "mysql":
                yield self._endless(statement, endless[0], name or "", at)
                continue
            sizes = [key_bytes(kinds[c].type) if c in kinds else None for c in columns]
            size = sum(found or 0 for found in sizes)
            if size > INDEX_BYTES:
                yield self.finding(
                    at,
                    statement,
                    f"The key ({', '.join(columns)}) takes up to {size} bytes, {INDEX_BYTES} are allowed: MySQL "
                    "refuses it.",
                    f'Index a prefix, mysql_length={{"{columns[0]}": 255}}, or a hash of it.',
                    objects=[statement.table, name or ""],
                )

    def _endless(
        self,
        statement: CreateIndex | AddConstraint | CreateTable,
        column: str,
        name: str,
        at: Place,
    ) -> Finding:
        return self.finding(
            at,
            statement,
            f"{statement.table}.{column} has no longest value, and its index no length: MySQL refuses the key.",
            f'Index a prefix, mysql_length={{"{column}": 255}}, or a generated column.',
            objects=[statement.table, name],
        )
