"""An OpenAI-compatible embeddings service, through langchain-openai."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import SecretStr

from bot.encoder.configuration import Prompts, digest_of
from bot.encoder.embedder import Floats
from bot.encoder.plain import PlainEmbedder
from bot.errors import EmbeddingServiceError
from bot.settings import INGEST
from bot.text.addresses import public_address

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

    from bot.settings import EmbeddingSettings

#: Clients ask for a key even where the service wants none.
_NO_KEY = "none"
_OLD_INDEX = "已建好的索引不受影响，照常使用"


def open_service(settings: EmbeddingSettings, prompts: Prompts) -> PlainEmbedder:
    """The embedder of the service that ``settings`` name; nothing is asked of it before the first text."""
    fingerprint = f"{settings.model}@{digest_of(settings.base_url, settings.model, prompts.query, prompts.passage)}"
    return PlainEmbedder(_Client(settings).encode, prompts, fingerprint)


class _Client:
    """Batches, the limit of time and retries (with growing pauses) are the client library's."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._settings = settings
        self._embeddings: OpenAIEmbeddings | None = None
        self._dimension = 0

    def encode(self, texts: Sequence[str]) -> Floats:
        """``(n, dimension)``. Raises :class:`EmbeddingServiceError` with the remedy."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        import openai

        try:
            rows = self._client().embed_documents(list(texts))
        except openai.OpenAIError as error:
            raise self._failed(*_reason(error)) from None
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise self._failed(f"回答不是向量（{type(error).__name__}）", "核对 base_url 指向的是向量服务") from None
        return self._checked(rows, len(texts))

    def _client(self) -> OpenAIEmbeddings:
        if self._embeddings is None:
            from langchain_openai import OpenAIEmbeddings

            key = self._settings.key()
            self._embeddings = OpenAIEmbeddings(
                model=self._settings.model,
                openai_api_base=self._settings.base_url,
                openai_api_key=SecretStr(key or _NO_KEY),
                # Texts go as they are: counting tokens would fetch another vendor's vocabulary.
                check_embedding_ctx_length=False,
                chunk_size=self._settings.batch_size,
                request_timeout=self._settings.timeout_seconds,
                max_retries=self._settings.retries,
                model_kwargs={"encoding_format": "float"},
            )
        return self._embeddings

    def _checked(self, rows: Sequence[Sequence[float]], wanted: int) -> Floats:
        try:
            vectors = np.asarray(rows, dtype=np.float32)
        except ValueError:
            raise self._failed("向量长短不一", "核对服务用的模型") from None
        if vectors.ndim != 2 or len(vectors) != wanted or not vectors.shape[1] or not np.isfinite(vectors).all():
            raise self._failed(f"要 {wanted} 条向量，得到的形状是 {vectors.shape}", "核对服务用的模型")
        if self._dimension and vectors.shape[1] != self._dimension:
            raise self._failed(
                f"先给 {self._dimension} 维、后给 {vectors.shape[1]} 维",
                f"让服务固定用一个模型，再运行 {INGEST}",
            )
        self._dimension = vectors.shape[1]
        return vectors

    def _failed(self, tried: str, remedy: str) -> EmbeddingServiceError:
        return EmbeddingServiceError(
            "向量服务用不了",
            value=public_address(self._settings.base_url),
            tried=tried,
            remedy=f"{remedy}；{_OLD_INDEX}",
        )


def _reason(error: Exception) -> tuple[str, str]:
    """What went wrong and what helps, without the service's own words: they may repeat the key."""
    import openai

    if isinstance(error, (openai.AuthenticationError, openai.PermissionDeniedError)):
        return f"服务不认这个密钥（{error.status_code}）", "核对 embedding.api_key_file"
    if isinstance(error, openai.NotFoundError):
        return "服务没有这个地址或模型（404）", "核对 embedding.base_url（通常以 /v1 结尾）和 embedding.model"
    if isinstance(error, openai.APITimeoutError):
        return "服务超时没有回答", "等服务空闲后再试，或调大 embedding.timeout_seconds"
    if isinstance(error, openai.APIConnectionError):
        return "连不上服务", "启动服务，或核对 embedding.base_url"
    if isinstance(error, openai.APIStatusError):
        return f"服务回答 {error.status_code}", "看服务的日志；文本太长时调小 embedding.batch_size"
    return f"服务的回答读不懂（{type(error).__name__}）", "核对 base_url 指向的是向量服务"
