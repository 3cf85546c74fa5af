"""The sections of a clean text along its own numbering: 一、 （一） 1. 一是 第X条, and format headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.markers import (
    INLINE_ITEM,
    RANK_ANNEX,
    RANK_ARTICLE,
    RANK_CLAUSE,
    RANK_INLINE,
    ends_as_title,
    find_marker,
    is_body_line,
    is_contact_line,
    is_date_line,
    is_printed_line,
)
from bot.text.numerals import parse_number
from bot.types import Section

#: A heading is told whole up to this length; the opening of a numbered paragraph is cut.
HEADING_CHARACTERS = 40
LABEL_CHARACTERS = 20
#: Format headings (level 1–6) stand above all numbering.
_FORMAT_RANK = -10
_ANNEX_TITLE_RANK = RANK_ANNEX + 1
_LABEL_END = re.compile("[。；！？：:]|，")
_SENTENCE_END = re.compile("[。；！？]")
_TAIL_LINE = re.compile(r"(?:抄送|主送|报送|分送|印送|附注|信息公开选项)\s?[:：]|[（(](?:此件|本文|联系人)")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One paragraph of the clean text by offsets; ``level`` as in the format's own headings."""

    start: int
    end: int
    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where a section begins, how deep, and what its path element reads."""

    start: int
    rank: int
    label: str


@dataclass(frozen=True, slots=True)
class _Close:
    """Where the numbered text ends: a signature, or the block under a document."""

    start: int


def text_lines(text: str, levels: Sequence[int | None] = ()) -> list[TextLine]:
    """The paragraphs of ``text`` (one a line) with their offsets and, where given, their levels."""
    lines: list[TextLine] = []
    start = 0
    for index, line in enumerate(text.split("\n")):
        level = levels[index] if index < len(levels) else None
        lines.append(TextLine(start, start + len(line), line, level))
        start += len(line) + 1
    return lines


def find_sections(lines: Sequence[TextLine], title: str) -> tuple[Section, ...]:
    """Sections in reading order; together they cover the text from its first to its last character.

    What stands before the first heading, and the signature and contact lines, have the empty path.
    """
    if not lines:
        return ()
    marks = _marks(lines, title)
    end = lines[-1].end
    sections: list[Section] = []
    stack: list[_Heading] = []
    start = 0
    for mark in marks:
        _append(sections, stack, start, mark.start)
        start = mark.start
        if isinstance(mark, _Close):
            stack.clear()
        else:
            while stack and stack[-1].rank >= mark.rank:
                stack.pop()
            stack.append(mark)
    _append(sections, stack, start, end)
    return tuple(sections)


def _append(sections: list[Section], stack: list[_Heading], start: int, end: int) -> None:
    if end > start:
        sections.append(Section(tuple(heading.label for heading in stack), start, end))


def _marks(lines: Sequence[TextLine], title: str) -> list[_Heading | _Close]:
    """Headings and closings in order of their place."""
    clause_first = _clause_before_article(lines)
    tail = _tail_start(lines)
    bare_title = _bare(title)
    marks: list[_Heading | _Close] = []
    open_items = 0
    for index, line in enumerate(lines):
        if index >= tail:
            marks.append(_Close(line.start))
            break
        heading = _line_heading(line, bare_title, clause_first)
        if heading is None and _follows_signature(lines, index):
            heading = _Heading(line.start, _ANNEX_TITLE_RANK, _cut(line.text, HEADING_CHARACTERS))
        if heading is None and _is_signature(lines, index):
            marks.append(_Close(line.start))
            open_items = 0
        elif heading:
            marks.append(heading)
            open_items = 0
        for item, number in _inline_items(lines, index, open_items):
            open_items = number
            if heading is None or item.start > line.start:
                marks.append(item)
    return marks


def _line_heading(line: TextLine, bare_title: str, clause_first: bool) -> _Heading | None:
    if line.level is not None:
        if _bare(line.text) == bare_title:
            return None
        return _Heading(line.start, _FORMAT_RANK + line.level, _cut(line.text, HEADING_CHARACTERS))
    marker = find_marker(line.text)
    if marker is None or _bare(line.text) == bare_title:
        return None
    rank = marker.rank
    if rank == RANK_CLAUSE and clause_first:
        rank = RANK_ARTICLE - 1
    if rank == RANK_ANNEX and line.text[marker.end :].lstrip().startswith(("1", "《")) and "：" in line.text:
        return None
    return _Heading(line.start, rank, heading_label(line.text, marker.end))


def heading_label(text: str, marker_end: int) -> str:
    """The path element of a numbered line: a heading whole, a paragraph by its first clause.

    >>> heading_label("第三条 申请人应当具备下列条件：", 3)
    '第三条 申请人应当具备下列条件'
    """
    if len(text) <= HEADING_CHARACTERS and not _SENTENCE_END.search(text[:-1]):
        return text.rstrip("。；：:，")
    body = text[marker_end:]
    match = _LABEL_END.search(body)
    clause = body[: match.start()] if match else body
    return text[:marker_end] + _cut(clause, LABEL_CHARACTERS)


def _cut(text: str, limit: int) -> str:
    text = text.strip()
    return text if len(text) <= limit else text[:limit] + "…"


def _bare(text: str) -> str:
    return "".join(text.split())


def _clause_before_article(lines: Sequence[TextLine]) -> bool:
    """Whether 一、 groups the articles of this text rather than the other way round."""
    for line in lines:
        marker = find_marker(line.text)
        if marker and marker.rank == RANK_CLAUSE:
            return len(line.text) <= HEADING_CHARACTERS
        if marker and marker.rank == RANK_ARTICLE:
            return False
    return False


def _tail_start(lines: Sequence[TextLine]) -> int:
    """Index of the first line of the signature and contact block at the end."""
    index = len(lines)
    while index > 1 and _is_tail_line(lines, index - 1):
        index -= 1
    return index


def _is_tail_line(lines: Sequence[TextLine], index: int) -> bool:
    text = lines[index].text
    if not text or is_date_line(text) or is_printed_line(text) or is_contact_line(text) or _TAIL_LINE.match(text):
        return True
    return is_body_line(text) and index + 1 < len(lines) and _is_dated(lines[index + 1].text)


def _is_dated(text: str) -> bool:
    return is_date_line(text) or is_printed_line(text) or is_contact_line(text)


def _is_signature(lines: Sequence[TextLine], index: int) -> bool:
    """A body's name above a date, with numbered text or an annex still to come."""
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    return index > 1 and is_body_line(lines[index].text) and is_date_line(following)


