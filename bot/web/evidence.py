"""依据: a citation as people read it, with exactly the quoted characters marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import AssistantError
from bot.types import Citation, Document, SourceKind, TextKind
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.tables import CitedTable, cited_tables
from bot.web.telling import told, told_day, told_problem
from bot.web.texts import Language, Texts

CONTEXT_CHARACTERS = 120
"""How much is shown on each side of a quote: some four lines of the panel."""

SHORT_PARAGRAPH = 60
"""Characters up to which a paragraph is shown with its neighbours: alone it says too little."""

READER_CHARACTERS = 60_000
"""How much of a long document is opened on each side of a quote; a browser lays it out at once."""

_SENTENCE_END = re.compile(r"[。！？；\n]")
_WEB_ADDRESS = re.compile(r"https?://[^\s]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document around a quote: the quote is ``text[start:end]``."""

    text: str
    start: int
    end: int
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation with its passage and the tables it has rows of; without a passage ``problem`` says why.

    ``None`` there means that the document has changed.
    """

    citation: Citation
    passage: Passage | None
    problem: str | None = None
    tables: tuple[CitedTable, ...] = ()


def gather(citations: Iterable[Citation], open_document: Callable[[str], Document]) -> tuple[Evidence, ...]:
    """Each citation with the passage it stands in, in the order given."""
    return tuple(_gathered(citation, open_document) for citation in citations)


def _gathered(citation: Citation, open_document: Callable[[str], Document]) -> Evidence:
    try:
        document = open_document(citation.document_id)
    except AssistantError as error:
        return Evidence(citation, None, str(error))
    if document.text[citation.start : citation.end] != citation.quote:
        return Evidence(citation, None)
    passage = passage_around(document, citation.start, citation.end)
    return Evidence(citation, passage, tables=cited_tables(document, citation.start, citation.end))


def passage_around(document: Document, start: int, end: int) -> Passage:
    """What stands around ``start:end`` in its paragraph, cut between sentences where it can be."""
    lower, upper = _bounds(document, start, end)
    first = max(lower, start - CONTEXT_CHARACTERS)
    last = min(upper, end + CONTEXT_CHARACTERS)
    if first > lower:
        boundary = _SENTENCE_END.search(document.text, first, start)
        first = boundary.end() if boundary else first
    if last < upper:
        boundaries = [match.end() for match in _SENTENCE_END.finditer(document.text, end, last)]
        last = boundaries[-1] if boundaries else last
    return Passage(document.text[first:last], start - first, end - first, first > lower, last < upper)


def _bounds(document: Document, start: int, end: int) -> tuple[int, int]:
    """The part of a quote's paragraph in its innermost section; the whole section if that is short."""
    lower, upper = _innermost_section(document, start, end)
    line_end = document.text.find("\n", max(start, end - 1))
    first = max(lower, document.text.rfind("\n", 0, start) + 1)
    last = min(upper, len(document.text) if line_end < 0 else max(line_end, end))
    return (first, last) if last - first > SHORT_PARAGRAPH else (lower, upper)


def _innermost_section(document: Document, start: int, end: int) -> tuple[int, int]:
    around = [each for each in document.sections if each.start <= start and end <= each.end]
    if not around:
        return 0, len(document.text)
    innermost = min(around, key=lambda each: each.end - each.start)
    return innermost.start, innermost.end


def highlighted(words: str, start: int, end: int) -> Html:
    """``words`` with exactly the characters ``start:end`` inside one ``<mark>``."""
    start, end = max(0, start), min(len(words), end)
    if start >= end:
        return text(words)
    return join((text(words[:start]), tag("mark", text(words[start:end])), text(words[end:])))


def paragraphs(words: str, start: int, end: int, headings: Mapping[int, str] = MappingProxyType({})) -> Html:
    """One ``<p>`` a line, blank lines left out, with exactly ``start:end`` marked.

    ``headings`` maps the offset of a line to the heading that may stand there. A quote that spans
    lines has one ``<mark>`` in each.
    """
    lines: list[Html] = []
    position = 0
    for line in words.split("\n"):
        if line.strip():
            is_heading = headings.get(position) == line.strip()
            marked = highlighted(line, start - position, end - position)
            lines.append(tag("p", marked, class_="heading" if is_heading else None))
        position += len(line) + 1
    return join(lines)


# --- the card of one citation ---------------------------------------------------------------------


def evidence_card(evidence: Evidence, number: int, texts: Texts, *, buttons: bool = True) -> Html:
    """The card of one citation in the panel; ``number`` is its exchange's. Its ``buttons`` need the page's script."""
    citation = evidence.citation
    return tag(
        "section",
        tag(
            "div",
            tag("h3", text(texts.evidence_of_answer.format(citation.marker)), class_="evidence-number"),
            _kinds(citation, texts),
            class_="evidence-head",
        ),
        tag("p", text(citation.title), class_="evidence-title", lang="zh-CN"),
        metadata_line((citation.document_number, citation.date, citation.issuer)),
        tag("p", text(citation.section), class_="evidence-section", lang="zh-CN") if citation.section else EMPTY,
        _passage(evidence, texts),
        _origin(citation, texts),
        _card_buttons(evidence, texts) if buttons else EMPTY,
        class_="evidence-card",
        data_card=f"evidence-{number}-{citation.marker}",
        tabindex="-1",
    )


