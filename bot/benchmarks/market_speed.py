"""Speed of a large market: ``python -m bot.benchmarks.market_speed DIR [OFFERS]``.

``DIR`` holds ``needs.jsonl`` and ``offers.jsonl`` (as for :mod:`bot.benchmarks.matching`). OFFERS (100,000
unless told) are made from halves of their titles, with sentences of the needs as descriptions. Printed:
seconds to import and to index, the first match after a start, and the time of one need against all offers. On a
busy machine the processor time tells more than the clock.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bot.market.service import Market
from bot.settings import load_settings
from bot.types import RecordKind

SEED = 20250528
OFFERS = 100_000
_SENTENCES_EACH = 4


def made_offers(folder: Path, count: int) -> Iterator[str]:
    """``count`` JSON lines of made-up offers with distinct titles for the most part."""
    generator = random.Random(SEED)
    titles = [json.loads(line)["title"] for line in _lines(folder / "offers.jsonl")]
    texts = [json.loads(line).get("description") or "" for line in _lines(folder / "needs.jsonl")]
    sentences = [each.strip() for text in texts for each in re.split(r"[。；\n]", text) if len(each) > 10]
    for number in range(count):
        first, second = generator.choice(titles), generator.choice(titles)
        title = first[: len(first) // 2] + second[len(second) // 2 :]
        body = "。".join(generator.sample(sentences, min(_SENTENCES_EACH, len(sentences))))
        yield json.dumps({"id": f"made-{number}", "title": title, "description": body}, ensure_ascii=False)


def run(folder: Path, count: int) -> None:
    """Import, index, match, print."""
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(environment={}, data_dir=Path(data))
        market = Market(settings)
        made = Path(data) / "offers.jsonl"
        made.write_text("\n".join(made_offers(folder, count)), encoding="utf-8")
        _told(f"import of {count} offers", lambda: _import(market, made, RecordKind.OFFER))
        _told("index", market.build_index)
        _import(market, folder / "needs.jsonl", RecordKind.NEED)
        ids = [record.id for record in market.all_records(RecordKind.NEED)]
        market.build_index()
        started_anew = Market(settings)
        _told("first match of a program just started", lambda: started_anew.matcher.match_need(ids[0]))
        spent, worked = [], []
        for need_id in ids:
            started, worked_before = time.perf_counter(), time.process_time()
            started_anew.matcher.match_need(need_id)
            spent.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - worked_before) * 1000)
        half, most = np.percentile(spent, [50, 95])
        sys.stdout.write(
            f"one need against {count} offers: p50 {half:.1f} ms, p95 {most:.1f} ms,"
            f" of processor time p50 {np.percentile(worked, 50):.1f} ms\n"
        )
        market.close()


def _import(market: Market, path: Path, kind: RecordKind) -> None:
    market.import_records(path, kind, actor="benchmark", publish=True)


def _told(what: str, work: Callable[[], object]) -> None:
    started = time.perf_counter()
    work()
    sys.stdout.write(f"{what}: {time.perf_counter() - started:.2f} s\n")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else OFFERS)
