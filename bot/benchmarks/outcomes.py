"""``python -m bot.benchmarks.outcomes DIR…``: how well answerable and unanswerable questions are told apart.

Each question is asked twice: with its documents on file, and with every document that answers it taken out of what
is found. Prints what a logistic regression makes of cosine, covered share and form, and the curve of right
against false refusals for the chance that answers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering.asking import Asking
from bot.answering.coverage import TermWeights
from bot.answering.readers.general import GeneralReader
from bot.benchmarks.collections_on_disk import BenchmarkQuestion, ingested, read_questions
from bot.catalogue.models import Catalogue, Scope
from bot.catalogue.names import NameIndex
from bot.catalogue.thesaurus import Thesaurus
from bot.index.search_index import SearchIndex
from bot.retrieval.encoder import query_encoder
from bot.retrieval.retriever import Retriever
from bot.types import Evidence, Turn
from bot.understanding.understanding import Understander

Floats = NDArray[np.float64]
#: The share of right refusals is printed at these shares of false ones.
FALSE_REFUSALS = (0.02, 0.05, 0.08, 0.15, 0.3)
RIDGE, STEPS = 1.0, 25


def main() -> None:
    """Print the weights and the curve for the collections in the folders named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders with documents.jsonl and questions.jsonl")
    options = parser.parse_args()
    questions = [(folder.name, each) for folder in options.folders for each in read_questions(folder)]
    with ingested(options.folders) as settings:
        index = SearchIndex.open(settings.data_dir)
        retriever = Retriever(index, query_encoder(index, settings.embedding))
        features = _Features(index, retriever)
        rows = [features.of(each, folder, gone=gone) for gone in (False, True) for folder, each in questions]
    answerable = np.repeat([True, False], len(questions))
    report(np.array(rows), answerable)


def report(rows: Floats, answerable: NDArray[np.bool_]) -> None:
    """Print the regression's weights and the curve of the chances in force."""
    weights = fitted(rows, answerable)
    sys.stdout.write("cosine {:.1f}  covered {:.1f}  form {:.1f}  bias {:.1f}\n".format(*weights))
    chances = 1 / (1 + np.exp(-(np.hstack([rows, np.ones((len(rows), 1))]) @ weights)))
    for share in FALSE_REFUSALS:
        threshold = float(np.quantile(chances[answerable], share))
        right = float((chances[~answerable] < threshold).mean())
        sys.stdout.write(f"false refusals {share:.2f}  right refusals {right:.2f}  at chance {threshold:.2f}\n")


def fitted(rows: Floats, answerable: NDArray[np.bool_]) -> Floats:
    """Weights of each column and the bias by Newton's method, both kinds of question counting alike."""
    inputs = np.hstack([rows, np.ones((len(rows), 1))])
    balance = len(rows) / 2 * np.where(answerable, 1 / answerable.sum(), 1 / (~answerable).sum())
    weights = np.zeros(inputs.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ ((chances - answerable) * balance) + RIDGE * weights
        curve = (inputs * (chances * (1 - chances) * balance)[:, None]).T @ inputs + RIDGE * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    return np.asarray(weights)


class _Features:
    def __init__(self, index: SearchIndex, retriever: Retriever) -> None:
        self._index = index
        self._retriever = retriever
        self._reader = GeneralReader(TermWeights(index.document_frequency, index.chunk_count))
        self._understander = Understander(NameIndex(Catalogue()), Scope(), retriever.vector, index.fingerprint)

    def of(self, question: BenchmarkQuestion, folder: str, *, gone: bool) -> tuple[float, float, float]:
        """Cosine, covered share and form of the best block of a question's first part."""
        asking = Asking(
            self._understander.readings(Turn(question.question))[0],
            self._without(question, folder) if gone else self._retriever.evidence,
            self._index.document,
            date.today(),
            Thesaurus(()),
        )
        judged = self._reader.judged(asking, asking.understanding.parts[0])
        if not judged:
            return 0.0, 0.0, 0.0
        return judged[0].told.found.sentence.cosine, judged[0].covered, judged[0].told.states

    def _without(self, question: BenchmarkQuestion, folder: str) -> Callable[[str], Evidence]:
        answering = {f"{folder}/{identifier}.txt" for identifier in question.right}

        def find(query: str) -> Evidence:
            found = self._retriever.evidence(query)
            return replace(found, hits=tuple(hit for hit in found.hits if hit.chunk.document_id not in answering))

        return find


if __name__ == "__main__":
    main()
