"""``python -m bot.benchmarks.load [--people N] [--questions N] [--memory N] [--data DIR]``: many people at once.

Starts the real server on this machine with the index of ``--data`` and has people chat with it over HTTP, each asking
its questions one after the other with a pause to read. Told are errors, refusals (忙), the time to the first word and
to the whole answer, questions a second, and the server's memory before and after. ``--memory N`` asks N more questions,
a few at once, and tells how much the server grew in the second half, where nothing is loaded for the first time.
``--conversation N`` asks N questions in one conversation and tells the time of the last ones against the first.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.settings import PROJECT_ROOT
from bot.web.conversation import LONGEST_HISTORY

#: Questions of every kind that the bundled corpus is asked; what is answered does not matter here.
QUESTIONS = (
    "联合创新项目最高能给多少？",
    "公司缺钱，哪家银行有专门的贷款",
    "来沪短期交流的人才可以免租多久？",
    "技术难题可以在哪里发榜？",
    "对这份答复有疑问，联系谁？",
    "今天天气怎么样",
    "做机器人的企业可以找哪家院所合作？",
    "善新贷额度多少",
)
READING_SECONDS = (1.0, 4.0)
SEED = 20250528
_STARTS_WITHIN, _ANSWERS_WITHIN = 120.0, 120.0
#: Of a run of memory: how many sizes are told, and how many ask at once.
_SIZES, _ASKING = 50, 4


@dataclass(slots=True)
class Tally:
    """What became of the questions; times in seconds."""

    first_word: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)

    def told(self, seconds: float) -> dict[str, object]:
        """The figures of a run that took ``seconds``."""
        return {
            "answered": len(self.whole),
            "refused": self.refused,
            "errors": len(self.errors),
            "first_word_p50": round(_quantile(self.first_word, 50), 2),
            "first_word_p95": round(_quantile(self.first_word, 95), 2),
            "whole_p50": round(_quantile(self.whole, 50), 2),
            "whole_p95": round(_quantile(self.whole, 95), 2),
            "per_second": round(len(self.whole) / seconds, 1) if seconds else 0.0,
            "kinds_of_error": sorted(set(self.errors))[:5],
        }


class Server:
    """``python -m bot serve`` on a free port, with limits of one address out of the way."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        limits = {"BOT_SERVING_QUESTIONS_PER_MINUTE": "1000000", "BOT_SERVING_CALLS_PER_MINUTE": "1000000"}
        command = [sys.executable, "-m", "bot", "serve", "--port", str(self.port), "--data", str(self._data)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env={**os.environ, **limits}, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/readyz", timeout=30, trust_env=False).status_code == 200:
                    return self
            time.sleep(0.2)
        self.__exit__()
        raise SystemExit("the server did not start: run ingest first")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)

    def megabytes(self) -> float:
        """Resident memory."""
        assert self._process is not None
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def questions(seed: int) -> Iterator[str]:
    """An endless list in an order of its own, no two alike: nothing is answered out of a cache."""
    chance = random.Random(seed)
    for number in itertools.count(1):
        yield f"{chance.choice(QUESTIONS)}（第{seed}位，第{number}问）"


@asynccontextmanager
async def _client(address: str, people: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=people + 10)
    async with httpx.AsyncClient(base_url=address, timeout=_ANSWERS_WITHIN, limits=limits, trust_env=False) as client:
        yield client


async def ask(
    client: httpx.AsyncClient, question: str, tally: Tally, *, history: Sequence[str] = (), key: str = ""
) -> None:
    """Ask as the page's script does, with earlier questions as ``history``."""
    started, first = time.perf_counter(), 0.0
    last: dict[str, object] = {}
    asked = {"key": key or os.urandom(8).hex(), "number": 1, "question": question, "history": list(history)}
    try:
        async with client.stream("POST", "/ask", json={**asked, "language": "zh-CN"}) as reply:
            if reply.status_code == 503:
                tally.refused += 1
                return
            if reply.status_code != 200:
                tally.errors.append(f"HTTP {reply.status_code}")
                return
            async for line in reply.aiter_lines():
                last = json.loads(line)
                if not first and "ahead" not in last:
                    first = time.perf_counter() - started
    except httpx.HTTPError as error:
        tally.errors.append(type(error).__name__)
        return
    if last.get("ending") != "done":
        tally.errors.append(str(last.get("ending")))
        return
    tally.first_word.append(first)
    tally.whole.append(time.perf_counter() - started)


async def crowd(address: str, people: int, each: int, pause: tuple[float, float] = READING_SECONDS) -> Tally:
    """``people`` who come within the time one reads, and ask ``each`` questions."""
    tally, chance = Tally(), random.Random(SEED)
    async with _client(address, people) as client:

        async def person(number: int) -> None:
            await asyncio.sleep(chance.uniform(0, pause[1]))
            for question in itertools.islice(questions(number), each):
                await ask(client, question, tally)
                await asyncio.sleep(chance.uniform(*pause))

        await asyncio.gather(*(person(number) for number in range(people)))
    return tally


async def growth(server: Server, count: int) -> dict[str, object]:
    """Memory over ``count`` questions, each of a conversation of its own."""
    tally, asked = Tally(), itertools.islice(questions(0), count)
    sizes = [server.megabytes()]
    async with _client(server.address, _ASKING) as client:

        async def asking() -> None:
            for question in asked:
                await ask(client, question, tally)
                if len(tally.whole) >= len(sizes) * count / _SIZES:
                    sizes.append(server.megabytes())

        await asyncio.gather(*(asking() for _ in range(_ASKING)))
    sizes.append(server.megabytes())
    half = sizes[len(sizes) // 2]
    return {
        "questions": len(tally.whole),
        "errors": len(tally.errors),
        "megabytes": [round(size) for size in sizes],
        "second_half_grew_by": round(sizes[-1] - half, 1),
    }


async def conversation(address: str, count: int) -> dict[str, object]:
    """One conversation of ``count`` questions, each handing on what the browser would."""
    tally = Tally()
    history: list[str] = []
    async with _client(address, 1) as client:
        for question in itertools.islice(questions(1), count):
            await ask(client, question, tally, history=history[-LONGEST_HISTORY:])
            history.append(question)
    tenth = max(1, count // 10)
    begun, ended = statistics.median(tally.whole[:tenth]), statistics.median(tally.whole[-tenth:])
    return {"questions": len(tally.whole), "errors": tally.errors[:3], "last_to_first": round(ended / begun, 2)}


def _quantile(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[10, 50, 200])
    parser.add_argument("--questions", type=int, default=3)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--conversation", type=int, default=0)
    parser.add_argument("--data", type=Path, default=PROJECT_ROOT / "data")
    options = parser.parse_args(arguments)
    with Server(options.data) as server:
        for people in options.people:
            before, started = server.megabytes(), time.perf_counter()
            tally = asyncio.run(crowd(server.address, people, options.questions))
            figures = tally.told(time.perf_counter() - started)
            _tell({"people": people, **figures, "megabytes": [round(before), round(server.megabytes())]})
        if options.conversation:
            _tell(asyncio.run(conversation(server.address, options.conversation)))
        if options.memory:
            _tell(asyncio.run(growth(server, options.memory)))


def _tell(content: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
