"""Constraints added in steps that block nobody for long."""

from __future__ import annotations

from ..knowledge.wording import index_name, listed, quoted
from .concurrency import CONCURRENTLY
from .registry import Proposal, fixer, proposal
from .site import Site

NOT_VALID = "postgresql_not_valid=True"


@fixer("GRD105", "GRD106")
def add_not_valid(site: Site) -> Proposal | None:
    """NOT VALID now; VALIDATE belongs into the next revision."""
    title = "Add it NOT VALID; validate it in the next revision"
    if site.dialect != "postgresql":
        return None
    if site.method in ("create_foreign_key", "create_check_constraint"):
        return proposal(title, [site.with_argument(NOT_VALID)])
    if site.method == "execute":
        check = site.in_sql(r"(CHECK\s*\((?:[^()]|\([^()]*\))*\))", r"\1 NOT VALID")
        foreign = site.in_sql(
            r"(REFERENCES\s+[\w.]+\s*(?:\([^()]*\))?"
            r"(?:\s+ON\s+(?:DELETE|UPDATE)\s+(?:CASCADE|RESTRICT|NO\s+ACTION|SET\s+NULL|SET\s+DEFAULT))*)",
            r"\1 NOT VALID",
        )
        return proposal(title, [foreign if site.finding.code == "GRD105" else check])
    return None


@fixer("GRD122")
def domain_not_valid(site: Site) -> Proposal | None:
    """ALTER DOMAIN ... NOT VALID."""
    if site.method != "execute":
        return None
    found = site.in_sql(r"(CHECK\s*\((?:[^()]|\([^()]*\))*\))", r"\1 NOT VALID")
    return proposal("Add it NOT VALID; validate it in the next revision", [found])


@fixer("GRD107")
def unique_from_index(site: Site) -> Proposal | None:
    """A unique index built concurrently, then made the constraint."""
    columns = site.strings(2, "columns")
    return _from_index(site, "create_unique_constraint", "UNIQUE", columns, "uq")


@fixer("GRD108")
def primary_from_index(site: Site) -> Proposal | None:
    """The same for a primary key; its columns should be NOT NULL by then."""
    columns = site.strings(2, "columns")
    return _from_index(site, "create_primary_key", "PRIMARY KEY", columns, "pk")


def _from_index(
    site: Site, method: str, words: str, columns: list[str] | None, prefix: str
) -> Proposal | None:
    table = site.string(1, "table_name")
    if site.dialect != "postgresql" or site.method != method or table is None or not columns:
        return None
    schema = site.string(9, "schema")
    name = site.string(0, "constraint_name") or index_name(table, columns, prefix)
    where = f"{schema}.{table}" if schema else table
    options = f"schema={quoted(schema)}, {CONCURRENTLY}" if schema else CONCURRENTLY
    lines = [
        f"with {site.op}.get_context().autocommit_block():",
        f"    {site.op}.create_index(",
        f"        {quoted(name)}, {quoted(table)}, {listed(columns)}, unique=True, {options}",
        "    )",
        f"{site.op}.execute(",
        f'    "ALTER TABLE {where} ADD CONSTRAINT {name} {words} USING INDEX {name}"',
        ")",
    ]
    return proposal(
        f"Build the index concurrently, then make it the {words}", [site.instead(lines)]
    )


@fixer("GRD110")
def set_not_null_in_steps(site: Site) -> Proposal | None:
    """A CHECK, validated outside the transaction, lets SET NOT NULL skip its scan."""
    table, column = site.string(0, "table_name"), site.string(1, "column_name")
    if site.method != "alter_column" or table is None or column is None:
        return None
    schema = site.string(9, "schema")
    where = f"{schema}.{table}" if schema else table
    name = f"ck_{table}_{column}_not_null"[:63]
    before = site.before(
        f"\n{site.indent}".join(
            [
                f"{site.op}.execute(",
                f'    "ALTER TABLE {where} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"',
                ")",
                f"with {site.op}.get_context().autocommit_block():",
                f'    {site.op}.execute("ALTER TABLE {where} VALIDATE CONSTRAINT {name}")',
            ]
        )
    )
    after = site.after(f'{site.op}.execute("ALTER TABLE {where} DROP CONSTRAINT {name}")')
    return proposal("Prove it with a validated CHECK first", [before, after])


@fixer("GRD309")
def name_the_constraint(site: Site) -> Proposal | None:
    """The name PostgreSQL gave to the constraint that `upgrade` created without one."""
    import re

    first = site.argument(0, "constraint_name")
    guess = re.search(r'probably "(\w+)"', site.finding.help)
    if site.method != "drop_constraint" or first is None or guess is None:
        return None
    return proposal(f"Drop {guess[1]} by its name", [site.replace(first, quoted(guess[1]))])
