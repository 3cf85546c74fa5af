"""``python -m bot.benchmarks.sizing [--passages 1000 10000] [--reckon 100000 1000000] [--chroma URL]``: how it grows.

Memory, disk, ingest and whole offline answers over made-up passages (:mod:`bot.benchmarks.scale`), each as a ratio to
the smallest size, so that the table means the same on every machine. Times are those of the processor, of all threads
together: other programs at work do not change them. Larger sizes are reckoned on the straight line
through the two largest that were measured, and marked as reckoned. With ``--chroma`` the passages' vectors lie on that
server; the memory and disk it takes itself are not counted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np

from bot.answering.offline import OfflineAnswerer
from bot.benchmarks.scale import (
    MEGABYTE,
    MadeUpEmbedder,
    MadeUpTexts,
    build,
    disk_use,
    resident_bytes,
)
from bot.encoder import Passage, load_embedder
from bot.index.layout import IndexLayout
from bot.index.search_index import SearchIndex
from bot.index.sentences import sentence_spans
from bot.settings import PROJECT_ROOT, ChromaSettings, EmbeddingSettings
from bot.types import Turn

MEASURED, RECKONED = (1_000, 10_000), (100_000, 1_000_000)
WARMING, ASKED, ENCODED = 10, 60, 64
#: Answers depend on the day; the figures should not.
TODAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Asking:
    """Whole warm offline answers in milliseconds of the processor, and the resident bytes of who gave them."""

    p50_ms: float
    p95_ms: float
    memory: int


@dataclass(frozen=True, slots=True)
class Size:
    """What ``passages`` cost: ``ingest`` is seconds without encoding, ``encoding`` those of the encoder alone."""

    passages: float
    memory_mb: float
    disk_mb: float
    ingest: float
    encoding: float
    p50_ms: float
    p95_ms: float


def measure(passages: int, encoding_seconds: float, chroma: ChromaSettings, asked: int = ASKED) -> Size:
    """Build an index of ``passages`` in a temporary folder and ask it from a process of its own."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as data:
        layout = IndexLayout(Path(data))
        started = time.process_time()
        number = build(layout, MadeUpTexts(), passages, chroma)
        seconds = time.process_time() - started
        asking = _asked_elsewhere(Path(data), chroma, asked)
        disk = sum(astuple(disk_use(layout.version(number))))
    return Size(
        passages,
        asking.memory / MEGABYTE,
        disk / MEGABYTE,
        seconds,
        passages * encoding_seconds,
        asking.p50_ms,
        asking.p95_ms,
    )


def measure_asking(data: Path, chroma: ChromaSettings, asked: int) -> Asking:
    """Ask about passages of the index below ``data``; memory is told of this process."""
    texts = MadeUpTexts()
    index = SearchIndex.open(data, chroma=chroma)
    answerer = OfflineAnswerer(index, MadeUpEmbedder(), lambda: TODAY)
    every = max(1, index.chunk_count // (WARMING + asked))
    # All different: a retriever remembers the evidence of a question.
    questions = [f"{texts.question(number)}是多少？" for number in range(0, index.chunk_count, every)]
    spent: list[float] = []
    for question in questions[: WARMING + asked]:
        started = time.process_time()
        answerer.ask(Turn(question))
        spent.append((time.process_time() - started) * 1000)
    half, most = np.percentile(spent[WARMING:], [50, 95])
    index.close()
    return Asking(float(half), float(most), resident_bytes())


def reckoned(smaller: Size, larger: Size, passages: int) -> Size:
    """What ``passages`` would cost if everything goes on growing as between two measured sizes."""
    share = (passages - larger.passages) / (larger.passages - smaller.passages)
    grown = (most + share * (most - least) for least, most in zip(astuple(smaller), astuple(larger), strict=True))
    return Size(*grown)


def table(measured: Sequence[Size], sizes: Sequence[int]) -> list[str]:
    """One line a size: the smallest in units, the others as ratios to it; reckoned ones are marked."""
    first = measured[0]
    lines = [
        f"{first.passages:.0f} passages: memory {first.memory_mb:.0f} MB, disk {first.disk_mb:.1f} MB, "
        f"ingest {first.ingest:.1f} s + encoding {first.encoding:.0f} s, "
        f"answer p50 {first.p50_ms:.0f} ms, p95 {first.p95_ms:.0f} ms"
    ]
    rows = [(each, "") for each in measured[1:]]
    if len(measured) > 1:
        rows += [(reckoned(measured[-2], measured[-1], size), " (reckoned)") for size in sizes]
    names = [each.name.partition("_")[0] for each in fields(Size)]
    for size, mark in rows:
        shares = [grown / least for grown, least in zip(astuple(size), astuple(first), strict=True)]
        told = ", ".join(f"{name} ×{share:.1f}" for name, share in zip(names[1:], shares[1:], strict=True))
        lines.append(f"{size.passages:.0f} passages{mark}: {told}")
    return lines


def encoding_seconds(passages: int = ENCODED) -> float:
    """Processor seconds for one passage of the usual length with its sentences."""
    embedder, texts = load_embedder(EmbeddingSettings()), MadeUpTexts()
    made = [Passage("", text, sentence_spans(text)) for text in map(texts.passage, range(passages + 1))]
    embedder.embed_passages(made[:1])
    started = time.process_time()
    embedder.embed_passages(made[1:])
    return (time.process_time() - started) / passages


def main() -> None:
    """Print the table, or what another process of this benchmark asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=MEASURED, help="sizes to measure")
    parser.add_argument("--reckon", type=int, nargs="*", default=RECKONED, help="sizes to reckon from those")
    parser.add_argument("--chroma", default="", help="address of a Chroma server for the passages' vectors")
    parser.add_argument("--asked", type=int, default=ASKED, help=argparse.SUPPRESS)
    parser.add_argument("--ask-in", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    chroma = ChromaSettings(url=options.chroma)
    if options.ask_in:
        _told(json.dumps(asdict(measure_asking(options.ask_in, chroma, options.asked))))
        return
    each = encoding_seconds()
    measured: list[Size] = []
    for size in sorted(options.passages):
        measured.append(measure(size, each, chroma, options.asked))
        _told(json.dumps(asdict(measured[-1])))
    for line in table(measured, options.reckon):
        _told(line)


def _asked_elsewhere(data: Path, chroma: ChromaSettings, asked: int) -> Asking:
    """By a fresh process: its memory holds nothing that the build left behind."""
    options = ("--ask-in", str(data), "--chroma", chroma.url, "--asked", str(asked))
    command = [sys.executable, "-m", "bot.benchmarks.sizing", *options]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=PROJECT_ROOT, encoding="utf-8")
    return Asking(**json.loads(done.stdout))


def _told(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
