"""The days of a document: issued, put up, in force, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.documents.dates import days_later, find_dates, iso_date
from bot.documents.markers import is_printed_line
from bot.documents.metadata.clauses import own_effects, sentences
from bot.documents.metadata.issuers import signature_index
from bot.documents.metadata.number import is_promulgation
from bot.documents.metadata.source import Found, Label, Source, is_date_line, quote_of
from bot.documents.structure import TextLine
from bot.text.numerals import parse_number
from bot.types.documents import MetadataQuote

_PRINTED = re.compile(r"\s?印发")
_WEB_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_PRINTED_CHARACTERS = 80


def issue_date(source: Source) -> Found[str] | None:
    """The day of issue: under the signature, in the box, by which order, standing alone, or as printed."""
    return (
        _signed(source)
        or labelled_date(source, Label.DATE, "date")
        or next(_promulgated(source), None)
        or next(_alone(source), None)
        or printed_date(source, "date")
    )


def published_date(source: Source, given: str | None) -> Found[str] | None:
    """The day the page says the text was put up; ``given`` is the page's own date."""
    found = labelled_date(source, Label.PUBLISHED, "published")
    if found is None and given:
        found = Found(given, MetadataQuote("published", given, label="date"))
    return found or next(_web_dates(source), None)


def labelled_date(source: Source, label: Label, field: str) -> Found[str] | None:
    """The date under ``label`` as evidence for ``field``."""
    for labelled in source.values(label):
        iso = iso_date(labelled.value)
        if iso:
            return Found(iso, labelled.quote(field))
    return None


def printed_date(source: Source, field: str = "printed_date") -> Found[str] | None:
    """The day of printing in the last lines (2025年3月2日印发)."""
    for line in reversed(source.tail):
        if len(line.text) > _PRINTED_CHARACTERS:
            continue
        for day in find_dates(line.text):
            printed = _PRINTED.match(line.text, day.end)
            if printed:
                return Found(day.iso, quote_of(field, line, day.start, printed.end()))
    return None


def effective_from(source: Source, issued: str | None, *, draft: bool) -> Found[str] | None:
    """The first day in force: by the box, by a date in the text, or counted from the day of issue.

    A draft that is to hold from its issue on has no such day yet.
    """
    stated = labelled_date(source, Label.EFFECTIVE, "effective_from")
    if stated:
        return stated
    relative: Found[str] | None = None
    for line in source.lines:
        for sentence in sentences(line) if "行" in line.text or "生效" in line.text or "实施" in line.text else ():
            for match in own_effects(sentence):
                start = sentence.start + match.start()
                quote = quote_of("effective_from", line, start, start + len(match.group()))
                day = _effect_day(match, issued)
                if day and match["day"]:
                    return Found(day, quote)
                if day and relative is None:
                    relative = Found(day, quote)
    return None if draft else relative


def _effect_day(match: re.Match[str], issued: str | None) -> str | None:
    day = iso_date(match["day"]) if match["day"] else issued
    if day and match["days"]:
        return days_later(day, int(parse_number(match["days"])))
    return day


def _signed(source: Source) -> Found[str] | None:
    index = signature_index(source.lines)
    return None if index is None else _dated(source.lines[index])


def _promulgated(source: Source) -> Iterator[Found[str]]:
    for line in source.header:
        if is_promulgation(line.text):
            found = _dated(line)
            if found:
                yield found


def _alone(source: Source) -> Iterator[Found[str]]:
    """A date that stands alone: at the end, else before the body."""
    for line in (*reversed(source.lines[max(source.body, len(source.lines) - 12) :]), *source.lines[1 : source.body]):
        if is_date_line(line.text) and not is_printed_line(line.text):
            found = _dated(line)
            if found:
                yield found


def _web_dates(source: Source) -> Iterator[Found[str]]:
    """A bare 2025-03-01 17:00 in the header is the page's own date."""
    for line in source.header:
        if _WEB_DATE.fullmatch(line.text.strip()):
            day = iso_date(line.text)
            if day:
                yield Found(day, quote_of("published", line))


def _dated(line: TextLine) -> Found[str] | None:
    day = next(find_dates(line.text), None)
    return Found(day.iso, quote_of("date", line, day.start, day.end)) if day else None
