"""Documents to passages along their own sections; every passage is a stretch of the clean text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.structure import find_sections, text_lines
from bot.text.sentences import split_sentences
from bot.types import Chunk, Document, Section

#: Passages of 300–400 characters, with the title before them, found most answers on 599 policy
#: documents; 600 were no better.
TARGET_CHARACTERS = 350
#: No passage is longer, however long its sentences are.
MAX_CHARACTERS = 480
#: A remainder below this is put with the passage before it, where that stays within the maximum.
MIN_CHARACTERS = 80
#: Sections shorter than this are put together with their neighbours under the same heading.
SMALL_SECTION_CHARACTERS = 150
_CUT_AT = (re.compile("[；;]"), re.compile("[，,、：:]"), re.compile(r"\s"))
_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the text under one section path; ``whole`` when it is all of its section."""

    start: int
    end: int
    path: tuple[str, ...]
    whole: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start


def indexed_text(title: str, section_path: Sequence[str], chunk_text: str) -> str:
    """What is indexed for a passage: its title and section path put before it. Never shown or cited."""
    return "\n".join(part for part in (title, " ".join(section_path), chunk_text) if part)


def chunk_document(document: Document) -> tuple[Chunk, ...]:
    """The passages of ``document`` in reading order, without overlap, at most 480 characters each.

    ``text == document.text[start:end]`` without outer white space, and every character of the text
    that is not white space stands in exactly one passage. A document that names no sections is cut
    along those that its text shows.
    """
    text = document.text
    sections = document.sections or find_sections(text_lines(text), document.metadata.title)
    spans: list[_Span] = []
    for section in _covering(sections, len(text)):
        spans.extend(_section_spans(text, section))
    chunks = [_chunk(document, span) for span in _merge_small(text, spans)]
    return tuple(
        Chunk(_chunk_id(document, ordinal), document.id, ordinal, span.path, span.start, span.end, passage)
        for ordinal, (span, passage) in enumerate(chunks)
    )


def _chunk(document: Document, span: _Span) -> tuple[_Span, str]:
    return span, document.text[span.start : span.end]


def _chunk_id(document: Document, ordinal: int) -> str:
    key = f"{document.id}\0{document.content_hash}\0{ordinal}"
    return hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()[:_ID_DIGITS]


def _covering(sections: Sequence[Section], length: int) -> Iterator[Section]:
    """``sections`` made a partition of the text: gaps get the empty path, overlaps go to the later."""
    position = 0
    ordered = sorted(sections, key=lambda section: section.start)
    for index, section in enumerate(ordered):
        following = ordered[index + 1].start if index + 1 < len(ordered) else length
        end = min(section.end, following, length)
        if section.start > position:
            yield Section((), position, section.start)
        if end > max(section.start, position):
            yield Section(section.path, max(section.start, position), end)
        position = max(position, end)
    if position < length:
        yield Section((), position, length)


def _section_spans(text: str, section: Section) -> list[_Span]:
    """One section cut into passages: whole paragraphs as far as they fit, then sentences."""
    pieces = [piece for part in _paragraphs(text, section) for piece in _fitting(text, part)]
    packed = _pack(text, pieces)
    return [_Span(start, end, section.path, len(packed) == 1) for start, end in packed]


def _paragraphs(text: str, section: Section) -> Iterator[tuple[int, int]]:
    start = section.start
    while start < section.end:
        line_end = text.find("\n", start, section.end)
        end = section.end if line_end < 0 else line_end
        span = _stripped(text, start, end)
        if span:
            yield span
        start = end + 1


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return None
    begin = start + len(piece) - len(piece.lstrip())
    return begin, begin + len(bare)


def _fitting(text: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """A paragraph that fits as it is, or else its sentences, or else the parts of a sentence."""
    start, end = span
    if end - start <= TARGET_CHARACTERS:
        yield span
        return
    for sentence in split_sentences(text[start:end]):
        yield from _parts(text, start + sentence.start, start + sentence.end)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence cut, only where it exceeds the maximum, after the last ；or ，that fits."""
    while end - start > MAX_CHARACTERS:
        cut = _cut_position(text, start)
        span = _stripped(text, start, cut)
        if span:
            yield span
        start = cut
    span = _stripped(text, start, end)
    if span:
        yield span


def _cut_position(text: str, start: int) -> int:
    window = text[start : start + MAX_CHARACTERS]
    for pattern in _CUT_AT:
        ends = [match.end() for match in pattern.finditer(window) if match.end() > MIN_CHARACTERS]
        if ends:
            return start + ends[-1]
    return start + MAX_CHARACTERS


def _pack(text: str, pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring pieces put together up to the target; a short rest joins the passage before."""
    packed: list[tuple[int, int]] = []
    for start, end in pieces:
        if packed and end - packed[-1][0] <= TARGET_CHARACTERS:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    if len(packed) > 1:
        (start, _), (last_start, end) = packed[-2:]
        if end - last_start < MIN_CHARACTERS and end - start <= MAX_CHARACTERS:
            packed[-2:] = [(start, end)]
    return packed


def _merge_small(text: str, spans: Sequence[_Span]) -> list[_Span]:
    """Short neighbouring sections under the same heading made one passage with the common path."""
    merged: list[_Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        path = _common_path(last, span) if last else None
        if last and path is not None:
            merged[-1] = _Span(last.start, span.end, path, True)
        else:
            merged.append(span)
    return merged


def _common_path(left: _Span, right: _Span) -> tuple[str, ...] | None:
    """The path of ``left`` and ``right`` together, or ``None`` where they stay apart."""
    if not (left.whole and right.whole) or right.end - left.start > TARGET_CHARACTERS:
        return None
    if min(left.length, right.length) >= SMALL_SECTION_CHARACTERS:
        return None
    if not left.path or not right.path:
        return None
    if right.path[: len(left.path)] == left.path:
        # A heading without text of its own goes with its first part, and is in that part's path.
        return right.path if left.length <= MIN_CHARACTERS else left.path
    if left.path[:-1] == right.path[:-1]:
        return left.path[:-1] or None
    return None
