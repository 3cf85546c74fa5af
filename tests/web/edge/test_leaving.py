"""A stop lets go who only listens, finishes answers in flight, and does not wait once it is asked for again."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress

import httpx
import pytest

from bot.settings import PROJECT_ROOT
from bot.web.server import LEAVING_SECONDS
from tests.support.chroma_server import free_port
from tests.support.openai_server import OpenAIServer, Reply

pytestmark = [pytest.mark.slow, pytest.mark.own_process]

WITHIN = 120
#: How long the double of a model makes each of its replies wait; an answer asks for several of them.
THINKS = 0.5
SESSION = "abcdef123"


class Office:
    """``bot serve`` in a process of its own."""

    def __init__(self, process, address, said):
        self.process, self.address, self._said = process, address, said

    def said(self):
        """What it has told on the terminal."""
        self._said.seek(0)
        return self._said.read().decode()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def ended_within(self):
        """Seconds until it has ended."""
        begun = time.monotonic()
        self.process.wait(WITHIN)
        return time.monotonic() - begun

    def leaves(self):
        """Return when it takes no connections any more."""
        deadline = time.monotonic() + WITHIN
        with suppress(httpx.TransportError):
            while time.monotonic() < deadline:
                httpx.get(f"{self.address}/healthz", timeout=5, trust_env=False)
                time.sleep(0.02)
            raise AssertionError("it went on")


@contextmanager
def office(settings, **environment):
    port = free_port()
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--data", str(settings.data_dir)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    said = tempfile.TemporaryFile()
    process = subprocess.Popen(
        command, cwd=PROJECT_ROOT, env={**inherited, **environment}, stdout=subprocess.DEVNULL, stderr=said
    )
    running = Office(process, f"http://127.0.0.1:{port}", said)
    try:
        deadline = time.monotonic() + WITHIN
        while not ready(running.address):
            assert process.poll() is None and time.monotonic() < deadline, "it did not start"
            time.sleep(0.2)
        yield running
    finally:
        process.kill()
        process.wait(WITHIN)
        said.close()


def ready(address):
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/readyz", timeout=30, trust_env=False).status_code == 200
    return False


class Listening:
    """A request that reads what comes until it ends; ``ended`` says when that was. It has been sent when made."""

    def __init__(self, office, method, path, **sent):
        self.lines, self.ended, self._sent, self._begun = [], 0.0, threading.Event(), threading.Event()
        self._request = (method, f"{office.address}{path}"), {"timeout": WITHIN, **sent}
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._sent.wait(WITHIN)
        # Who is answered after it was sent is answered by a server that has taken it.
        assert httpx.get(f"{office.address}/healthz", timeout=WITHIN, trust_env=False).status_code == 200

    def _read(self):
        (method, address), sent = self._request
        with suppress(httpx.TransportError), httpx.Client(trust_env=False) as client:
            with client.stream(method, address, extensions={"trace": self._trace}, **sent) as reply:
                for line in reply.iter_lines():
                    self.lines.append(line)
                    self._begun.set()
        self.ended = time.monotonic()

    def _trace(self, event, _):
        if event.endswith("send_request_body.complete"):
            self._sent.set()

    def until_begun(self):
        assert self._begun.wait(WITHIN)
        return self

    def until_end(self):
        self._thread.join(WITHIN)
        assert self.ended
        return self.ended


def open_tabs(office):
    """The streams that pages hold open: one that says that they are there, one for what Gradio tells them."""
    joined = {"fn_index": 1, "data": [], "event_data": {"language": "en"}, "session_hash": SESSION}
    assert httpx.post(f"{office.address}/gradio_api/queue/join", json=joined, trust_env=False).status_code == 200
    told = Listening(office, "GET", f"/gradio_api/queue/data?session_hash={SESSION}")
    told.until_end()
    # Gradio tells nothing to who waits for the events of a visit in which nothing happens.
    return [
        Listening(office, "GET", f"/gradio_api/heartbeat/{SESSION}").until_begun(),
        Listening(office, "GET", f"/gradio_api/queue/data?session_hash={SESSION}"),
    ]


def asking(office):
    asked = {"key": "0123456789abcdef", "number": 1, "question": "善新贷额度多少？", "language": "zh-CN", "history": []}
    return Listening(office, "POST", "/ask", json=asked).until_begun()


@contextmanager
def thinking(settings, pause=THINKS):
    """An office with a model that takes its time."""
    with (
        OpenAIServer(Reply("好", pause=pause)) as model,
        office(settings, BOT_LLM_BASE_URL=model.base_url, BOT_LLM_MODEL="test-model") as running,
    ):
        yield running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_open_tabs_hold_up_no_stop(corpus_settings, number):
    with office(corpus_settings) as visited:
        open_tabs(visited)
        visited.stop(number)
        # So long it waits for what it does not let go.
        assert visited.ended_within() < LEAVING_SECONDS
        assert visited.process.returncode == 0


def test_an_answer_in_flight_is_finished_while_tabs_are_let_go(corpus_settings):
    with thinking(corpus_settings) as busy:
        tabs, answer = open_tabs(busy), asking(busy)
        busy.stop()
        answered = answer.until_end()
        busy.ended_within()
        assert all(tab.until_end() < answered for tab in tabs)
        assert json.loads(answer.lines[-1])["ending"] == "done" and json.loads(answer.lines[-1])["answer"]
        assert len(answer.lines) > 1 and "ending" not in json.loads(answer.lines[0])
        assert busy.process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_for_a_stop_twice_is_not_kept_waiting(corpus_settings, number):
    with thinking(corpus_settings, pause=WITHIN) as busy:
        answer = asking(busy)
        busy.stop(number)
        busy.leaves()
        assert busy.process.poll() is None
        assert "正在停止" in busy.said() and "再按一次 Ctrl + C" in busy.said()
        busy.stop(number)
        assert busy.ended_within() < LEAVING_SECONDS / 2
        assert busy.process.returncode == -number
        answer.until_end()
        assert not any("ending" in json.loads(line) for line in answer.lines)
