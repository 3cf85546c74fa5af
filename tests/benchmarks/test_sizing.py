"""The table of sizes says what was measured, and what was only reckoned."""

from __future__ import annotations

import pytest

from bot.benchmarks import sizing
from bot.benchmarks.sizing import Size, reckoned, table
from bot.index.search_index import FILES_ONLY

SMALL = Size(1_000, memory_mb=300, disk_mb=10, ingest=4, encoding=40, p50_ms=20, p95_ms=30)
LARGE = Size(10_000, memory_mb=390, disk_mb=100, ingest=40, encoding=400, p50_ms=29, p95_ms=48)


@pytest.mark.slow
def test_a_size_is_built_and_asked() -> None:
    found = sizing.measure(200, 0.5, FILES_ONLY, asked=5)
    assert found.passages == 200 and found.encoding == 100
    assert 0 < found.p50_ms <= found.p95_ms
    assert found.memory_mb > 50 and found.disk_mb > 0.2 and found.ingest > 0


def test_what_is_larger_is_reckoned_on_the_line_through_both() -> None:
    assert reckoned(SMALL, LARGE, 10_000) == LARGE
    far = reckoned(SMALL, LARGE, 100_000)
    assert (far.memory_mb, far.disk_mb, far.encoding, far.p50_ms) == (1290, 1000, 4000, 119)


def test_reckoned_lines_say_so() -> None:
    first, measured, guessed = table([SMALL, LARGE], [100_000])
    assert first.startswith("1000 passages: memory 300 MB, disk 10.0 MB")
    assert measured == "10000 passages: memory ×1.3, disk ×10.0, ingest ×10.0, encoding ×10.0, p50 ×1.4, p95 ×1.6"
    assert guessed.startswith("100000 passages (reckoned): memory ×4.3, disk ×100.0")
    assert len(table([SMALL], [100_000])) == 1
