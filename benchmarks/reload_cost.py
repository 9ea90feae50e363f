"""What watching costs: the start-up check, a reload, and a query under an overlay.

    python benchmarks/reload_cost.py [--tables 1000] [--kinds postgresql sqlite mariadb]

Everything is compared within one run: the check and the reload with ``MetaData.reflect()``
of the same tables; a cached query under an overlay with the same query before and after it,
and, to tell how much is noise, the query after it with the one before. Medians. The number
of Python calls of one execution does not depend on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry, Ledger
from alembic_guard.live import SchemaWatcher
from alembic_guard.live.compiling import installed_hooks
from tests.fixtures.databases import DRIVERS, server_database
from tests.fixtures.servers import Server, find_server

COLUMNS = 22


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--kinds", nargs="*", default=["postgresql", "sqlite", "mariadb"])
    args = parser.parse_args()
    with contextlib.ExitStack() as stack:
        for kind in args.kinds:
            server = find_server(kind, stack) if kind != "sqlite" else None
            if isinstance(server, str):
                print(f"{kind}: skipped, {server}")
                continue
            measure(kind, server, args.tables)
    return 0


def measure(kind: str, server: Server | None, count: int) -> None:
    with contextlib.ExitStack() as stack:
        if server is None:
            folder = stack.enter_context(_folder())
            url = make_url(f"sqlite:///{folder}/app.db")
        else:
            url = stack.enter_context(server_database(kind, server))
        engine = sa.create_engine(url.set(drivername=DRIVERS[kind]))
        stack.callback(engine.dispose)
        metadata = models(count)
        metadata.create_all(engine)
        with engine.begin() as connection:
            Ledger().ensure(connection)
        reflect = median(lambda: sa.MetaData().reflect(engine), 3)
        watcher = SchemaWatcher(engine, metadata, config=False, add="off")
        check = median(watcher.check, 5)
        cost = reload_cost(engine, watcher)
        print(
            f"{kind:10} {count} tables: reflect {reflect * 1e3:.0f} ms; start-up check "
            f"{check * 1e3:.0f} ms ({check / reflect:.2f} of reflect); reload after one change "
            f"{cost * 1e3:.0f} ms (1/{reflect / cost:.0f} of reflect)",
            flush=True,
        )
        query_cost(kind, engine, metadata, watcher)


def models(count: int) -> sa.MetaData:
    metadata = sa.MetaData()
    for number in range(count):
        columns = [sa.Column(f"c{n}", sa.String(20)) for n in range(COLUMNS - 1)]
        sa.Table(f"t{number}", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    return metadata


def reload_cost(engine: sa.Engine, watcher: SchemaWatcher) -> float:
    """Seconds a running watcher spends on the rename of one column and its way back."""
    names, times = ["c1", "renamed"], []
    core = watcher.core
    with engine.connect() as connection:
        auto = connection.execution_options(isolation_level="AUTOCOMMIT")
        core.swap(core.look(auto, force=True))
        for _ in range(6):
            old, new = names
            auto.exec_driver_sql(f"ALTER TABLE t7 RENAME COLUMN {old} TO {new}")
            change = SchemaChange("rename_column", None, "t7", old, new)
            Ledger().append(auto, Entry("applied", changes=(change,), touched=("t7",)))
            began = time.perf_counter()
            core.swap(core.look(auto))
            times.append(time.perf_counter() - began)
            names.reverse()
    core.overlay.clear()
    return statistics.median(times)


def query_cost(kind: str, engine: sa.Engine, metadata: sa.MetaData, watcher: SchemaWatcher) -> None:
    """A cached SELECT of 22 columns, without, under and after an overlay of another table."""
    from alembic_guard.live.overlay import OverlayPlan, SchemaOverlay

    table = metadata.tables["t7"]
    query = sa.select(table).where(table.c.id == 1)
    calls: list[int] = []
    overlay = SchemaOverlay(watcher.core.targets.mappers, [engine])
    plan = OverlayPlan(renames={metadata.tables["t8"].c.c1: "other"})
    ratios: list[float] = []
    noise: list[float] = []
    plain: list[float] = []
    with engine.connect() as connection:
        for _ in range(60):
            before = _many(connection, query)
            overlay.apply(plan)
            under = _many(connection, query)
            overlay.clear()
            after = _many(connection, query)
            plain += [before, after]
            ratios.append(2 * under / (before + after))
            noise.append(after / before)
        calls.append(count_calls(connection, query))
        overlay.apply(plan)
        calls.append(count_calls(connection, query))
        overlay.clear()
    assert not installed_hooks()
    print(
        f"{kind:10} cached SELECT: {statistics.median(plain) * 1e6:.0f} us without an overlay; "
        f"under one {(statistics.median(ratios) - 1) * 100:+.1f} %; without again "
        f"{(statistics.median(noise) - 1) * 100:+.1f} %; {calls[0]} Python calls "
        f"without one, {calls[1]} under one; no hook installed without one",
        flush=True,
    )


def count_calls(connection: sa.Connection, query: Any) -> int:
    """Calls of Python and C functions during one execution of a cached query."""
    connection.execute(query).all()
    counted = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        connection.execute(query).all()
    finally:
        sys.setprofile(None)
    return counted


def _many(connection: sa.Connection, query: Any, times: int = 150) -> float:
    for _ in range(10):  # compiled, and specialised by the interpreter
        connection.execute(query).all()
    began = time.perf_counter()
    for _ in range(times):
        connection.execute(query).all()
    return (time.perf_counter() - began) / times


def median(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


@contextlib.contextmanager
def _folder() -> Any:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="guard-cost-") as folder:
        yield folder


if __name__ == "__main__":
    sys.exit(main())
