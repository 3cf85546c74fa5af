"""The words of a whole document beside those of its passage: two passages alike, in documents that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.encoder import load_embedder
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.retrieval.fusion import DEFAULT_WEIGHTS, FusionWeights
from bot.retrieval.retriever import Retriever
from bot.settings import EmbeddingSettings, Settings
from bot.types import Hit

FILLER = (
    "申请单位应当如实填写，不得弄虚作假，发现问题的取消资格并追回资金，三年内不再受理。"
    "各有关部门按照职责分工做好服务工作，街道和园区协助宣传，结果向社会公布，接受监督，具体安排另行通知。"
)
#: Both documents pay out; only the later one by name is about 创新券, which it says in other articles alone.
PAYING = "第三条 兑付时提交合同和发票，材料齐全的当月办结。"
QUESTION = "创新券兑付时提交合同和发票吗"
HOUSING, VOUCHERS = "a租房.txt", "b券.txt"


def rules(title: str, thing: str, paying: str) -> str:
    articles = (
        f"第一条 {thing}用于符合规定的支出，{thing}不得转让。{FILLER}",
        f"第二条 {thing}每年发放一次，{thing}逾期作废。{FILLER}",
        f"{paying}{FILLER}",
    )
    return "\n".join((title, "", *articles, ""))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("fusion")
    corpus = folder / "corpus"
    corpus.mkdir()
    # The passage on housing holds one more word of the question, so that by itself it is the better one.
    (corpus / HOUSING).write_text(rules("甲类管理办法", "租房款", PAYING.replace("，", "吗，", 1)), encoding="utf-8")
    (corpus / VOUCHERS).write_text(rules("乙类管理办法", "创新券", PAYING), encoding="utf-8")
    (corpus / "c展会.txt").write_text("展会通知\n\n参展企业于周一报到，会期三天。\n", encoding="utf-8")
    settings = Settings(corpus_dir=corpus, data_dir=folder / "data")
    ingest(settings)
    return SearchIndex.open(settings.data_dir)


def words(document: float, lexical: float = 1.0) -> FusionWeights:
    return FusionWeights(lexical=lexical, document=document, meaning_least=0.0, meaning_most=0.0)


def found(index: SearchIndex, weights: FusionWeights, question: str = QUESTION) -> tuple[Hit, ...]:
    return Retriever(index, None, weights).search(question, 10)


def paying(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.chunk.document_id for hit in hits if "兑付" in hit.chunk.text]


def test_of_two_like_passages_the_one_in_the_document_on_the_subject_goes_first(index: SearchIndex) -> None:
    assert paying(found(index, words(0.0))) == [HOUSING, VOUCHERS]
    assert paying(found(index, words(DEFAULT_WEIGHTS.document))) == [VOUCHERS, HOUSING]


def test_the_document_weight_decides_already_which_passages_are_looked_at(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retrieval.retriever.RERANKED", 1)

    def best(document: float) -> list[str]:
        return [hit.chunk.document_id for hit in Retriever(index, None, words(document)).evidence(QUESTION, 1).hits]

    assert best(0.0) == [HOUSING]
    assert best(DEFAULT_WEIGHTS.document) == [VOUCHERS]


def test_meaning_leaves_the_document_weight_what_it_is(index: SearchIndex) -> None:
    retriever = Retriever(index, load_embedder(EmbeddingSettings()))
    shares = {hit.chunk.document_id: hit.parts.document for hit in retriever.search(QUESTION, 10)}
    assert shares[VOUCHERS] == pytest.approx(DEFAULT_WEIGHTS.document)
    assert 0 < shares[HOUSING] < DEFAULT_WEIGHTS.document and shares["c展会.txt"] == 0


@pytest.mark.parametrize("document", [0.0, 0.3, 0.6, 2.0])
def test_the_best_document_counts_the_whole_weight_and_every_passage_of_it_alike(
    index: SearchIndex, document: float
) -> None:
    parts = {(hit.chunk.document_id, hit.parts.document) for hit in found(index, words(document))}
    assert len(parts) == len({name for name, _ in parts}) == 2
    assert dict(parts)[VOUCHERS] == pytest.approx(document)
    assert dict(parts)[HOUSING] <= document


def test_doubling_the_document_weight_doubles_its_part_alone(index: SearchIndex) -> None:
    once = {hit.chunk.id: hit.parts for hit in found(index, words(0.4))}
    twice = {hit.chunk.id: hit.parts for hit in found(index, words(0.8))}
    assert once.keys() == twice.keys()
    for name, parts in twice.items():
        assert parts.document == pytest.approx(2 * once[name].document) and parts.document > 0
        assert parts.lexical == pytest.approx(once[name].lexical)
        assert parts.dense == parts.sentence == 0


def test_the_passage_weight_counts_for_the_best_passage_in_full(index: SearchIndex) -> None:
    lexical = [hit.parts.lexical for hit in found(index, words(0.0, lexical=0.7))]
    assert max(lexical) == pytest.approx(0.7)
    assert {hit.parts.lexical for hit in found(index, words(0.6, lexical=0.0))} == {0.0}


def test_without_a_passage_weight_documents_alone_decide(index: SearchIndex) -> None:
    hits = found(index, words(0.6, lexical=0.0))
    names = [hit.chunk.document_id for hit in hits]
    assert names == sorted(names, reverse=True) and len(set(names)) == 2


def test_the_best_sentence_takes_its_share_of_the_meaning_from_the_passage(index: SearchIndex) -> None:
    embedder = load_embedder(EmbeddingSettings())
    for share in (0.0, 0.25, 1.0):
        weights = FusionWeights(meaning_least=4.0, meaning_most=4.0, sentence_share=share)
        for hit in Retriever(index, embedder, weights).search(QUESTION, 10):
            nearest = max(sentence.cosine for sentence in hit.sentences)
            assert hit.parts.dense == pytest.approx(4.0 * (1 - share) * hit.cosine, abs=1e-5)
            assert hit.parts.sentence == pytest.approx(4.0 * share * nearest, abs=1e-5)
