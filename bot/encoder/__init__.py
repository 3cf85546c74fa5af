"""Texts to vectors: queries, passages, and the sentences within their passages."""

from bot.encoder.embedder import Embedder, Floats, Passage, PassageVectors
from bot.encoder.load import load_embedder

__all__ = ["Embedder", "Floats", "Passage", "PassageVectors", "load_embedder"]
