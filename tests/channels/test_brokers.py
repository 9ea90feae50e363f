"""Every transport carries an epoch from `wake` to a listener, in a thread and in asyncio."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from alembic_guard.channels import Channel, ChannelError, channel_for
from alembic_guard.channels.webhook import SIGNATURE_HEADER, AsyncWebhookInbox, WebhookInbox, sign
from alembic_guard.usage import UsageError
from tests.fixtures.servers import Server


@pytest.fixture(params=["redis", "nats", "signal"], name="channel")
def _channel(
    request: pytest.FixtureRequest, server: Callable[[str], Server], tmp_path: Path
) -> Iterator[Channel]:
    if request.param == "signal":
        url = f"signal://{tmp_path}?signal=SIGUSR2"
    else:
        pytest.importorskip(request.param)
        option = "channel" if request.param == "redis" else "subject"
        base = server(request.param).url.render_as_string(hide_password=False)
        url = f"{base}?{option}=guard_test_{tmp_path.name}"
    channel = channel_for(url)
    yield channel
    channel.close()


def test_a_thread_hears_a_wake(channel: Channel) -> None:
    with channel.listen() as listener:
        assert listener.probe(5)
        channel.wake(7)

        assert listener.wait(10) in (7, 0)
        assert listener.wait(0.05) is None


def test_a_wait_is_interrupted(channel: Channel) -> None:
    with channel.listen() as listener:
        timer = threading.Timer(0.05, listener.interrupt)
        timer.start()

        assert listener.wait(10) is None
        timer.join()


def test_asyncio_hears_a_wake(channel: Channel) -> None:
    async def hear() -> tuple[bool, int | None, int | None]:
        async with channel.listen_async() as listener:
            probed = await listener.probe(5)
            await asyncio.to_thread(channel.wake, 7)
            return probed, await listener.wait(10), await listener.wait(0.05)

    probed, heard, nothing = asyncio.run(hear())

    assert probed
    assert heard in (7, 0)
    assert nothing is None


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "nats://127.0.0.1:1"])
def test_a_broker_that_is_gone_is_a_channel_error(url: str) -> None:
    pytest.importorskip(url.partition(":")[0])
    channel = channel_for(url)
    with pytest.raises(ChannelError):
        channel.wake(1)
    with pytest.raises(ChannelError), channel.listen():
        pass


class _Route(BaseHTTPRequestHandler):
    inbox: WebhookInbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_genuine = self.inbox.deliver(body, self.headers[SIGNATURE_HEADER])
        self.send_response(204 if is_genuine else 403)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize(("secret", "heard"), [("right", 7), ("wrong", None)])
def test_a_webhook_is_believed_by_its_signature(
    secret: str, heard: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEMBIC_GUARD_WEBHOOK_SECRET", secret)
    _Route.inbox = WebhookInbox("right")
    with HTTPServer(("127.0.0.1", 0), _Route) as http:
        thread = threading.Thread(target=http.handle_request)
        thread.start()
        channel = channel_for(f"http://127.0.0.1:{http.server_port}/hooks")
        if heard is None:
            with pytest.raises(ChannelError, match="403"):
                channel.wake(7)
        else:
            channel.wake(7)
        thread.join()

    assert _Route.inbox.wait(0.01) == heard


def test_a_replayed_webhook_is_refused() -> None:
    body = b'{"epoch": 7, "sent": 1000}'

    assert WebhookInbox("s", clock=lambda: 1200).deliver(body, sign("s", body))
    assert not WebhookInbox("s", clock=lambda: 1301).deliver(body, sign("s", body))


def test_asyncio_takes_a_webhook_too() -> None:
    body = b'{"epoch": 7, "sent": 1000}'

    async def hear() -> int | None:
        async with AsyncWebhookInbox("s", clock=lambda: 1000) as inbox:
            inbox.deliver(body, sign("s", body))
            return await inbox.wait(1)

    assert asyncio.run(hear()) == 7


def test_a_webhook_without_a_secret_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEMBIC_GUARD_WEBHOOK_SECRET", raising=False)
    with pytest.raises(UsageError, match="needs a secret"):
        channel_for("https://app.example/hooks")


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="redis://"):
        channel_for("carrier-pigeon://loft")


def test_a_reused_process_id_is_not_signalled(tmp_path: Path) -> None:
    """SIGUSR2 would end this test run if it were sent."""
    import os

    (tmp_path / "other.pid").write_text(f"{os.getpid()} 1")
    channel_for(f"signal://{tmp_path}?signal=SIGUSR2").wake(7)
