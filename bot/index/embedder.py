"""Texts to vectors. The bundled static model needs neither torch nor a network.

A static model is a table of token vectors: a text's vector is the mean of its tokens' rows. That is
read here with ``tokenizers`` and ``safetensors`` alone; every other sentence-transformers model goes
through langchain-huggingface, from files on this machine only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bot.errors import EmbedderMissing

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_FINGERPRINT_DIGITS = 12
_STATIC_WEIGHTS_KEY = "embedding.weight"
_STATIC_MODULE = "StaticEmbedding"
_NORMALIZE_MODULE = "Normalize"
_WEIGHTS_SUFFIXES = frozenset({".safetensors", ".bin", ".onnx"})


@runtime_checkable
class Embedder(Protocol):
    """Whatever turns texts into vectors."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors do."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, dimension)`` float32, rows of length 1; a text with no known token has a zero row."""
        ...


class StaticEmbedder:
    """The mean of token vectors, with numpy alone."""

    def __init__(self, tokenizer: Tokenizer, weights: NDArray[np.float32], fingerprint: str) -> None:
        self._tokenizer = tokenizer
        self._weights = weights
        self._fingerprint = fingerprint

    @property
    def fingerprint(self) -> str:
        """The folder's name and a digest of its weights and tokenizer."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._weights.shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, dimension)`` float32, rows of length 1; a text with no known token has a zero row."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in zip(vectors, encodings, strict=True):
            if encoding.ids:
                row[:] = self._weights[encoding.ids].mean(axis=0)
        return _normalised(vectors)


class SentenceTransformersEmbedder:
    """Any other sentence-transformers model, loaded at its first use through langchain-huggingface."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._loaded: Any = None
        self._dimension = 0

    @property
    def fingerprint(self) -> str:
        """The model's name and a digest of its files."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector; the first call loads the model."""
        if not self._dimension:
            self._dimension = int(self.embed(["维"]).shape[1])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, dimension)`` float32, rows of length 1. Raises :class:`EmbedderMissing`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model().embed_documents(list(texts))
        return _normalised(np.asarray(vectors, dtype=np.float32))

    def _model(self) -> Any:
        if self._loaded is None:
            from langchain_huggingface import HuggingFaceEmbeddings

            try:
                self._loaded = HuggingFaceEmbeddings(
                    model_name=str(self._folder),
                    model_kwargs={"device": "cpu", "local_files_only": True},
                )
            except (OSError, ValueError, KeyError, RuntimeError) as error:
                raise _missing(str(self._folder), f"读取失败（{error}）") from None
        return self._loaded


def load_embedder(model: str) -> Embedder:
    """The embedder named by ``model``: a folder, or the name of a model in the local hub cache.

    Never asks a network. Raises :class:`EmbedderMissing` at once, saying how to fetch the model.
    """
    folder = Path(model)
    if not folder.is_dir():
        return _from_hub_cache(model)
    return _from_folder(folder, folder.resolve().name)


def _from_folder(folder: Path, name: str) -> Embedder:
    modules = _modules(folder)
    if modules is None:
        raise _missing(str(folder), "找不到可读的 modules.json，这不是 sentence-transformers 模型文件夹")
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if kinds in ([_STATIC_MODULE], [_STATIC_MODULE, _NORMALIZE_MODULE]):
        static = _static(folder / str(modules[0].get("path", "")), name)
        if static is not None:
            return static
    return SentenceTransformersEmbedder(folder, f"{name}@{_folder_digest(folder)}")


def _static(folder: Path, name: str) -> StaticEmbedder | None:
    """The fast path, or ``None`` for a table of another layout (quantised vocabularies)."""
    from safetensors.numpy import load
    from tokenizers import Tokenizer

    try:
        weights_bytes = (folder / "model.safetensors").read_bytes()
        tokenizer_bytes = (folder / "tokenizer.json").read_bytes()
        weights = load(weights_bytes)
        tokenizer = Tokenizer.from_str(tokenizer_bytes.decode("utf-8"))
    except Exception as error:  # safetensors and tokenizers raise their own and bare Exceptions
        raise _missing(str(folder), f"模型文件不全或已损坏（{error}）") from None
    table = weights.get(_STATIC_WEIGHTS_KEY)
    if table is None:
        return None
    digest = hashlib.sha256(weights_bytes + tokenizer_bytes).hexdigest()[:_FINGERPRINT_DIGITS]
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return StaticEmbedder(tokenizer, table.astype(np.float32), f"{name}@{digest}")


def _from_hub_cache(model: str) -> Embedder:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    # Models published without an organisation's name live under this one.
    for name in (model, f"sentence-transformers/{model}"):
        try:
            found = try_to_load_from_cache(name, "modules.json")
        except HFValidationError:
            continue
        if isinstance(found, str):
            return _from_folder(Path(found).parent, name)
    raise _missing(model, "本机文件夹和 Hugging Face 缓存里都没有")


def _modules(folder: Path) -> list[dict[str, Any]] | None:
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return modules if isinstance(modules, list) and all(isinstance(item, dict) for item in modules) else None


def _folder_digest(folder: Path) -> str:
    """Of the small files' content and the weights' sizes: weights of gigabytes are not read whole."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        if path.suffix in _WEIGHTS_SUFFIXES:
            status = path.stat()
            digest.update(f"{status.st_size}".encode())
            with path.open("rb") as stream:
                digest.update(stream.read(1 << 16))
        elif path.suffix in {".json", ".txt", ".model"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_FINGERPRINT_DIGITS]


def _missing(model: str, tried: str) -> EmbedderMissing:
    return EmbedderMissing(
        "本机没有这个向量模型",
        value=model,
        tried=tried,
        remedy=f"在能联网的机器上运行 hf download {model} 并把文件夹拷来，或去掉 embedding_model 设置改用自带模型",
    )


def _normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    normalised: NDArray[np.float32] = vectors / lengths
    return normalised
