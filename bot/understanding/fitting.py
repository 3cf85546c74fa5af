"""``python -m bot.understanding.fitting``: fit the classifiers to their labelled questions, and say how well."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from bot.encoder.load import load_embedder
from bot.retrieval.foreign import QuestionVectors
from bot.search.classifier import Classifier, Floats, fit, save
from bot.settings import EmbeddingSettings
from bot.understanding.understanding import WEIGHTS_FILE

NAMES = ("asked", "intents")
FOLDS = 5


def labelled(name: str) -> tuple[tuple[str, str], ...]:
    """``(label, text)`` of ``asked.tsv`` or ``intents.tsv``."""
    lines = Path(__file__).with_name(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple((label, text) for label, _, text in (line.partition("\t") for line in lines))


def main() -> None:
    """Fit on everything and write the weights; print the cross-validated accuracy with and without vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-measure", action="store_true", help="write nothing")
    options = parser.parse_args()
    embedder = load_embedder(EmbeddingSettings())
    questions = QuestionVectors(embedder)
    fitted = {}
    for name in NAMES:
        labels, texts = zip(*labelled(name), strict=True)
        vectors = np.stack([questions.embed(text) for text in texts])
        fingerprint = embedder.fingerprint
        for meaning in (True, False):
            share = _cross_validated(texts, labels, vectors, fingerprint if meaning else "")
            sys.stdout.write(f"{name}  {'with' if meaning else 'without'} vectors  accuracy {share:.3f}\n")
        fitted[name] = fit(texts, labels, vectors, fingerprint)
    if not options.only_measure:
        save(WEIGHTS_FILE, fitted)


def _cross_validated(texts: tuple[str, ...], labels: tuple[str, ...], vectors: Floats, asked_of: str) -> float:
    order = np.random.default_rng(0).permutation(len(texts))
    right = 0
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = np.setdiff1d(order, held)
        weights = fit([texts[i] for i in rest], [labels[i] for i in rest], vectors[rest], "fitted")
        classifier = Classifier(weights)
        for i in held:
            best = classifier.predict(texts[i], vectors[i], "fitted" if asked_of else "")[0]
            right += best.label == labels[i]
    return right / len(texts)


if __name__ == "__main__":
    main()
