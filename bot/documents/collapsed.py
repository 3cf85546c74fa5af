"""A whole document on one line: paragraphs are found again at the blanks that line breaks became."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.documents.characters import WIDE_BLANKS, tidy_blanks
from bot.documents.lines import abridged
from bot.documents.markers import (
    BODY_SUFFIX,
    CLOSERS,
    DATE,
    YEAR_NUMBER,
    ends_as_title,
    find_marker,
    has_ended,
    is_body_line,
    is_contact_line,
    is_date_line,
    is_number_line,
    is_salutation,
)

#: Lines longer than this that hold several blanks are taken for collapsed text.
MIN_COLLAPSED_CHARACTERS = 300
#: Longest headline without a comma; a title is put together from several up to TITLE_CHARACTERS.
HEADLINE_CHARACTERS = 45
TITLE_CHARACTERS = 60
#: A piece of so few characters between blanks is a name or a table's cell, not a paragraph.
_CELL_CHARACTERS = 4
_BRACKET_WINDOW = 200
_BLANKS = re.compile(rf"[ \t{WIDE_BLANKS}]+")
_WIDE = re.compile(rf"[{WIDE_BLANKS}]")
_HAN_EDGE_LEFT = re.compile(rf"[\u3400-\u9fff。！？；：…，、{CLOSERS}0-9]$")
_HAN_EDGE_RIGHT = re.compile(r"[\u3400-\u9fff“‘（(《【〈「『0-9０-９①-⑳>*●■◆▲—]")
_INNER_MARK = re.compile("[，。；！？]")
_BYLINE = re.compile(r"(?:记者|通讯员|编辑|摄影|作者|来源|主任|局长|摄)[:：]?$|^[（(]?(?:记者|来源|时间)\b")
_DATELINE = re.compile(r"(?:新华社|[\u4e00-\u9fff]{2,8}(?:日报|晚报|网|社)).{0,20}(?:电|讯|消息)")
_NUMBER_END = re.compile(r"(?:19|20)\d{2}年第\d{1,4}号$")
_BODY_OPENING = re.compile(rf"[\u4e00-\u9fff]{{1,20}}?{BODY_SUFFIX}(?:$|关于|公告|令|文件)")
_PAIRS = {"（": "）", "(": ")", "《": "》", "【": "】", "〔": "〕"}
_OPENED = re.compile("[" + re.escape("".join(_PAIRS)) + "]")
_CLOSED = {closed: opened for opened, closed in _PAIRS.items()}
#: 一、 （一） 第X条 that follow a sentence with no blank between.
_INNER_HEADING = re.compile(
    rf"(?<=[。；！？])(?=(?:[一二三四五六七八九十]{{1,3}}、|[（(][一二三四五六七八九十]{{1,3}}[）)]"
    rf"|第[一二三四五六七八九十百零〇\d]{{1,6}}[章条](?:$|[\s{WIDE_BLANKS}])))"
)
_DATE_NEXT = re.compile(rf"{DATE}(?=[\s{WIDE_BLANKS}]|$)")


@dataclass(slots=True)
class _Restored:
    """Paragraphs so far and the one that is growing, of which ``view`` shows beginning and end."""

    done: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    view: str = ""

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.view = abridged(f"{self.view} {text}" if self.view else text)

    def end(self) -> None:
        if self.parts:
            self.done.append(" ".join(self.parts))
        self.parts = []
        self.view = ""


def is_collapsed(lines: list[str]) -> bool:
    """Whether the text lies on a few overlong lines whose blanks stand for line breaks."""
    filled = [line for line in lines if line.strip()]
    longest = max((len(line) for line in filled), default=0)
    if not filled or longest < MIN_COLLAPSED_CHARACTERS // 3 or len(filled) > 3:
        return False
    return any(_has_break(line) for line in filled)


def _has_break(line: str) -> bool:
    return any(
        _HAN_EDGE_LEFT.search(line[max(0, match.start() - 1) : match.start()])
        and _HAN_EDGE_RIGHT.match(line, match.end())
        for match in _BLANKS.finditer(line)
    )


def restore_paragraphs(line: str) -> list[str]:
    """The paragraphs of one collapsed line, its title first; a title printed twice comes once."""
    pieces = _pieces(line)
    title_count = _title_pieces(pieces)
    restored = _Restored()
    if title_count:
        restored.done.append(" ".join(text for text, _ in pieces[:title_count]))
    for text, wide in pieces[title_count:]:
        if restored.parts and _breaks(restored.view, text, wide):
            restored.end()
        restored.add(text)
    restored.end()
    return [tidy_blanks(each) for each in _without_repeated_title(restored.done)]


def _pieces(line: str) -> list[tuple[str, bool]]:
    """What stands between blanks, each with whether a wide run of blanks stands before it.

    A heading that follows a sentence with no blank between counts as after a wide run.
    """
    pieces: list[tuple[str, bool]] = []
    start, wide = 0, False
    for match in [*_BLANKS.finditer(line), None]:
        end = match.start() if match else len(line)
        if end > start:
            first, *headings = _INNER_HEADING.split(line[start:end])
            pieces.append((first, wide))
            pieces.extend((heading, True) for heading in headings)
            wide = False
        if match:
            run = match.group()
            wide = wide or (len(run) > 1 and _WIDE.search(run) is not None)
            start = match.end()
    return pieces


def _title_pieces(pieces: list[tuple[str, bool]]) -> int:
    """How many leading pieces make up the title; 0 when the text starts right away."""
    texts = [text for text, _ in pieces]
    for count in range(min(6, len(texts) // 2), 0, -1):
        if texts[:count] == texts[count : 2 * count] and sum(map(len, texts[:count])) <= 2 * TITLE_CHARACTERS:
            return count
    length = count = 0
    for text, wide in pieces[:6]:
        short = len(text) <= HEADLINE_CHARACTERS and not _INNER_MARK.search(text)
        if count == 0:
            if len(text) > 2 * TITLE_CHARACTERS or "。" in text:
                return 0
            if not short and not ends_as_title(text):
                return 1 if len(pieces) > 1 and len(text) <= 2 * TITLE_CHARACTERS else 0
        elif is_body_line(" ".join(texts[:count])) and ends_as_title(text) and not is_number_line(text):
            return count + 1
        elif ends_as_title(texts[count - 1]) and not _unclosed(" ".join(texts[:count])):
            return count + int(text.startswith(("（", "(")) and len(text) < 20 and short)
        elif wide or not short or length + len(text) > TITLE_CHARACTERS or _starts_body(text):
            if not _unclosed(" ".join(texts[:count])):
                return count
        count, length = count + 1, length + len(text)
    return count if count < len(pieces) else 1


def _starts_body(text: str) -> bool:
    return bool(
        is_salutation(text)
        or is_number_line(text)
        or is_date_line(text)
        or is_contact_line(text)
        or find_marker(text)
        or _DATELINE.match(text)
        or _BYLINE.search(text)
        or text.endswith(("：", ":"))
    )


def _breaks(current: str, text: str, wide: bool) -> bool:
    """Whether the blank between ``current`` and ``text`` stands for a line break."""
    if _unclosed(current[-_BRACKET_WINDOW:]):
        return False
    marker = find_marker(current)
    if marker and marker.end >= len(current):
        return False
    if wide or has_ended(current) or _NUMBER_END.search(current):
        return True
    if is_body_line(current) and (YEAR_NUMBER.fullmatch(text) or _BODY_OPENING.match(text)):
        # Several issuers stand side by side: one line.
        return False
    if not _HAN_EDGE_LEFT.search(current[-1:]) or not _HAN_EDGE_RIGHT.match(text):
        return False
    if find_marker(text) or is_contact_line(text) or is_number_line(text):
        return True
    if _DATE_NEXT.match(text) or is_date_line(current):
        return True
    if is_body_line(current):
        return len(text) > _CELL_CHARACTERS
    if ends_as_title(current) and len(current) > HEADLINE_CHARACTERS // 4 and not _INNER_MARK.search(current):
        return True
    return _is_headline(current) and len(text) > _CELL_CHARACTERS and not text[0].isdigit()


def _is_headline(current: str) -> bool:
    if is_salutation(current):
        return True
    if len(current) <= _CELL_CHARACTERS or len(current) > HEADLINE_CHARACTERS or _BYLINE.search(current):
        return False
    return find_marker(current) is not None or not _INNER_MARK.search(current)


def _unclosed(text: str) -> bool:
    """Whether a bracket opened in ``text`` is still open at its end."""
    if not _OPENED.search(text):
        return False
    opened: list[str] = []
    for character in text:
        if character in _PAIRS:
            opened.append(character)
        elif character in _CLOSED and opened and opened[-1] == _CLOSED[character]:
            opened.pop()
    return bool(opened) and len(text) - text.rfind(opened[-1]) < 120


def _without_repeated_title(paragraphs: list[str]) -> list[str]:
    if len(paragraphs) < 2:
        return paragraphs
    title, second = ("".join(each.split()) for each in paragraphs[:2])
    if title == second:
        return [paragraphs[0], *paragraphs[2:]]
    return paragraphs
