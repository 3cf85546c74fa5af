"""Questions about a document itself: its number, date, issuer, title, addressee."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.answering.composition import tidy
from bot.answering.draft import Draft, Passage, Statement
from bot.answering.understanding import Understanding
from bot.catalogue.models import Scope
from bot.catalogue.quotes import find_quote
from bot.text.figures import FigureKind, parse_figures
from bot.types import Document

_NUMBER = re.compile(r"文号|发文号|编号|哪一?号文|多少号文|第?几号")
_PRINTED = re.compile(
    r"(?:什么时候|哪天|何时|几号|哪一天|日期)[^，。？]{0,4}印发|印发[^，。？]{0,4}(?:日期|时间|哪天|什么时候)"
)
_DATE = re.compile(r"哪(?:一)?(?:天|年|日)|什么时候|何时|日期|几(?:月|号)(?:发|作|写|印|出)|什么时间|落款")
_ISSUER = re.compile(r"谁(?:发|写|作|答复|印发|出|回)|哪个(?:单位|部门|机关)|什么单位|发文(?:单位|机关)|哪里发|哪个委")
_TITLE = re.compile(r"标题|题目|叫什么|全称|名称|(?:关于|说|讲)(?:什么|啥)(?:的)?[？?]?$|哪(?:个|件|份)提案|什么提案")
_ADDRESSEE = re.compile(r"(?:写|答复|发|回复|回)给(?:谁|哪)|收件|主送|哪位委员|谁提的")
_LINE_AROUND = 200


class DocumentFactReader:
    """Answers from a document's metadata, each fact quoted where it stands in the clean text."""

    def __init__(self, scope: Scope, document: Callable[[str], Document]) -> None:
        self._scope = scope
        self._document = document

    def draft(self, understanding: Understanding) -> Draft | None:
        """An answer about the lead document, or None when the question is about something else."""
        lead = self._scope.lead_document
        if lead is None:
            return None
        document = self._document(lead)
        if not understanding.about_lead_document and not _names_document(understanding.question, document):
            return None
        statements = tuple(self._statements(understanding.standalone, document))
        return Draft(understanding.intent, statements) if statements else None

    def _statements(self, question: str, document: Document) -> Iterator[Statement]:
        metadata = document.metadata
        for pattern, needles in (
            (_NUMBER, (metadata.document_number,)),
            (_PRINTED, _dates(metadata.printed_date)),
            (_DATE, _dates(metadata.date)),
            (_ISSUER, (metadata.issuer,)),
            (_ADDRESSEE, (metadata.addressee,)),
        ):
            if pattern.search(question):
                yield from self._first_line(document, needles)
                if pattern is _PRINTED:
                    return
        if _TITLE.search(question) or "提案" in question or "会议" in question:
            yield from self._first_line(document, (metadata.title,))
            yield from self._named_works(document)

    def _first_line(self, document: Document, needles: tuple[str | None, ...]) -> Iterator[Statement]:
        for needle in needles:
            span = find_quote(document.text, needle) if needle else None
            if span is not None:
                passage = _line(document, span.start, span.end)
                text = tidy(document.text[passage.start : passage.end])
                yield Statement(text.rstrip("：:。") + "。", (passage,))
                return

    def _named_works(self, document: Document) -> Iterator[Statement]:
        """The first work named in 《》: in a reply, what it replies to."""
        match = re.search(r"《[^》]+》", document.text)
        if match is not None:
            passage = Passage(document.id, match.start(), match.end())
            yield Statement(tidy(match.group()) + "。", (passage,))


def _dates(date: str | None) -> tuple[str | None, ...]:
    if not date or date.count("-") != 2:
        return (date,)
    year, month, day = date.split("-")
    return (f"{year}年{int(month)}月{int(day)}日", date)


def _names_document(question: str, document: Document) -> bool:
    """Whether a question gives the document's own number, or a number of its title."""
    title = f"{document.metadata.title} {document.metadata.document_number or ''}"
    numbers = {f.key for f in parse_figures(title) if f.kind is FigureKind.DOCUMENT_NUMBER}
    return any(figure.key in numbers for figure in parse_figures(question))


def _line(document: Document, start: int, end: int) -> Passage:
    line_start = document.text.rfind("\n", 0, start) + 1
    line_end = document.text.find("\n", end)
    line_end = len(document.text) if line_end < 0 else line_end
    if line_end - line_start > _LINE_AROUND:
        return Passage(document.id, start, end)
    return Passage(document.id, line_start, line_end)
