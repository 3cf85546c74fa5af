"""CRUD-RAG's questions: each is joined with the news article that holds its answer.

The collection names what an article must say (``key_info``), not the article. Articles are found through
four-character runs of those statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.training.question_sets import read_json
from bot.training.records import AnswerSpan, Record, Source

_FILES = ("QuestAnswer1Doc", "QuestAnswer2Docs", "QuestAnswer3Docs", "HalluModified")
_RUN = 4
#: A run in more articles than this does not single any out.
COMMON_RUN_ARTICLES = 400
#: Statements that fit more articles than this do not tell which one was meant.
MOST_ARTICLES = 6
#: Longer answers are whole sentences, not spans.
LONGEST_ANSWER = 60


@dataclass(frozen=True, slots=True)
class _Entry:
    questions: Sequence[str]
    answers: Sequence[str]
    statements: Sequence[str]


def crud_records(clones: Path, news: Sequence[str]) -> Iterator[Record]:
    """Questions of ``CRUD_RAG`` over ``news``, where the answer stands verbatim in a fitting article."""
    entries = [entry for name in _FILES for entry in _entries(clones, name)]
    index = _index(news, (part for entry in entries for part in entry.statements))
    for entry in entries:
        articles = _articles(entry.statements, news, index)
        if not articles or len(articles) > MOST_ARTICLES:
            continue
        for question, answer in zip(entry.questions, entry.answers, strict=False):
            found = next((article for article in sorted(articles) if answer and answer in news[article]), None)
            if found is not None and len(answer) <= LONGEST_ANSWER:
                start = news[found].find(answer)
                span = AnswerSpan(start, start + len(answer))
                yield Record(question, news[found], span, Source.CRUD)


def _entries(clones: Path, name: str) -> Iterator[_Entry]:
    path = clones / "CRUD_RAG" / "src" / "quest_eval" / f"{name}_quest_gt_save.json"
    for row in read_json(path).values():
        if not row.get("answers") or not row.get("question"):
            continue
        both = [
            (question, answer)
            for question, answer in zip(row["question"], row["answers"], strict=False)
            if isinstance(question, str) and isinstance(answer, str)
        ]
        statements = [part.strip() for part in row.get("key_info") or row["answers"] if isinstance(part, str)]
        yield _Entry([question for question, _ in both], [answer for _, answer in both], statements)


def _index(news: Sequence[str], statements: Iterable[str]) -> dict[str, list[int]]:
    """Articles by run, for the runs of the statements only: all runs of the news would fill the memory."""
    index: dict[str, list[int]] = {run: [] for statement in statements for run in _runs(statement)}
    for number, text in enumerate(news):
        for run in set(_runs(text)) & index.keys():
            if len(index[run]) < COMMON_RUN_ARTICLES:
                index[run].append(number)
    return index


def _articles(statements: Sequence[str], news: Sequence[str], index: dict[str, list[int]]) -> frozenset[int]:
    """Articles that hold as many of the statements as go together, in their order."""
    fitting: frozenset[int] = frozenset()
    for statement in statements:
        postings = [index[run] for run in _runs(statement) if len(index[run]) < COMMON_RUN_ARTICLES]
        if not postings:
            continue
        rarest = min(postings, key=len)
        holding = frozenset(article for article in rarest if statement in news[article])
        fitting = (fitting & holding) or fitting or holding
    return fitting


def _runs(text: str) -> Iterator[str]:
    return (text[start : start + _RUN] for start in range(len(text) - _RUN + 1))
