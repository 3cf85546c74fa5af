"""``python -m bot.benchmarks.retrieval DIR [DIR …]``: how well documents and answers are found, leg by leg.

Several collections are searched in one index, with one setting. ``--seen FILE`` names the questions that an
encoder was trained with; they are told apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bot.benchmarks.collections_on_disk import BenchmarkQuestion, ingested, read_questions
from bot.benchmarks.metrics import ndcg, ndcg_first_hit, recall, reciprocal_rank
from bot.encoder import load_embedder
from bot.index.search_index import SearchIndex
from bot.retrieval.fusion import DEFAULT_WEIGHTS, FusionWeights
from bot.retrieval.retriever import Retriever
from bot.types import Hit

HITS = 60
REACH_CHUNKS = 5
REACH_CHARACTERS = 3_000
ANSWER_CHARACTERS = 30

#: A leg alone; the smallest weight breaks ties among passages of one document.
LEGS = {
    "BM25 of passages": FusionWeights(document=0, meaning_least=0, meaning_most=0),
    "BM25 of documents": FusionWeights(lexical=1e-3, document=1, meaning_least=0, meaning_most=0),
    "meaning of passages": FusionWeights(lexical=0, document=0, meaning_least=1, meaning_most=1, sentence_share=0),
    "meaning of sentences": FusionWeights(lexical=0, document=0, meaning_least=1, meaning_most=1, sentence_share=1),
    "one weight for all": FusionWeights(meaning_least=4, meaning_most=4),
    "fused": DEFAULT_WEIGHTS,
}


@dataclass(slots=True)
class Measured:
    """Scores of one leg, one entry per question."""

    ndcg: list[float] = field(default_factory=list)
    reciprocal: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    reach: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def main() -> None:
    """Print one line per collection and leg."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders with documents.jsonl and questions.jsonl")
    parser.add_argument("--seen", type=Path, help="JSON: collection name to ids of questions trained with")
    options = parser.parse_args()
    seen = json.loads(options.seen.read_text(encoding="utf-8")) if options.seen else {}
    with ingested(options.folders) as settings:
        index = SearchIndex.open(settings.data_dir)
        embedder = load_embedder(settings.embedding)
        for folder in options.folders:
            for name, questions in _halves(read_questions(folder), frozenset(map(str, seen.get(folder.name, ())))):
                for leg, weights in LEGS.items():
                    measured = measure(Retriever(index, embedder, weights), questions)
                    sys.stdout.write(f"{folder.name} {name} {len(questions):4}  {_line(leg, measured)}\n")
                    sys.stdout.flush()


def _halves(
    questions: Sequence[BenchmarkQuestion], seen: frozenset[str]
) -> list[tuple[str, tuple[BenchmarkQuestion, ...]]]:
    unseen = tuple(question for question in questions if question.id not in seen)
    rest = tuple(question for question in questions if question.id in seen)
    return [(name, half) for name, half in (("unseen", unseen), ("seen", rest)) if half]


def measure(retriever: Retriever, questions: Sequence[BenchmarkQuestion]) -> Measured:
    """Run every question; documents are ranked by their best passage."""
    measured = Measured()
    for question in questions:
        started = time.perf_counter()
        hits = retriever.search(question.question, HITS)
        measured.milliseconds.append((time.perf_counter() - started) * 1000)
        ranked = list(dict.fromkeys(Path(hit.chunk.document_id).stem for hit in hits))
        measured.ndcg.append(_ndcg(ranked, question))
        measured.reciprocal.append(reciprocal_rank(ranked, question.right))
        measured.recall.append(recall(ranked, question.right, 10))
        measured.reach.append(float(_within_reach(hits, question.answer)) if question.answer else 0.0)
    return measured


def _ndcg(ranked: Sequence[str], question: BenchmarkQuestion) -> float:
    if question.answer:
        # Documents that hold the whole answer count alike: the first one found is what matters.
        return ndcg_first_hit(ranked, question.right)
    return ndcg([float(item in question.right) for item in ranked], [1.0] * len(question.right))


def _within_reach(hits: Sequence[Hit], answer: str) -> bool:
    text = "".join(hit.chunk.text for hit in hits[:REACH_CHUNKS])[:REACH_CHARACTERS]
    return "".join(answer.split())[:ANSWER_CHARACTERS] in "".join(text.split())


def _line(name: str, measured: Measured) -> str:
    return (
        f"{name:<22} nDCG@10 {np.mean(measured.ndcg):.3f}  MRR {np.mean(measured.reciprocal):.3f}  "
        f"Recall@10 {np.mean(measured.recall):.3f}  answer within reach {np.mean(measured.reach):.3f}  "
        f"p50 {np.median(measured.milliseconds):.1f} ms"
    )


if __name__ == "__main__":
    main()
