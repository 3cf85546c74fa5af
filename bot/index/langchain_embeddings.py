"""Our embedder in LangChain's clothes (imports langchain-core)."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from bot.index.embedder import Embedder


class EmbedderAdapter(Embeddings):
    """An :class:`Embedder` where LangChain wants its ``Embeddings``."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text, length 1."""
        return [[float(value) for value in row] for row in self._embedder.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text, length 1."""
        return self.embed_documents([text])[0]
