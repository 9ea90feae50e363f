"""Single statements put right."""

from __future__ import annotations

import re

from .registry import Proposal, fixer, proposal
from .site import Site


@fixer("GRD804")
def set_local(site: Site) -> Proposal | None:
    """SET LOCAL ends with the transaction."""
    if site.method != "execute":
        return None
    found = site.in_sql(r"\bSET\s+(?:SESSION\s+)?(?!LOCAL\b)(?=\w)", "SET LOCAL ")
    return proposal("Set it for this transaction only", [found])


@fixer("GRD118")
def bound_the_wait(site: Site) -> Proposal | None:
    """A lock timeout before the statement."""
    line = f"{site.op}.execute(\"SET LOCAL lock_timeout = '2s'\")"
    return proposal("Give up after two seconds instead of queueing", [site.before(line)])


@fixer("GRD318")
def escape_the_colon(site: Site) -> Proposal | None:
    """A backslash, doubled unless the literal is raw."""
    name = site.finding.message.split(" ", 1)[0]
    start, end = site.span(site.node)
    segment = site.text[start:end]
    raw = re.search(r"\b[rR][fF]?[\"']", segment) is not None
    slash = "\\" if raw else "\\\\"
    match = re.search(rf"(?<![:\w\\]){re.escape(name)}(?!:)", segment)
    if match is None:
        return None
    at = start + match.start()
    return proposal("Escape the colon", [site.edit(at, at, slash)], safe=False)


@fixer("GRD604")
def drop_the_type(site: Site) -> Proposal | None:
    """The enum type goes with its table."""
    names = re.findall(r"enum type (\w+)", site.finding.message)
    if not names or site.method != "drop_table":
        return None
    line = f'{site.sa}.Enum(name="{names[0]}").drop({site.op}.get_bind(), checkfirst=True)'
    return proposal(f"Drop the enum type {names[0]} too", [site.after(line)])


@fixer("GRD962")
def pin_the_search_path(site: Site) -> Proposal | None:
    """A search_path of the function's own."""
    found = site.in_sql(
        r"\bSECURITY\s+DEFINER\b", "SECURITY DEFINER SET search_path = pg_catalog, public"
    )
    return proposal("Give the function a search_path of its own", [found])
