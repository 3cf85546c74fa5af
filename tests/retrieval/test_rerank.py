from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot.catalogue.thesaurus import Thesaurus
from bot.index.embedder import load_embedder
from bot.index.fields import chunk_fields
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.retrieval.general import general_thesaurus
from bot.retrieval.rerank import FieldScorer, SentenceScorer
from bot.settings import BUNDLED_EMBEDDING_MODEL, Settings
from bot.text.tokens import search_terms
from bot.types import Chunk


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("rerank")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("贷款贴息办法\n\n企业贷款可以贴息。贷款期限一年。", encoding="utf-8")
    (corpus / "b.txt").write_text("公寓管理办法\n\n公寓租期三年。申请人向街道申请。", encoding="utf-8")
    settings = Settings(corpus_dir=corpus, data_dir=folder / "data")
    ingest(settings)
    return SearchIndex.open(settings.data_dir)


def chunks(index: SearchIndex) -> list[Chunk]:
    return [chunk for name in index.document_ids for chunk in index.chunks_of(name)]


def test_mean_lengths_are_those_of_the_fields(index: SearchIndex) -> None:
    fields = [chunk_fields(index.metadata(chunk.document_id).title, chunk) for chunk in chunks(index)]
    assert index.mean_lengths.heading == pytest.approx(np.mean([len(each.heading) for each in fields]))
    assert index.mean_lengths.body == pytest.approx(np.mean([len(each.body) for each in fields]))


def test_field_score_by_the_formula(index: SearchIndex) -> None:
    every = chunks(index)
    chunk = every[0]
    means = index.mean_lengths
    fields = chunk_fields(index.metadata(chunk.document_id).title, chunk)
    whole = [search_terms(index.metadata(each.document_id).title + "\n" + each.text) for each in every]
    expected = 0.0
    for term, weight in {"贷款": 1.0, "贴息": 0.3, "公寓": 1.0, "没有": 1.0}.items():
        holding = sum(term in terms for terms in whole)
        idf = math.log(1 + (len(every) - holding + 0.5) / (holding + 0.5))
        frequency = sum(
            Counter(terms)[term] / (0.25 + 0.75 * len(terms) / mean)
            for terms, mean in ((fields.heading, means.heading), (fields.body, means.body))
        )
        expected += weight * idf * frequency * 2.2 / (frequency + 1.2)
    query = {"贷款": 1.0, "贴息": 0.3, "公寓": 1.0, "没有": 1.0}
    assert FieldScorer(index).score(query, chunk) == pytest.approx(expected)
    assert FieldScorer(index).score({}, chunk) == 0


def test_a_title_at_the_head_of_the_text_counts_once() -> None:
    chunk = Chunk("x", "a.txt", 0, (), 0, 11, "贷款办法\n企业可以贷款")
    fields = chunk_fields("贷款办法", chunk)
    assert fields.heading == tuple(search_terms("贷款办法"))
    assert fields.body == tuple(search_terms("企业可以贷款"))
    assert fields.whole_text == tuple(search_terms(chunk.text))
    assert chunk_fields("", chunk).body == fields.whole_text


def test_sentence_score_is_that_of_the_nearest_sentence(index: SearchIndex) -> None:
    embedder = load_embedder(str(BUNDLED_EMBEDDING_MODEL))
    scorer = SentenceScorer(embedder)
    (sentence,) = embedder.embed(["公寓租期三年。"])
    names = [chunk.document_id for chunk in chunks(index)]
    scores = dict(zip(names, scorer.scores(sentence, chunks(index)), strict=True))
    assert scores["b.txt"] == pytest.approx(1, abs=1e-5)
    assert scores["a.txt"] < 0.9
    assert scorer.scores(sentence, chunks(index)) == list(scores.values())


def test_the_general_thesaurus_widens_with_words_of_two_or_more_characters() -> None:
    groups = general_thesaurus()
    assert Thesaurus(groups).occurrences("公司缺钱")
    assert all(len(word) > 1 for group in groups for word in (*group.words, *group.also))
    words = [word for group in groups for word in group.words if group.one_way]
    assert len(words) == len(set(words))
