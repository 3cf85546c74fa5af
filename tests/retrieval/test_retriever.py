from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.models import ThesaurusGroup
from bot.catalogue.thesaurus import Thesaurus
from bot.errors import SearchIndexError
from bot.index.embedder import Embedder, load_embedder
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.retrieval.query import query_terms
from bot.retrieval.retriever import FusionWeights, Retriever
from bot.settings import BUNDLED_EMBEDDING_MODEL, Settings

DOCUMENTS = {
    "贷款.txt": "关于科技贷款的通知\n\n对科技型中小企业的银行贷款给予贴息，贴息期限不超过一年。\n",
    "公寓.txt": "人才公寓管理办法\n\n为引进的青年人才提供公寓，租期三年。申请人向街道递交材料。\n",
    "展会.txt": "展会补助细则\n\n参加境外展会的企业，按展位费的一半给予补助。\n",
}
WORD_WEIGHTS = FusionWeights(dense=0.0, sentence=0.0)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("retrieval")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in DOCUMENTS.items():
        (corpus / name).write_text(text, encoding="utf-8")
    settings = Settings(corpus_dir=corpus, data_dir=folder / "data")
    ingest(settings)
    return SearchIndex.open(settings.data_dir)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(str(BUNDLED_EMBEDDING_MODEL))


@pytest.mark.parametrize(
    ("query", "document"),
    [("科技贷款贴息多久", "贷款.txt"), ("公寓能租几年", "公寓.txt"), ("去国外参展补多少", "展会.txt")],
)
def test_the_right_document_comes_first(index: SearchIndex, embedder: Embedder, query: str, document: str) -> None:
    hits = Retriever(index, embedder).search(query, 3)
    assert hits[0].chunk.document_id == document
    assert hits[0].metadata == index.metadata(document)


def test_scores_fall_and_are_the_sum_of_their_parts(index: SearchIndex, embedder: Embedder) -> None:
    hits = Retriever(index, embedder).search("企业补助", 10)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    for hit in hits:
        assert hit.score == pytest.approx(hit.parts.lexical + hit.parts.document + hit.parts.dense)
    assert len({hit.chunk.id for hit in hits}) == len(hits)


def test_no_more_than_k_and_the_first_do_not_depend_on_k(index: SearchIndex, embedder: Embedder) -> None:
    retriever = Retriever(index, embedder)
    assert retriever.search("企业补助", 1) == retriever.search("企业补助", 3)[:1]
    assert retriever.search("企业补助", 0) == ()


@pytest.mark.parametrize("query", ["", "  \n\t", "，。？"])
def test_an_empty_query_finds_nothing(index: SearchIndex, embedder: Embedder, query: str) -> None:
    assert Retriever(index, embedder).search(query, 5) == ()


@given(query=st.text(max_size=60))
def test_any_text_can_be_searched(index: SearchIndex, embedder: Embedder, query: str) -> None:
    for hit in Retriever(index, embedder).search(query, 5):
        assert index.document(hit.chunk.document_id).text[hit.chunk.start : hit.chunk.end] == hit.chunk.text


def test_very_long_queries_are_searched(index: SearchIndex, embedder: Embedder) -> None:
    assert Retriever(index, embedder).search("贷款贴息" * 2_500, 3)[0].chunk.document_id == "贷款.txt"


def test_the_thesaurus_reaches_what_the_words_do_not(index: SearchIndex, embedder: Embedder) -> None:
    plain = Retriever(index, embedder, weights=WORD_WEIGHTS)
    widened = Retriever(index, embedder, (ThesaurusGroup(words=("鸽笼", "公寓")),), WORD_WEIGHTS)
    assert plain.search("鸽笼", 3) == ()
    assert widened.search("鸽笼", 3)[0].chunk.document_id == "公寓.txt"


def test_everyday_words_are_widened_without_a_corpus_thesaurus(index: SearchIndex, embedder: Embedder) -> None:
    hits = Retriever(index, embedder, weights=WORD_WEIGHTS).search("宿舍", 3)
    assert [hit.chunk.document_id for hit in hits] == ["公寓.txt"]


def test_hits_beyond_those_looked_at_closely_come_after_them(
    index: SearchIndex, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retrieval.retriever.RERANKED", 1)
    hits = Retriever(index, embedder).search("企业补助公寓", 10)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_widened_word_weighs_less_than_the_word_itself(index: SearchIndex, embedder: Embedder) -> None:
    group = ThesaurusGroup(words=("展会", "公寓"))
    hits = Retriever(index, embedder, (group,), WORD_WEIGHTS).search("展会", 3)
    assert [hit.chunk.document_id for hit in hits][:2] == ["展会.txt", "公寓.txt"]


def test_another_embedder_than_the_indexs_is_told(index: SearchIndex, embedder: Embedder) -> None:
    class Other:
        fingerprint = "another"
        dimension = embedder.dimension
        embed = staticmethod(embedder.embed)

    with pytest.raises(SearchIndexError, match="python ingest.py"):
        Retriever(index, Other()).search("贷款", 3)


def test_question_phrases_are_dropped() -> None:
    assert query_terms("贷款有哪些？") == query_terms("请问贷款") == query_terms("贷款")


def test_a_query_of_nothing_but_question_words_keeps_them() -> None:
    assert query_terms("有哪些")


def test_one_way_words_are_widened_one_way() -> None:
    thesaurus = Thesaurus([ThesaurusGroup(words=("缺钱",), also=("融资",), one_way=True)])
    assert "融资" in query_terms("公司缺钱", thesaurus)
    assert "缺钱" not in query_terms("公司融资", thesaurus)


@given(st.text(max_size=80))
def test_weights_are_above_zero_and_widening_only_adds(query: str) -> None:
    thesaurus = Thesaurus([ThesaurusGroup(words=("贷款", "融资")), ThesaurusGroup(words=("a", "b"))])
    plain, widened = query_terms(query), query_terms(query, thesaurus)
    assert all(weight > 0 for weight in widened.values())
    assert widened.items() >= plain.items()
