"""Documents loaded as an ingest loads them, and the units and sentences of theirs that a question would find."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.answering.readers.found import FoundUnit
from bot.answering.readers.tree import position_at
from bot.documents.corpus import CorpusFile
from bot.documents.load import load_document
from bot.index.sentences import sentence_spans
from bot.types import Chunk, Document, Hit, ScoredSentence

#: The cosines of the sentence that was found and of all others.
FOUND, OTHERS = 0.6, 0.4


def loaded(folder: Path, text: str, name: str = "办法.txt") -> Document:
    """The document of a file ``name`` with ``text``."""
    (folder / name).write_text(text, encoding="utf-8")
    return load_document(CorpusFile(name, folder / name, "hash"))


def place_of(document: Document, words: str) -> int:
    """The position of the first unit in which ``words`` stand."""
    return position_at(document, document.text.index(words))


def sentences_of(document: Document, words: str, near: Mapping[str, float] | None = None) -> tuple[ScoredSentence, ...]:
    """All sentences: the one with ``words`` is found, those that hold a key of ``near`` score its value."""
    scored = {words: FOUND, **(near or {})}
    start = document.text.index(words)
    told = []
    for first, last in sentence_spans(document.text):
        text = document.text[first:last]
        cosine = next((each for key, each in scored.items() if key != words and key in text), OTHERS)
        cosine = FOUND if first <= start < last else cosine
        told.append(ScoredSentence(document.id, first, last, text, 0.0, cosine, cosine))
    return tuple(told)


def found_in(document: Document, words: str) -> FoundUnit:
    """The unit in which ``words`` stand first, found by their sentence in a passage that is the whole document."""
    sentences = sentences_of(document, words)
    best = max(sentences, key=lambda each: each.cosine)
    chunk = Chunk("c", document.id, 0, (), 0, len(document.text), document.text)
    hit = Hit(chunk, document.metadata, 1.0, sentences=sentences)
    return FoundUnit(document, place_of(document, words), best, FOUND, hit)
