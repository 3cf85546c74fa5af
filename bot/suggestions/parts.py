"""Candidate questions from the documents themselves: their headings, lists, tables, and questions they print."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from bot.answering.readers.tree import is_heading, is_lead_in, is_question, last_below, last_of_answer, unit_text
from bot.documents.markers import GENRE, RANK_ARTICLE, find_marker
from bot.documents.metadata.names import plain_title
from bot.suggestions.records import Candidate, Place
from bot.text.figures import FigureKind, parse_figures
from bot.types import Document, DocumentMetadata, Intent, Unit, UnitKind
from bot.understanding.asked import Asked

#: A heading with more characters is a sentence, one with fewer names no subject (总则); so is a printed label.
HEADING_CHARACTERS, SHORTEST_HEADING, LABEL_CHARACTERS = 16, 3, 10
#: A question with more characters reads badly in one line.
QUESTION_CHARACTERS = 36
#: A title's subject is put before a heading up to this length.
SUBJECT_CHARACTERS = 14
#: So many rows of a table are asked about: the others are asked alike.
TABLE_ROWS = 3
#: So many titles that begin alike begin with a place or a body.
ALIKE_TITLES = 2
#: How a heading is asked for by what it names.
_BY_KIND: dict[Asked, str] = {
    Asked.AMOUNT: "{}是多少？",
    Asked.RATE: "{}是多少？",
    Asked.COUNT: "{}是多少？",
    Asked.DEADLINE: "{}是什么时候？",
    Asked.DATE: "{}是什么时候？",
    Asked.DURATION: "{}是多久？",
    Asked.BODY: "{}是哪个？",
    Asked.ADDRESS: "{}在哪里？",
    Asked.CONDITION: "{}有哪些？",
    Asked.MATERIALS: "{}有哪些？",
    Asked.LIST: "{}有哪些？",
    Asked.PROCEDURE: "{}是怎样的？",
}
_LISTED, _TOLD, _LONG, _AT_MOST = "{}有哪些？", "{}是什么？", "{}有哪些内容？", "{}最高多少？"
#: What is longer is told in parts.
TOLD_CHARACTERS = 200
_VALIDITY, _ISSUER = "《{}》的有效期到什么时候？", "《{}》是哪个部门发布的？"
#: 下列 in a lead-in stands where a question has 哪些.
_FOLLOWING = re.compile("下列|以下")
_UNIT_IN_BRACKETS = re.compile(r"[（(][^（()）]{1,8}[）)]")
_ASKING_MARK = re.compile(r"^(?:问|Q)\s?\d{0,3}\s?[:：.、]?\s?", re.IGNORECASE)
#: （征求意见稿） says which text it is, not what it is about.
_STAGE = re.compile(r"（[^（）]{0,14}）$")
_GENRE_END = re.compile(
    rf"(?:的?(?:管理|实施|暂行|试行|若干|有关|相关|工作|资助|申报|操作|聘任|情况){{0,3}}(?:{GENRE}))$"
)
_ENDS = "。；：？！;:?!"

Item = TypeVar("Item")
Kinds = Callable[[str], Asked]
"""What a heading names, as a question would ask for it."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """What a stretch of a document is called, and the stretch."""

    text: str
    place: Place
    group: str


def document_candidates(
    document: Document, subject: str, kind_of: Kinds, *, carded: bool = False
) -> Iterator[Candidate]:
    """Questions that a document on ``subject`` may answer, made one by one: one of each section after the other.

    Where staff keep cards of the document (``carded``), these ask better than its headings do.
    """
    sections: dict[str, list[_Heading | Candidate]] = {}
    for heading in () if carded else _headings(document):
        sections.setdefault(heading.group, []).append(heading)
    for position, unit in enumerate(document.units):
        for question, place in (*_printed(document, position), *_announced(document, position)):
            made = Candidate(question, subject, _group(document, unit), Intent.POLICY, (place,))
            sections.setdefault(made.group, []).append(made)
    for made in (*_rows(document), *_about_itself(document, subject)):
        sections.setdefault(made.group, []).append(made)
    for each in in_turn(sections.values()):
        yield each if isinstance(each, Candidate) else _of_heading(document, each, subject, kind_of)


def in_turn(lists: Iterable[Iterable[Item]]) -> Iterator[Item]:
    """The first of each, then the second of each, and so on; each list is drawn from no further than asked."""
    waiting = deque(map(iter, lists))
    while waiting:
        drawn = waiting.popleft()
        for item in islice(drawn, 1):
            yield item
            waiting.append(drawn)


def _about_itself(document: Document, subject: str) -> Iterator[Candidate]:
    title = plain_title(document.metadata.enclosed_title or document.metadata.title)
    whole = (Place(document.id, 0, len(document.text)),)
    for known, question in ((document.metadata.valid_until, _VALIDITY), (document.metadata.issuer, _ISSUER)):
        if known:
            yield Candidate(question.format(title), subject, document.id, Intent.POLICY, whole)


def title_without_stage(metadata: DocumentMetadata) -> str:
    """The title of a document, or of the text that it brings, without issuers and 征求意见稿."""
    title = _STAGE.sub("", plain_title(metadata.enclosed_title or metadata.title))
    for body in filter(None, (metadata.issuer, *metadata.issuers)):
        title = title.replace(body, "", 1)
    return title.removeprefix("关于")


def subject_of(title: str, titles: Collection[str]) -> str:
    """What a title is about: without its genre, and without the place or body that others of ``titles`` begin with.

    >>> subject_of("云汀市青年公寓管理办法", ["云汀市青年公寓管理办法", "云汀市科技奖励规定", "云汀市统计公报"])
    '青年公寓'
    """
    beginning = ""
    for length in range(2, len(title)):
        if sum(other.startswith(title[:length]) for other in titles) <= ALIKE_TITLES:
            break
        beginning = title[:length]
    short = _GENRE_END.sub("", title.removeprefix(beginning).lstrip("的、和"))
    return short if len(short) >= 2 else title


def _headings(document: Document) -> Iterator[_Heading]:
    """Headings, and the first words of numbered units that end in a full stop of their own."""
    for position, unit in enumerate(document.units):
        text = unit_text(document, position).strip()
        marker = find_marker(text)
        own = text[marker.end :].strip() if marker is not None else text
        last = last_below(document, position)
        if position and is_heading(document, position) and last > position:
            start, end = unit.end, document.units[last].end
        elif marker is not None and marker.rank != RANK_ARTICLE and 1 < (stop := own.find("。") + 1) < len(own):
            own = own[:stop].rstrip("。")
            if len(own) > LABEL_CHARACTERS:
                continue
            start, end = unit.start, document.units[last].end
        else:
            continue
        named = SHORTEST_HEADING <= len(own) <= HEADING_CHARACTERS and own[-1] not in _ENDS
        if named and not any(character.isdecimal() for character in own):
            yield _Heading(own, Place(document.id, start, end), _group(document, unit))


def _group(document: Document, unit: Unit) -> str:
    return f"{document.id}#{'' if unit.parent is None else unit.parent}"


def _of_heading(document: Document, heading: _Heading, subject: str, kind_of: Kinds) -> Candidate:
    question = _asked_of(document, heading, subject, kind_of)
    return Candidate(question, heading.text, heading.group, Intent.POLICY, (heading.place,))


def _asked_of(document: Document, heading: _Heading, subject: str, kind_of: Kinds) -> str:
    named = heading.text
    alike = subject in named or named in subject or len(subject) > SUBJECT_CHARACTERS
    if not alike:
        named = f"{subject}的{named}"
    text = document.text[heading.place.start : heading.place.end]
    by_kind = _BY_KIND.get(kind_of(heading.text))
    if by_kind is not None:
        return by_kind.format(named)
    money = [figure for figure in parse_figures(text) if figure.kind is FigureKind.MONEY]
    if len(money) == 1 and "\n" not in text:
        return _AT_MOST.format(named)
    below = (unit for unit in document.units if heading.place.start <= unit.start < heading.place.end)
    several = sum(unit.kind is UnitKind.ITEM for unit in below)
    return (_LISTED if several > 1 else _TOLD if len(text) <= TOLD_CHARACTERS else _LONG).format(named)


def _printed(document: Document, position: int) -> Iterator[tuple[str, Place]]:
    """A question that the document prints with its answer."""
    if not is_question(document, position):
        return
    text = unit_text(document, position).strip()
    marker = find_marker(text)
    own = _ASKING_MARK.sub("", text[marker.end :].strip() if marker is not None else text)
    last = last_of_answer(document, position)
    if 6 <= len(own) <= QUESTION_CHARACTERS and last > position:
        yield own, Place(document.id, document.units[position].start, document.units[last].end)


def _announced(document: Document, position: int) -> Iterator[tuple[str, Place]]:
    """A lead-in as a question: 应当符合下列条件： → 应当符合哪些条件？"""
    if not is_lead_in(document, position):
        return
    text = unit_text(document, position).strip()
    marker = find_marker(text)
    own = (text[marker.end :] if marker is not None else text).strip().rstrip("：:")
    if own.startswith("有") or len(own) > QUESTION_CHARACTERS or len(_FOLLOWING.findall(own)) != 1:
        return
    last = last_below(document, position)
    if last > position:
        place = Place(document.id, document.units[position].start, document.units[last].end)
        yield _FOLLOWING.sub("哪些", own) + "？", place


def _rows(document: Document) -> Iterator[Candidate]:
    """Questions for the first figure in the first rows of each table."""
    tables: dict[int, list[Unit]] = {}
    for unit in document.units:
        if unit.table is not None and len(unit.cells) > 1:
            tables.setdefault(unit.table, []).append(unit)
    for number, rows in tables.items():
        for row in rows[:TABLE_ROWS]:
            first = row.cells[0]
            asked = next((each for each in row.cells[1:] if each.headers and parse_figures(each.text)), None)
            if asked is None or not first.text:
                continue
            name = _UNIT_IN_BRACKETS.sub("", first.text)
            question = f"{name}的{_UNIT_IN_BRACKETS.sub('', asked.headers[-1])}是多少？"
            if len(question) <= QUESTION_CHARACTERS:
                place = (Place(document.id, row.start, row.end),)
                yield Candidate(question, name, f"{document.id}#table{number}", Intent.POLICY, place)
