"""Whether every leg of a version answers: its files are as they were written, and a real question finds something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from bot.errors import SearchIndexError
from bot.index.checksums import changed_files
from bot.index.layout import IndexLayout
from bot.index.room import is_full
from bot.index.search_index import SearchIndex
from bot.index.sqlite_check import damage
from bot.settings import ChromaSettings
from bot.text.tokens import search_terms

#: Files named of one leg.
_MOST_NAMED = 3


class Leg(StrEnum):
    """A part of a version that can be damaged on its own; the label is for people."""

    FILES = "files", "文件校验"
    DOCUMENTS = "documents", "文件库"
    WORDS = "words", "字词"
    CHROMA = "chroma", "向量库"
    VECTORS = "vectors", "片段向量"
    SENTENCES = "sentences", "句子向量"

    label: str

    def __new__(cls, value: str, label: str) -> Leg:
        made = str.__new__(cls, value)
        made._value_ = value
        made.label = label
        return made


@dataclass(frozen=True, slots=True)
class Damage:
    """A leg that does not answer, and why."""

    leg: Leg
    why: str


def damaged_legs(data_dir: Path, chroma: ChromaSettings, version: int | None = None) -> tuple[Damage, ...]:
    """What is wrong with a version, by default the one in force; nothing for a whole one.

    Vectors on a Chroma server are not looked at. Raises :class:`bot.errors.IndexMissing` where there is no version.
    """
    layout = IndexLayout(data_dir)
    number = layout.read_pointer().version if version is None else version
    paths = layout.version(number)
    changed = changed_files(paths)
    found = [Damage(Leg.FILES, _named(changed))] if changed else []
    wrong = damage(paths.documents)
    if wrong:
        return (*found, Damage(Leg.DOCUMENTS, wrong))
    try:
        index = SearchIndex.open(data_dir, number, chroma=chroma)
    except SearchIndexError as error:
        return (*found, Damage(Leg.DOCUMENTS, str(error)))
    with closing(index):
        failures = {leg: why for leg, ask in _questions(index, paths.chroma, chroma) if (why := _failure(ask))}
        found += [Damage(leg, why) for leg, why in failures.items()]
    return tuple(found)


def _questions(
    index: SearchIndex, chroma_folder: Path, chroma: ChromaSettings
) -> Iterator[tuple[Leg, Callable[[], object]]]:
    """Something to ask of each leg, of a passage that is on file."""
    yield Leg.DOCUMENTS, lambda: _read_all(index)
    if not index.chunk_count:
        return
    vector = np.full(index.dimension, index.dimension**-0.5, dtype=np.float32)
    yield Leg.WORDS, lambda: _found_by_words(index)
    yield Leg.VECTORS, lambda: index.cosines(vector)
    yield Leg.SENTENCES, lambda: index.sentences(range(index.chunk_count), vector)
    if not chroma.configured:
        yield Leg.CHROMA, lambda: _whole_file(chroma_folder / "chroma.sqlite3")
        yield Leg.CHROMA, lambda: index.nearest(vector, 1)
        yield Leg.CHROMA, index.check_dense
        yield Leg.CHROMA, index.check_stored


def _read_all(index: SearchIndex) -> None:
    for name in index.document_ids:
        index.document(name)


def _found_by_words(index: SearchIndex) -> None:
    first = index.chunks_at([0])[0]
    terms = {term: 1.0 for term in search_terms(first.text)}
    for found in (index.lexical(terms, 1), index.lexical_documents(terms, 1)):
        if terms and not len(found.rows):
            raise SearchIndexError("第一个片段用它自己的字词找不到", value=first.document_id)


def _whole_file(path: Path) -> None:
    wrong = damage(path)
    if wrong:
        raise SearchIndexError("文件已损坏", value=path, tried=wrong)


def _failure(ask: Callable[[], object]) -> str:
    """Why a leg cannot be asked; empty when it can. Whatever a damaged file makes a library raise is damage."""
    try:
        ask()
    except Exception as error:
        # SQLite writes beside a file that it reads: without room it cannot be asked, and is whole.
        return "" if is_full(error) else str(error) or type(error).__name__
    except BaseException as error:
        # What libraries written in Rust raise when they give up is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        return str(error)
    return ""


def _named(changed: tuple[str, ...]) -> str:
    return "、".join(changed[:_MOST_NAMED]) + (f" 等 {len(changed)} 个" if len(changed) > _MOST_NAMED else "")
