"""What a document says of itself, each with the words it rests on. Nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.documents.blocks import Extract
from bot.documents.contact_block import find_contact_block, find_contacts
from bot.documents.front_matter import FrontMatter
from bot.documents.markers import is_contact_line, is_salutation
from bot.documents.metadata.dates import effective_from, issue_date, printed_date, published_date
from bot.documents.metadata.issuers import find_issuers
from bot.documents.metadata.kind import find_kind, is_news
from bot.documents.metadata.number import normalise_number, own_numbers
from bot.documents.metadata.references import find_references
from bot.documents.metadata.source import Found, Source, quote_of, read_source
from bot.documents.metadata.state import stated_status, status_on
from bot.documents.metadata.title import enclosed_title, find_title
from bot.documents.metadata.validity import find_validity
from bot.documents.structure import TextLine
from bot.types.documents import (
    DocumentMetadata,
    MetadataQuote,
    SourceKind,
    Status,
    TextKind,
    Validity,
    ValidityBasis,
)

__all__ = ["find_title", "normalise_number", "read_metadata", "status_on"]

_ADDRESSED = re.compile(
    r"(?:各|尊敬|全体|全市|全区|全省|广大|亲爱|有关)|.*(?:委员|代表|单位|[局委办厅处院会行司部]|政府|部门|企业|机构|街道|镇|乡|同志|朋友|先生"
    r"|女士|老师|同学|居民|市民|客户|纳税人|缴费人|家属|小组|指挥部|中心|学校|大学|协会|园区|集团)(?:[（(][^（）()]*[）)])?$",
    re.DOTALL,
)  # fmt: skip
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Names:
    """What the document is called and who issued it under which numbers."""

    title: Found[str]
    enclosed: Found[str] | None
    numbers: tuple[Found[str], ...]
    issuers: tuple[Found[str], ...]
    addressee: Found[str] | None


@dataclass(frozen=True, slots=True)
class _Days:
    """When the document was issued and from when to when it holds."""

    issued: Found[str] | None
    published: Found[str] | None
    effective: Found[str] | None
    printed: Found[str] | None
    validity: Found[Validity] | None


def read_metadata(lines: Sequence[TextLine], extract: Extract) -> DocumentMetadata:
    """The metadata of a document whose clean text is ``lines``; front matter wins over the text."""
    matter = extract.front_matter or FrontMatter()
    source = read_source(lines, extract)
    names = _names(source, matter)
    status = _given("status", matter.status) or stated_status(source, names.title)
    days = _days(source, matter, extract.date, draft=status is not None and status.value is Status.DRAFT)
    title, enclosed, validity = names.title.value, _value(names.enclosed), _value(days.validity)
    numbers = _distinct(normalise_number(each.value) for each in names.numbers)
    issuers = _distinct(each.value for each in names.issuers)
    return DocumentMetadata(
        title=title,
        issuer=next(iter(issuers), None),
        document_number=next(iter(numbers), None),
        date=_value(days.issued) or _value(days.published),
        status=_value(status) or Status.UNKNOWN,
        source_url=matter.source or extract.source_url,
        kind=matter.kind or _source_kind(source, bool(numbers or issuers)),
        text_kind=matter.text or TextKind.VERBATIM,
        addressee=_value(names.addressee),
        contact=find_contact_block(lines),
        printed_date=_value(days.printed),
        # A term without a first day is told in its own words; reckoned from the issue it could expire a rule in force.
        valid_until=validity.until if validity and validity.basis is not ValidityBasis.FROM_ISSUE else None,
        superseded_by=matter.superseded_by,
        document_kind=find_kind(source, title),
        document_numbers=numbers,
        issuers=issuers,
        enclosed_title=enclosed,
        published=_value(days.published),
        effective_from=_value(days.effective),
        validity=validity,
        references=find_references(source, numbers, [title, enclosed or title]),
        contacts=find_contacts(lines),
        quotes=_quotes(names, days, status),
    )


def _names(source: Source, matter: FrontMatter) -> _Names:
    title = _given("title", matter.title) or find_title(source)
    number, issuer = _given("document_number", matter.document_number), _given("issuers", matter.issuer)
    return _Names(
        title,
        enclosed_title(source, title.value),
        (number,) if number else own_numbers(source),
        (issuer,) if issuer else find_issuers(source, title.value),
        _given("addressee", matter.addressee) or _addressee(source),
    )


def _days(source: Source, matter: FrontMatter, page_date: str | None, *, draft: bool) -> _Days:
    published = published_date(source, page_date)
    issued = _given("date", matter.date) or issue_date(source)
    first = _value(issued) or _value(published)
    effective = effective_from(source, first, draft=draft)
    validity = find_validity(source, _value(effective), first)
    if matter.valid_until:
        stated = Validity(ValidityBasis.STATED, matter.valid_until, matter.valid_until, _value(effective))
        validity = _given("valid_until", stated, matter.valid_until)
    return _Days(issued, published, effective, printed_date(source), validity)


def _value(found: Found[_T] | None) -> _T | None:
    return found.value if found else None


def _given(field: str, value: _T | None, words: str | None = None) -> Found[_T] | None:
    """A value of the front matter, which is its own evidence."""
    return None if value is None else Found(value, MetadataQuote(field, words or str(value), label=field))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _addressee(source: Source) -> Found[str] | None:
    """Whom the text is addressed to: the line before the body that ends in a colon."""
    if len(source.header) < 2:
        return None
    last = source.header[-1]
    addressee = last.text.rstrip("：: ")
    if not is_salutation(last.text) or is_contact_line(last.text) or not _ADDRESSED.match(addressee):
        return None
    return Found(addressee, quote_of("addressee", last, 0, len(addressee)))


def _source_kind(source: Source, issued: bool) -> SourceKind:
    """News by its byline; official by the number or the issuer it carries; else a note."""
    if is_news(source):
        return SourceKind.NEWS
    return SourceKind.OFFICIAL if issued else SourceKind.NOTE


def _quotes(names: _Names, days: _Days, status: Found[Status] | None) -> tuple[MetadataQuote, ...]:
    """The words of each field, each once."""
    found = (
        names.title,
        names.enclosed,
        *names.numbers,
        *names.issuers,
        names.addressee,
        days.issued,
        days.published,
        days.effective,
        days.printed,
        days.validity,
        status,
    )
    return tuple(dict.fromkeys(each.quote for each in found if each is not None))
