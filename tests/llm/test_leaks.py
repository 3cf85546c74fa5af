"""Five hundred faulty calls leave nothing behind: no thread, no socket, no memory."""

from __future__ import annotations

import gc
import os
import threading
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.llm import Deadline, FailureReason, ModelCallError, ModelService
from bot.settings import LlmSettings
from tests.llm.services import ASKED, KEY, Need
from tests.support.openai_server import OpenAIServer, Reply

CALLS = 500
WARMING_CALLS = 100
MOST_BYTES_LEFT = 200_000
FAULTS = [
    Reply(status=400),
    Reply(status=404),
    Reply(status=429),
    Reply(status=500),
    Reply("最高50万元", cut_after=3),
    Reply("最高50万元", finish=None),
    Reply("最高50万元", finish="length"),
    Reply("", finish="content_filter"),
    Reply("<think>想"),
    Reply("想</think>"),
    Reply("没完。", endless=True, pieces=400),
    Reply("", error={"message": KEY}),
    Reply(raw=b"<html>"),
    Reply(raw=b"data: {broken\n\n"),
    Reply(raw=b"{}"),
    Reply(raw=b"x", headers={"Content-Encoding": "gzip"}),
    Reply(raw=b"", status=302, headers={"Location": "http://elsewhere.example/"}),
    Reply(raw=b"data: " + b"x" * 60_000, endless=True),
    Reply(greeting=b""),
    Reply(greeting=b"SSH-2.0\r\n\r\n"),
    Reply(tool='{"title": '),
    Reply("最高50万元。", stall_after=2),
    Reply("最高50万元。", pause=30),
    Reply("好，" * 40, pieces=1),
]


def sockets() -> int:
    """How many sockets this process has open."""
    targets = []
    for name in os.listdir("/proc/self/fd"):
        try:
            targets.append(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
    return sum(target.startswith("socket:") for target in targets)


def call(service: ModelService, reply: Reply, round_: int) -> FailureReason | None:
    """One call; the reason of its failure."""
    silent = bool(reply.pause or reply.stall_after)
    deadline = Deadline.after(0.05) if silent else None
    try:
        if round_ % 3 == 0:
            service.structured(ASKED, Need, deadline)
        elif round_ % 3 == 1:
            for _ in service.stream(ASKED, deadline):
                break
        else:
            service.complete(ASKED, deadline)
    except ModelCallError as error:
        assert KEY not in str(error)
        return error.reason
    return None


def calls(base_url: str, server: OpenAIServer, count: int) -> Counter[FailureReason | None]:
    settings = LlmSettings(
        base_url=base_url, model="test-model", api_key=SecretStr(KEY), max_tokens=64, timeout_seconds=20
    )
    reasons: Counter[FailureReason | None] = Counter()
    service = ModelService(settings)
    for number in range(count):
        reply = FAULTS[number % len(FAULTS)]
        server.replies = [reply]
        reasons[call(service, reply, number // len(FAULTS))] += 1
        service.breaker.succeeded()
    return reasons


def wait_for_others(before: set[threading.Thread]) -> list[str]:
    """The names of the threads that have not ended, given time to."""
    others = [thread for thread in threading.enumerate() if thread not in before]
    for thread in others:
        thread.join(10)
    return [thread.name for thread in others if thread.is_alive()]


@pytest.mark.slow
def test_nothing_is_left_behind() -> None:
    assert Path("/proc/self/fd").is_dir()
    gc.collect()
    threads, open_before = set(threading.enumerate()), sockets()
    with OpenAIServer() as server:
        reasons = calls(server.base_url, server, WARMING_CALLS)
        server.requests.clear()
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        reasons += calls(server.base_url, server, CALLS)
        callers = [thread for thread in threading.enumerate() if thread.name == "model-call"]
        for thread in callers:
            thread.join(10)
        assert not any(thread.is_alive() for thread in callers), "while the server still holds its side open"
    assert wait_for_others(threads) == []
    assert sockets() == open_before
    server.requests.clear()
    gc.collect()
    left = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert left < MOST_BYTES_LEFT
    assert len(reasons) >= 9, reasons
