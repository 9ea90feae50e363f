"""`alembic init -t "$(alembic-guard template-path generic)" migrations`."""

from __future__ import annotations

import argparse

from ..template_files import alembic_template


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", nargs="?", default="generic", help="generic, async, multidb or pyproject"
    )


def run(args: argparse.Namespace) -> int:
    print(alembic_template(args.kind))
    return 0
