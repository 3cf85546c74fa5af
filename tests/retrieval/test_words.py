from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index.fields import chunk_fields
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.retrieval.fusion import FusionWeights
from bot.retrieval.words import PassageWords, share_in, share_of
from bot.settings import Settings
from bot.text.tokens import search_terms
from bot.types import Chunk


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("words")
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
    query = {"贷款": 1.0, "贴息": 0.3, "公寓": 1.0, "没有": 1.0}
    expected = 0.0
    for term, weight in query.items():
        holding = sum(term in terms for terms in whole)
        idf = math.log(1 + (len(every) - holding + 0.5) / (holding + 0.5))
        frequency = sum(
            Counter(terms)[term] / (0.25 + 0.75 * len(terms) / mean)
            for terms, mean in ((fields.heading, means.heading), (fields.body, means.body))
        )
        expected += weight * idf * frequency * 2.2 / (frequency + 1.2)
    assert PassageWords(index).score(query, chunk) == pytest.approx(expected)
    assert PassageWords(index).score({}, chunk) == 0


def test_a_title_at_the_head_of_the_text_counts_once() -> None:
    chunk = Chunk("x", "a.txt", 0, (), 0, 11, "贷款办法\n企业可以贷款")
    fields = chunk_fields("贷款办法", chunk)
    assert fields.heading == tuple(search_terms("贷款办法"))
    assert fields.body == tuple(search_terms("企业可以贷款"))
    assert fields.whole_text == tuple(search_terms(chunk.text))
    assert chunk_fields("", chunk).body == fields.whole_text


def test_a_question_s_shares_sum_up_and_rare_words_say_more(index: SearchIndex) -> None:
    words = PassageWords(index)
    shares = words.question({"贷款": 1.0, "款": 1.0, "办法": 1.0, "没有": 1.0})
    assert sum(shares.values()) == pytest.approx(1) and "款" not in shares
    assert shares["没有"] > shares["贷款"] > shares["办法"]
    assert words.question({"款": 1.0}) == {}
    loan = chunks(index)[0]
    assert words.share(shares, loan) == pytest.approx(shares["贷款"] + shares["办法"])
    assert share_of(shares, {"没有"}) == shares["没有"] and share_of({}, {"没有"}) == 0


@given(st.text(alphabet="贷款贴息AIai12 ，.", max_size=30), st.text(alphabet="贷款贴息AIai12 ，.", max_size=12))
def test_the_quick_share_is_that_of_the_terms(text: str, question: str) -> None:
    terms = dict.fromkeys((term for term in search_terms(question) if len(term) > 1), 0.1)
    assert share_in(terms, text) == pytest.approx(share_of(terms, frozenset(search_terms(text))))


def test_words_lead_where_they_cover_and_meaning_where_they_do_not() -> None:
    weights = FusionWeights(meaning_least=4, meaning_most=16)
    assert weights.meaning(1.0) == weights.meaning(0.5) == pytest.approx(4)
    assert weights.meaning(0.0) == weights.meaning(0.25) == pytest.approx(16)
    assert weights.meaning(0.375) == pytest.approx(8)
    falling = [weights.meaning(step / 20) for step in range(21)]
    assert falling == sorted(falling, reverse=True)
    assert FusionWeights(meaning_least=0, meaning_most=0).meaning(0.3) == 0
