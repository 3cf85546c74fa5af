"""``python -m bot.benchmarks.retrieval DIR``: how well documents and answers are found, leg by leg."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bot.assistant import Assistant
from bot.benchmarks.collections_on_disk import BenchmarkQuestion, ingested, read_questions
from bot.benchmarks.metrics import ndcg, ndcg_first_hit, recall, reciprocal_rank
from bot.index.embedder import load_embedder
from bot.index.search_index import SearchIndex
from bot.retrieval.retriever import DEFAULT_WEIGHTS, FusionWeights, Retriever
from bot.types import Hit

HITS = 60
REACH_CHUNKS = 5
REACH_CHARACTERS = 3_000
ANSWER_CHARACTERS = 30

LEGS = {
    "BM25 of chunks": FusionWeights(lexical=1, document=0, dense=0, sentence=0),
    "BM25 of documents": FusionWeights(lexical=0, document=1, dense=0, sentence=0),
    "embedding of chunks": FusionWeights(lexical=0, document=0, dense=1, sentence=0),
    "embedding of sentences": FusionWeights(lexical=0, document=0, dense=1e-3, sentence=1),
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
    """Print one line per leg."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with documents.jsonl and questions.jsonl")
    questions_folder = parser.parse_args().folder
    questions = read_questions(questions_folder)
    with ingested(questions_folder) as settings:
        index = SearchIndex.open(settings.data_dir)
        embedder = load_embedder(settings.embedding_model)
        groups = Assistant.open(settings).catalogue.thesaurus
        for name, weights in LEGS.items():
            measured = measure(Retriever(index, embedder, groups, weights), questions)
            sys.stdout.write(_line(name, measured) + "\n")


def measure(retriever: Retriever, questions: Sequence[BenchmarkQuestion]) -> Measured:
    """Run every question; documents are ranked by their best chunk."""
    measured = Measured()
    for question in questions:
        started = time.perf_counter()
        hits = retriever.search(question.question, HITS)
        measured.milliseconds.append((time.perf_counter() - started) * 1000)
        ranked = list(dict.fromkeys(hit.chunk.document_id.removesuffix(".txt") for hit in hits))
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
