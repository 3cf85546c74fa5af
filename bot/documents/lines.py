"""Lines of extracted text to paragraphs: what was broken in mid-sentence is joined again.

Headings, list items, salutations, signature and contact lines stay apart. Where it is not clear, lines
stay apart too: a paragraph too many costs less than two statements run together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.characters import tidy_blanks
from bot.documents.markers import (
    RANK_ARTICLE,
    Marker,
    ends_as_title,
    find_marker,
    has_ended,
    is_body_line,
    stands_alone,
)

#: A paragraph without a comma is a heading, a name or a title up to this length.
HEADLINE_CHARACTERS = 40
#: Characters that no line starts with: what follows them belongs to the line before.
_CONTINUES = re.compile(r"[，。、；：！？）》」』”’】〉％,;:!?)%]")
#: Words that no sentence ends with.
_DANGLING = re.compile(r"(?:[，、,（(《“‘「『【〈—和与及或的为对在由从把将被以至于并且而是]|包括|以及|通过|依托|围绕)$")
_SENTENCE_MARK = re.compile("[，。；！？,]")
_OPENING = {"《": "》", "（": "）", "(": ")", "【": "】"}
#: An opened bracket holds the text together for at most this many characters.
_BRACKET_REACH = 120
#: Of a long paragraph only so much is looked at, so that hostile files cost no more than others.
_VIEW_CHARACTERS = 320
_VIEW_HEAD = 60
_INDENT = re.compile("^(?:\u3000| {2,}|\t)")
#: From so many lines on, a shared width tells that the text was wrapped at it.
_MIN_WRAPPED_LINES = 6
_WRAPPED_SHARE = 0.4
#: Nobody wraps text at less; a list of short lines has this width by chance.
_MIN_WRAP_COLUMNS = 24
#: From this share of the lines on, blank lines (or indents) are how the text parts its paragraphs.
_SEPARATED_SHARE = 0.15
#: A full line may fall short of the width by so many columns (a mark that may not start a line).
_SLACK_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line without outer blanks and what stood around it."""

    text: str
    indented: bool
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text's lines were set: wrapped at ``width`` columns (0 unknown), what parts paragraphs.

    ``closed`` are the ranks of numbers whose lines are sentences and no headings: they end as such.
    """

    width: int
    blank_separated: bool
    indented: bool
    closed: frozenset[int] = frozenset()


def join_lines(raw: Sequence[str]) -> list[str]:
    """The paragraphs of ``raw``; blank lines go, nothing else."""
    lines = _lines(raw)
    layout = _layout(lines)
    paragraphs: list[list[str]] = []
    view = last = ""
    for line in lines:
        first = len(paragraphs) == 1 and not _SENTENCE_MARK.search(view)
        # The first line of a text is its title, whatever follows it closely.
        joins = bool(paragraphs) and (_opens(view, line) if first else _continues(view, last, line, layout))
        if joins:
            paragraphs[-1].append(line.text)
        else:
            paragraphs.append([line.text])
        view = abridged(glue(view, line.text) if joins else line.text)
        last = line.text
    return [glue_all(parts) for parts in paragraphs]


def abridged(text: str) -> str:
    """``text``, or where it is long its beginning and end: what joining and parting go by."""
    return text if len(text) <= _VIEW_CHARACTERS else text[:_VIEW_HEAD] + text[_VIEW_HEAD - _VIEW_CHARACTERS :]


def _opens(title: str, line: Line) -> bool:
    """Whether a title's line is visibly unfinished."""
    return _is_open(title) or bool(_DANGLING.search(title) or _CONTINUES.match(line.text))


def glue_all(parts: Sequence[str]) -> str:
    """All ``parts`` glued in order."""
    glued = [parts[0]]
    for left, right in zip(parts, parts[1:], strict=False):
        glued.append(f" {right}" if _needs_blank(left, right) else right)
    return "".join(glued)


def glue(left: str, right: str) -> str:
    """``right`` put after ``left``: with a blank between Latin words, without one in Chinese."""
    return f"{left} {right}" if _needs_blank(left, right) else left + right


