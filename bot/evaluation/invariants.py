"""What must hold of every answer, whatever was asked.

Written apart from the code that composes answers: figures are looked for as they are printed, and only
where that fails by their parsed value, so that one parser's mistake does not excuse itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.evaluation.verbatim import MARKER, fold, stands_in
from bot.text.figures import FigureKind, figure_keys, parse_figures
from bot.text.relative_time import resolve_relative_time
from bot.types import Answer, Citation, Intent


class Rule(StrEnum):
    """The rules, by the name a report prints."""

    QUOTE = "quote_verbatim"
    MARKER = "marker_exists"
    FIGURE = "figure_traced"
    EVIDENCE = "evidence_given"
    CONTACT = "contact_traced"
    PRIVATE = "no_private_number"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an answer breaks."""

    rule: Rule
    reason: str


#: A printed figure: its digits, and its scale and one character of unit where they follow at once.
_PRINTED = re.compile(r"\d+(?:\.\d+)?(?:-\d+)*(?:\s*[万亿千百])*(?:\s*[a-z%‰+\u3400-\u9fff])?")
#: "1. ", "（2）" and "3、" before an item count the items of a list and state nothing.
_ENUMERATOR = re.compile(r"(?m)^[ \t>*-]*\d{1,2}(?:[)）、]|\.(?!\d))|[(（]\d{1,2}[)）]")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_FACTUAL = (Intent.POLICY, Intent.CONTACT, Intent.PARTNER)


def check_invariants(answer: Answer, document_text: Callable[[str], str]) -> tuple[Violation, ...]:
    """Every rule the answer breaks; ``document_text`` gives a document's clean text by its id."""
    return tuple(
        [
            *_quotes(answer, document_text),
            *_markers(answer),
            *_figures(answer),
            *_evidence(answer),
            *_contacts(answer),
        ]
    )


def _quotes(answer: Answer, document_text: Callable[[str], str]) -> Iterator[Violation]:
    for citation in answer.citations:
        text = document_text(citation.document_id)
        if not citation.quote.strip() or text[citation.start : citation.end] != citation.quote:
            place = f"{citation.document_id} {citation.start}:{citation.end}"
            yield Violation(Rule.QUOTE, f"[{citation.marker}] 与原文不符（{place}）")


def _markers(answer: Answer) -> Iterator[Violation]:
    known = [citation.marker for citation in answer.citations]
    if len(set(known)) != len(known):
        yield Violation(Rule.MARKER, "两条依据用了同一个序号")
    for marker in sorted(set(_used_markers(answer)) - set(known)):
        yield Violation(Rule.MARKER, f"序号 [{marker}] 没有对应的依据")


def _used_markers(answer: Answer) -> Iterator[int]:
    for text in (answer.answer, *answer.notes):
        yield from (int(match.group(1)) for match in MARKER.finditer(text))
    yield from (correction.marker for correction in answer.corrections)
    yield from (version.marker for conflict in answer.conflicts for version in conflict.versions)
    optional = [status.marker for status in answer.statuses]
    optional += [contact.marker for contact in answer.contacts]
    optional += [partner.marker for partner in answer.partners]
    optional += [figure.marker for figure in answer.figures]
    yield from (marker for marker in optional if marker is not None)


def _figures(answer: Answer) -> Iterator[Violation]:
    source = _allowed_text(answer)
    keys = figure_keys(source) | frozenset((FigureKind.DATE, day, "") for day in _metadata_dates(answer))
    text = _ENUMERATOR.sub(" ", MARKER.sub("", answer.answer))
    parsed = parse_figures(text)
    for match in _PRINTED.finditer(fold(text)):
        if not stands_in(match.group(), source) and not _valued(match.group(), text, keys):
            yield Violation(Rule.FIGURE, f"“{match.group()}”不在任何依据里")
    for figure in parsed:
        spelt_out = not any(character.isdigit() and character.isascii() for character in figure.text)
        if spelt_out and figure.key not in keys and not stands_in(figure.text, source):
            yield Violation(Rule.FIGURE, f"“{figure.text}”不在任何依据里")
    yield from _typed_figures(answer)


def _valued(printed: str, text: str, keys: frozenset[object]) -> bool:
    """Whether every parsed figure that holds ``printed`` equals one of the sources by value."""
    digits = re.match(r"\d+(?:\.\d+)?", printed)
    holding = [figure for figure in parse_figures(text) if digits and stands_in(digits.group(), figure.text)]
    return bool(holding) and all(figure.key in keys for figure in holding)


def _typed_figures(answer: Answer) -> Iterator[Violation]:
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    for figure in answer.figures:
        if not figure.verified or figure.marker is None:
            continue
        quote = quotes.get(figure.marker, "")
        same = {parsed.key for parsed in parse_figures(figure.text)} <= figure_keys(quote)
        if not same and not stands_in(figure.text, quote):
            yield Violation(Rule.FIGURE, f"“{figure.text}”记为已核对，却不在 [{figure.marker}] 里")


def _allowed_text(answer: Answer) -> str:
    """Where a figure of the answer may come from; a refusal may also repeat the question's own."""
    parts = [citation.quote for citation in answer.citations]
    parts += [year for citation in answer.citations for year in _years(citation)]
    parts += [citation.document_number or "" for citation in answer.citations]
    parts += [citation.title for citation in answer.citations]
    parts += [f"{correction.asked}\n{correction.stated}" for correction in answer.corrections]
    parts += [f"{item.text}\n{item.value}" for item in answer.computed]
    parts += [version.value for conflict in answer.conflicts for version in conflict.versions]
    if answer.abstained:
        parts += [answer.question, answer.standalone_question]
    return "\n".join(parts)


def _metadata_dates(answer: Answer) -> Iterator[str]:
    """Dates that go with sources as 截至; they stand for themselves, not for their bare year."""
    yield from (citation.date for citation in answer.citations if citation.date)
    yield from (status.as_of for status in answer.statuses if status.as_of)


def _years(citation: Citation) -> Iterator[str]:
    """The years that 去年, 今年 … of the quote mean by the date of its document."""
    for resolved in resolve_relative_time(citation.quote, citation.date):
        yield f"{resolved.year}年"


def _evidence(answer: Answer) -> Iterator[Violation]:
    if not answer.answer.strip():
        yield Violation(Rule.EVIDENCE, "答案是空的")
    if not answer.abstained and answer.intent in _FACTUAL and not answer.citations:
        yield Violation(Rule.EVIDENCE, "作了回答却没有依据")


def _contacts(answer: Answer) -> Iterator[Violation]:
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    every_quote = "\n".join(quotes.values())
    for contact in answer.contacts:
        if not contact.purpose.strip():
            yield Violation(Rule.CONTACT, f"联系方式没有用途：{contact.phone or contact.name}")
        quote = every_quote if contact.marker is None else quotes.get(contact.marker, "")
        for value in (contact.phone, contact.address):
            if value and not stands_in(value, quote):
                yield Violation(Rule.CONTACT, f"联系方式不在依据里：{value}")
    told = "\n".join([answer.answer, *answer.notes])
    for number in sorted(set(_MOBILE.findall(told)) - set(_MOBILE.findall(every_quote))):
        yield Violation(Rule.PRIVATE, f"给出了依据里没有的手机号：{number}")
