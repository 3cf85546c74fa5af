"""The benchmark of size measures what it says; how fast is for the benchmark itself to tell."""

from __future__ import annotations

import os
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from bot.benchmarks import scale
from bot.benchmarks.scale import DOCUMENT_PASSAGES, MadeUpEmbedder, MadeUpTexts, Scale
from bot.encoder import Passage
from bot.settings import EmbeddingSettings

pytestmark = pytest.mark.slow

PASSAGES = 300


@pytest.fixture(scope="module")
def measured() -> Scale:
    return scale.measure_scale(PASSAGES, searches=20, warming=10)


def test_an_index_of_the_size_asked_for_is_built(measured: Scale) -> None:
    assert measured.passages == PASSAGES
    assert measured.documents == PASSAGES // DOCUMENT_PASSAGES
    assert measured.build_seconds > 0


def test_it_is_searched_and_its_neighbours_are_found(measured: Scale) -> None:
    searching = measured.searching
    assert 0 < searching.p50_ms <= searching.p95_ms
    assert 0.95 <= searching.recall <= 1


def test_memory_is_told_before_and_after(measured: Scale) -> None:
    assert 0 < measured.searching.bytes_before < measured.searching.bytes_after
    assert scale.resident_bytes() > 0


def test_every_part_takes_space(measured: Scale) -> None:
    assert all(size > 0 for size in astuple(measured.disk))
    assert measured.disk.passages == PASSAGES * (scale.DIMENSION + np.dtype(np.float32).itemsize)


def test_made_up_texts_are_the_same_at_every_run_and_lie_where_they_say() -> None:
    first, again = list(MadeUpTexts().documents(10)), list(MadeUpTexts().documents(10))
    assert first == again
    assert [len(chunks) for _, chunks in first] == [4, 4, 2]
    for document, chunks in first:
        assert all(document.text[each.start : each.end] == each.text for each in chunks)
        assert all(len(each.text) == scale.PASSAGE_CHARACTERS for each in chunks)


def test_a_question_lies_nearest_to_its_passage() -> None:
    texts, embedder = MadeUpTexts(), MadeUpEmbedder()
    passages = embedder.embed_passages([Passage("", texts.passage(each)) for each in range(50)])
    vectors = np.stack([each.passage for each in passages])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    questions = [texts.question(each) for each in range(50)]
    assert len(set(questions)) == 50
    nearest = [int(np.argmax(vectors @ embedder.embed_query(each))) for each in questions]
    assert nearest == list(range(50))


def test_the_encoder_is_measured_on_a_folder_or_on_made_up_text(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text(
        '{"id": "a", "text": "%s"}\n' % ("科技贷款贴息。" * 500), encoding="utf-8"
    )
    found = scale.measure_encoding(EmbeddingSettings(threads=1), tmp_path, passages=2)
    assert (found.passages, found.lanes) == (2, 1)
    found = scale.measure_encoding(EmbeddingSettings(), None, passages=2)
    assert found.passages == 2
    assert 1 <= found.lanes <= (os.cpu_count() or 1)
    assert found.seconds > 0 and found.question_ms > 0


def test_one_line_is_printed_for_each_figure(measured: Scale, capsys: pytest.CaptureFixture[str]) -> None:
    scale._told_scale(measured)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12
    assert all(line.startswith(f"{PASSAGES} passages: ") for line in lines)
