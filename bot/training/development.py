"""Development questions over policy documents and articles of law, of which a third is kept for measuring.

A policy folder holds ``documents.jsonl`` {id, text} and ``questions.jsonl`` {id, question, document_id, answer};
a lay folder ``documents.jsonl`` {id, text, title?} and ``questions.jsonl`` {id, question, gold: [document ids]}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot.training.cropping import crop
from bot.training.records import AnswerSpan, Record, Source
from bot.training.sources import read_rows

#: One question in this many is measured with and never trained on.
KEPT_SHARE = 3
#: Characters of a policy passage without its title, of a title, and of an article of law.
POLICY_CHARACTERS = 380
TITLE_CHARACTERS = 60
ARTICLE_CHARACTERS = 420
#: Answers are quoted with small differences at their end; this many characters find them.
ANSWER_HEAD = 40
#: Articles a lay question is trained with.
GOLD_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Development:
    """What one collection gives: records to train on, their question ids, and the questions kept for measuring."""

    records: tuple[Record, ...]
    trained_ids: tuple[str, ...]
    kept_questions: tuple[str, ...]


def is_kept(question_id: str) -> bool:
    """Whether a question is kept for measuring; the same for every run and machine."""
    return int(hashlib.md5(question_id.encode(), usedforsecurity=False).hexdigest(), 16) % KEPT_SHARE == 0


def policy_development(folder: Path, random: Random) -> Development:
    """Policy questions with a stretch of their document, the document's title before it."""
    texts = {str(row["id"]): str(row["text"]) for row in read_rows(folder / "documents.jsonl")}
    records: list[Record] = []
    trained: list[str] = []
    kept: list[str] = []
    for row in read_rows(folder / "questions.jsonl"):
        if is_kept(str(row["id"])):
            kept.append(str(row["question"]))
            continue
        record = _policy(row, texts[str(row["document_id"])], random)
        if record is not None:
            records.append(record)
            trained.append(str(row["id"]))
    return Development(tuple(records), tuple(trained), tuple(kept))


def lay_development(folder: Path) -> Development:
    """Lay questions with the articles that answer them, and every article as a wrong one for the others."""
    articles = {str(row["id"]): _article(row) for row in read_rows(folder / "documents.jsonl")}
    records: list[Record] = []
    trained: list[str] = []
    kept: list[str] = []
    for row in read_rows(folder / "questions.jsonl"):
        if is_kept(str(row["id"])):
            kept.append(str(row["question"]))
            continue
        records.extend(_lay(row, articles))
        trained.append(str(row["id"]))
    records.extend(Record("", article, None, Source.LAY_ARTICLE) for article in articles.values())
    return Development(tuple(records), tuple(trained), tuple(kept))


def _policy(row: Mapping[str, Any], text: str, random: Random) -> Record | None:
    answer = str(row["answer"])
    start = text.find(answer[:ANSWER_HEAD])
    if start < 0 or not answer:
        return None
    cropped = crop(text, AnswerSpan(start, min(len(text), start + len(answer))), POLICY_CHARACTERS, random)
    title = text.strip().split("\n")[0][:TITLE_CHARACTERS] + "\n"
    # The head of the document already begins with its title.
    before = "" if text.startswith(cropped.text) else title
    if cropped.answer is None:
        return None
    span = AnswerSpan(cropped.answer.start + len(before), cropped.answer.end + len(before))
    return Record(str(row["question"]), before + cropped.text, span, Source.POLICY)


def _article(row: Mapping[str, Any]) -> str:
    return f"{row.get('title') or ''} {row['text']}"[:ARTICLE_CHARACTERS]


def _lay(row: Mapping[str, Any], articles: Mapping[str, str]) -> Iterator[Record]:
    for gold in row["gold"][:GOLD_ARTICLES]:
        if str(gold) in articles:
            yield Record(str(row["question"]), articles[str(gold)], None, Source.LAY)
