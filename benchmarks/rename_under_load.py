"""Rename a column under load: plain Alembic beside alembic_guard's modes, same machine, one run.

    python benchmarks/rename_under_load.py [--kinds sqlite postgresql mariadb]
        [--modes plain pause retry compat expand] [--clients threads asyncio] [--runs 3]

Three processes send requests (read, update, insert, search) one after the other, with three
threads or three tasks each; two run the code before the rename, one the code after it. The
real ``alembic upgrade head`` then renames the column they use. A request fails when it
raises or when it does not read back what it wrote. ``retry`` announces only, and each
request is declared retryable. Exits 1 when a guarded request failed.

The longest extra wait is the longest request under way in the change (from the pause's row to
the change's, else the whole upgrade), less the longest of a stretch of the same length just
before it: writers of SQLite starve each other for hundreds of milliseconds with no change at all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alembic_guard import renamed_from
from alembic_guard.ledger import Entry
from alembic_guard.live import AsyncSchemaWatcher, SchemaWatcher
from tests.fixtures.databases import ASYNC_DRIVERS, DRIVERS, KINDS, server_database
from tests.fixtures.servers import Server, find_server
from tests.upgrade.project import SYNC_ENV, Project

ROWS, PROCESSES, CLIENTS = 300, 3, 3
THINK_SECONDS = 0.02
"""Between two requests of a client: a saturated machine would measure its own scheduler."""
PLAIN_ENV = """
from alembic import context
import sqlalchemy as sa

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=sa.pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
ONLY_ON = {"compat": "postgresql", "expand": "mariadb"}
KEY = {
    "sqlite": "integer primary key",
    "postgresql": "serial primary key",
    "mariadb": "int auto_increment primary key",
}


# -- one worker process ---------------------------------------------------------------


@dataclass
class Result:
    counts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    finished: list[tuple[float, float]] = field(default_factory=list)

    def add(self, began: float, error: BaseException | None) -> None:
        now = time.time()
        self.finished.append((now, now - began))
        self.counts["failed" if error else "ok"] += 1
        if error is not None:
            self.errors[str(getattr(error, "orig", None) or error).splitlines()[0][:90]] += 1


def build_model(is_new: bool) -> tuple[Any, Any]:
    class Base(DeclarativeBase):
        pass

    info = renamed_from("metadata") if is_new else {}
    column = "session_metadata" if is_new else "metadata"
    fields = {
        "__tablename__": "sessions",
        "__module__": __name__,
        "id": mapped_column(sa.Integer, primary_key=True),
        "title": mapped_column(sa.String(50), nullable=True),
        "md": mapped_column(column, sa.String(50), nullable=True, info=info),
    }
    return Base, type("SessionRecord", (Base,), fields)


def options(mode: str) -> dict[str, Any]:
    return {"name": f"load-{mode}", "config": False}


def work_in_threads(url: URL, mode: str, is_new: bool, stop: threading.Event) -> Result:
    extra = {"connect_args": {"timeout": 30}} if url.get_backend_name() == "sqlite" else {}
    engine = sa.create_engine(url, pool_size=CLIENTS, **extra)
    base, model = build_model(is_new)
    result, watcher = Result(), SchemaWatcher(engine, base, **options(mode))

    def request() -> None:
        with Session(engine) as session:
            key, value = random.randint(1, ROWS), str(random.random())
            row = session.get_one(model, key)
            row.md = value
            session.flush()
            session.refresh(row)
            if row.md != value:
                raise AssertionError(f"wrote {value}, read {row.md}")
            session.add(model(title="new", md="x"))
            session.commit()
            session.scalars(select(model).where(model.md == "nobody").limit(1)).all()

    def client() -> None:
        while not stop.is_set():
            began = time.time()
            try:
                watcher.retrying(request) if mode == "retry" else request()
                result.add(began, None)
            except Exception as error:
                result.add(began, error)
            time.sleep(THINK_SECONDS)

    with contextlib.nullcontext() if mode == "plain" else watcher:
        print("ready", flush=True)
        threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    engine.dispose()
    return result


