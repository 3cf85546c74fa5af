"""A connection that does not say what it wants is let go, one that says too much is refused, others go on."""

import asyncio
import functools
import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse

from bot.web.edge.connections import PatientConnection

PATIENCE = 0.5


async def echo(scope, receive, send):
    if scope["path"].startswith("/gradio_api/"):
        await StreamingResponse(listened(), media_type="text/event-stream")(scope, receive, send)
        return
    body = await Request(scope, receive).body()
    await asyncio.sleep(2 * PATIENCE if b"slow" in body else 0)
    await PlainTextResponse(f"{len(body)}")(scope, receive, send)


async def listened():
    while True:
        yield "data: ALIVE\n\n"
        await asyncio.sleep(60)


@pytest.fixture(scope="module")
def port():
    with serving() as (server, number):
        yield number


@contextmanager
def serving():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    config = uvicorn.Config(
        echo,
        port=number,
        log_config=None,
        lifespan="off",
        timeout_keep_alive=60,
        http=functools.partial(PatientConnection, head_within=PATIENCE),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server, number
    server.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive()


def connected(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    return connection


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nX: 1"])
def test_who_does_not_end_a_request_is_let_go(port, said):
    with connected(port) as connection:
        connection.sendall(said)
        assert connection.recv(1_000) == b""


def test_who_trickles_headers_is_let_go_however_busy(port):
    with connected(port) as connection, pytest.raises(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        for number in range(1_000):
            connection.sendall(f"X-{number}: 1\r\n".encode())
            time.sleep(PATIENCE / 10)


def test_the_next_request_of_a_connection_is_waited_for_no_longer(port):
    with connected(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(1_000)
        connection.sendall(b"GET / HTTP/1.1\r\nHost")
        assert connection.recv(1_000) == b""


def test_a_slow_answer_is_not_cut_off(port):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        assert client.post("/", content=b"slow").text == "4"
        assert client.post("/", content=b"quick").text == "5"


@pytest.mark.parametrize(
    "headers", [{"x": "a" * 1_000_000}, {f"x-{number}": "a" * 500 for number in range(2_000)}], ids=["one long", "many"]
)
def test_headers_have_a_limit(port, headers):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        try:
            assert client.get("/", headers=headers).status_code == 400
        except httpx.TransportError:
            # The connection was closed while the rest was being sent.
            pass
        assert client.post("/", content=b"well").text == "4"


@pytest.mark.parametrize("path", ["/gradio_api/heartbeat/abcdef1", "/gradio_api/queue/data?session_hash=abcdef1"])
def test_a_stop_lets_go_who_only_listens_and_finishes_what_was_asked(path):
    with serving() as (server, number), httpx.Client(base_url=f"http://127.0.0.1:{number}", timeout=20) as client:
        with client.stream("GET", path) as listening, connected(number) as asking:
            lines = listening.iter_lines()
            assert next(lines) == "data: ALIVE"
            asking.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nslow")
            time.sleep(PATIENCE)
            server.should_exit = True
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                list(lines)
            assert asking.recv(1_000).endswith(b"4")
