"""Encoders that give one vector a text: passages and sentences are then encoded each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bot.encoder.configuration import Prompts
from bot.encoder.embedder import Floats, Passage, PassageVectors, unit_rows

#: Texts → ``(n, dimension)`` vectors.
EncodeTexts = Callable[[Sequence[str]], Floats]


class PlainEmbedder:
    """Whatever ``encode`` gives, with prompts before it and rows brought to length 1."""

    def __init__(self, encode: EncodeTexts, prompts: Prompts, fingerprint: str) -> None:
        self._encode = encode
        self._prompts = prompts
        self._fingerprint = fingerprint
        self._dimension = 0

    @property
    def fingerprint(self) -> str:
        """The model's name and a digest of what its vectors depend on."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector; the first call encodes a word to learn it."""
        if not self._dimension:
            self._dimension = int(self.embed_query("维").shape[0])
        return self._dimension

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``, length 1."""
        vector: Floats = unit_rows(self._encode([self._prompts.query + text]))[0]
        return vector

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages (heading before the text) and of their sentences, in order."""
        texts: list[str] = []
        for passage in passages:
            texts.append(" ".join(part for part in (passage.heading, passage.text) if part))
            texts.extend(passage.text[start:end] for start, end in passage.sentences)
        if not texts:
            return []
        vectors = unit_rows(self._encode([self._prompts.passage + text for text in texts]))
        found: list[PassageVectors] = []
        row = 0
        for passage in passages:
            following = row + 1 + len(passage.sentences)
            found.append(PassageVectors(vectors[row], np.ascontiguousarray(vectors[row + 1 : following])))
            row = following
        return found
