"""Documents to passages along their own sections; every passage is a stretch of the clean text."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.structure import find_sections, text_lines
from bot.text.sentences import split_sentences
from bot.types import Chunk, Document, Section, Unit, UnitKind

#: On 599 policy documents (`python -m bot.benchmarks.retrieval DIR`): 350 characters gave nDCG@10 0.947 with
#: 0.947 of the answers within reach, 500 gave 0.942 with 0.951, 600 gave 0.942 with 0.949.
TARGET_CHARACTERS = 500
#: No passage is longer, however long its sentences are.
MAX_CHARACTERS = 650
#: A remainder below this is put with the passage before it, where that stays within the maximum.
MIN_CHARACTERS = 80
#: Sections shorter than this are put together with their neighbours under the same heading.
SMALL_SECTION_CHARACTERS = 100
#: Of a lead-in so much goes into the path of what it leads in.
LEAD_CHARACTERS = 60
_CUT_AT = (re.compile("[；;]"), re.compile("[，,、：:]"), re.compile(r"\s"))
_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the text under one section path; ``mixed`` when it holds several parts of it."""

    start: int
    end: int
    path: tuple[str, ...]
    mixed: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start


def passage_heading(title: str, section_path: Sequence[str]) -> str:
    """What gives a passage its context when it is encoded: its document's title and its section. Never shown."""
    return " ".join(part for part in (title, *section_path) if part)


def chunk_document(document: Document) -> tuple[Chunk, ...]:
    """The passages of ``document`` in reading order, without overlap, at most 650 characters each.

    ``text == document.text[start:end]`` without outer white space, and every character of the text
    that is not white space stands in exactly one passage. A document that names no sections is cut
    along those that its text shows.
    """
    text = document.text
    sections = document.sections or find_sections(text_lines(text), document.metadata.title)
    leads = _lead_starts(document)
    spans: list[_Span] = []
    for section in _covering(sections, len(text)):
        spans.extend(_section_spans(text, section, leads))
    chunks: list[Chunk] = []
    met: Counter[str] = Counter()
    for ordinal, span in enumerate(_merge_small(spans)):
        words = text[span.start : span.end]
        path = (*span.path, *_lead_in(document, span))
        content = "\0".join((document.id, document.metadata.title, *path, words))
        met[content] += 1
        identity = _chunk_id(content, met[content])
        chunks.append(Chunk(identity, document.id, ordinal, path, span.start, span.end, words))
    return tuple(chunks)


def _chunk_id(content: str, occurrence: int) -> str:
    """By what is indexed of it, so that an edited document keeps the vectors of its other passages."""
    key = f"{content}\0{occurrence}"
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


def _section_spans(text: str, section: Section, leads: frozenset[int]) -> list[_Span]:
    """One section cut into passages: whole paragraphs as far as they fit, then sentences."""
    pieces = [piece for part in _paragraphs(text, section) for piece in _fitting(text, part)]
    return [_Span(start, end, section.path) for start, end in _pack(pieces, leads)]


def _lead_starts(document: Document) -> frozenset[int]:
    """Where the units begin that lead others in; none of them ends a passage that could end before it."""
    units = document.units
    return frozenset(units[unit.parent].start for unit in units if unit.parent is not None and _leads(document, unit))


def _leads(document: Document, unit: Unit) -> bool:
    """Whether the parent of ``unit`` is a lead-in or a caption, and not a heading (which is in the path)."""
    parent = document.units[unit.parent] if unit.parent is not None else None
    return parent is not None and (
        parent.kind is UnitKind.CAPTION or document.text[parent.start : parent.end].endswith(("：", ":"))
    )


def _lead_in(document: Document, span: _Span) -> tuple[str, ...]:
    """What leads a passage in that begins inside a list or a table, unless its path says so already."""
    units = document.units
    position = bisect_left(units, span.start, key=lambda unit: unit.start)
    if position == len(units) or not _leads(document, units[position]):
        return ()
    parent = units[units[position].parent or 0]
    lead = document.text[parent.start : parent.end].rstrip("：: ")[-LEAD_CHARACTERS:]
    told = any(lead.endswith(label.rstrip("…")[-LEAD_CHARACTERS:]) or lead in label for label in span.path if label)
    return () if told or parent.end > span.start else (lead,)


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


def _pack(pieces: Sequence[tuple[int, int]], leads: frozenset[int]) -> list[tuple[int, int]]:
    """Neighbouring pieces put together up to the target; a short rest joins the passage before.

    A lead-in goes into the next passage with what it leads in.
    """
    packed: list[tuple[int, int]] = []
    before: tuple[int, int] | None = None
    for start, end in pieces:
        if packed and end - packed[-1][0] <= TARGET_CHARACTERS:
            packed[-1] = (packed[-1][0], end)
        elif packed and before is not None and before[0] in leads and end - before[0] <= MAX_CHARACTERS:
            if packed[-1][0] < before[0]:
                packed[-1] = (packed[-1][0], _end_before(pieces, before))
                packed.append((before[0], end))
            else:
                packed[-1] = (before[0], end)
        else:
            packed.append((start, end))
        before = (start, end)
    if len(packed) > 1:
        (start, _), (last_start, end) = packed[-2:]
        if end - last_start < MIN_CHARACTERS and end - start <= MAX_CHARACTERS:
            packed[-2:] = [(start, end)]
    return packed


def _end_before(pieces: Sequence[tuple[int, int]], piece: tuple[int, int]) -> int:
    return pieces[pieces.index(piece) - 1][1]


def _merge_small(spans: Sequence[_Span]) -> list[_Span]:
    """Short neighbouring sections made one passage; a short rest joins the passage before it."""
    merged: list[_Span] = []
    for limit, small in ((TARGET_CHARACTERS, SMALL_SECTION_CHARACTERS), (MAX_CHARACTERS, MIN_CHARACTERS)):
        for span in spans if limit == TARGET_CHARACTERS else _taken(merged):
            both = _together(merged[-1], span, limit, small) if merged else None
            if both:
                merged[-1] = both
            else:
                merged.append(span)
    return merged


def _taken(spans: list[_Span]) -> list[_Span]:
    taken = list(spans)
    spans.clear()
    return taken


def _together(left: _Span, right: _Span, limit: int, small: int) -> _Span | None:
    """``left`` and ``right`` as one passage, or ``None`` where they stay apart.

    Only neighbours under one heading go together: a heading with its first part, items of one list,
    and the few lines of a signature with what they sign.
    """
    if right.end - left.start > limit or min(left.length, right.length) >= small:
        return None
    if not right.path and right.length < MIN_CHARACTERS:
        return _Span(left.start, right.end, left.path, left.mixed)
    if right.path[: len(left.path)] == left.path:
        # A heading without text of its own is in the path of its first part already.
        heading_only = left.length < MIN_CHARACTERS and not left.mixed
        return _Span(left.start, right.end, right.path if heading_only else left.path, not heading_only)
    if left.path[:-1] == right.path[:-1]:
        return _Span(left.start, right.end, left.path[:-1], True)
    return None
