from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import EmbedderMissing
from bot.index.embedder import Embedder, load_embedder
from bot.settings import BUNDLED_EMBEDDING_MODEL

TEXTS = ["科技型企业如何申请贷款贴息", "人才公寓租金补贴", "AI 2025 年第三季度", "的"]
MODEL_SIZE_LIMIT = 20_000_000


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return load_embedder(str(BUNDLED_EMBEDDING_MODEL))


def test_rows_have_length_one_and_the_told_dimension(bundled: Embedder) -> None:
    vectors = bundled.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), bundled.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_row_and_an_empty_text_a_zero_row(bundled: Embedder) -> None:
    assert bundled.embed([]).shape == (0, bundled.dimension)
    assert not bundled.embed(["", "。！？"]).any()


def test_related_wording_is_nearer_than_unrelated(bundled: Embedder) -> None:
    asked, near, far = bundled.embed(["企业向银行借钱", "金融机构对公司发放贷款", "运动员打破世界纪录"])
    assert asked @ near > asked @ far + 0.1


@given(st.lists(st.text(max_size=40), max_size=5))
def test_a_text_has_the_same_vector_alone_and_among_others(bundled: Embedder, texts: list[str]) -> None:
    together = bundled.embed(texts)
    for row, text in zip(together, texts, strict=True):
        assert np.allclose(bundled.embed([text])[0], row, atol=1e-6)


def test_the_bundled_model_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in BUNDLED_EMBEDDING_MODEL.rglob("*")) <= MODEL_SIZE_LIMIT


def test_the_bundled_model_is_read_without_torch() -> None:
    code = (
        "import sys; from bot.index.embedder import load_embedder; from bot.settings import BUNDLED_EMBEDDING_MODEL;"
        "load_embedder(str(BUNDLED_EMBEDDING_MODEL)).embed(['贷款']);"
        "sys.exit(bool({'torch', 'transformers', 'langchain_core'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_vectors_equal_those_of_sentence_transformers(bundled: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUNDLED_EMBEDDING_MODEL), device="cpu", local_files_only=True)
    expected = model.encode(TEXTS, convert_to_numpy=True, normalize_embeddings=True).astype(np.float32)
    assert np.abs(bundled.embed(TEXTS) - expected).max() < 1e-3


@pytest.mark.slow
def test_another_kind_of_model_goes_through_langchain(tiny_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    static = SentenceTransformer(str(tiny_model), device="cpu")
    folder = tmp_path / "with-dense"
    SentenceTransformer(modules=[static[0], Dense(8, 5)], device="cpu").save(str(folder), create_model_card=False)
    embedder = load_embedder(str(folder))
    vectors = embedder.embed(["贷款", "人才公寓"])
    assert embedder.dimension == 5
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.fingerprint == load_embedder(str(folder)).fingerprint
    assert embedder.fingerprint.startswith("with-dense@")


def test_fingerprint_follows_the_weights(tiny_model: Path) -> None:
    from safetensors.numpy import load_file, save_file

    before = load_embedder(str(tiny_model)).fingerprint
    assert load_embedder(str(tiny_model)).fingerprint == before
    weights = load_file(tiny_model / "model.safetensors")
    save_file({name: table * 2 for name, table in weights.items()}, tiny_model / "model.safetensors")
    assert load_embedder(str(tiny_model)).fingerprint != before


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "/no/such/folder", "坏 名字", "a/b/c"])
def test_a_model_that_is_not_here_is_told_with_the_remedy(name: str) -> None:
    with pytest.raises(EmbedderMissing, match="hf download") as told:
        load_embedder(name)
    assert name in str(told.value)


def test_a_missing_model_is_told_without_loading_torch() -> None:
    code = (
        "import sys; from bot.errors import EmbedderMissing; from bot.index.embedder import load_embedder\n"
        "try:\n    load_embedder('nobody/no-such-model')\n"
        "except EmbedderMissing:\n    sys.exit('torch' in sys.modules)\nsys.exit(2)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("damage", ["empty folder", "no weights", "broken weights", "broken tokenizer"])
def test_a_damaged_folder_is_told(tiny_model: Path, tmp_path: Path, damage: str) -> None:
    folder = tiny_model
    if damage == "empty folder":
        folder = tmp_path / "empty"
        folder.mkdir()
    elif damage == "no weights":
        (folder / "model.safetensors").unlink()
    else:
        name = "model.safetensors" if damage == "broken weights" else "tokenizer.json"
        (folder / name).write_bytes(b"\x00 not what it should be")
    with pytest.raises(EmbedderMissing):
        load_embedder(str(folder))


def test_the_langchain_adapter_gives_the_same_vectors(bundled: Embedder) -> None:
    from bot.index.langchain_embeddings import EmbedderAdapter

    adapter = EmbedderAdapter(bundled)
    assert np.allclose(adapter.embed_documents(TEXTS), bundled.embed(TEXTS))
    assert np.allclose(adapter.embed_query(TEXTS[0]), bundled.embed(TEXTS)[0])