def _follows_signature(lines: Sequence[TextLine], index: int) -> bool:
    """The title of a text that is attached below a signed and dated one."""
    line = lines[index].text
    return (
        index > 2
        and is_date_line(lines[index - 1].text)
        and is_body_line(lines[index - 2].text)
        and len(line) <= 2 * HEADING_CHARACTERS
        and ends_as_title(line)
    )


def _inline_items(lines: Sequence[TextLine], index: int, last: int) -> Iterator[tuple[_Heading, int]]:
    """The items 一是 … 二是 … of one paragraph; ``last`` is the number that the section has reached.

    一是 alone opens nothing: 二是 has to follow in this or one of the next paragraphs.
    """
    line = lines[index]
    if "是" not in line.text and "要" not in line.text:
        return
    for match in INLINE_ITEM.finditer(line.text):
        number = _number(match.group(1))
        start = line.start + match.start(1)
        opens = number == 1 and _second_follows(lines, index, match)
        if opens or (number == last + 1 and last > 0):
            last = number
            yield (
                _Heading(
                    start, RANK_INLINE, _item_label(line.text[match.start(1) : match.start(1) + HEADING_CHARACTERS])
                ),
                number,
            )


def _second_follows(lines: Sequence[TextLine], index: int, first: re.Match[str]) -> bool:
    word = first.group()[-1]
    if lines[index].text.find(f"二{word}", first.end(), first.end() + _ITEM_REACH_CHARACTERS) >= 0:
        return True
    for line in lines[index + 1 : index + _ITEM_REACH]:
        if find_marker(line.text) or line.level is not None:
            return False
        if line.text.startswith(f"二{word}"):
            return True
    return False


#: 二是 follows 一是 within so many paragraphs, or characters of the same one.
_ITEM_REACH = 6
_ITEM_REACH_CHARACTERS = 2000


def _number(numeral: str) -> int:
    try:
        return int(parse_number(numeral))
    except ValueError:
        return 0


def _item_label(text: str) -> str:
    match = _LABEL_END.search(text)
    return _cut(text[: match.start()] if match else text, LABEL_CHARACTERS)
