"""Embeddings services over real HTTP on loopback: what they give, and every way they fail."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from bot.assistant import Assistant
from bot.encoder import Passage, load_embedder
from bot.errors import EmbeddingServiceError
from bot.ingestion import ingest
from bot.settings import EmbeddingSettings, Settings
from bot.types import Turn

from ..support.embeddings_server import EmbeddingsServer, character_vector

LOAN = Passage("科技", "企业贷款贴息。人才公寓租期。", ((0, 7), (7, 14)))


def service(server: EmbeddingsServer, **values: object) -> EmbeddingSettings:
    usual = {"model": "served", "base_url": server.base_url, "timeout_seconds": 2.0, "retries": 0}
    return EmbeddingSettings(**{**usual, **values})  # type: ignore[arg-type]


def test_passages_and_sentences_are_asked_with_their_prompts_in_batches() -> None:
    with EmbeddingsServer() as server:
        embedder = load_embedder(service(server, batch_size=2, query_prompt="问：", passage_prompt="文："))
        assert server.requests == []
        first, second = embedder.embed_passages([LOAN, Passage("", "公寓")])
        assert server.requests == [
            ["文：科技 企业贷款贴息。人才公寓租期。", "文：企业贷款贴息。"],
            ["文：人才公寓租期。", "文：公寓"],
        ]
        expected = np.array(character_vector("文：公寓", 24))
        assert np.allclose(second.passage, expected / np.linalg.norm(expected), atol=1e-6)
        assert first.sentences.shape == (2, 24) and embedder.dimension == 24
        embedder.embed_query("贷款")
        assert server.requests[-1] == ["问：贷款"]


def test_a_busy_service_is_asked_again() -> None:
    with EmbeddingsServer(failures=[503, 429]) as server:
        assert load_embedder(service(server, retries=2)).embed_query("贷款").shape == (24,)
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "remedy"), [(500, "日志"), (404, "base_url"), (401, "api_key_file"), (403, "api_key_file")]
)
def test_a_refusal_is_one_sentence_with_the_remedy_and_without_the_key(status: int, remedy: str) -> None:
    with EmbeddingsServer(failures=[status] * 3) as server:
        with pytest.raises(EmbeddingServiceError, match=remedy) as told:
            load_embedder(service(server, api_key="sk-very-secret")).embed_query("贷款")
    assert "secret" not in str(told.value) and "\n" not in str(told.value)
    assert told.value.__cause__ is None


def test_the_key_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-right\n")
    with EmbeddingsServer(key="sk-right") as server:
        assert load_embedder(service(server, api_key_file=tmp_path / "key")).embed_query("贷款").shape == (24,)
        with pytest.raises(EmbeddingServiceError, match="密钥"):
            load_embedder(service(server, api_key="sk-wrong")).embed_query("贷款")


def test_a_slow_service_is_given_up(tmp_path: Path) -> None:
    with EmbeddingsServer(pause=threading.Event()) as server:
        with pytest.raises(EmbeddingServiceError, match="超时.*timeout_seconds"):
            load_embedder(service(server, timeout_seconds=0.3)).embed_query("贷款")


def test_a_service_that_is_down_is_told() -> None:
    with EmbeddingsServer() as server:
        settings = service(server)
    with pytest.raises(EmbeddingServiceError, match="连不上.*启动服务"):
        load_embedder(settings).embed_query("贷款")


@pytest.mark.parametrize(
    "answer",
    [
        lambda texts: {"object": "list", "data": [], "model": "m", "usage": {"prompt_tokens": 0, "total_tokens": 0}},
        lambda texts: {"data": [{"index": 0, "embedding": [0.1, 0.2]}] * (len(texts) + 1)},
        lambda texts: {"data": [{"index": 0, "embedding": [None, 1.0]} for _ in texts]},
        lambda texts: {"data": [{"index": n, "embedding": [0.1] * (n + 1)} for n, _ in enumerate(texts)]},
        lambda texts: {"choices": []},
        lambda texts: [],
        lambda texts: b"<html>hello</html>",
        lambda texts: b"{",
    ],
)
def test_an_answer_that_is_no_vectors_is_told(answer: object) -> None:
    with EmbeddingsServer(answer=answer) as server:  # type: ignore[arg-type]
        with pytest.raises(EmbeddingServiceError, match="解决办法"):
            load_embedder(service(server)).embed_passages([LOAN])


def test_vectors_that_change_their_length_are_told() -> None:
    with EmbeddingsServer(dimension=lambda request: 24 if request < 2 else 30) as server:
        embedder = load_embedder(service(server))
        embedder.embed_query("贷款")
        with pytest.raises(EmbeddingServiceError, match="24 维.*30 维"):
            embedder.embed_query("公寓")


# --- through the whole program ---------------------------------------------------------------


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "贷款.txt").write_text(
        "关于科技贷款的通知\n\n对科技型企业的贷款给予贴息，贴息期限不超过一年。\n", encoding="utf-8"
    )
    return folder


def test_an_index_is_built_and_asked_through_a_service(corpus: Path, tmp_path: Path) -> None:
    with EmbeddingsServer() as server:
        settings = Settings(corpus_dir=corpus, data_dir=tmp_path / "data", embedding=service(server))
        assert ingest(settings).embedder.startswith("served@")
        evidence = Assistant.open(settings).evidence("贴息多久")
        assert evidence.meaning and evidence.hits[0].cosine > 0
        assert server.requests[-1] == ["贴息多久"]


@pytest.mark.parametrize("trouble", ["down", "slow", "wrong key", "another dimension"])
def test_the_old_index_goes_on_serving_when_the_service_fails(corpus: Path, tmp_path: Path, trouble: str) -> None:
    with EmbeddingsServer(key="sk") as server:
        given = service(server, api_key="sk", timeout_seconds=0.5)
        settings = Settings(corpus_dir=corpus, data_dir=tmp_path / "data", embedding=given)
        ingest(settings)
        if trouble == "slow":
            server.pause = threading.Event()
        elif trouble == "wrong key":
            server.key = "sk-new"
        elif trouble == "another dimension":
            server.dimension = 30
        if trouble == "down":
            server.__exit__(None, None, None)
        _serves_by_words(settings)
        (corpus / "公寓.txt").write_text("人才公寓管理办法\n\n租期三年。\n", encoding="utf-8")
        if trouble != "another dimension":
            with pytest.raises(EmbeddingServiceError, match="照常使用"):
                ingest(settings)
            _serves_by_words(settings)
            assert len(Assistant.open(settings).evidence("贴息").hits) == 1
        if trouble == "down":
            server.__enter__()


def _serves_by_words(settings: Settings) -> None:
    assistant = Assistant.open(settings)
    assert "一年" in assistant.ask(Turn("科技贷款贴息期限是多久？")).answer
    assert not assistant.evidence("科技贷款贴息期限").meaning


def test_a_changed_setting_takes_effect_with_the_next_ingest(corpus: Path, tmp_path: Path) -> None:
    usual = Settings(corpus_dir=corpus, data_dir=tmp_path / "data")
    before = ingest(usual)
    with EmbeddingsServer() as server:
        changed = Settings(corpus_dir=corpus, data_dir=tmp_path / "data", embedding=service(server))
        # Until then the index is asked with the model it was built with.
        assert Assistant.open(changed).evidence("贴息多久").meaning
        assert server.requests == []
        report = ingest(changed)
        assert (report.unchanged, report.updated) == (1, 0) and report.embedder != before.embedder
        assert Assistant.open(changed).evidence("贴息多久").meaning and server.requests[-1] == ["贴息多久"]
