"""Any other sentence-transformers folder, on torch, from files on this machine only; loaded at its first use."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoder.configuration import ModelConfiguration, Prompts, model_missing
from bot.encoder.contextual import ContextualEmbedder
from bot.encoder.embedder import Embedder, Floats, Passage, PassageVectors
from bot.encoder.plain import PlainEmbedder
from bot.errors import EmbedderMissing


class TorchEmbedder:
    """Mean-pooled models give sentences in their passage; others encode each sentence by itself."""

    def __init__(self, folder: Path, configuration: ModelConfiguration, prompts: Prompts) -> None:
        self._folder = folder
        self._configuration = configuration
        self._prompts = prompts
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """The model's name and a digest of its files and prompts."""
        return self._configuration.fingerprint(self._prompts)

    @property
    def dimension(self) -> int:
        """Length of a vector; the first call loads the model."""
        return self._embedder.dimension

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``, length 1. Raises :class:`EmbedderMissing` for a folder that cannot be loaded."""
        return self._embedder.embed_query(text)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages and their sentences, in order. Raises :class:`EmbedderMissing` likewise."""
        return self._embedder.embed_passages(passages)

    @cached_property
    def _embedder(self) -> Embedder:
        with self._lock:
            model = self._load()
            tokenizer = getattr(getattr(model, "tokenizer", None), "backend_tokenizer", None)
            if self._configuration.mean_pooled and tokenizer is not None:
                return self._contextual(model, tokenizer)

            def encode(texts: Sequence[str]) -> Floats:
                return np.asarray(model.encode(list(texts), show_progress_bar=False), dtype=np.float32)

            return PlainEmbedder(encode, self._prompts, self.fingerprint)

    def _load(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbedderMissing(
                "这个向量模型要用 torch，本机没有装",
                value=str(self._folder),
                tried=str(error),
                remedy='安装可选部分：pip install "tech-manager-assistant[torch]"；或去掉 embedding 设置改用自带模型',
            ) from None
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except Exception as error:  # torch, transformers and safetensors each raise their own
            raise model_missing(str(self._folder), f"读取失败（{str(error).splitlines()[:1]}）") from None

    def _contextual(self, model: Any, tokenizer: Any) -> ContextualEmbedder:
        import torch
        from tokenizers import Tokenizer

        # A copy: padding and truncation of the model's own tokenizer stay as they are.
        own = Tokenizer.from_str(tokenizer.to_str())
        own.no_padding()
        own.no_truncation()
        transformer = model[0]

        def run(ids: Sequence[int]) -> Floats:
            tokens = torch.tensor([list(ids)], dtype=torch.long)
            with torch.inference_mode():
                features = transformer({"input_ids": tokens, "attention_mask": torch.ones_like(tokens)})
            return np.asarray(features["token_embeddings"][0].float().numpy(), dtype=np.float32)

        size = int(run(own.encode("维", add_special_tokens=True).ids).shape[1])
        # torch runs one text on all its threads already.
        return ContextualEmbedder(own, run, self._configuration, self._prompts, dimension=size, lanes=1)
