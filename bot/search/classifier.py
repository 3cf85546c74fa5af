"""Which of some labels a text belongs to: a linear model on its characters and, where there is one, its vector.

Trained from labelled sentences of the project's own by ridge regression on one-hot labels: what questions ask by
``python -m bot.understanding.fitting``, what is told in conversation by ``python -m bot.training talking``. A
second set of weights reads characters alone, for a place without the bundled encoder.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.text.tokens import fold

Floats = NDArray[np.float32]

#: Character n-grams are counted in so many places.
PLACES = 8_192
GRAMS = (1, 2, 3)
#: What a vector counts for beside characters. In five-fold cross-validation 1 to 2 differ by less than 0.01.
MEANING = 1.5
#: Scores are a ridge regression's, 0 to 1 by and large; this makes of them shares whose log-loss is least
#: in cross-validation.
SHARPNESS = 8.0
#: Texts counted last (32 kB each): several classifiers read the same message and its parts one after the other.
_LATEST = 16
_ENDS = " 。.?？!！,，~～"


@dataclass(frozen=True, slots=True)
class Prediction:
    """A label with the share (0–1) it has beside the others."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """``words`` ``(PLACES, n)``, ``meaning`` ``(dimension, n)``, ``centre`` ``(dimension,)`` and ``bias`` ``(n,)``."""

    labels: tuple[str, ...]
    words: Floats
    meaning: Floats
    centre: Floats
    alone: Floats
    bias: Floats
    fingerprint: str


class Classifier:
    """Labels texts. Holds no state; safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @classmethod
    def stored(cls, path: Path, name: str) -> Classifier:
        """The classifier ``name`` of a file that :func:`save` wrote; read once in a process."""
        return cls(_stored(path, name))

    def predict(self, text: str, vector: Floats | None, fingerprint: str) -> tuple[Prediction, ...]:
        """All labels, the likeliest first. A ``vector`` of another encoder than the fitted one is not used."""
        weights = self._weights
        row = gram_row(text)
        if vector is None or fingerprint != weights.fingerprint:
            scores = row @ weights.alone + weights.bias
        else:
            scores = row @ weights.words + MEANING * (vector - weights.centre) @ weights.meaning + weights.bias
        shares = np.exp(SHARPNESS * (scores - scores.max()))
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        return tuple(Prediction(weights.labels[int(place)], float(shares[place])) for place in order)


@lru_cache(maxsize=_LATEST)
def gram_row(text: str) -> Floats:
    """``(PLACES,)``: the root of how often each character n-gram stands in ``text``, length 1. Not to be written to."""
    row = np.zeros(PLACES, dtype=np.float32)
    framed = f"^{' '.join(fold(text).split()).strip(_ENDS)}$"
    for size in GRAMS:
        for start in range(len(framed) - size + 1):
            row[zlib.crc32(framed[start : start + size].encode()) % PLACES] += 1
    row = np.sqrt(row)
    row = np.asarray(row / (np.linalg.norm(row) or 1.0), dtype=np.float32)
    row.flags.writeable = False
    return row


def fit(texts: Sequence[str], labels: Sequence[str], vectors: Floats, fingerprint: str, ridge: float = 1.0) -> Weights:
    """Weights for ``texts`` (n) with their ``labels`` and ``vectors`` ``(n, dimension)``."""
    names = tuple(sorted(set(labels)))
    targets = np.eye(len(names), dtype=np.float32)[[names.index(label) for label in labels]]
    bias = targets.mean(axis=0)
    rows = np.stack([gram_row(text) for text in texts])
    centre = vectors.mean(axis=0)
    both = np.hstack([rows, MEANING * (vectors - centre)])
    joint, alone = _ridge(both, targets - bias, ridge), _ridge(rows, targets - bias, ridge)
    return Weights(names, joint[:PLACES], joint[PLACES:], centre, alone, bias, fingerprint)


def _ridge(rows: Floats, targets: Floats, ridge: float) -> Floats:
    kernel = rows @ rows.T + ridge * np.eye(len(rows), dtype=np.float32)
    return np.asarray(rows.T @ np.linalg.solve(kernel, targets), dtype=np.float32)


def save(path: Path, fitted: dict[str, Weights]) -> None:
    """Write the weights of several classifiers to one file, in half precision."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, weights in fitted.items():
        for field in ("words", "meaning", "centre", "alone", "bias"):
            arrays[f"{name}.{field}"] = getattr(weights, field).astype(np.float16)
        arrays[f"{name}.labels"] = np.array(weights.labels)
        arrays[f"{name}.fingerprint"] = np.array(weights.fingerprint)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


@cache
def _stored(path: Path, name: str) -> Weights:
    with np.load(path) as file:
        numbers = {field: file[f"{name}.{field}"].astype(np.float32) for field in ("words", "meaning", "centre")}
        alone, bias = (file[f"{name}.{field}"].astype(np.float32) for field in ("alone", "bias"))
        labels = tuple(str(label) for label in file[f"{name}.labels"])
        return Weights(labels, **numbers, alone=alone, bias=bias, fingerprint=str(file[f"{name}.fingerprint"]))
