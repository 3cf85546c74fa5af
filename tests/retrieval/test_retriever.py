from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoder import Embedder, load_embedder
from bot.errors import EmbeddingServiceError, SearchIndexError
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.retrieval.encoder import query_encoder
from bot.retrieval.fusion import FusionWeights
from bot.retrieval.retriever import Retriever
from bot.settings import EmbeddingSettings, Settings

DOCUMENTS = {
    "贷款.txt": "关于科技贷款的通知\n\n对科技型中小企业的银行贷款给予贴息，贴息期限不超过一年。\n",
    "公寓.txt": "人才公寓管理办法\n\n为引进的青年人才提供公寓，租期三年。申请人向街道递交材料。\n",
    "展会.txt": "展会补助细则\n\n参加境外展会的企业，按展位费的一半给予补助。\n",
}
WORD_WEIGHTS = FusionWeights(meaning_least=0.0, meaning_most=0.0)


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
    return load_embedder(EmbeddingSettings())


@pytest.fixture(scope="module")
def retriever(index: SearchIndex, embedder: Embedder) -> Retriever:
    return Retriever(index, embedder)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("科技贷款贴息多久", "贷款.txt"),
        ("公寓能租几年", "公寓.txt"),
        ("去国外参展补多少", "展会.txt"),
        ("公司手头紧，谁肯借钱给我们", "贷款.txt"),
        ("毕业生没地方住", "公寓.txt"),
        ("Can we get money for going to a trade fair abroad?", "展会.txt"),
    ],
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
        assert hit.score == pytest.approx(hit.parts.total)
        assert all(part >= -1 for part in (hit.parts.lexical, hit.parts.document, hit.parts.dense))
    assert len({hit.chunk.id for hit in hits}) == len(hits)


def test_no_more_than_k_and_the_first_do_not_depend_on_k(index: SearchIndex, embedder: Embedder) -> None:
    retriever = Retriever(index, embedder)
    assert retriever.search("企业补助", 1) == retriever.search("企业补助", 3)[:1]
    assert retriever.search("企业补助", 0) == ()


@pytest.mark.parametrize("query", ["", "  \n\t", "\u3000"])
def test_an_empty_query_finds_nothing(index: SearchIndex, embedder: Embedder, query: str) -> None:
    assert Retriever(index, embedder).search(query, 5) == ()


@settings(deadline=None)
@given(query=st.text(max_size=60))
def test_any_text_can_be_searched(index: SearchIndex, retriever: Retriever, query: str) -> None:
    for hit in retriever.search(query, 5):
        assert index.document(hit.chunk.document_id).text[hit.chunk.start : hit.chunk.end] == hit.chunk.text


def test_very_long_queries_are_searched(index: SearchIndex, embedder: Embedder) -> None:
    assert Retriever(index, embedder).search("贷款贴息" * 2_500, 3)[0].chunk.document_id == "贷款.txt"


class Changed:
    """The usual embedder with something else about it."""

    def __init__(self, embedder: Embedder, fingerprint: str = "", length: int = 0, fails: bool = False) -> None:
        self._embedder, self._length, self._fails = embedder, length, fails
        self.fingerprint = fingerprint or embedder.fingerprint
        self.dimension = embedder.dimension
        self.asked = 0

    def embed_query(self, text: str) -> object:
        self.asked += 1
        if self._fails:
            raise EmbeddingServiceError("向量服务用不了")
        return self._embedder.embed_query(text)[: self._length or None]


def test_the_best_candidates_are_the_ones_looked_at_closely(
    index: SearchIndex, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retrieval.retriever.RERANKED", 1)
    for query, document in (
        ("公寓租期几年", "公寓.txt"),
        ("境外展会展位费补助", "展会.txt"),
        ("科技贷款贴息", "贷款.txt"),
    ):
        hits = Retriever(index, embedder).evidence(query, 1).hits
        assert [hit.chunk.document_id for hit in hits] == [document]


def test_another_embedder_than_the_indexs_is_told(index: SearchIndex, embedder: Embedder) -> None:
    with pytest.raises(SearchIndexError, match="python -m bot ingest"):
        Retriever(index, Changed(embedder, "another")).search("贷款", 3)  # type: ignore[arg-type]


def test_one_question_is_found_once(index: SearchIndex, embedder: Embedder) -> None:
    counted = Changed(embedder)
    retriever = Retriever(index, counted)  # type: ignore[arg-type]
    evidence = retriever.evidence("贷款贴息多久")
    assert retriever.evidence("贷款贴息多久") is evidence
    assert retriever.search("贷款贴息多久", 2) == evidence.hits[:2]
    assert counted.asked == 1
    for number in range(40):
        retriever.evidence(f"第{number}个问题")
    assert len(retriever._remembered) < 40


@pytest.mark.parametrize("trouble", [{"fails": True}, {"length": 7}])
def test_words_alone_serve_when_no_vector_is_to_be_had(
    index: SearchIndex, embedder: Embedder, trouble: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    evidence = Retriever(index, Changed(embedder, **trouble)).evidence("贷款贴息")  # type: ignore[arg-type]
    assert not evidence.meaning and evidence.meaning_weight == 0
    assert evidence.hits[0].chunk.document_id == "贷款.txt" and evidence.hits[0].parts.dense == 0
    assert "words alone" in caplog.text and "贷款贴息" not in caplog.text
    assert Retriever(index, None).evidence("贷款贴息").hits == evidence.hits


def test_sentences_carry_their_words_and_their_meaning(index: SearchIndex, embedder: Embedder) -> None:
    evidence = Retriever(index, embedder).evidence("公寓材料交到哪里")
    for hit in evidence.hits:
        assert hit.sentences
        for sentence in hit.sentences:
            assert index.document(sentence.document_id).text[sentence.start : sentence.end] == sentence.text
            assert 0 <= sentence.lexical <= hit.lexical + 1e-6 <= 1 + 1e-6 and -1 <= sentence.cosine <= 1
    best = evidence.sentences()
    assert best[0].text == "申请人向街道递交材料。"
    assert [each.score for each in best] == sorted((each.score for each in best), reverse=True)
    assert {each.document_id for each in evidence.sentences(1)} == {"公寓.txt"}
    assert len(best) == sum(len(hit.sentences) for hit in evidence.hits)


def test_lay_wording_leans_on_meaning_and_official_wording_on_words(index: SearchIndex, embedder: Embedder) -> None:
    retriever = Retriever(index, embedder)
    official, lay = retriever.evidence("科技型中小企业银行贷款给予贴息"), retriever.evidence("手头紧，谁肯借钱")
    assert official.coverage > 0.8 > 0.2 > lay.coverage
    assert official.meaning_weight < lay.meaning_weight


def test_an_index_is_asked_with_the_model_it_was_built_with(
    index: SearchIndex, embedder: Embedder, tmp_path: Path
) -> None:
    usual = query_encoder(index, EmbeddingSettings())
    assert usual is not None and usual.fingerprint == embedder.fingerprint
    changed = query_encoder(index, EmbeddingSettings(model=str(tmp_path / "gone")))
    assert changed is not None and changed.fingerprint == embedder.fingerprint
    other_prompt = query_encoder(index, EmbeddingSettings(query_prompt="问："))
    assert other_prompt is not None and other_prompt.fingerprint == embedder.fingerprint
