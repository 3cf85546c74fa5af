"""What a manager wants of records, told by a classifier of meaning fitted to labelled sentences of the project's own.

``python -m bot.introductions.wants`` fits it to ``wants.tsv`` and to sentences of ``bot/understanding/intents.tsv``
that want nothing of records, and says how well.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path

import numpy as np

from bot.encoder.load import load_embedder
from bot.errors import EmbedderMissing
from bot.retrieval.foreign import QuestionVectors
from bot.search.classifier import Classifier, Floats, fit, save
from bot.settings import EmbeddingSettings
from bot.types import RecordKind
from bot.types.labelled import Labelled

WEIGHTS_FILE = Path(__file__).with_name("wants.npz")
#: What stands for a record that a question names: what is wanted of it does not hang on which one it is.
STANDS_FOR = {RecordKind.NEED: "某需求", RecordKind.OFFER: "某成果"}
#: Of the sentences that want nothing of records so many are taken: one in five.
_EVERY = 5
_FOLDS = 5


class Want(Labelled):
    """What is wanted."""

    MATCHES = "matches", "匹配"
    SIMILAR = "similar", "相近的案例"
    DRAFT = "draft", "起草引荐"
    STANDING = "standing", "进展"
    WAITING = "waiting", "待办"
    RECORD = "record", "登记内容"
    NONE = "none", "别的"


_BY_VALUE: dict[str, Want] = {each.value: each for each in Want}


class WantReader:
    """Reads what is wanted. Safe to share between threads."""

    def __init__(self, vectors: QuestionVectors | None, fingerprint: str) -> None:
        self._vectors, self._fingerprint = vectors, fingerprint
        self._classifier = Classifier.stored(WEIGHTS_FILE, "wants")

    def read(self, question: str) -> dict[Want, float]:
        """The share (0–1) of every want in ``question``, in which :data:`STANDS_FOR` stands for named records."""
        vector = self._vectors.embed(question) if self._vectors is not None else None
        found = self._classifier.predict(question, vector, self._fingerprint)
        return {_BY_VALUE[each.label]: each.confidence for each in found}


@cache
def want_reader(settings: EmbeddingSettings) -> WantReader:
    """The reader with the encoder of ``settings``; without one it goes by characters alone."""
    try:
        embedder = load_embedder(settings)
    except EmbedderMissing:
        return WantReader(None, "")
    return WantReader(QuestionVectors(embedder), embedder.fingerprint)


def main() -> None:
    """Fit on everything and write the weights; print the cross-validated accuracy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-measure", action="store_true", help="write nothing")
    options = parser.parse_args()
    labels, texts = zip(*_labelled(), strict=True)
    embedder = load_embedder(EmbeddingSettings())
    questions = QuestionVectors(embedder)
    vectors = np.stack([questions.embed(text) for text in texts])
    share = _cross_validated(texts, labels, vectors)
    sys.stdout.write(f"wants  {len(texts)} sentences  accuracy {share:.3f}\n")
    if not options.only_measure:
        save(WEIGHTS_FILE, {"wants": fit(texts, labels, vectors, embedder.fingerprint)})


def _labelled() -> list[tuple[str, str]]:
    from bot.understanding.fitting import labelled

    lines = Path(__file__).with_name("wants.tsv").read_text(encoding="utf-8").splitlines()
    own = [(label, text) for label, _, text in (line.partition("\t") for line in lines)]
    others = [text for role, text in labelled("intents") if role != "introduction"]
    return [*own, *((Want.NONE.value, text) for text in others[::_EVERY])]


def _cross_validated(texts: tuple[str, ...], labels: tuple[str, ...], vectors: Floats) -> float:
    order = np.random.default_rng(0).permutation(len(texts))
    right = 0
    for fold in range(_FOLDS):
        held = order[fold::_FOLDS]
        rest = np.setdiff1d(order, held)
        weights = fit([texts[i] for i in rest], [labels[i] for i in rest], vectors[rest], "fitted")
        classifier = Classifier(weights)
        right += sum(classifier.predict(texts[i], vectors[i], "fitted")[0].label == labels[i] for i in held)
    return right / len(texts)


if __name__ == "__main__":
    main()