async def work_in_tasks(url: URL, mode: str, is_new: bool, stop: threading.Event) -> Result:
    extra = {"connect_args": {"timeout": 30}} if url.get_backend_name() == "sqlite" else {}
    engine = create_async_engine(url, pool_size=CLIENTS, **extra)
    base, model = build_model(is_new)
    result, watcher = Result(), AsyncSchemaWatcher(engine, base, **options(mode))

    async def request() -> None:
        async with AsyncSession(engine) as session:
            key, value = random.randint(1, ROWS), str(random.random())
            row = await session.get_one(model, key)
            row.md = value
            await session.flush()
            await session.refresh(row)
            if row.md != value:
                raise AssertionError(f"wrote {value}, read {row.md}")
            session.add(model(title="new", md="x"))
            await session.commit()
            await session.scalars(select(model).where(model.md == "nobody").limit(1))

    async def client() -> None:
        while not stop.is_set():
            began = time.time()
            try:
                await (watcher.retrying(request) if mode == "retry" else request())
                result.add(began, None)
            except Exception as error:
                result.add(began, error)
            await asyncio.sleep(THINK_SECONDS)

    if mode != "plain":
        await watcher.start()
    print("ready", flush=True)
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    if mode != "plain":
        await watcher.stop()
    await engine.dispose()
    return result


def worker(job: dict[str, Any]) -> None:
    url, stop = make_url(job["url"]), threading.Event()

    def until_told() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=until_told, daemon=True).start()
    if job["client"] == "asyncio":
        result = asyncio.run(work_in_tasks(url, job["mode"], job["new"], stop))
    else:
        result = work_in_threads(url, job["mode"], job["new"], stop)
    print(json.dumps([result.counts, result.errors, result.finished]))


# -- the run --------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    requests: int
    failed: int
    longest_ms: float
    longest_without_ms: float
    pause_ms: float
    usual_ms: float
    errors: Counter[str]
    upgrade_ms: float


def run(kind: str, mode: str, client: str, server: Server | None, seconds: float) -> Outcome:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guard-load-")))
        if server is None:
            url = make_url(f"sqlite:///{folder}/app.db")
        else:
            url = stack.enter_context(server_database(kind, server))
        url = url.set(drivername=DRIVERS[kind])
        project = prepare(folder, url, kind, mode)
        driver = (ASYNC_DRIVERS if client == "asyncio" else DRIVERS)[kind]
        jobs = [
            {
                "url": url.set(drivername=driver).render_as_string(hide_password=False),
                "mode": mode,
                "client": client,
                "new": mode != "plain" and number == PROCESSES - 1,
            }
            for number in range(PROCESSES)
        ]
        workers = [
            subprocess.Popen(
                [sys.executable, __file__, "--job", json.dumps(job)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
            )
            for job in jobs
        ]  # fmt: skip
        for process in workers:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        time.sleep(seconds)
        began = time.time()
        x = {"retry": ["-x", "mode=announce"], "plain": []}.get(mode, ["-x", f"mode={mode}"])
        upgrade = project.spawn(*x, "upgrade", "head")
        _, complaints = upgrade.communicate()
        ended = time.time()
        if upgrade.returncode:
            print(complaints, file=sys.stderr)
        time.sleep(seconds)
        for process in workers:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        outputs = [process.communicate()[0] for process in workers]
        entries = [] if mode == "plain" else project.ledger()
    results = [json.loads(output.strip().splitlines()[-1]) for output in outputs]
    return outcome(results, began, ended, entries)


def prepare(folder: Path, url: URL, kind: str, mode: str) -> Project:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"create table sessions(id {KEY[kind]}, title varchar(50), metadata varchar(50))"
        )
        rows = ",".join(["('x')"] * ROWS)
        connection.exec_driver_sql(f"insert into sessions(title) values {rows}")
    engine.dispose()
    plain = mode == "plain"
    project = Project(folder, url, env=PLAIN_ENV if plain else SYNC_ENV)
    project.revision("r0", "pass")
    first = project.spawn("upgrade", "head")
    first.communicate()
    rename = "op.execute('alter table sessions rename column metadata to session_metadata')"
    guarded = "op.rename_column('sessions', 'metadata', 'session_metadata')"
    project.revision("r1", rename if plain else guarded)
    return project


