"""One step of a plan, and the pieces of code steps are written with."""

from __future__ import annotations

import re

from ...record import frozen_record
from ..knowledge.words import reserved_effect
from ..specs import TypeSpec
from ..state import Schema, Table

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_SQL_NAMES = {"double": "double precision"}
_LONGEST = 63
_BIND = re.compile(r"(?<![:\w]):(\w)")


@frozen_record
class Step:
    """Bodies of both functions, and a title that says when to release it."""

    title: str
    up: str
    down: str


@frozen_record
class Target:
    """The table a plan changes, on a dialect, as the chain knows it before the change."""

    table: str
    dialect: str = "postgresql"
    schema: Schema | None = None

    @property
    def known(self) -> Table | None:
        return self.schema.table(self.table) if self.schema is not None else None

    @property
    def name(self) -> str:
        """The table as SQL writes it."""
        return ".".join(self.quote(part, "table") for part in self.table.split("."))

    @property
    def short(self) -> str:
        return self.table.rpartition(".")[2]

    @property
    def keyword(self) -> str:
        """The last argument of an operation on a table of another schema."""
        schema = self.table.rpartition(".")[0]
        return f', schema="{schema}"' if schema else ""

    def quote(self, name: str, place: str = "column") -> str:
        """A name as SQL writes it, in quotes only where it needs them."""
        if _PLAIN.fullmatch(name) and reserved_effect(name, place, self.dialect, (99,)) is None:
            return name
        return f"`{name}`" if self.dialect in ("mysql", "mariadb") else f'"{name}"'

    def named(self, *parts: str) -> str:
        """A name for a new object, as long as the server allows."""
        words = "_".join(re.sub(r"\W", "_", part) for part in parts)
        return words[:_LONGEST]


def sql_type(kind: TypeSpec | None, dialect: str) -> str | None:
    """The type as the server writes it; None when that is not known well enough."""
    if kind is None or not kind.known:
        return None
    if kind.name == "enum" and (dialect != "postgresql" or not kind.enum_name):
        return None
    if dialect != "postgresql" and (kind.charset or kind.collation or kind.values):
        return None
    name = kind.enum_name or _SQL_NAMES.get(kind.name, kind.name)
    args = f"({', '.join(map(str, kind.args))})" if kind.args else ""
    return f"{name}{args}{' unsigned' if kind.unsigned else ''}{'[]' * kind.array}"


def execute(sql: str, comment: str = "") -> str:
    """``op.execute(...)``, over several lines where the text needs it."""
    text = _escaped(sql)
    if "\n" in text:
        lines = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
        return f'op.execute(\n    """\n{lines}\n    """\n){comment}'
    if '"' in text:
        return (
            f"op.execute('{text}'){comment}"
            if "'" not in text
            else f'op.execute("""{text} """){comment}'
        )
    return f'op.execute("{text}"){comment}'


def _escaped(sql: str) -> str:
    """The text inside a Python string that `sa.text` reads."""
    return _BIND.sub(r"\\\\:\1", sql.replace("\\", "\\\\"))


def in_batches(sql: str) -> str:
    """Run a statement outside of the transaction until it finds no more rows."""
    text = _escaped(sql)
    quotes = '"""' if '"' in text else '"'
    return (
        "with op.get_context().autocommit_block():\n"
        "    bind = op.get_bind()\n"
        f"    while bind.execute(sa.text({quotes}{text}{quotes})).rowcount:\n"
        "        pass"
    )


def outside(*statements: str) -> str:
    """Statements outside of the transaction."""
    body = "\n".join(f"    {line}" for statement in statements for line in statement.splitlines())
    return f"with op.get_context().autocommit_block():\n{body}"
