"""Autogenerate on 1,000 tables x 15 columns with the rename planner and without it, paired.

    python benchmarks/autogenerate_overhead.py [--tables 1000] [--rounds 5] [--kind sqlite ...]

Both run in one process, in turns, on the same database, where the models equal the database
but for one added column. Times are processor times of this process, so that other load on
the machine does not count; the figure is the median of the ratios of the pairs. The bar is
1.05. Exits 1 above it.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fixtures.databases import KINDS, server_database
from tests.fixtures.servers import find_server

BAR = 1.05
PLAIN = ["alembic.autogenerate.*"]
WITH_US = ["alembic.autogenerate.*", "alembic_guard.renames"]


def models(tables: int, *, added: bool = False) -> sa.MetaData:
    """Tables of 15 columns with an index, a unique constraint and a foreign key each."""
    metadata = sa.MetaData()
    for number in range(tables):
        columns = [sa.Column(f"field_{place}", sa.String(40)) for place in range(12)]
        if added and number == 0:
            columns.append(sa.Column("added", sa.Integer))
        sa.Table(
            f"thing_{number}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("code", sa.String(20), nullable=False),
            sa.Column("parent_id", sa.ForeignKey(f"thing_{max(0, number - 1)}.id")),
            *columns,
            sa.UniqueConstraint("code", name=f"uq_thing_{number}_code"),
            sa.Index(f"ix_thing_{number}_field_0", "field_0"),
        )
    return metadata


@contextmanager
def database(kind: str) -> Iterator[str]:
    """An empty database of a kind, gone at the end."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/overhead.db"
        return
    with ExitStack() as stack:
        server = find_server(kind, stack)
        if isinstance(server, str):
            raise SystemExit(f"no {kind} server: {server}")
        url = stack.enter_context(server_database(kind, server))
        yield url.render_as_string(hide_password=False)


def run(connection: sa.Connection, target: sa.MetaData, plugins: list[str]) -> float:
    """Seconds of this process that one autogenerate takes, whoever else uses the machine."""
    context = MigrationContext.configure(connection, opts={"autogenerate_plugins": plugins})
    gc.collect()
    start = time.process_time()
    operations = produce_migrations(context, target).upgrade_ops
    elapsed = time.process_time() - start
    if operations is None or len(operations.ops) != 1:
        raise SystemExit(f"unexpected difference: {operations and operations.as_diffs()[:5]}")
    return elapsed


def measure(kind: str, tables: int, rounds: int) -> float:
    """Print the pairs of one kind of database and return the median ratio."""
    with database(kind) as url:
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            models(tables).create_all(connection)
        target, pairs = models(tables, added=True), []
        with engine.connect() as connection:
            run(connection, target, PLAIN)
            run(connection, target, WITH_US)
            for number in range(rounds):
                order = (PLAIN, WITH_US) if number % 2 else (WITH_US, PLAIN)
                times = {id(plugins): run(connection, target, plugins) for plugins in order}
                pairs.append((times[id(WITH_US)], times[id(PLAIN)]))
        engine.dispose()
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{kind:11} with us {ours:.3f} s, without {theirs:.3f} s, ratio {ratio:.3f}")
    return ratio


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kind", action="append", choices=KINDS)
    arguments = parser.parse_args()
    kinds = arguments.kind or list(KINDS)
    ratios = [measure(kind, arguments.tables, arguments.rounds) for kind in kinds]
    return int(max(ratios) > BAR)


if __name__ == "__main__":
    raise SystemExit(main())