def _needs_blank(left: str, right: str) -> bool:
    return left[-1:].isascii() and right[:1].isascii() and left[-1:].isalnum() and right[:1].isalnum()


def _lines(raw: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    blank = False
    for each in raw:
        text = tidy_blanks(each)
        if not text:
            blank = True
        else:
            lines.append(Line(text, _INDENT.match(each) is not None, blank))
            blank = False
    return lines


def _layout(lines: list[Line]) -> Layout:
    blanks = sum(line.after_blank for line in lines[1:])
    widths = sorted(columns(line.text) for line in lines)
    width = 0
    if len(lines) >= _MIN_WRAPPED_LINES:
        # The widest lines are the full ones; one overlong line must not hide the rest.
        widest = widths[-max(1, len(widths) // 20)]
        full = sum(widest - _SLACK_COLUMNS <= each <= widest for each in widths)
        if widest >= _MIN_WRAP_COLUMNS and full >= len(lines) * _WRAPPED_SHARE:
            width = widest
    indents = sum(line.indented for line in lines)
    enough = (len(lines) - 1) * _SEPARATED_SHARE
    return Layout(
        width, len(lines) > 2 and blanks >= enough, len(lines) > 2 and indents >= enough, _closed_ranks(lines)
    )


def _closed_ranks(lines: list[Line]) -> frozenset[int]:
    """The ranks whose numbered lines are whole sentences, so that one without an end goes on in the next line."""
    marked: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for line in lines:
        marker = find_marker(line.text)
        if marker:
            marked[marker.rank] += 1
            ended[marker.rank] += has_ended(line.text)
    # Articles (第X条) carry their text; other numbers are as often headings and must all but one be sentences.
    return frozenset(
        rank
        for rank, count in marked.items()
        if (rank == RANK_ARTICLE and ended[rank] * 2 >= count) or (ended[rank] >= 2 and ended[rank] >= count - 1)
    )


def columns(text: str) -> int:
    """Width in columns; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _continues(paragraph: str, last: str, line: Line, layout: Layout) -> bool:
    """Whether ``line`` goes on with ``paragraph``, whose last line is ``last``."""
    if _CONTINUES.match(line.text):
        return True
    full = bool(layout.width) and columns(last) >= layout.width - _SLACK_COLUMNS and not line.after_blank
    if has_ended(paragraph):
        # A sentence may end where the line does; the text's own way of parting paragraphs decides.
        inside = full and (layout.blank_separated or (layout.indented and not line.indented))
        return inside and not _starts_anew(line.text) and not is_body_line(line.text)
    if _is_open(paragraph):
        return True
    if _starts_anew(line.text) or stands_alone(paragraph):
        return False
    if _DANGLING.search(paragraph):
        return True
    if line.indented and not layout.blank_separated:
        return False
    return full or _goes_on(paragraph, line, layout)


def _starts_anew(text: str) -> bool:
    return find_marker(text) is not None or stands_alone(text)


def _goes_on(paragraph: str, line: Line, layout: Layout) -> bool:
    """The unclear case: no mark at the end, nothing that must stand apart."""
    if is_body_line(paragraph) or is_body_line(line.text) or ends_as_title(paragraph):
        return False
    marked = _SENTENCE_MARK.search(paragraph) is not None
    marker = find_marker(paragraph)
    if marker and marker.rank in layout.closed:
        return not _is_title_of(paragraph, marker, line)
    if marker and len(paragraph) <= HEADLINE_CHARACTERS:
        return False
    if len(paragraph) > HEADLINE_CHARACTERS and marked:
        return True
    # Blank lines part the paragraphs of this text, and there is none here.
    return layout.blank_separated and not line.after_blank and len(paragraph) >= 8


def _is_title_of(paragraph: str, marker: Marker, line: Line) -> bool:
    """Whether a numbered line is a heading after all: a bare number, or an indented text follows it."""
    return marker.end >= len(paragraph) or line.indented


def _is_open(paragraph: str) -> bool:
    """Whether a bracket that was opened close to the end is still open."""
    tail = paragraph[-_BRACKET_REACH:]
    return any(tail.rfind(opened) > tail.rfind(closed) for opened, closed in _OPENING.items())
