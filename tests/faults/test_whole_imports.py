"""An import is whole or not there, wherever it breaks off; a killed process loses nothing it acknowledged."""

import json

import pytest

from bot.benchmarks.kills import KINDS, rounds
from bot.errors import MarketError
from bot.market import importing
from bot.market.importing import import_file
from bot.market.intake.arrivals import ReadyBatch
from bot.market.store import MarketStore
from bot.types import RecordKind


def sheet(path, version, rows=25):
    lines = (
        {"id": f"n{row}", "title": f"示例{row}", "description": version, "owner_id": f"示例单位{version}{row}"}
        for row in range(rows)
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("breaks_at", [1, 2, 3, 4])
def test_what_breaks_off_between_batches_leaves_nothing(either_database, tmp_path, monkeypatch, breaks_at):
    store = MarketStore(either_database)
    import_file(store, sheet(tmp_path / "a.jsonl", "甲"), RecordKind.NEED, actor="t", source="示例")
    before = [list(store.iterate(kind)) for kind in RecordKind]
    monkeypatch.setattr(importing, "BATCH", 10)
    calls = []
    write = ReadyBatch.write

    def breaking(*given):
        # The owners are written first.
        calls.append(1)
        if len(calls) == breaks_at:
            raise MarketError("示例")
        write(*given)

    monkeypatch.setattr(ReadyBatch, "write", breaking)
    with pytest.raises(MarketError):
        import_file(store, sheet(tmp_path / "b.jsonl", "乙"), RecordKind.NEED, actor="t", source="示例")
    assert [list(store.iterate(kind)) for kind in RecordKind] == before
    monkeypatch.setattr(ReadyBatch, "write", write)
    done = import_file(store, sheet(tmp_path / "b.jsonl", "乙"), RecordKind.NEED, actor="t", source="示例")
    assert (done.updated, {each.description for each in store.iterate(RecordKind.NEED)}) == (25, {"乙"})


@pytest.mark.slow
def test_ten_kills_lose_nothing(tmp_path):
    tallies = rounds(tmp_path, 10, seed=1)
    assert set(tallies) == set(KINDS)
    assert [problem for tally in tallies.values() for problem in tally.problems] == []
    assert sum(tally.acknowledged for tally in tallies.values()) > 0
