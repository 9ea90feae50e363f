"""`alembic-guard demo`: both stories with real processes, measured."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from ..usage import UsageError
from .database import on_database, parse_url

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database-url",
        metavar="URL",
        help="a server to make databases on (and drop them); embedded SQLite without it",
    )
    parser.add_argument(
        "--story", choices=["all", "sessions", "runs"], default="all", help="which story to play"
    )


def run(args: argparse.Namespace) -> int:
    _require_extra()
    server = _reachable(args.database_url) if args.database_url else None
    from ..demo import runs_story, sessions_story
    from ..demo.claims import Claims
    from ..demo.stage import Stage

    started = time.monotonic()
    claims = Claims(_tell)
    stage = Stage(server)
    try:
        if args.story in ("all", "sessions"):
            sessions_story.play(stage, claims, _tell)
        if args.story in ("all", "runs"):
            runs_story.play(stage, claims, _tell)
    finally:
        stage.close()
    held = sum(claim.holds for claim in claims.settled)
    seconds = time.monotonic() - started
    print(f"\n{held} of {len(claims.settled)} claims hold ({seconds:.0f} s).")
    return 0 if claims.hold else 1


def _tell(line: str) -> None:
    print(line, flush=True)


def _reachable(text: str) -> URL:
    """The server's URL, once it has answered: a story is not left in the middle for that."""
    url = parse_url(text, "--database-url")
    if url.get_backend_name() not in ("sqlite", "postgresql", "mysql", "mariadb"):
        raise UsageError("the demo plays on PostgreSQL, MySQL, MariaDB and SQLite")
    if url.get_backend_name() != "sqlite":
        on_database(url, lambda connection: connection.exec_driver_sql("SELECT 1"))
    return url


def _require_extra() -> None:
    try:
        import fastapi  # noqa: F401  # presence is all that is asked
        import uvicorn  # noqa: F401  # presence is all that is asked
    except ImportError as error:
        raise UsageError(
            f"the demo serves a real application and needs {error.name}: "
            'pip install "alembic-guardrails[demo]"'
        ) from error
