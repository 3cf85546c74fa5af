"""What a document says of itself, each with the words it rests on. Nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


def read_metadata(lines: Sequence[TextLine], extract: Extract) -> DocumentMetadata:
    """The metadata of a document whose clean text is ``lines``; front matter wins over the text."""
    matter = extract.front_matter or FrontMatter()
    source = read_source(lines, extract)
    title = _given("title", matter.title) or find_title(source)
    numbers = _one("document_number", matter.document_number) or own_numbers(source)
    issuers = _one("issuers", matter.issuer) or find_issuers(source, title.value)
    published = published_date(source, extract.date)
    issued = _given("date", matter.date) or issue_date(source)
    status = _given("status", matter.status) or stated_status(source, title)
    first_day = issued or published
    effective = effective_from(source, _value(first_day), draft=status is not None and status.value is Status.DRAFT)
    validity = _validity(source, matter, _value(effective), _value(first_day))
    addressee = _given("addressee", matter.addressee) or _addressee(source)
    enclosed = enclosed_title(source, title.value)
    printed = printed_date(source)
    found = (title, *numbers, *issuers, published, issued, status, effective, addressee, enclosed, printed)
    document_numbers = tuple(dict.fromkeys(normalise_number(each.value) for each in numbers))
    names = tuple(dict.fromkeys(each.value for each in issuers))
    return DocumentMetadata(
        title=title.value,
        issuer=names[0] if names else None,
        document_number=document_numbers[0] if document_numbers else None,
        date=_value(first_day),
        status=status.value if status else Status.UNKNOWN,
        source_url=matter.source or extract.source_url,
        kind=matter.kind or _source_kind(source, bool(numbers or issuers)),
        text_kind=matter.text or TextKind.VERBATIM,
        addressee=_value(addressee),
        contact=find_contact_block(lines),
        printed_date=_value(printed),
        valid_until=validity.until if validity else None,
        superseded_by=matter.superseded_by,
        document_kind=find_kind(source, title.value),
        document_numbers=document_numbers,
        issuers=names,
        enclosed_title=_value(enclosed),
        published=_value(published),
        effective_from=_value(effective),
        validity=validity,
        references=find_references(source, document_numbers, [title.value, _value(enclosed) or title.value]),
        contacts=find_contacts(lines),
        quotes=_quotes(found, validity),
    )


def _value(found: Found[_T] | None) -> _T | None:
    return found.value if found else None


def _given(field: str, value: _T | None) -> Found[_T] | None:
    """A value of the front matter, which is its own evidence."""
    return None if value is None else Found(value, MetadataQuote(field, str(value), label=field))


def _one(field: str, value: str | None) -> tuple[Found[str], ...]:
    found = _given(field, value)
    return (found,) if found else ()


def _validity(source: Source, matter: FrontMatter, effective: str | None, issued: str | None) -> Validity | None:
    if matter.valid_until:
        return Validity(ValidityBasis.STATED, matter.valid_until, matter.valid_until, effective)
    return find_validity(source, effective, issued)


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


def _quotes(found: Sequence[Found[str] | Found[Status] | None], validity: Validity | None) -> tuple[MetadataQuote, ...]:
    """Each field's words once, the validity's last."""
    quotes = [each.quote for each in found if each is not None]
    if validity:
        quotes.append(MetadataQuote("valid_until", validity.text, validity.start, validity.end))
    return tuple(dict.fromkeys(quotes))
