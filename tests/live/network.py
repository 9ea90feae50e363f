"""A network and brokers that break: a TCP proxy that can be cut, servers that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

from sqlalchemy.engine import URL, make_url

from tests.fixtures import servers


class TcpProxy:
    """Forwards to a server, until cut: then it takes what is sent and says nothing.

    Connections that were open during a cut stay silent for ever, as when a firewall has
    forgotten them; no reset tells either end.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._is_cut = False
        self._lost: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self._is_cut = True
        self._lost |= self._open

    def heal(self) -> None:
        """New connections pass again."""
        self._lost |= self._open
        self._is_cut = False

    def close(self) -> None:
        """End everything."""
        self._server.close()
        for end in list(self._open):
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self._open.add(client)
                if self._is_cut:
                    self._lost.add(client)
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            server = socket.create_connection(self._target)
            self._open.add(server)
            if client in self._lost:
                self._lost.add(server)
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not {source, sink} & self._lost:
                    sink.sendall(data)
            if not {source, sink} & self._lost:
                sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def cut_off(url: URL) -> Iterator[tuple[TcpProxy, URL]]:
    """A proxy before the server of `url`, and the URL through it."""
    default = {"postgresql": 5432, "mysql": 3306}.get(url.get_backend_name(), 0)
    proxy = TcpProxy(url.host or "127.0.0.1", url.port or default)
    try:
        yield proxy, url.set(host="127.0.0.1", port=proxy.port)
    finally:
        proxy.close()


class Broker:
    """A Redis or NATS server of our own that can be killed and started again in place."""

    def __init__(self, kind: str, stack: contextlib.ExitStack) -> None:
        self._kind, self._stack = kind, stack
        self._folder = servers._folder(stack)
        self._port = servers.free_port()
        self.url = make_url(f"{kind}://127.0.0.1:{self._port}")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        port = str(self._port)
        if self._kind == "redis":
            binary = servers._binary("/usr/bin/redis-server", "redis-server", "valkey-server")
            command = ["--port", port, "--bind", "127.0.0.1", "--save", ""]
        else:
            binary = servers._binary("/usr/sbin/nats-server", "nats-server")
            command = ["-a", "127.0.0.1", "-p", port]
        if binary is None:
            raise LookupError(f"no {self._kind} server on this machine")
        user = servers._user(self._kind)
        self._process = servers._spawn([binary, *command], self._stack, user, self._folder)
        found = servers._wait(self._kind, self.url, self._process)
        if isinstance(found, str):
            raise LookupError(found)

    def kill(self) -> None:
        """As ``kill -9``: no farewell, but the kernel resets the connections."""
        os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
