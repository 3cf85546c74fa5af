"""What a model's folder says of itself: prompts, how token vectors are pooled, how long a text may be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import EmbedderMissing

_DIGITS = 12
_WEIGHTS_SUFFIXES = frozenset({".safetensors", ".bin", ".onnx"})
_SMALL_SUFFIXES = frozenset({".json", ".txt", ".model"})
#: Read of a weights file at either end: files of gigabytes are not read whole.
_EDGE_BYTES = 1 << 16
#: Raised when this program pools differently, so that stored vectors are made again.
_POOLING_VERSION = "1"
#: Names under which models keep the prompt of a passage.
_PASSAGE_PROMPTS = ("document", "passage", "text")
_DEFAULT_LENGTH = 512


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before a query and before a passage; empty for models that need nothing."""

    query: str = ""
    passage: str = ""

    def overridden(self, query: str | None, passage: str | None) -> Prompts:
        """These prompts with what a setting says in their place; ``None`` leaves one as it is."""
        return Prompts(self.query if query is None else query, self.passage if passage is None else passage)


@dataclass(frozen=True, slots=True)
class ModelConfiguration:
    """``mean_pooled``: the vector of a text is the plain mean of its token vectors, and nothing after it."""

    name: str
    digest: str
    prompts: Prompts
    mean_pooled: bool
    max_length: int = _DEFAULT_LENGTH

    def fingerprint(self, prompts: Prompts) -> str:
        """The model's name and a digest of its files and of the ``prompts`` in force."""
        return f"{self.name}@{digest_of(self.digest, prompts.query, prompts.passage, _POOLING_VERSION)}"


def read_configuration(folder: Path, name: str) -> ModelConfiguration:
    """The configuration of a sentence-transformers folder. Raises :class:`EmbedderMissing` when it is none."""
    modules = _json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        raise model_missing(str(folder), "找不到可读的 modules.json，这不是 sentence-transformers 模型文件夹")
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    mean = kinds[:2] == ["Transformer", "Pooling"] and kinds[2:] in ([], ["Normalize"])
    prompts = _table(folder / "config_sentence_transformers.json").get("prompts") or {}
    passage = next((prompts[key] for key in _PASSAGE_PROMPTS if prompts.get(key)), "")
    return ModelConfiguration(
        name=name,
        digest=_folder_digest(folder),
        prompts=Prompts(str(prompts.get("query") or ""), str(passage)),
        mean_pooled=mean and _is_mean(_table(folder / str(modules[1].get("path", "")) / "config.json")),
        max_length=_max_length(folder),
    )


def digest_of(*parts: str) -> str:
    """Twelve hexadecimal digits that change with any of ``parts``."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", errors="surrogatepass")).hexdigest()[:_DIGITS]


def model_missing(model: str, tried: str) -> EmbedderMissing:
    """The error for a model that is not on this machine or cannot be read."""
    return EmbedderMissing(
        "本机没有可用的向量模型",
        value=model,
        tried=tried,
        remedy="把完整的模型文件夹重新拷来（能联网的机器上用 hf download 取），或去掉 embedding 设置改用自带模型",
    )


def _is_mean(pooling: dict[str, Any]) -> bool:
    if "pooling_mode" in pooling:
        return bool(pooling["pooling_mode"] == "mean")
    named = {key for key, value in pooling.items() if key.startswith("pooling_mode_") and value is True}
    return named == {"pooling_mode_mean_tokens"}


def _max_length(folder: Path) -> int:
    found = (
        _table(folder / "sentence_bert_config.json").get("max_seq_length"),
        _table(folder / "tokenizer_config.json").get("model_max_length"),
        _table(folder / "config.json").get("max_position_embeddings"),
    )
    lengths = [length for length in found if isinstance(length, int) and 8 <= length <= 1_000_000]
    return min(lengths, default=_DEFAULT_LENGTH)


def _table(path: Path) -> dict[str, Any]:
    content = _json(path)
    return content if isinstance(content, dict) else {}


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _folder_digest(folder: Path) -> str:
    """Of the small files' content, and of the weights' sizes and both their ends."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix not in _WEIGHTS_SUFFIXES | _SMALL_SUFFIXES:
            continue
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as stream:
            if path.suffix in _SMALL_SUFFIXES:
                digest.update(stream.read())
                continue
            size = path.stat().st_size
            digest.update(f"{size}".encode() + stream.read(_EDGE_BYTES))
            stream.seek(max(0, size - _EDGE_BYTES))
            digest.update(stream.read(_EDGE_BYTES))
    return digest.hexdigest()[:_DIGITS]
