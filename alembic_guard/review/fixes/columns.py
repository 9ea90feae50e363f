"""Columns added and changed without a rewrite or a failure."""

from __future__ import annotations

import ast
import re

from .registry import Proposal, fixer, proposal
from .site import Site


def _column_call(site: Site) -> ast.Call | None:
    """The ``sa.Column(...)`` of an add_column."""
    found = site.argument(1, "column")
    return found if isinstance(found, ast.Call) else None


def _keyword(call: ast.Call, name: str) -> ast.keyword | None:
    return next((k for k in call.keywords if k.arg == name), None)


@fixer("GRD202")
def set_default_afterwards(site: Site) -> Proposal | None:
    """A nullable column first, its volatile default for new rows after it."""
    call = _column_call(site) if site.method == "add_column" else None
    default = _keyword(call, "server_default") if call is not None else None
    if call is None or default is None or not call.args:
        return None
    table, column = site.argument(0, "table_name"), call.args[0]
    if table is None or not isinstance(column, ast.Constant):
        return None
    edits = [site.without_keyword("server_default", call)]
    nullable = _keyword(call, "nullable")
    if nullable is not None:
        edits.append(site.replace(nullable.value, "True"))
    schema = site.keyword("schema")
    extra = f", schema={site.source(schema.value)}" if schema is not None else ""
    edits.append(
        site.after(
            f"{site.op}.alter_column({site.source(table)}, {site.source(column)}, "
            f"server_default={site.source(default.value)}{extra})"
        )
    )
    return proposal(
        "Set the default for new rows only; fill the old ones in batches", edits, safe=False
    )


@fixer("GRD307")
def create_the_type(site: Site) -> Proposal | None:
    """The enum type, created where it does not exist yet."""
    call = _column_call(site) if site.method == "add_column" else None
    if call is None or len(call.args) < 2:
        return None
    line = f"{site.source(call.args[1])}.create({site.op}.get_bind(), checkfirst=True)"
    return proposal("Create the enum type first", [site.before(line)])


@fixer("GRD308")
def say_how_to_convert(site: Site) -> Proposal | None:
    """``postgresql_using`` as the message proposes it."""
    match = re.search(r'postgresql_using="[^"]+"', site.finding.help)
    if site.method != "alter_column" or match is None:
        return None
    return proposal("Say how to convert the values", [site.with_argument(match[0])], safe=False)


@fixer("GRD816")
def let_the_database_compute(site: Site) -> Proposal | None:
    """A clock read by Python becomes the server's clock."""
    call = _column_call(site) if site.method == "add_column" else None
    default = _keyword(call, "server_default") if call is not None else None
    if default is None or not re.search(r"\b(now|utcnow|today)\(", site.source(default.value)):
        return None
    edit = site.replace(default.value, f"{site.sa}.func.now()")
    return proposal("Let the database read the clock", [edit])


@fixer("GRD311", "GRD312")
def use_a_batch_block(site: Site) -> Proposal | None:
    """The same operation in a block that copies the table."""
    tables = {"alter_column": 0, "add_column": 0, "drop_column": 0}
    tables |= {"create_unique_constraint": 1, "create_check_constraint": 1, "drop_constraint": 1}
    position = tables.get(site.method)
    if position is None or len(site.call.args) <= position or site.keyword("schema") is not None:
        return None
    table = site.call.args[position]
    start, end = site.span(table)
    comma = re.match(r"\s*,\s*", site.text[end:])
    if comma is None:
        before = re.search(r",\s*$", site.text[:start])
        removed = site.edit(before.start() if before else start, end, "")
    else:
        removed = site.edit(start, end + comma.end(), "")
    owner = site.call.func
    assert isinstance(owner, ast.Attribute)
    edits = (site.replace(owner.value, "batch_op"), removed)
    header = f"with {site.op}.batch_alter_table({site.source(table)}) as batch_op:"
    return proposal("Let Alembic copy the table", [site.wrapped(header, edits=edits)])


@fixer("GRD132")
def alter_in_place(site: Site) -> Proposal | None:
    """A batch block that alters instead of copying."""
    return proposal("Alter the table in place", [site.without_keyword("recreate")])