def metadata_line(known: Iterable[str | None]) -> Html:
    """What is known of a document on one line that breaks only between its parts."""
    parts = [tag("span", text(each)) for each in known if each]
    return tag("p", *parts, class_="evidence-meta") if parts else EMPTY


def _kinds(citation: Citation, texts: Texts) -> Html:
    verbatim = citation.text_kind is TextKind.VERBATIM
    kind = tag(
        "span",
        text(texts.verbatim if verbatim else _own_words(citation, texts)),
        class_="kind kind-verbatim" if verbatim else "kind kind-own-words",
    )
    if citation.kind is not SourceKind.NEWS:
        return kind
    return join((kind, tag("span", text(texts.from_news), class_="kind kind-news")))


def _own_words(citation: Citation, texts: Texts) -> str:
    return texts.own_words.format(citation.issuer) if citation.issuer else texts.own_words_unnamed


def _passage(evidence: Evidence, texts: Texts) -> Html:
    quote_class = "passage" if evidence.citation.text_kind is TextKind.VERBATIM else "passage own-words"
    if evidence.passage is None:
        quote = evidence.citation.quote
        return join(
            (
                tag(
                    "p",
                    text(
                        told_problem(evidence.problem, texts.language) if evidence.problem else texts.evidence_changed
                    ),
                    class_="hint",
                ),
                tag("blockquote", paragraphs(quote, 0, len(quote)), class_=quote_class, lang="zh-CN"),
            )
        )
    passage = evidence.passage
    cuts = f"{' cut-before' if passage.cut_before else ''}{' cut-after' if passage.cut_after else ''}"
    return tag(
        "blockquote",
        paragraphs(passage.text, passage.start, passage.end),
        class_=quote_class + cuts,
        lang="zh-CN",
    )


def _origin(citation: Citation, texts: Texts) -> Html:
    if not citation.source_url:
        return EMPTY
    return tag("p", text(f"{texts.source_page} "), source_link(citation.source_url), class_="evidence-origin")


def source_link(address: str) -> Html:
    """A web address as a link that opens beside the page; anything else as plain text."""
    if _WEB_ADDRESS.fullmatch(address) is None:
        return tag("span", text(address), class_="address")
    return tag("a", text(address), href=address, target="_blank", rel="noopener noreferrer", class_="address")


def _card_buttons(evidence: Evidence, texts: Texts) -> Html:
    citation = evidence.citation
    return tag(
        "div",
        tag(
            "button",
            text(texts.whole_document),
            type="button",
            data_document=citation.document_id,
            data_start=citation.start,
            data_end=citation.end,
            class_="quiet",
        ),
        tag("button", text(texts.copy_passage), type="button", data_copy="quote", class_="quiet"),
        tag("span", text(quote_for_copy(citation, texts)), class_="copy-source", hidden=True),
        class_="evidence-buttons",
    )


def quote_for_copy(citation: Citation, texts: Texts) -> str:
    """A quote with where it stands, as plain text."""
    return f"“{citation.quote}”\n{source_line(citation, texts)}"


def source_line(citation: Citation, texts: Texts) -> str:
    """Title, number, issuer, date, section and page of a citation on one line."""
    own_words = "" if citation.text_kind is TextKind.VERBATIM else told("整理稿，非原文", texts.language)
    parts = (
        f"《{citation.title}》",
        citation.document_number,
        citation.issuer,
        told_day(citation.date or "", texts.language),
        citation.section,
        own_words,
        citation.source_url,
    )
    return ("，" if texts.language is Language.CHINESE else ", ").join(part for part in parts if part)


# --- a whole document ------------------------------------------------------------------------------


def document_view(document: Document, start: int, end: int, texts: Texts) -> Html:
    """The whole document with ``start:end`` marked, as the panel's reader shows it."""
    metadata = document.metadata
    first = max(0, start - READER_CHARACTERS)
    last = min(len(document.text), end + READER_CHARACTERS)
    cut = first > 0 or last < len(document.text)
    verbatim = metadata.text_kind is TextKind.VERBATIM
    kind = texts.verbatim if verbatim else texts.own_words_unnamed
    return tag(
        "article",
        tag("h3", text(metadata.title), class_="document-title", lang="zh-CN"),
        metadata_line((metadata.document_number, metadata.date, metadata.issuer, kind)),
        tag("p", text(f"{texts.source_page} "), source_link(metadata.source_url), class_="evidence-origin")
        if metadata.source_url
        else EMPTY,
        tag("p", text(texts.document_cut), class_="hint") if cut else EMPTY,
        tag(
            "div",
            paragraphs(document.text[first:last], start - first, end - first, _headings(document, first)),
            class_="document-text" if verbatim else "document-text own-words",
            lang="zh-CN",
        ),
        class_="document",
    )


def _headings(document: Document, first: int) -> dict[int, str]:
    return {each.start - first: each.path[-1].strip() for each in document.sections if each.path}
