"""The cache of vectors: what is known is not encoded, what is old goes, what is broken does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import Passage, PassageVectors
from bot.encoder.cache import CachedEmbedder, passage_key
from bot.encoder.embedder import Floats, unit_rows


class Counting:
    """Random vectors that depend on the text, and a list of what was encoded."""

    dimension = 16

    def __init__(self, fingerprint: str = "counting@1") -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def embed_query(self, text: str) -> Floats:
        return self._rows(text, 1)[0]

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        self.encoded.extend(passage.text for passage in passages)
        return [PassageVectors(self._rows(p.text, 1)[0], self._rows(p.text, len(p.sentences))) for p in passages]

    def _rows(self, text: str, count: int) -> Floats:
        seed = sum(ord(character) * (place + 1) for place, character in enumerate(text))
        return unit_rows(np.random.default_rng(seed).normal(size=(count, self.dimension)).astype(np.float32))


def passages(*texts: str) -> list[Passage]:
    return [Passage("题", text, ((0, 1), (1, len(text)))) for text in texts]


def test_what_is_known_is_not_encoded_again(tmp_path: Path) -> None:
    inner = Counting()
    first = CachedEmbedder(inner, tmp_path / "c.sqlite3", 1 << 20)
    before = first.embed_passages(passages("甲乙", "丙丁"))
    first.close()
    again = CachedEmbedder(inner, tmp_path / "c.sqlite3", 1 << 20)
    after = again.embed_passages(passages("丙丁", "戊己", "甲乙"))
    assert inner.encoded == ["甲乙", "丙丁", "戊己"]
    for fresh, kept in ((before[0], after[2]), (before[1], after[0])):
        assert np.array_equal(fresh.passage, kept.passage)
        assert np.array_equal(fresh.sentences, kept.sentences)
    assert np.allclose(after[1].sentences, inner._rows("戊己", 2), atol=0.01)


@pytest.mark.parametrize(
    "other",
    [
        Passage("题二", "甲乙", ((0, 1), (1, 2))),
        Passage("题", "甲丙", ((0, 1), (1, 2))),
        Passage("题", "甲乙", ((0, 2),)),
    ],
)
def test_the_key_changes_with_heading_text_and_sentences(other: Passage) -> None:
    (same,) = passages("甲乙")
    assert passage_key("m", same) != passage_key("m", other)
    assert passage_key("m", same) != passage_key("m2", same) and passage_key("m", same) == passage_key("m", same)


def test_another_model_has_entries_of_its_own(tmp_path: Path) -> None:
    one, two = Counting("a"), Counting("b")
    for inner in (one, two):
        CachedEmbedder(inner, tmp_path / "c.sqlite3", 1 << 20).embed_passages(passages("甲乙"))
    assert one.encoded == two.encoded == ["甲乙"]


def test_the_entries_unused_for_longest_go_when_it_is_full(tmp_path: Path) -> None:
    inner = Counting()
    size = 16 * 4 + 2 * (16 + 4)
    cached = CachedEmbedder(inner, tmp_path / "c.sqlite3", size * 10)
    for number in range(30):
        cached.embed_passages(passages(f"文{number:02}"))
    inner.encoded.clear()
    cached.embed_passages(passages("文29"))
    assert inner.encoded == []
    cached.embed_passages(passages("文00"))
    assert inner.encoded == ["文00"]
    stored = cached._open().execute("SELECT sum(bytes) FROM vectors").fetchone()[0]
    assert stored <= size * 10


@pytest.mark.parametrize("spoilt", ["not a database", "a folder", "unwritable"])
def test_a_cache_that_cannot_be_used_is_done_without(tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / "c.sqlite3"
    if spoilt == "not a database":
        path.write_bytes(b"\x00 damaged" * 500)
    elif spoilt == "a folder":
        path.mkdir()
    else:
        path = Path("/proc/nowhere/c.sqlite3")
    inner = Counting()
    cached = CachedEmbedder(inner, path, 1 << 20)
    for _ in range(2):
        (vectors,) = cached.embed_passages(passages("甲乙"))
        assert np.array_equal(vectors.passage, inner._rows("甲乙", 1)[0])
    assert inner.encoded == ["甲乙", "甲乙"]


def test_the_cache_is_the_embedder_it_stands_for(tmp_path: Path) -> None:
    inner = Counting()
    cached = CachedEmbedder(inner, tmp_path / "c.sqlite3", 1 << 20)
    assert (cached.fingerprint, cached.dimension) == (inner.fingerprint, 16)
    assert np.array_equal(cached.embed_query("甲"), inner.embed_query("甲"))
    assert cached.embed_passages([]) == []
