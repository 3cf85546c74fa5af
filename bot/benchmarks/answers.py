"""``python -m bot.benchmarks.answers DIR``: wording of offline answers against reference answers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from bot.answering.verification import strip_markers
from bot.assistant import Assistant
from bot.benchmarks.collections_on_disk import BenchmarkQuestion, ingested, read_questions
from bot.benchmarks.metrics import rouge_l
from bot.types import Answer, Turn


def main() -> None:
    """Print ROUGE-L (refusals count as 0), the share refused, and broken quotes (none, one hopes)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with documents.jsonl and questions.jsonl")
    parser.add_argument("--show", action="store_true", help="print refused questions")
    options = parser.parse_args()
    questions = read_questions(options.folder)
    with ingested([options.folder]) as settings:
        assistant = Assistant.open(settings)
        answers = [assistant.ask(Turn(question.question)) for question in questions]
        broken = sum(_broken_quotes(assistant, answer) for answer in answers)
    scores = [_score(answer, question) for answer, question in zip(answers, questions, strict=True)]
    if options.show:
        for answer in answers:
            if answer.abstained:
                sys.stdout.write(f"refused: {answer.question} → {answer.answer}\n")
    refused = np.mean([answer.abstained for answer in answers])
    elapsed = np.median([answer.elapsed_ms for answer in answers])
    sys.stdout.write(
        f"ROUGE-L {np.mean(scores):.3f}  refused {refused:.3f}  broken quotes {broken}  p50 {elapsed:.0f} ms\n"
    )


def _score(answer: Answer, question: BenchmarkQuestion) -> float:
    return 0.0 if answer.abstained else rouge_l(strip_markers(answer.answer), question.answer)


def _broken_quotes(assistant: Assistant, answer: Answer) -> int:
    return sum(
        assistant.document(citation.document_id).text[citation.start : citation.end] != citation.quote
        for citation in answer.citations
    )


if __name__ == "__main__":
    main()
