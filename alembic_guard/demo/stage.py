"""The stage the stories are played on: a folder, databases, and processes, all gone afterwards."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import URL, make_url

from ..errors import GuardError
from ..template_files import alembic_template

PROJECT = Path(__file__).parent / "project"
START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status (0 when nobody answered), headers in lower case, and text."""

    status: int
    headers: dict[str, str]
    text: str


class Stage:
    """Makes databases, projects and processes, and cleans up after itself."""

    def __init__(self, server: URL | None) -> None:
        self._server = server
        self._stack = contextlib.ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="alembic-guard-demo-"))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)

    def close(self) -> None:
        """End every process, drop every database, remove the folder."""
        self._stack.close()

    def database(self, name: str) -> URL:
        """An empty database: a file in the folder, or a fresh one on the given server."""
        if self._server is None or self._server.get_backend_name() == "sqlite":
            return make_url(f"sqlite:///{self.folder / name}.db")
        return self._stack.enter_context(_server_database(self._server, name))

    def copy(self, story: str, name: str, database: URL) -> Project:
        """A copy of a story's files alone."""
        folder = self.folder / name
        shutil.copytree(PROJECT / story, folder)
        return Project(folder, database, self._stack)

    def project(self, story: str, name: str, database: URL, *, guarded: bool) -> Project:
        """A copy of a story's files with an Alembic environment made by `alembic init`."""
        project = self.copy(story, name, database)
        folder = project.folder
        template = str(alembic_template("generic")) if guarded else "generic"
        _init(folder, template)
        for revision in sorted((folder / "versions").glob("*.py")):
            shutil.copy(revision, folder / "migrations" / "versions")
        env = folder / "migrations" / "env.py"
        metadata = 'guard.load_metadata("models:Base")' if guarded else "models.Base.metadata"
        imports = "" if guarded else "import models\n"
        text = env.read_text().replace(
            "\ntarget_metadata = None", f"\ntarget_metadata = {metadata}"
        )
        env.write_text(imports + text)
        project.use_database(database)
        return project


def _init(folder: Path, template: str) -> None:
    """`alembic init`, in this process, which has imported Alembic already."""
    with contextlib.redirect_stdout(io.StringIO()):
        config = Config(folder / "alembic.ini")
        command.init(config, str(folder / "migrations"), template=template)


@dataclass
class Project:
    """One application folder with its Alembic environment."""

    folder: Path
    database: URL
    _stack: contextlib.ExitStack

    def use_database(self, database: URL) -> None:
        """Point alembic.ini at a database."""
        ini = self.folder / "alembic.ini"
        url = database.render_as_string(hide_password=False).replace("%", "%%")
        lines = [
            f"sqlalchemy.url = {url}" if line.startswith("sqlalchemy.url") else line
            for line in ini.read_text().splitlines()
        ]
        ini.write_text("\n".join(lines) + "\n")
        self.database = database

    def alembic(self, *arguments: str) -> str:
        """Run a real `alembic` command; its output, or a `GuardError` with it."""
        done = self.run("alembic", *arguments)
        if done.returncode:
            raise GuardError(f"alembic {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m module`` in the folder."""
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def serve(self, application: str, database: URL) -> Service:
        """Start uvicorn on a free port and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = self.folder / f"{application.partition(':')[0]}.log"
        output = self._stack.enter_context(log.open("w"))
        url = database.render_as_string(hide_password=False)
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", application, "--port", str(port),
             "--log-level", "warning", "--timeout-graceful-shutdown", "5"],
            cwd=self.folder, stdout=output, stderr=output, env={**os.environ, "DATABASE_URL": url},
        )  # fmt: skip
        service = Service(port, process, log)
        self._stack.callback(service.stop)
        service.wait()
        return service


@dataclass
class Service:
    """A running uvicorn process."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, *, method: str = "GET") -> Answer:
        """One request from another origin, whatever the status."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            headers={"Origin": "https://shop.example"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return _answer(answer.status, answer.headers.items(), answer.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers.items(), error.read())
        except OSError as error:
            return Answer(0, {}, str(error))

    def wait(self) -> None:
        """Return once the service answers at all."""
        deadline = time.monotonic() + START_SECONDS
        while self.get("/openapi.json").status == 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise GuardError(f"the application did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the process, by force if it does not listen."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _answer(status: int, headers: object, body: bytes) -> Answer:
    named = {key.lower(): value for key, value in headers}  # type: ignore[attr-defined]  # pairs
    return Answer(status, named, body.decode(errors="replace"))


@contextlib.contextmanager
def _server_database(server: URL, name: str) -> Iterator[URL]:
    """A database of our own on the user's server, dropped at the end."""
    database = f"guard_demo_{os.getpid()}_{name.replace('-', '_')}_{secrets.token_hex(3)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {database}")
    try:
        yield server.set(database=database)
    finally:
        force = " WITH (FORCE)" if engine.dialect.name == "postgresql" else ""
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {database}{force}")
        engine.dispose()
