"""`alembic upgrade head` from several processes at once, with and without alembic_guard.

    python benchmarks/concurrent_upgrade.py [--processes 6] [--rounds 20] [--plain-rounds 5]

Each round starts that many processes on an empty database, forked from one that has imported
Alembic already, so that they really start within milliseconds of each other. A failure is an
exit code other than 0. After the guarded rounds a holder is killed with SIGKILL while others
wait. Exits 1 if a guarded process failed.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import alembic_guard.upgrade.run  # noqa: F401  # imported once, before forking
from tests.fixtures.databases import KINDS, server_database
from tests.fixtures.servers import Server, find_server
from tests.upgrade.project import SYNC_ENV, Project

PLAIN_ENV = SYNC_ENV.replace("from alembic_guard import Guard\n", "").replace(
    "guard = Guard.from_config(config)\n", ""
)
PLAIN_ENV = PLAIN_ENV[: PLAIN_ENV.index("        guard.run_migrations(context, connection")] + (
    "        context.configure(connection=connection)\n"
    "        with context.begin_transaction():\n"
    "            context.run_migrations()\n"
)
REVISIONS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--plain-rounds", type=int, default=5)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    args = parser.parse_args()
    failed = 0
    with contextlib.ExitStack() as stack:
        for kind in args.kinds:
            server = find_server(kind, stack) if kind != "sqlite" else None
            if isinstance(server, str):
                print(f"{kind}: skipped, {server}")
                continue
            _report(kind, "plain Alembic", server, PLAIN_ENV, args.plain_rounds, args.processes)
            failed += _report(kind, "guarded", server, SYNC_ENV, args.rounds, args.processes)
            failed += _kill_holder(kind, server, args.processes)
    return 1 if failed else 0


def _report(
    kind: str, name: str, server: Server | None, env: str, rounds: int, processes: int
) -> int:
    failures, seconds = 0, []
    for _ in range(rounds):
        with _project(kind, server, env) as project:
            began = time.monotonic()
            running = _start(project, processes)
            for process in running:
                process.join(120)
                failures += process.exitcode != 0
            seconds.append(time.monotonic() - began)
    median = statistics.median(seconds) if seconds else 0.0
    print(
        f"{kind:10} {name:14} {rounds} rounds x {processes}: {failures} of"
        f" {rounds * processes} failed, median round {median:.2f} s",
        flush=True,
    )
    return failures


def _kill_holder(kind: str, server: Server | None, processes: int) -> int:
    """SIGKILL the process that holds the lock; the others must still get to the head."""
    with _project(kind, server, SYNC_ENV) as project:
        project.revision(
            "slow", "import os, time\nif os.environ.get('HOLDER'):\n    time.sleep(600)"
        )
        os.environ["HOLDER"] = "1"
        (holder,) = _start(project, 1)
        del os.environ["HOLDER"]
        while not _has_begun(project):
            time.sleep(0.05)
        time.sleep(0.5)
        others = _start(project, processes - 1)
        time.sleep(2)
        began = time.monotonic()
        os.kill(holder.pid, signal.SIGKILL)
        holder.join()
        failures = 0
        for process in others:
            process.join(120)
            failures += process.exitcode != 0
        print(
            f"{kind:10} kill -9 of the holder: {failures} of {len(others)} waiting failed,"
            f" all at head {time.monotonic() - began:.2f} s later",
            flush=True,
        )
    return failures


def _start(project: Project, processes: int):  # type: ignore[no-untyped-def]
    """Fork workers that all wait for each other and then upgrade."""
    fork = multiprocessing.get_context("fork")
    together = fork.Barrier(processes)
    running = [fork.Process(target=_upgrade, args=(project, together)) for _ in range(processes)]
    for process in running:
        process.start()
    return running


def _upgrade(project: Project, together: object) -> None:
    together.wait()  # type: ignore[attr-defined]
    try:
        project.upgrade()
    except BaseException as error:
        print(f"    {type(error).__name__}: {str(error).splitlines()[0]}"[:160], flush=True)
        os._exit(1)
    os._exit(0)


def _has_begun(project: Project) -> bool:
    """Whether the holder sleeps: where DDL cannot be rolled back, after all other steps."""
    rows = 1 if project.url.get_backend_name() == "postgresql" else 1 + REVISIONS
    with contextlib.suppress(sa.exc.DBAPIError):
        return len(project.ledger()) >= rows
    return False


@contextlib.contextmanager
def _project(kind: str, server: Server | None, env: str):  # type: ignore[no-untyped-def]
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="guard-concurrent-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url: URL = (
            make_url(f"sqlite:///{folder}/app.db")
            if server is None
            else stack.enter_context(server_database(kind, server))
        )
        project = Project(folder, url, env=env)
        for number in range(REVISIONS):
            project.revision(
                f"r{number}",
                f'op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True))',
            )
        yield project


if __name__ == "__main__":
    sys.exit(main())
