from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from bot.documents.chunking import passage_heading
from bot.encoder import Passage, load_embedder
from bot.errors import IndexMissing, SearchIndexError, UsageError
from bot.index.search_index import SearchIndex
from bot.index.sentences import sentence_spans
from bot.ingestion import ingest
from bot.search.lexical import RowScores
from bot.settings import EmbeddingSettings
from bot.text.tokens import search_terms
from bot.types import Chunk

from .conftest import Workplace

EMBEDDER = load_embedder(EmbeddingSettings())


def pairs(found: RowScores) -> list[tuple[int, float]]:
    return list(zip(found.rows.tolist(), found.scores.tolist(), strict=True))


def chunk_at(index: SearchIndex, row: int) -> Chunk:
    return index.chunks_at([row])[row]


def terms(text: str) -> dict[str, float]:
    return dict.fromkeys(search_terms(text), 1.0)


def test_a_missing_index_names_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m bot ingest"):
        SearchIndex.open(tmp_path)


def test_the_lexical_leg_finds_chinese(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    best = index.lexical(terms("贷款贴息"), 5).rows[0]
    assert "贴息" in chunk_at(index, int(best)).text
    assert index.document_ids[index.lexical_documents(terms("公寓租期"), 5).rows[0]] == "住房/公寓.txt"
    for nothing in (terms("量子"), {}, {"贷款": 0.0}):
        assert pairs(index.lexical(nothing, 5)) == []


def test_a_term_of_twice_the_weight_counts_twice(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    once, twice = (float(index.lexical({"贴息": weight}, 1).scores[0]) for weight in (1.0, 2.0))
    assert twice == pytest.approx(2 * once, rel=1e-4)


def test_document_frequency_counts_chunks(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    chunks = [chunk for name in index.document_ids for chunk in index.chunks_of(name)]
    assert index.chunk_count == len(chunks) > 0
    holding = sum("公寓" in chunk.text or "公寓" in index.metadata(chunk.document_id).title for chunk in chunks)
    assert index.document_frequency("公寓") == holding
    assert index.document_frequency("量子") == 0


def test_rows_are_the_passages_in_reading_order(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    chunks = [chunk for name in index.document_ids for chunk in index.chunks_of(name)]
    assert index.chunks_at(range(len(chunks))) == dict(enumerate(chunks))
    assert [index.document_ids[owner] for owner in index.owners] == [chunk.document_id for chunk in chunks]
    assert index.chunks_at([len(chunks), -1]) == {}


def test_the_dense_leg_finds_what_is_worded_otherwise(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    assert index.fingerprint == EMBEDDER.fingerprint
    for asked, document in (("银行利息优惠", "贷款.txt"), ("Where do I hand in my papers?", "住房/公寓.txt")):
        found = index.dense(EMBEDDER.embed_query(asked), 10)
        assert chunk_at(index, int(found.rows[0])).document_id == document
        assert all(-1.001 <= score <= 1.001 for score in found.scores)
        assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    assert pairs(index.dense(np.zeros(EMBEDDER.dimension, np.float32), 10)) == []


def test_a_vector_of_another_length_is_told(workplace: Workplace) -> None:
    workplace.ingest()
    with pytest.raises(SearchIndexError, match="3 维.*384 维"):
        workplace.open().dense(np.ones(3, np.float32), 5)


def test_cosines_are_those_of_the_passage_and_of_the_sentences_in_it(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    query = EMBEDDER.embed_query("青年人才租公寓")
    rows = list(range(index.chunk_count))
    for row, near, cosine in zip(rows, index.sentences(rows, query), index.cosines(query), strict=True):
        chunk = chunk_at(index, row)
        heading = passage_heading(index.metadata(chunk.document_id).title, chunk.section_path)
        (vectors,) = EMBEDDER.embed_passages([Passage(heading, chunk.text, sentence_spans(chunk.text))])
        assert cosine == pytest.approx(float(vectors.passage @ query), abs=2e-3)
        assert near.cosines == pytest.approx(vectors.sentences @ query, abs=2e-3)
        assert [tuple(span) for span in near.spans.tolist()] == list(sentence_spans(chunk.text))
    some = index.sentences(rows[::-1], query)
    assert some[0].cosines.tolist() == index.sentences([rows[-1]], query)[0].cosines.tolist()
    assert index.cosines(query, np.array(rows[::-1])).tolist() == index.cosines(query).tolist()[::-1]
    approximate = dict(pairs(index.dense(query, 10)))
    assert approximate == pytest.approx({row: float(index.cosines(query)[row]) for row in approximate}, abs=2e-3)


def test_no_text_is_stored_twice(workplace: Workplace) -> None:
    workplace.write("密.txt", "关于暗号的通知\n\n本段文字只应存放一处。")
    workplace.ingest()
    (chroma,) = workplace.data.rglob("chroma")
    stored = b"".join(path.read_bytes() for path in chroma.rglob("*") if path.is_file())
    assert "本段文字只应存放一处".encode() not in stored


def test_chunks_are_stretches_of_their_documents(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    for name in index.document_ids:
        document = index.document(name)
        assert document.metadata == index.metadata(name)
        for chunk in index.chunks_of(name):
            assert document.text[chunk.start : chunk.end] == chunk.text
            assert index.chunk(chunk.id) == chunk


def test_stored_documents_equal_the_loaded_ones(workplace: Workplace) -> None:
    from bot.documents.corpus import list_corpus_files
    from bot.documents.load import load_document

    workplace.ingest()
    index = workplace.open()
    for file in list_corpus_files(workplace.corpus).files:
        assert index.document(file.id) == load_document(file)


def test_unknown_ids_are_told(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    with pytest.raises(UsageError, match="../../etc/passwd"):
        index.document("../../etc/passwd")
    with pytest.raises(UsageError):
        index.chunk("no such chunk")
    assert index.chunks_of("no such document") == ()
    assert index.attachment("no such attachment") is None


def test_a_closed_index_opens_its_files_again_for_a_late_reader(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    before = pairs(index.lexical(terms("贷款"), 5))
    index.close()
    assert pairs(index.lexical(terms("贷款"), 5)) == before != []


def test_an_empty_corpus_gives_an_empty_index(workplace: Workplace) -> None:
    for path in list(workplace.corpus.rglob("*.txt")):
        path.unlink()
    assert workplace.ingest().documents == 0
    index = workplace.open()
    vector = EMBEDDER.embed_query("贷款")
    assert pairs(index.lexical(terms("贷款"), 5)) == pairs(index.dense(vector, 5)) == []
    assert index.sentences([], vector) == [] and len(index.cosines(vector)) == 0
    assert index.chunk_count == 0


def test_an_index_of_another_format_is_told(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    workplace.ingest()
    monkeypatch.setattr("bot.index.search_index.INDEX_FORMAT", "of tomorrow")
    with pytest.raises(SearchIndexError, match="python -m bot ingest"):
        workplace.open()


@pytest.mark.parametrize("file", ["spans.npy", "starts.npy", "codes.i8", "meta.json"])
def test_a_damaged_part_is_told_with_the_remedy(workplace: Workplace, file: str) -> None:
    workplace.ingest()
    for path in list(workplace.data.rglob(file)):
        path.write_bytes(b"\x00 damaged")
    index = workplace.open()
    vector = EMBEDDER.embed_query("贷款")
    with pytest.raises(SearchIndexError, match="--rebuild"):
        index.lexical(terms("贷款"), 3)
        index.sentences([0, 1], vector)
        index.cosines(vector)


def test_damaged_files_of_chroma_are_told_and_filled_again_without_encoding(workplace: Workplace) -> None:
    workplace.ingest()
    vector = EMBEDDER.embed_query("贷款")
    before = pairs(workplace.open().dense(vector, 3))
    (file,) = workplace.data.rglob("chroma.sqlite3")
    file.write_bytes(b"\x00 damaged")
    index = workplace.open()
    with pytest.raises(SearchIndexError, match="--rebuild"):
        index.nearest(vector, 3)
    assert [row for row, _ in pairs(index.dense(vector, 3))] == [row for row, _ in before]
    encoded: list[int] = []
    ingest(workplace.settings(), progress=lambda stage, _, total: encoded.append(total) if stage == "embed" else None)
    assert max(encoded, default=0) == 0
    healed = workplace.open()
    assert healed.version == 2
    assert [row for row, _ in pairs(healed.nearest(vector, 3))] == [row for row, _ in before]


def test_a_damaged_file_is_told_with_the_remedy(workplace: Workplace) -> None:
    workplace.ingest()
    (file,) = workplace.data.rglob("documents.sqlite3")
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SearchIndexError, match="--rebuild"):
        workplace.open()


def test_readers_go_on_while_a_new_version_is_published(workplace: Workplace) -> None:
    workplace.ingest()
    old = workplace.open()
    vector = EMBEDDER.embed_query("贷款")
    expected = (pairs(old.lexical(terms("贷款"), 3)), pairs(old.dense(vector, 3)))
    stop, problems, rounds = threading.Event(), [], [0]

    def read() -> None:
        while not stop.is_set():
            try:
                if (pairs(old.lexical(terms("贷款"), 3)), pairs(old.dense(vector, 3))) != expected:
                    problems.append("another result")
            except Exception as error:
                problems.append(repr(error))
            rounds[0] += 1

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert old.is_current()
        workplace.write("新增.txt", "关于贷款担保的通知\n\n对担保机构给予奖励。")
        workplace.ingest()
    finally:
        stop.set()
        reader.join()
    assert not problems and rounds[0] > 0
    assert not old.is_current()
    new = workplace.open()
    assert new.is_current() and "新增.txt" in new.document_ids
    assert "新增.txt" not in old.document_ids


def test_reading_words_needs_no_chromadb(workplace: Workplace) -> None:
    workplace.ingest()
    code = (
        "import sys; from pathlib import Path; from bot.index.search_index import SearchIndex\n"
        f"index = SearchIndex.open(Path({str(workplace.data)!r}))\n"
        "assert len(index.lexical({'贷款': 1.0}, 3).rows) and index.document(index.document_ids[0])\n"
        "sys.exit(bool({'chromadb', 'torch', 'langchain_core'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
