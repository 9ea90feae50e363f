"""`alembic-guard init`: the few lines an existing environment needs, shown and applied."""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path

from ..adoption import Change, find_config, plan_adoption, write_changes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-c",
        "--config",
        type=Path,
        help="Alembic's configuration (default: alembic.ini, or pyproject.toml with [tool.alembic])",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show the lines, write nothing, exit 1 if any"
    )


def run(args: argparse.Namespace) -> int:
    changes = plan_adoption(args.config or find_config())
    if not changes:
        print("This environment is guarded already; nothing to change.")
        return 0
    for change in changes:
        print(_diff(change), end="")
    if args.dry_run:
        return 1
    write_changes(changes)
    print(f"\nGuarded: {', '.join(str(change.path) for change in changes)}")
    return 0


def _diff(change: Change) -> str:
    return "".join(
        difflib.unified_diff(
            change.before.splitlines(keepends=True),
            change.after.splitlines(keepends=True),
            str(change.path),
            str(change.path),
            n=1,
        )
    )
