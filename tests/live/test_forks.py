from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.ledger.apps import live_apps
from tests.fixtures.servers import free_port
from tests.live.battery import create_tables
from tests.live.stories import RENAME, ensure_ledger, migrate

pytest.importorskip("gunicorn")
ROOT = Path(__file__).parents[2]
# Since 3.12 Python warns of a fork in a process that has threads, which is what is tested.
QUIET = ("-W", "ignore::DeprecationWarning")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_each_gunicorn_worker_of_a_preloaded_app_reloads_on_connections_of_its_own(
    kind: str, new_database: Callable[..., URL], tmp_path: Path
) -> None:
    url = new_database(kind)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    create_tables(engine, kind)
    ensure_ledger(engine)
    port = free_port()
    log = (tmp_path / "gunicorn.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--preload", "-w", "4", "-b", f"127.0.0.1:{port}",
         "tests.live.gunicorn_app:app"],
        cwd=ROOT, stdout=log, stderr=log,
        env={**os.environ, "GUARD_APP_URL": url.render_as_string(hide_password=False)},
    )  # fmt: skip
    try:
        workers = wait_for(lambda: worker_pids(engine, server.pid), lambda pids: len(pids) == 4)
        sql = "alter table sessions rename column metadata to session_metadata"
        epoch = migrate(engine, sql, RENAME)
        wait_for(lambda: acknowledged(engine, epoch, workers), lambda done: done == workers)
        answers = [fetch(port) for _ in range(40)]
    finally:
        server.terminate()
        server.wait(20)
        log.close()
        engine.dispose()

    assert all(answer["rows"] == [None, None] for answer in answers)
    assert all(answer["epoch"] == epoch for answer in answers)
    if kind == "postgresql":
        owners = {(answer["backend"], answer["pid"]) for answer in answers}
        assert len({backend for backend, _ in owners}) == len(owners)


def worker_pids(engine: sa.Engine, master: int) -> set[int]:
    with engine.connect() as connection:
        return {app.pid for app in live_apps(connection)} - {master}


def acknowledged(engine: sa.Engine, epoch: int, workers: set[int]) -> set[int]:
    with engine.connect() as connection:
        apps = [app for app in live_apps(connection) if app.pid in workers]
    return {app.pid for app in apps if app.has_acknowledged(epoch)}


def wait_for(read: Callable[[], Any], is_good: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + 40
    while not is_good(found := read()):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def fetch(port: int) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        return json.loads(response.read())


FORKING = """
import os, sqlite3, sys
import sqlalchemy as sa
from alembic_guard.live import SchemaWatcher

path, journal = sys.argv[1:]
engine = sa.create_engine(f"sqlite:///{path}")
metadata = sa.MetaData()
sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True))
with engine.begin() as connection:
    connection.exec_driver_sql(f"pragma journal_mode={journal}")
    metadata.create_all(connection)

def write():
    own = sqlite3.connect(path, timeout=2)
    with own:
        own.execute("insert into notes default values")
    own.close()

failed = 0
with SchemaWatcher(engine, metadata, config=False, poll=0.0001) as watcher:
    for _ in range(25):
        with engine.connect() as connection:  # leaves an idle connection in the pool
            connection.exec_driver_sql("select count(*) from notes").scalar()
        child = os.fork()
        if child == 0:
            try:
                assert watcher.catch_up(5)
                write()
            except BaseException as error:
                print(error, file=sys.stderr)
                os._exit(1)
            os._exit(0)
        failed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert watcher.catch_up(5)
    write()
print(failed, sqlite3.connect(path).execute("select count(*) from notes").fetchone()[0])
"""


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_child_can_write_sqlite_though_the_parent_s_watcher_was_reading_it(
    journal: str, tmp_path: Path
) -> None:
    """SQLite keeps a process's locks in its memory, which a fork copies without the locks."""
    done = subprocess.run(
        [sys.executable, *QUIET, "-c", FORKING, str(tmp_path / "app.db"), journal],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("0 26\n", "")


def test_a_listener_of_on_change_may_fork(tmp_path: Path) -> None:
    """Parking the watcher from its own thread would wait for itself."""
    script = FORKING.partition("failed = 0")[0] + (
        "pids = []\n"
        "watcher = SchemaWatcher(engine, metadata, config=False)\n"
        "def on_change(event):\n"
        "    pids.append(os.fork())\n"
        "    if pids[-1] == 0:\n"
        "        os._exit(0)\n"
        "watcher.on_change(on_change)\n"
        "watcher.start()\n"
        "print(len(pids), os.waitpid(pids[0], 0)[1], watcher.catch_up(5))\n"
        "watcher.stop()\n"
    )
    done = subprocess.run(
        [sys.executable, *QUIET, "-c", script, str(tmp_path / "app.db"), "delete"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("1 0 True\n", "")


SOCKETS = """
import os, sys
import sqlalchemy as sa
from alembic_guard.live import SchemaWatcher

engine = sa.create_engine(sys.argv[1])

def sockets():
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
    return {link for link in found if link.startswith("socket:")}

with SchemaWatcher(engine, sa.MetaData(), config=False) as watcher:
    with engine.connect() as connection:  # leaves an idle connection in the pool
        connection.exec_driver_sql("select 1")
    before = sockets()
    child = os.fork()
    if child == 0:
        print(len(before & sockets()), watcher.catch_up(10), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    with engine.connect() as connection:
        print(len(before), connection.exec_driver_sql("select 1").scalar())
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc")
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_child_inherits_no_socket_of_the_pool_or_the_watcher(
    kind: str, new_database: Callable[..., URL]
) -> None:
    url = new_database(kind).render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, *QUIET, "-c", SOCKETS, url],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    child, parent = done.stdout.splitlines()

    assert child == "0 True"
    assert int(parent.split()[0]) >= 2
    assert parent.endswith(" 1")
    assert done.stderr == ""
