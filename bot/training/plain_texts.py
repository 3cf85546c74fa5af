"""Pairs out of plain text: a sentence asks for the rest of its passage, a title for its text.

The folder holds ``laws.jsonl.gz`` {law, article, text}, ``news.jsonl.gz`` {text}, ``papers.jsonl.gz``
{title, abstract} and ``reports.jsonl.gz`` {title, text}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bot.training.records import Record, Source
from bot.training.sources import read_rows

#: Characters kept of the two sides of a pair.
QUESTION_CHARACTERS = 120
PASSAGE_CHARACTERS = 400
#: A sentence below this many characters says too little to be told from others.
SHORTEST_LAW_SENTENCE = 9
SHORTEST_SENTENCE = 11
#: What is left of an article without its sentence must say something too.
SHORTEST_REST = 13
SHORTEST_TITLED_ARTICLE = 21
#: Articles of one sentence are many and alike: only a part is asked for by the law's name.
TITLED_ARTICLE_SHARE = 0.3
#: A news article's first sentence tells its gist; half of the articles are used, of at least this many sentences.
NEWS_SHARE = 0.5
NEWS_SENTENCES = 5
#: Report sentences in a row that make one passage.
REPORT_SENTENCES = 6

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


def text_records(folder: Path, random: Random) -> Iterator[Record]:
    """Papers, laws, news and reports as pairs; ``random`` chooses the sentences that ask."""
    for row in read_rows(folder / "papers.jsonl.gz"):
        yield _pair(row["title"], row["abstract"], Source.PAPER)
    for row in read_rows(folder / "laws.jsonl.gz"):
        yield from _law(row["law"], row["text"], random)
    for text in news_texts(folder):
        yield from _news(text, random)
    for row in read_rows(folder / "reports.jsonl.gz"):
        yield from _report(row["text"], random)


def news_texts(folder: Path) -> Iterator[str]:
    """The news articles of the folder, in order."""
    for row in read_rows(folder / "news.jsonl.gz"):
        yield row["text"]


def all_texts(folder: Path) -> Iterator[str]:
    """Everything the folder says, title before text, for counting what its vocabulary uses."""
    for row in read_rows(folder / "laws.jsonl.gz"):
        yield f"{row['law']} {row['text']}"
    yield from news_texts(folder)
    for row in read_rows(folder / "papers.jsonl.gz"):
        yield f"{row['title']} {row['abstract']}"
    for row in read_rows(folder / "reports.jsonl.gz"):
        yield row["text"]


def _pair(question: str, passage: str, source: Source) -> Record:
    return Record(question[:QUESTION_CHARACTERS], passage[:PASSAGE_CHARACTERS], None, source)


def _law(law: str, text: str, random: Random) -> Iterator[Record]:
    sentences = [found for found in _SENTENCE.findall(text) if len(found) >= SHORTEST_LAW_SENTENCE]
    if len(sentences) >= 2:
        chosen = random.randrange(len(sentences))
        rest = "".join(sentences[:chosen] + sentences[chosen + 1 :])
        if len(rest) >= SHORTEST_REST:
            yield _pair(sentences[chosen], f"{law} {rest}", Source.LAW)
    elif len(text) >= SHORTEST_TITLED_ARTICLE and random.random() < TITLED_ARTICLE_SHARE:
        yield _pair(law, text, Source.LAW_TITLE)


def _news(text: str, random: Random) -> Iterator[Record]:
    sentences = _stripped(text)
    if len(sentences) >= NEWS_SENTENCES and random.random() < NEWS_SHARE:
        # The second sentence often repeats the first word for word, so the passage starts after it.
        yield _pair(sentences[0], "".join(sentences[2:]), Source.NEWS)


def _report(text: str, random: Random) -> Iterator[Record]:
    sentences = _stripped(text)
    for start in range(0, len(sentences) - REPORT_SENTENCES, REPORT_SENTENCES):
        stretch = sentences[start : start + REPORT_SENTENCES]
        chosen = stretch.pop(random.randrange(REPORT_SENTENCES))
        yield _pair(chosen, "".join(stretch), Source.REPORT)


def _stripped(text: str) -> list[str]:
    return [found.strip() for found in _SENTENCE.findall(text) if len(found.strip()) >= SHORTEST_SENTENCE]
