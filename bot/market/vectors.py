"""The vector of a record: its title's telling words and the sense of its body, half and half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.market.background import background_idf
from bot.text.tokens import search_terms

#: Titles with nothing in common: what a model takes for the cosine of unrelated records.
_UNRELATED = (
    "高温阀门密封环",
    "对虾弧菌检测试剂盒",
    "中央空调节能控制平台",
    "活性染料少水染色工艺",
    "桥梁裂缝无人机巡检",
    "合同文本智能审核",
    "口服缓释微球",
    "盐碱地改良菌剂",
)

Floats: TypeAlias = NDArray[np.float32]

#: Measured on the development half: 0.25 to 0.75 differ by less than one standard error.
_TITLE_SHARE = 0.5
#: As in the lexical score, a word counts by the square of how telling it is.
_IDF_POWER = 2.0
_MOST_CACHED = 50_000


class Embedder(Protocol):
    """What matching needs of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """``(n, dim) float32``, each row of length 1 (or zero when no word is known)."""


class RecordVectors:
    """Turns titles and bodies into unit vectors. The constructor does no I/O.

    ``weigh_words`` suits static models, whose vector of a title is the mean of its words: the words are
    embedded one by one and weighed, or 技术 and 研究 would count as much as the subject. A contextual
    model reads the title whole.
    """

    def __init__(self, embedder: Embedder, *, weigh_words: bool) -> None:
        self._embedder = embedder
        self._weigh_words = weigh_words
        self._words: dict[str, Floats] = {}
        self._usual_cosine: float | None = None

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""
        return f"{self._embedder.fingerprint}|{self._weigh_words}"

    def embed(self, titles: Sequence[str], bodies: Sequence[str]) -> Floats:
        """``(n, dim) float32``, each row of length 1 (or zero); an empty body leaves the title alone."""
        heads = self._weighed(titles) if self._weigh_words else self._embedder.embed(titles)
        texts = [body or title for title, body in zip(titles, bodies, strict=True)]
        mixed = _TITLE_SHARE * heads + (1 - _TITLE_SHARE) * self._embedder.embed(texts)
        return _normalised(mixed)

    def likeness(self, cosine: float) -> float:
        """How much more alike than unrelated records, 0–1.

        Models differ in what they give to unrelated texts (near 0 the bundled one, above 0.5 some others).
        """
        usual = self._usual()
        return max(0.0, (cosine - usual) / (1.0 - usual))

    def _usual(self) -> float:
        if self._usual_cosine is None:
            vectors = self.embed(_UNRELATED, [""] * len(_UNRELATED))
            cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
            # A model that finds all of them alike would divide by nothing.
            self._usual_cosine = float(np.clip(cosines.mean(), 0.0, 0.95))
        return self._usual_cosine

    def _weighed(self, titles: Sequence[str]) -> Floats:
        terms = [sorted(set(search_terms(title))) for title in titles]
        words = self._word_vectors(sorted({term for each in terms for term in each}))
        dim = self._embedder.embed([""]).shape[1]
        sums = np.zeros((len(titles), dim), dtype=np.float32)
        for row, each in enumerate(terms):
            for term in each:
                sums[row] += np.float32(background_idf(term) ** _IDF_POWER) * words[term]
        return _normalised(sums)

    def _word_vectors(self, terms: Sequence[str]) -> dict[str, Floats]:
        known = self._words
        missing = [term for term in terms if term not in known]
        if missing:
            fresh = dict(zip(missing, self._embedder.embed(missing), strict=True))
            # Replaced, never changed in place: other threads may be reading the old one.
            base = {} if len(known) + len(fresh) > _MOST_CACHED else known
            self._words = {**base, **fresh}
            known = {**known, **fresh}
        return known


def _normalised(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
