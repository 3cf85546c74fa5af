"""Our embedder as LangChain's ``Embeddings``."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from bot.index.embedder import Embedder


class EmbedderAdapter(Embeddings):
    """Hands texts to an :class:`Embedder`, vectors back as lists of floats."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per text."""
        rows: list[list[float]] = self._embedder.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]