def outcome(results: list[Any], began: float, ended: float, entries: list[Entry]) -> Outcome:
    counts: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    finished: list[tuple[float, float]] = []
    for count, error, times in results:
        counts.update(count)
        errors.update(error)
        finished += [tuple(pair) for pair in times]
    before = [took for at, took in finished if at < began] or [0.0]
    window = _pause_window(entries) or (began, ended)
    return Outcome(
        requests=sum(counts.values()),
        failed=counts["failed"],
        longest_ms=_longest(finished, *window) * 1e3,
        longest_without_ms=_longest_without(finished, *window) * 1e3,
        pause_ms=(window[1] - window[0]) * 1e3 if entries else 0.0,
        usual_ms=statistics.median(before) * 1e3,
        errors=errors,
        upgrade_ms=(ended - began) * 1e3,
    )


def _longest(finished: list[tuple[float, float]], start: float, end: float) -> float:
    """The longest of the requests under way between two times, in seconds."""
    return max((took for at, took in finished if at >= start and at - took <= end), default=0.0)


def _longest_without(finished: list[tuple[float, float]], start: float, end: float) -> float:
    """The same, median, of stretches as long before it, or of all before; cut off where it begins."""
    cut = [(min(at, start), min(at, start) - (at - took)) for at, took in finished]
    first, length = min(at - took for at, took in finished), end - start
    begins = [first + length / 4 * step for step in range(int((start - first) / length * 4) - 3)]
    return statistics.median([_longest(cut, begin, begin + length) for begin in begins or [first]])


def _pause_window(entries: list[Entry]) -> tuple[float, float] | None:
    """From the pause's row to the change's, by the clock of this machine."""
    begin = next((entry.at for entry in entries if entry.phase == "pause"), None)
    if begin is None:
        return None
    return begin, next((entry.at for entry in entries if entry.at > begin), begin)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument(
        "--modes", nargs="*", default=["plain", "pause", "retry", "compat", "expand"]
    )
    parser.add_argument("--clients", nargs="*", default=["threads", "asyncio"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="load before and after")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.job:
        worker(json.loads(args.job))
        return 0
    total = 0
    with contextlib.ExitStack() as stack:
        for kind in args.kinds:
            server = find_server(kind, stack) if kind != "sqlite" else None
            if isinstance(server, str):
                print(f"{kind}: skipped, {server}")
                continue
            for client in args.clients:
                for mode in args.modes:
                    if ONLY_ON.get(mode, kind) != kind:
                        continue
                    runs = 1 if mode == "plain" else args.runs
                    done = [run(kind, mode, client, server, args.seconds) for _ in range(runs)]
                    report(kind, mode, client, done)
                    total += 0 if mode == "plain" else sum(one.failed for one in done)
    return 1 if total else 0


def report(kind: str, mode: str, client: str, done: list[Outcome]) -> None:
    errors: Counter[str] = Counter()
    extra = [one.longest_ms - one.longest_without_ms for one in done]
    for one in done:
        errors.update(one.errors)
    print(
        f"{kind:10} {client:8} {mode:7} {len(done)} run(s): "
        f"{sum(o.failed for o in done)} of {sum(o.requests for o in done)} failed; "
        f"longest extra wait of a request {statistics.median(extra):.0f} ms median, "
        f"{max(extra):.0f} ms max (longest request in the change "
        f"{statistics.median(o.longest_ms for o in done):.0f} ms median, without one "
        f"{statistics.median(o.longest_without_ms for o in done):.0f} ms); change took "
        f"{statistics.median(o.pause_ms for o in done):.0f} ms median; usual "
        f"{statistics.median(o.usual_ms for o in done):.1f} ms; upgrade "
        f"{statistics.median(o.upgrade_ms for o in done):.0f} ms {dict(errors) or ''}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
