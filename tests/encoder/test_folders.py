"""Model folders of other kinds, missing ones and damaged ones."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import Passage, load_embedder
from bot.encoder.configuration import read_configuration
from bot.errors import EmbedderMissing
from bot.settings import BUNDLED_EMBEDDING_MODEL, EmbeddingSettings

from ..support.tiny_models import bert_model, static_model

LOAN = Passage("科技", "企业贷款贴息。人才公寓租期。", ((0, 7), (7, 14)))


def settings(folder: Path | str, **values: object) -> EmbeddingSettings:
    return EmbeddingSettings(model=str(folder), **values)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_static_model_encodes_each_sentence_by_itself(tmp_path: Path) -> None:
    embedder = load_embedder(settings(static_model(tmp_path / "static")))
    (vectors,) = embedder.embed_passages([LOAN])
    assert embedder.dimension == 8 and vectors.sentences.shape == (2, 8)
    assert np.allclose(vectors.sentences[0], embedder.embed_query("企业贷款贴息。"), atol=1e-5)
    assert np.allclose(vectors.passage, embedder.embed_query(f"科技 {LOAN.text}"), atol=1e-5)
    assert embedder.fingerprint.startswith("static@")


@pytest.mark.slow
def test_a_mean_pooled_model_gives_sentences_in_their_passage(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = bert_model(tmp_path / "bert", query="租期", document="贷款")
    embedder = load_embedder(settings(folder, threads=1))
    model = SentenceTransformer(str(folder), device="cpu")
    (vectors,) = embedder.embed_passages([LOAN])
    expected = model.encode("贷款科技 " + LOAN.text)
    assert np.allclose(vectors.passage, expected / np.linalg.norm(expected), atol=1e-4)
    asked = model.encode("租期企业")
    assert np.allclose(embedder.embed_query("企业"), asked / np.linalg.norm(asked), atol=1e-4)
    tokens = model.encode("贷款科技 " + LOAN.text, output_value="token_embeddings").numpy()
    # The mark of the beginning, two characters of the prompt, two of the heading, a blank.
    sentence = tokens[6:13].mean(axis=0)
    assert np.allclose(vectors.sentences[0], sentence / np.linalg.norm(sentence), atol=1e-4)


@pytest.mark.slow
def test_a_model_pooled_otherwise_encodes_each_sentence_by_itself(tmp_path: Path) -> None:
    embedder = load_embedder(settings(bert_model(tmp_path / "cls", pooling="cls")))
    (vectors,) = embedder.embed_passages([LOAN])
    assert np.allclose(vectors.sentences[1], embedder.embed_query("人才公寓租期。"), atol=1e-4)


def test_prompts_come_from_the_folder_and_a_setting_goes_before_them(tmp_path: Path) -> None:
    bundled = read_configuration(BUNDLED_EMBEDDING_MODEL, "zh")
    assert (bundled.prompts.query, bundled.prompts.passage) == ("query: ", "passage: ")
    assert bundled.mean_pooled and bundled.max_length == 512
    usual = load_embedder(EmbeddingSettings())
    other = load_embedder(EmbeddingSettings(query_prompt=""))
    assert usual.fingerprint != other.fingerprint
    assert usual.embed_query("贷款") @ other.embed_query("贷款") < 0.9999


def test_the_fingerprint_follows_the_weights_and_the_vocabulary(tmp_path: Path) -> None:
    folder = static_model(tmp_path / "static")
    before = load_embedder(settings(folder)).fingerprint
    assert load_embedder(settings(folder)).fingerprint == before
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-3] ^= 1
    weights.write_bytes(bytes(content))
    changed = load_embedder(settings(folder)).fingerprint
    (folder / "tokenizer.json").write_text((folder / "tokenizer.json").read_text() + "\n")
    assert len({before, changed, load_embedder(settings(folder)).fingerprint}) == 3


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "/no/such/folder", "坏 名字", "a/b/c"])
def test_a_model_that_is_not_here_is_told_with_the_remedy(name: str) -> None:
    with pytest.raises(EmbedderMissing, match="自带模型") as told:
        load_embedder(settings(name))
    assert name in str(told.value)


def test_a_missing_model_is_told_without_loading_torch() -> None:
    code = (
        "import sys; from bot.errors import EmbedderMissing; from bot.encoder import load_embedder\n"
        "from bot.settings import EmbeddingSettings\n"
        "try:\n    load_embedder(EmbeddingSettings(model='nobody/no-such-model'))\n"
        "except EmbedderMissing:\n    sys.exit('torch' in sys.modules)\nsys.exit(2)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED_EMBEDDING_MODEL, tmp_path / "copied"))


def test_a_model_is_opened_once_until_its_files_change(copied: Path) -> None:
    opened = load_embedder(settings(copied))
    assert load_embedder(settings(copied)) is opened
    # The middle of the weights is not part of the fingerprint, but another file is another model.
    graph = copied / "model_qint8.onnx"
    graph.write_bytes(graph.read_bytes())
    again = load_embedder(settings(copied))
    assert again is not opened and load_embedder(settings(copied)) is again
    assert load_embedder(settings(copied, query_prompt="")) is not again
    assert load_embedder(settings(copied, threads=1)) is not again


@pytest.mark.parametrize("file", ["model_qint8.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("damage", ["cut", "other", "gone"])
def test_a_damaged_folder_is_told_in_one_sentence(copied: Path, file: str, damage: str) -> None:
    path = copied / file
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage == "cut" else b"\x00 nothing like it")
    if damage == "gone" and file == "model_qint8.onnx":
        # Without the graph the float weights serve, through torch.
        assert load_embedder(settings(copied)).fingerprint.startswith("copied@")
        return
    with pytest.raises(EmbedderMissing, match="已损坏|跑不起来") as told:
        load_embedder(settings(copied))
    assert "\n" not in str(told.value)


def test_files_that_do_not_fit_each_other_are_told(copied: Path) -> None:
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps({**config, "hidden_size": 256}))
    with pytest.raises(EmbedderMissing, match="384 维.*256 维"):
        load_embedder(settings(copied))


@pytest.mark.parametrize("content", ["", "{}", "[1, 2]", "not json"])
def test_a_folder_without_modules_is_no_model(tmp_path: Path, content: str) -> None:
    (tmp_path / "modules.json").write_text(content)
    with pytest.raises(EmbedderMissing, match=r"modules\.json"):
        load_embedder(settings(tmp_path))
