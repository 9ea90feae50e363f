"""``alembic-guard rules``: list the rules, or explain one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without arguments the rules are listed."""
    parser.add_argument("--explain", metavar="CODE", help="code or name of one rule")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--write-docs", metavar="DIR", help="write one Markdown page a rule")


def run(args: argparse.Namespace) -> int:
    """List, explain, or write the pages."""
    from ..reserved.names import RULES
    from ..review.documentation import catalogue, page, write_pages
    from ..review.rules import all_rules, find_rule

    if args.write_docs:
        count = write_pages(Path(args.write_docs))
        print(f"{count} page(s) written to {args.write_docs}.")
    elif args.explain in {key for rule in RULES.values() for key in (rule.code, rule.name)}:
        print(_name_page(args.explain))
    elif args.explain:
        rule = find_rule(args.explain)
        sys.stdout.write(page(rule))
    elif args.format == "json":
        print(json.dumps(catalogue(), indent=2))
    else:
        for name_rule in RULES.values():
            print(f"{name_rule.code}  {'names':8} {name_rule.name:36} {name_rule.what}")
        for rule in all_rules():
            severity = "opinion" if rule.opinion else rule.severity
            summary = (rule.sections()["Summary"].splitlines() or [""])[0]
            print(f"{rule.code}  {severity:8} {rule.name:36} {summary}")
    return 0


def _name_page(wanted: str) -> str:
    """The page of a rule of `alembic-guard names`."""
    from ..reserved.names import RULES

    rule = next(rule for rule in RULES.values() if wanted in (rule.code, rule.name))
    lines = [f"# {rule.code} {rule.name}", "", rule.what]
    return "\n".join([*lines, *(["", f"- <{rule.documented}>"] if rule.documented else [])])
