"""A document about itself: number, issuer, dates, validity, what it replaces, what an article of it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from bot import lexicon
from bot.answering.asking import Asking, Proposal
from bot.answering.cards import closed
from bot.answering.composition import tidy, whole_lines
from bot.answering.draft import Draft, Passage, Statement
from bot.answering.readers.tree import passage_of, sentence_around
from bot.catalogue.models import Scope
from bot.catalogue.quotes import find_quote
from bot.text.figures import FigureKind, parse_figures
from bot.text.numerals import parse_number
from bot.types import Document, DocumentMetadata, MetadataQuote
from bot.understanding.asked import Asked

#: A document is meant when the question has a stretch of its title of so many characters, the longest of all.
TITLE_CHARACTERS = 5
ARTICLE_CONFIDENCE, FIELD_CONFIDENCE = 0.95, 0.92
_ARTICLE = re.compile(r"第\s*(?P<number>[一二三四五六七八九十百零〇\d]{1,5})\s*(?P<unit>条|章|款)")
_QUOTED_TITLE = re.compile(r"《([^》]{2,60})》")


class DocumentReader:
    """Answers from a document's metadata, each fact quoted where it stands in the clean text."""

    name = "document"

    def __init__(self, scope: Scope, documents: Callable[[], Sequence[tuple[str, DocumentMetadata]]]) -> None:
        self._scope = scope
        self._documents = documents

    def propose(self, asking: Asking) -> Proposal | None:
        """A field of the document that is meant, or an article of it."""
        question = asking.understanding.standalone
        article = _ARTICLE.search(question)
        field = _field_asked(question)
        about_itself = asking.understanding.asked in (Asked.DOCUMENT, Asked.STATUS)
        if article is None and not (field and (about_itself or asking.understanding.about_lead_document)):
            return None
        document = self._meant(asking)
        if document is None:
            return None
        if article is not None:
            return self._article(asking, document, article)
        statements = tuple(_statements(document, field))
        if not statements:
            return None
        draft = Draft(asking.understanding.intent, statements)
        return Proposal(self.name, draft, FIELD_CONFIDENCE, f"field {field}")

    def _meant(self, asking: Asking) -> Document | None:
        """The document the question is about: by number, by title, or the lead document."""
        question = asking.understanding.standalone
        if asking.understanding.about_lead_document and self._scope.lead_document:
            return asking.document(self._scope.lead_document)
        numbers = {str(f.value) for f in parse_figures(question) if f.kind is FigureKind.DOCUMENT_NUMBER}
        quoted = _QUOTED_TITLE.search(question)
        asked = quoted[1] if quoted else question
        best, longest = "", TITLE_CHARACTERS - 1
        for identifier, metadata in self._documents():
            if numbers and any(_same_number(number, each) for number in numbers for each in metadata.document_numbers):
                return asking.document(identifier)
            common = max(_common(title, asked) for title in (metadata.title, metadata.enclosed_title or ""))
            if common > longest:
                best, longest = identifier, common
        return asking.document(best) if best else None

    def _article(self, asking: Asking, document: Document, asked: re.Match[str]) -> Proposal | None:
        wanted = (parse_number(asked["number"]), asked["unit"])
        for position, unit in enumerate(document.units):
            printed = _ARTICLE.match(unit.marker)
            if printed is None or (parse_number(printed["number"]), printed["unit"]) != wanted:
                continue
            last = position
            while last + 1 < len(document.units) and not _ARTICLE.match(document.units[last + 1].marker):
                last += 1
            passage = passage_of(document, position, last)
            text = whole_lines(document.text[passage.start : passage.end])
            draft = Draft(asking.understanding.intent, (Statement(text, (passage,)),), listed=True)
            return Proposal(self.name, draft, ARTICLE_CONFIDENCE, f"article {asked.group()}")
        return None


@cache
def _fields() -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = (Path(lexicon.__file__).parent / "document_fields.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return tuple((field, tuple(words.split())) for field, _, words in rows)


def _field_asked(question: str) -> str:
    """The metadata field a question asks for, by the words of the lexicon; empty without one."""
    return next((field for field, words in _fields() if any(word in question for word in words)), "")


def _common(title: str, asked: str) -> int:
    """How many characters the longest stretch has that a title and a question share."""
    return SequenceMatcher(None, title, asked, autojunk=False).find_longest_match().size


def _same_number(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def _statements(document: Document, field: str) -> Iterator[Statement]:
    metadata = document.metadata
    stated = [quote for quote in metadata.quotes if quote.field in _QUOTE_FIELDS.get(field, (field,))]
    passages = [passage for quote in stated if (passage := _quoted(document, quote)) is not None]
    if field == "validity" and metadata.validity is not None and metadata.validity.start is not None:
        end = metadata.validity.end or metadata.validity.start
        passages = [sentence_around(document, metadata.validity.start, end)]
    if field == "references":
        passages = [sentence_around(document, each.start, each.end) for each in metadata.references[:3]]
    if not passages:
        needles = (getattr(metadata, _VALUE_FIELDS.get(field, field), None),)
        passages = [
            sentence_around(document, span.start, span.end)
            for needle in needles
            for text in _spellings(needle)
            if (span := find_quote(document.text, text)) is not None
        ][:1]
    for passage in dict.fromkeys(passages):
        yield Statement(closed(tidy(document.text[passage.start : passage.end])), (passage,))


_VALUE_FIELDS = {"number": "document_number", "validity": "valid_until"}
_QUOTE_FIELDS = {
    "number": ("document_number", "document_numbers", "number"),
    "issuer": ("issuer", "issuers"),
    "validity": ("validity", "valid_until"),
}


def _spellings(value: object) -> tuple[str, ...]:
    """A value as it may be printed: a date also with 年月日."""
    if not isinstance(value, str) or not value:
        return ()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        year, month, day = value.split("-")
        return (f"{year}年{int(month)}月{int(day)}日", value)
    return (value,)


def _quoted(document: Document, quote: MetadataQuote) -> Passage | None:
    if quote.start is None or quote.end is None:
        return None
    return sentence_around(document, quote.start, quote.end)
