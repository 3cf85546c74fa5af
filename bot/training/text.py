"""Plain text to train on: gzip JSON lines → passages of sentences.

A *passage* is a short stretch of one text, already cut into sentences; where the text has a title
it is kept apart, because a title is what a reader would search by.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UsageError
from bot.text.sentences import split_sentences

#: Characters of a passage: about one chunk of the index.
PASSAGE_CHARACTERS = 400
#: A sentence below this says too little to be told from others.
SHORTEST_SENTENCE = 6


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences in text order; ``title`` is empty where the text has none."""

    title: str
    sentences: tuple[str, ...]


def read_passages(folder: Path) -> Iterator[Passage]:
    """All passages of the known files of ``folder``, in a fixed order.

    Raises :class:`UsageError` when none of the files is there.
    """
    present = [(folder / name, reader) for name, reader in _READERS if (folder / name).is_file()]
    if not present:
        names = "、".join(name for name, _ in _READERS)
        raise UsageError("没有可训练的文本", value=folder, tried=names, remedy="用 --corpus-of-text 指到文本文件夹")
    for path, reader in present:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from reader(json.loads(line))


def cut_passages(title: str, text: str) -> Iterator[Passage]:
    """``text`` as passages of about :data:`PASSAGE_CHARACTERS`, never across a sentence."""
    sentences: list[str] = []
    length = 0
    for span in split_sentences(text, at_semicolons=True):
        if len(span.text) < SHORTEST_SENTENCE:
            continue
        if sentences and length + len(span.text) > PASSAGE_CHARACTERS:
            yield Passage(title, tuple(sentences))
            sentences, length = [], 0
        sentences.append(span.text)
        length += len(span.text)
    if sentences:
        yield Passage(title, tuple(sentences))


def _law(record: Mapping[str, str]) -> Iterator[Passage]:
    yield from cut_passages(f"{record['law']}{record['article']}", record["text"])


def _titled(record: Mapping[str, str]) -> Iterator[Passage]:
    yield from cut_passages(record["title"], record.get("text") or record.get("abstract") or "")


def _news(record: Mapping[str, str]) -> Iterator[Passage]:
    yield from cut_passages("", record["text"])


_READERS: tuple[tuple[str, Callable[[Mapping[str, str]], Iterator[Passage]]], ...] = (
    ("laws.jsonl.gz", _law),
    ("news.jsonl.gz", _news),
    ("papers.jsonl.gz", _titled),
    ("reports.jsonl.gz", _titled),
)
