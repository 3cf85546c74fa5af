"""Sentence vectors: the bundled static model with numpy alone, any other model through LangChain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import EmbedderMissing

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Vectors = NDArray[np.float32]
#: Longest text a static model reads, in pieces; the rest of a chunk adds little to its mean.
MAX_PIECES = 512
_FETCH = (
    "在能上网的机器上用 `huggingface-cli download 模型名 --local-dir 文件夹` 下载，"
    "拷到本机后把 embedding_model 设为该文件夹；或删去这项设置，改用自带模型"
)


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    @property
    def dimension(self) -> int:
        """Length of one vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """``(n, dimension)`` float32; rows are L2-normalised, or zero for texts without a known piece."""


def load_embedder(model: str) -> Embedder:
    """The embedder for a model folder or name, from local files only.

    Raises :class:`EmbedderMissing` at once, with how to fetch it, when the model is not on this machine.
    """
    folder = Path(model)
    if _is_static(folder):
        return StaticEmbedder(folder)
    return LangChainEmbedder(model, _load_hugging_face(model))


def _is_static(folder: Path) -> bool:
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    entries = json.loads(modules.read_text(encoding="utf-8"))
    return len(entries) == 1 and str(entries[0].get("type", "")).endswith("StaticEmbedding")


class StaticEmbedder:
    """Mean of piece vectors, read with tokenizers and safetensors; no torch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: tuple[Any, NDArray[np.float32]] | None = None
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """Name and content hash of the weights."""
        if not self._fingerprint:
            digest = hashlib.sha256()
            for path in (self._inner() / "tokenizer.json", self._inner() / "model.safetensors"):
                digest.update(path.read_bytes())
            self._fingerprint = f"{self._folder.name}-{digest.hexdigest()[:12]}"
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._load()[1].shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """``(n, dimension)`` float32 unit rows."""
        tokenizer, weights = self._load()
        vectors = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
        encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            ids = encoding.ids[:MAX_PIECES]
            if ids:
                vectors[row] = weights[ids].mean(axis=0)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: Vectors = vectors / np.maximum(norms, 1e-12)
        return normalised

    def _inner(self) -> Path:
        nested = self._folder / "0_StaticEmbedding"
        return nested if nested.is_dir() else self._folder

    def _load(self) -> tuple[Any, NDArray[np.float32]]:
        if self._loaded is None:
            from safetensors.numpy import load_file
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(self._inner() / "tokenizer.json"))
            weights = load_file(self._inner() / "model.safetensors")["embedding.weight"]
            self._loaded = (tokenizer, weights.astype(np.float32))
        return self._loaded


class LangChainEmbedder:
    """Any sentence-transformers model, through langchain-huggingface."""

    def __init__(self, name: str, embeddings: Embeddings) -> None:
        self._name = name
        self._embeddings = embeddings
        self._dimension = 0

    @property
    def fingerprint(self) -> str:
        """The model's name; its files are trusted not to change under one name."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        if not self._dimension:
            self._dimension = int(self.embed(["维"]).shape[1])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """``(n, dimension)`` float32 unit rows."""
        vectors = np.asarray(self._embeddings.embed_documents(list(texts)), dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: Vectors = vectors / np.maximum(norms, 1e-12)
        return normalised


def _load_hugging_face(model: str) -> Embeddings:
    if not Path(model).is_dir() and not _cached(model):
        raise EmbedderMissing("本机没有这个向量模型", value=model, tried="本地文件夹与本机缓存", remedy=_FETCH)
    from langchain_huggingface import HuggingFaceEmbeddings

    try:
        return HuggingFaceEmbeddings(model_name=model, model_kwargs={"local_files_only": True, "device": "cpu"})
    except (OSError, ValueError) as error:
        tried = f"只读本地文件（{str(error).splitlines()[0][:120]}）"
        raise EmbedderMissing("向量模型打不开", value=model, tried=tried, remedy=_FETCH) from None


def _cached(model: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    names = (model, f"sentence-transformers/{model}")
    try:
        return any(isinstance(try_to_load_from_cache(name, "config.json"), str) for name in names)
    except ValueError:
        return False
