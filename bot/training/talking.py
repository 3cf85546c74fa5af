"""Classifiers of what is told in conversation, fitted to labelled sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bot.errors import UsageError
from bot.search.classifier import Classifier, Floats, Weights, fit, save
from bot.text.places import A_PLACE, with_places_as

Labelled = tuple[str, str]
Embed = Callable[[str], Floats]

_FOLDS = 5
#: Labels of the questions file that are questions here; the rest are other talk, but for wishes.
_QUESTIONS = frozenset(("policy", "contact", "introduction"))
_OTHERS = frozenset(("greeting", "self", "off_topic"))
#: So many of the questions file, evenly taken: more of them crowd out wishes (measured on the looked-at half of
#: tests/market/talking: 108 of 119 with half of them, 105 with all).
_EVERY = 2
#: Of those, a quarter is asked in the middle of a registration, too.
_IN_BETWEEN = 8


def training_sets(examples: Path, questions: Path) -> dict[str, list[Labelled]]:
    """The labelled sentences of each classifier, by its name: wishes, turns, and the clauses of each kind of record."""
    wishes = [(label, text.replace("[", "").replace("]", "")) for label, text in _rows(examples / "wishes.tsv")]
    asked = [
        ("question" if label in _QUESTIONS else "other", text)
        for label, text in _rows(questions)
        if label in _QUESTIONS | _OTHERS
    ]
    clauses = [(of, field, with_places_as(text, A_PLACE)) for of, field, text in _rows(examples / "clauses.tsv")]
    answers = [("answer", text) for _, field, text in clauses if field != "aside"]
    return {
        "wishes": wishes + asked[::_EVERY],
        "turns": [
            *(each for each in asked[::_IN_BETWEEN] if each[0] == "question"),
            *((label, text) for label, text in _rows(examples / "turns.tsv")),
            *answers,
        ],
        **{
            kind: [(field, text) for of, field, text in clauses if of in (kind, "both")] for kind in ("needs", "offers")
        },
    }


def fit_all(
    examples: Path, questions: Path, output: Path, embed: Embed, fingerprint: str
) -> dict[str, tuple[float, float]]:
    """Fit and save every classifier; give each one's cross-validated accuracy with and without vectors."""
    fitted: dict[str, Weights] = {}
    measured: dict[str, tuple[float, float]] = {}
    for name, rows in training_sets(examples, questions).items():
        vectors = np.stack([embed(text) for _, text in rows])
        measured[name] = cross_validated(rows, vectors, True), cross_validated(rows, vectors, False)
        labels, texts = [label for label, _ in rows], [text for _, text in rows]
        fitted[name] = fit(texts, labels, vectors, fingerprint)
    save(output, fitted)
    return measured


def cross_validated(rows: Sequence[Labelled], vectors: Floats, meaning: bool) -> float:
    """The share of ``rows`` labelled right by classifiers fitted to the other four fifths."""
    order = np.random.default_rng(0).permutation(len(rows))
    right = 0
    for part in range(_FOLDS):
        held = set(order[part::_FOLDS].tolist())
        rest = [place for place in range(len(rows)) if place not in held]
        told = Classifier(fit([rows[i][1] for i in rest], [rows[i][0] for i in rest], vectors[rest], "fitted"))
        for i in held:
            best = told.predict(rows[i][1], vectors[i] if meaning else None, "fitted")[0]
            right += best.label == rows[i][0]
    return right / len(rows)


def _rows(path: Path) -> list[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError("读不了标注的句子", value=path, tried=str(error), remedy="检查路径") from error
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
