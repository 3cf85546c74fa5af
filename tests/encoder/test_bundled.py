"""The model that ships with the program."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoder import Embedder, Passage, load_embedder
from bot.index.sentences import sentence_spans
from bot.settings import BUNDLED_EMBEDDING_MODEL, EmbeddingSettings

TEXT = "第一条 对科技型中小企业的贷款给予贴息。贴息期限不超过一年。申请人向街道递交材料；逾期不再受理。"
MODEL_SIZE_LIMIT = 110_000_000


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return load_embedder(EmbeddingSettings())


def passage(text: str = TEXT, heading: str = "关于科技贷款的通知") -> Passage:
    return Passage(heading, text, sentence_spans(text))


def test_vectors_have_length_one_and_the_told_dimension(bundled: Embedder) -> None:
    (vectors,) = bundled.embed_passages([passage()])
    assert vectors.passage.shape == (bundled.dimension,) == (384,)
    assert vectors.sentences.shape == (4, 384)
    for rows in (vectors.passage[None], vectors.sentences, bundled.embed_query("贴息几年")[None]):
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_nothing_gives_nothing_and_an_empty_text_a_vector(bundled: Embedder) -> None:
    assert bundled.embed_passages([]) == []
    (vectors,) = bundled.embed_passages([Passage("", "")])
    assert vectors.sentences.shape == (0, 384) and np.isfinite(vectors.passage).all()
    assert np.isfinite(bundled.embed_query("")).all()


def test_lay_and_english_wording_is_nearer_to_its_passage_than_to_another(bundled: Embedder) -> None:
    loan, flat = bundled.embed_passages(
        [passage(), passage("为引进的青年人才提供公寓，租期三年。", "人才公寓管理办法")]
    )
    for question in ("公司缺钱怎么办", "Can a small company get help with loan interest?"):
        asked = bundled.embed_query(question)
        assert asked @ loan.passage > asked @ flat.passage + 0.05


def test_the_sentence_that_answers_is_the_nearest(bundled: Embedder) -> None:
    (vectors,) = bundled.embed_passages([passage()])
    assert int(np.argmax(vectors.sentences @ bundled.embed_query("贴息最多能贴多久"))) == 1
    assert int(np.argmax(vectors.sentences @ bundled.embed_query("材料交到哪里"))) == 2


def test_a_query_and_a_passage_of_the_same_words_differ_by_their_prompts(bundled: Embedder) -> None:
    (vectors,) = bundled.embed_passages([Passage("", "贷款贴息")])
    assert vectors.passage @ bundled.embed_query("贷款贴息") < 0.999


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(alphabet="贷款贴息公寓租期，。 abc1", min_size=1, max_size=40), min_size=2, max_size=4))
def test_a_passage_has_the_same_vector_alone_and_among_others(bundled: Embedder, texts: list[str]) -> None:
    together = bundled.embed_passages([passage(text) for text in texts])
    for each, text in zip(together, texts, strict=True):
        (alone,) = bundled.embed_passages([passage(text)])
        assert np.allclose(alone.passage, each.passage, atol=1e-5)
        assert np.allclose(alone.sentences, each.sentences, atol=1e-5)


def test_many_threads_get_the_same_vectors(bundled: Embedder) -> None:
    expected = bundled.embed_query("贷款贴息")
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(bundled.embed_query("贷款贴息"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(np.array_equal(each, expected) for each in found)


def test_text_beyond_the_model_s_length_counts_to_its_end(bundled: Embedder) -> None:
    filling = "本办法所称科技型企业是指依法设立的企业。" * 60
    ends = ("申请人应当在三月底前递交材料。", "公寓的租期为三年。")
    long, other = bundled.embed_passages([passage(filling + end) for end in ends])
    assert long.sentences.shape == other.sentences.shape == (61, 384)
    asked = bundled.embed_query("公寓租几年")
    assert int(np.argmax(other.sentences @ asked)) == 60
    assert asked @ other.passage > asked @ long.passage


def test_of_a_long_question_the_beginning_counts(bundled: Embedder) -> None:
    beginning = TEXT * 8
    assert np.allclose(bundled.embed_query(f"{beginning}人才公寓的租期"), bundled.embed_query(f"{beginning}创新券"))
    assert not np.allclose(bundled.embed_query(f"{TEXT}人才公寓的租期"), bundled.embed_query(f"{TEXT}创新券"))


def test_the_model_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in BUNDLED_EMBEDDING_MODEL.rglob("*")) <= MODEL_SIZE_LIMIT


def test_the_model_is_read_without_torch() -> None:
    code = (
        "import sys; from bot.encoder import Passage, load_embedder; from bot.settings import EmbeddingSettings\n"
        "embedder = load_embedder(EmbeddingSettings()); embedder.embed_query('贷款')\n"
        "embedder.embed_passages([Passage('', '贷款', ((0, 2),))])\n"
        "sys.exit(bool({'torch', 'transformers', 'langchain_core', 'openai'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_sentence_transformers_gives_the_same_vectors(bundled: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUNDLED_EMBEDDING_MODEL), device="cpu")
    questions = ["公司缺钱，哪家银行有专门的贷款", "How long is the rent-free period?", "材料交到哪里"]
    expected = model.encode_query(questions)
    for question, vector in zip(questions, expected, strict=True):
        assert vector @ bundled.embed_query(question) > 0.998
    (vectors,) = bundled.embed_passages([passage()])
    assert model.encode_document(f"关于科技贷款的通知 {TEXT}") @ vectors.passage > 0.998


def test_the_folder_is_whole() -> None:
    names = {path.relative_to(BUNDLED_EMBEDDING_MODEL).as_posix() for path in BUNDLED_EMBEDDING_MODEL.rglob("*.*")}
    assert {"README.md", "model_qint8.onnx", "model.safetensors", "tokenizer.json", "modules.json"} <= names
    assert Path(BUNDLED_EMBEDDING_MODEL / "1_Pooling" / "config.json").is_file()
