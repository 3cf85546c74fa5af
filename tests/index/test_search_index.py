from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from bot.errors import IndexMissing, SearchIndexError, UsageError
from bot.index.embedder import load_embedder
from bot.index.search_index import SearchIndex
from bot.settings import BUNDLED_EMBEDDING_MODEL
from bot.text.tokens import search_terms

from .conftest import Workplace


def terms(text: str) -> dict[str, float]:
    return dict.fromkeys(search_terms(text), 1.0)


def test_a_missing_index_names_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python ingest.py"):
        SearchIndex.open(tmp_path)


def test_the_lexical_leg_finds_chinese(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    best = index.lexical(terms("贷款贴息"), 5)[0]
    assert "贴息" in index.chunk(best.id).text
    assert index.lexical_documents(terms("公寓租期"), 5)[0].id == "住房/公寓.txt"
    assert index.lexical(terms("量子"), 5) == ()
    assert index.lexical({}, 5) == ()
    assert index.lexical({"贷款": 0.0}, 5) == ()


def test_a_term_of_twice_the_weight_counts_twice(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    once, twice = (index.lexical({"贴息": weight}, 1)[0].score for weight in (1.0, 2.0))
    assert twice == pytest.approx(2 * once, rel=1e-4)


def test_document_frequency_counts_chunks(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    chunks = [chunk for name in index.document_ids for chunk in index.chunks_of(name)]
    assert index.chunk_count == len(chunks) > 0
    holding = sum("公寓" in chunk.text or "公寓" in index.metadata(chunk.document_id).title for chunk in chunks)
    assert index.document_frequency("公寓") == holding
    assert index.document_frequency("量子") == 0


def test_the_dense_leg_finds_what_is_worded_otherwise(workplace: Workplace) -> None:
    workplace.ingest()
    index = workplace.open()
    embedder = load_embedder(str(BUNDLED_EMBEDDING_MODEL))
    assert index.fingerprint == embedder.fingerprint
    found = index.dense(embedder.embed(["银行利息优惠"])[0], 10)
    assert index.chunk(found[0].id).document_id == "贷款.txt"
    assert all(-1.001 <= item.score <= 1.001 for item in found)
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    assert index.dense(np.zeros(embedder.dimension, np.float32), 10) == ()


def test_a_cosine_is_that_of_the_indexed_text(workplace: Workplace) -> None:
    from bot.documents.chunking import indexed_text

    workplace.ingest()
    index = workplace.open()
    embedder = load_embedder(str(BUNDLED_EMBEDDING_MODEL))
    query = embedder.embed(["青年人才租公寓"])[0]
    best = index.dense(query, 1)[0]
    chunk = index.chunk(best.id)
    text = indexed_text(index.metadata(chunk.document_id).title, chunk.section_path, chunk.text)
    assert best.score == pytest.approx(float(query @ embedder.embed([text])[0]), abs=1e-4)


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
    before = index.lexical(terms("贷款"), 5)
    index.close()
    assert index.lexical(terms("贷款"), 5) == before


def test_an_empty_corpus_gives_an_empty_index(workplace: Workplace) -> None:
    for path in list(workplace.corpus.rglob("*.txt")):
        path.unlink()
    assert workplace.ingest().documents == 0
    index = workplace.open()
    vector = load_embedder(str(BUNDLED_EMBEDDING_MODEL)).embed(["贷款"])[0]
    assert index.lexical(terms("贷款"), 5) == index.dense(vector, 5) == ()
    assert index.chunk_count == 0


def test_an_index_of_another_format_is_told(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    workplace.ingest()
    monkeypatch.setattr("bot.index.search_index.INDEX_FORMAT", "of tomorrow")
    with pytest.raises(SearchIndexError, match="python ingest.py"):
        workplace.open()


def test_a_damaged_file_is_told_with_the_remedy(workplace: Workplace) -> None:
    workplace.ingest()
    (file,) = workplace.data.rglob("documents.sqlite3")
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SearchIndexError, match="--rebuild"):
        workplace.open()


def test_readers_go_on_while_a_new_version_is_published(workplace: Workplace) -> None:
    workplace.ingest()
    old = workplace.open()
    vector = load_embedder(str(BUNDLED_EMBEDDING_MODEL)).embed(["贷款"])[0]
    expected = (old.lexical(terms("贷款"), 3), old.dense(vector, 3))
    stop, problems, rounds = threading.Event(), [], [0]

    def read() -> None:
        while not stop.is_set():
            try:
                if (old.lexical(terms("贷款"), 3), old.dense(vector, 3)) != expected:
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
        "assert index.lexical({'贷款': 1.0}, 3) and index.document(index.document_ids[0])\n"
        "sys.exit(bool({'chromadb', 'torch', 'langchain_core'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
