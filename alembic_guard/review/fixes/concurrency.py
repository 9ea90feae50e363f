"""Statements that PostgreSQL can run beside other transactions."""

from __future__ import annotations

from .registry import Proposal, fixer, proposal
from .site import Site

CONCURRENTLY = "postgresql_concurrently=True"


@fixer("GRD101")
def build_index_concurrently(site: Site) -> Proposal | None:
    """CREATE INDEX CONCURRENTLY, outside the transaction."""
    title = "Build the index concurrently"
    if site.method == "create_index":
        return proposal(title, [site.autocommit(site.with_argument(CONCURRENTLY))])
    if site.method == "execute" and site.is_one_statement:
        found = site.in_sql(
            r"\b(CREATE\s+(?:UNIQUE\s+)?INDEX)\b(?!\s+CONCURRENTLY)", r"\1 CONCURRENTLY"
        )
        return proposal(title, [site.autocommit(found)])
    return None


@fixer("GRD102")
def drop_index_concurrently(site: Site) -> Proposal | None:
    """DROP INDEX CONCURRENTLY, outside the transaction."""
    title = "Drop the index concurrently"
    if site.method == "drop_index":
        return proposal(title, [site.autocommit(site.with_argument(CONCURRENTLY))])
    if site.method == "execute" and site.is_one_statement:
        found = site.in_sql(r"\b(DROP\s+INDEX)\b(?!\s+CONCURRENTLY)", r"\1 CONCURRENTLY")
        return proposal(title, [site.autocommit(found)])
    return None


@fixer("GRD103")
def reindex_concurrently(site: Site) -> Proposal | None:
    """REINDEX ... CONCURRENTLY, outside the transaction."""
    if site.method != "execute" or not site.is_one_statement:
        return None
    found = site.in_sql(r"\b(REINDEX\s+(?:INDEX|TABLE|SCHEMA))\b", r"\1 CONCURRENTLY")
    return proposal("Rebuild the index concurrently", [site.autocommit(found)])


@fixer("GRD116")
def detach_concurrently(site: Site) -> Proposal | None:
    """DETACH PARTITION ... CONCURRENTLY, outside the transaction."""
    if site.method != "execute" or not site.is_one_statement:
        return None
    found = site.in_sql(r"\b(DETACH\s+PARTITION\s+[\w.]+)", r"\1 CONCURRENTLY")
    return proposal("Detach the partition concurrently", [site.autocommit(found)])


@fixer("GRD117")
def refresh_concurrently(site: Site) -> Proposal | None:
    """REFRESH MATERIALIZED VIEW CONCURRENTLY; only a person knows whether a unique index exists."""
    if site.method != "execute":
        return None
    found = site.in_sql(r"\b(REFRESH\s+MATERIALIZED\s+VIEW)\b", r"\1 CONCURRENTLY")
    return proposal("Refresh beside the readers (needs a unique index)", [found], safe=False)


@fixer("GRD304", "GRD305", "GRD111", "GRD803")
def leave_the_transaction(site: Site) -> Proposal | None:
    """The statement as it is, inside ``autocommit_block()``."""
    if not site.method or not site.is_one_statement:
        return None
    return proposal("Leave the transaction for it", [site.autocommit()])
