"""What a document says of itself: title, number, issuer, dates, addressee, contact. Nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.contact_block import find_contact_block
from bot.documents.dates import iso_date
from bot.documents.front_matter import FrontMatter
from bot.documents.markers import (
    BODY_SUFFIX,
    DATE,
    DOCUMENT_NUMBER,
    YEAR_NUMBER,
    ends_as_title,
    find_marker,
    has_ended,
    is_body_line,
    is_contact_line,
    is_date_line,
    is_label_line,
    is_number_line,
    is_salutation,
)
from bot.documents.paragraphs import Extract
from bot.documents.structure import TextLine
from bot.types import DocumentMetadata, SourceKind, Status, TextKind

#: The letterhead, number, title and salutation stand within the first lines.
HEADER_LINES = 14
#: A title is no longer; the first words of a text without one stand in for it up to FALLBACK_CHARACTERS.
TITLE_CHARACTERS = 120
FALLBACK_CHARACTERS = 60
#: A paragraph this long with a full stop is the body: the header is over.
_BODY_CHARACTERS = 40
_LETTERHEAD = re.compile(r"([\u4e00-\u9fff（）()·、\s]{3,50}?)(?:文件|公报)")
_NUMBER_LABEL = re.compile(r"【?(?:文\s?号|发文字号|发布文号|文件编号|编\s?号|发文文号)\s?[:：]\s?(.+)")
_DATE_LABEL = re.compile(
    rf"【?(?:成文日期|发文日期|印发日期|发布日期|发布时间|生成日期|时间|日期)\s?[:：】]\s?({DATE}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
)
_ISSUER_LABEL = re.compile(r"(?:发布机构|发文机关|发布单位|发文单位|制发机关|印发机关)\s?[:：]\s?(\S{2,40})")
_TITLE_OPENING = re.compile(r"(?:关于|对)\S")
_TITLE_ISSUER = re.compile(rf"([\u4e00-\u9fff（）·、\s]{{2,60}}?{BODY_SUFFIX})(?:关于|印发|转发|公告|通告|令)")
#: Labels that stand above a title; 某市：出台… is a headline and no label.
_HEADER_LABEL = re.compile(
    r"[【\[]?[\u4e00-\u9fff\s]{0,6}(?:结果|属性|号|分类|机构|日期|时间|来源|索引|主体|类别|方式|主题词|关键词|栏目|状态"
    r"|单位|部门|机关|名称|有效性|作者|编辑|浏览次数)[】\]]?\s?[:：]"
)  # fmt: skip
_ADDRESSED = re.compile(
    r"(?:各|尊敬|全体|全市|全区|全省|广大|亲爱|有关)|.*(?:委员|代表|单位|[局委办厅处院会行司部]|政府|部门|企业|机构|街道|镇|乡|同志|朋友|先生"
    r"|女士|老师|同学|居民|市民|客户|纳税人|缴费人|家属|小组|指挥部|中心|学校|大学|协会|园区|集团)(?:[（(][^（）()]*[）)])?$",
    re.DOTALL,
)  # fmt: skip
_PRINTED = re.compile(rf"({DATE})\s?印发")
_VALID_UNTIL = re.compile(rf"有效期(?:限)?\s?(?:至|到|截至|截止至|截止到|为[^。；]{{0,20}}至)\s?({DATE})")
_NEWS = re.compile(
    r"(?:本报|新华社|中新社|[\u4e00-\u9fff]{2,8}(?:日报|晚报|网|在线|电视台)).{0,10}(?:\d日电|讯|消息|报道)"
    r"|.{0,40}[（(](?:[\u4e00-\u9fff]{0,6}记者|通讯员)\s?[\u4e00-\u9fff]"
)
_DRAFT_TITLE = re.compile("征求意见|草案|初稿|预公开|讨论稿|送审稿")
_SITE_SUFFIX = re.compile(r"\s*[-_|—–·]+\s*[^-_|—–·]{2,30}$")
_BRACKETS = str.maketrans({"[": "〔", "［": "〔", "（": "〔", "(": "〔", "【": "〔"} | dict.fromkeys("]］）)】", "〕"))


@dataclass(frozen=True, slots=True)
class _Header:
    """The lines before the body, and where the body begins."""

    lines: tuple[TextLine, ...]


def read_metadata(lines: Sequence[TextLine], extract: Extract) -> DocumentMetadata:
    """The metadata of a document whose clean text is ``lines``; front matter wins over the text."""
    matter = extract.front_matter or FrontMatter()
    header = _header(lines)
    title = matter.title or find_title(lines, extract)
    number = _tidy_number(matter.document_number) if matter.document_number else _document_number(header)
    issuer = matter.issuer or _issuer(lines, header, title)
    contact = find_contact_block(lines)
    return DocumentMetadata(
        title=title,
        issuer=issuer,
        document_number=number,
        date=matter.date or _signed_date(lines, header) or extract.date,
        status=matter.status or (Status.DRAFT if _DRAFT_TITLE.search(title) else Status.UNKNOWN),
        source_url=matter.source or extract.source_url,
        kind=matter.kind or _kind(lines, bool(number or issuer)),
        text_kind=matter.text or TextKind.VERBATIM,
        addressee=matter.addressee or _addressee(header),
        contact=contact,
        printed_date=_printed_date(lines),
        valid_until=matter.valid_until or _valid_until(lines),
        superseded_by=matter.superseded_by,
    )


# --- title -------------------------------------------------------------------------------------


def find_title(lines: Sequence[TextLine], extract: Extract) -> str:
    """The document's title as its text or its format gives it, at worst its first words."""
    heading = next((line.text for line in lines[:HEADER_LINES] if line.level == 1), None)
    if heading and not is_body_line(heading):
        return heading[:TITLE_CHARACTERS]
    return _title_line(lines) or heading or _without_site(extract.title) or _first_words(lines)


def _title_line(lines: Sequence[TextLine]) -> str | None:
    """A line of the header that reads as a title: 关于…的通知, 对…的答复, …管理办法（试行）."""
    previous = ""
    for line in lines[:HEADER_LINES]:
        text = line.text
        if _is_body_text(text) or is_salutation(text) or find_marker(text):
            break
        if len(text) <= TITLE_CHARACTERS and ends_as_title(text) and not is_label_line(text):
            if not has_ended(text) and not is_number_line(text):
                return _whole_title(previous, text)
        previous = text
    return None


def _whole_title(previous: str, text: str) -> str:
    """A title broken in two lines put together (某局 / 关于…的通知 stays two)."""
    opens_late = not _TITLE_OPENING.search(text) and _TITLE_OPENING.search(previous)
    if opens_late and not has_ended(previous) and not ends_as_title(previous):
        return previous + text
    return text


def _is_body_text(text: str) -> bool:
    return len(text) > _BODY_CHARACTERS and has_ended(text) and not ends_as_title(text)


def _first_words(lines: Sequence[TextLine]) -> str:
    for line in lines[:HEADER_LINES]:
        text = line.text
        if not text or is_number_line(text) or is_date_line(text) or _HEADER_LABEL.match(text):
            continue
        if _LETTERHEAD.fullmatch(text):
            continue
        if len(text) <= TITLE_CHARACTERS and not (has_ended(text) and len(text) > _BODY_CHARACTERS):
            return text.rstrip("。：:")
        return _clause(text)
    return _clause(lines[0].text) if lines else ""


def _clause(text: str) -> str:
    """The first clause, as far as it is short enough to be read as a title."""
    match = re.search("[。；！？]", text[:FALLBACK_CHARACTERS])
    return text[: match.start()] if match else text[:FALLBACK_CHARACTERS].rstrip("，、")


def _without_site(title: str | None) -> str | None:
    """A page's title without the name of its site."""
    if not title:
        return None
    stripped = _SITE_SUFFIX.sub("", title).strip()
    while stripped != title and len(stripped) >= 4:
        title, stripped = stripped, _SITE_SUFFIX.sub("", stripped).strip()
    return title or None


# --- header: number, issuer, addressee ---------------------------------------------------------


def _header(lines: Sequence[TextLine]) -> _Header:
    """The lines up to the salutation or the first paragraph of the body."""
    kept: list[TextLine] = []
    for line in lines[:HEADER_LINES]:
        if is_salutation(line.text) and kept:
            kept.append(line)
            break
        if _is_body_text(line.text) or (find_marker(line.text) and line.level is None):
            break
        kept.append(line)
    return _Header(tuple(kept))


def _document_number(header: _Header) -> str | None:
    for line in header.lines:
        label = _NUMBER_LABEL.match(line.text)
        candidate = (label.group(1) if label else line.text).strip("（）() ")
        if is_number_line(candidate) or (label and DOCUMENT_NUMBER.fullmatch(candidate)):
            return _tidy_number(candidate)
    return None


def _tidy_number(number: str) -> str:
    bare = "".join(number.split())
    return bare if YEAR_NUMBER.fullmatch(bare) else bare.translate(_BRACKETS)


def _issuer(lines: Sequence[TextLine], header: _Header, title: str) -> str | None:
    for line in header.lines:
        letterhead = _LETTERHEAD.fullmatch(line.text)
        if letterhead and is_body_line(letterhead.group(1)):
            return letterhead.group(1).strip()
        label = _ISSUER_LABEL.match(line.text)
        if label:
            return label.group(1)
    leading = _TITLE_ISSUER.match(title) if ends_as_title(title) else None
    return leading.group(1).strip() if leading else _signature(lines)


def _signature(lines: Sequence[TextLine]) -> str | None:
    """The body named in the line above the first date that stands alone after the header."""
    for index in range(2, len(lines)):
        above = lines[index - 1].text
        if is_date_line(lines[index].text) and is_body_line(above) and not ends_as_title(above):
            return above
    return None


def _addressee(header: _Header) -> str | None:
    last = header.lines[-1].text if header.lines else ""
    if len(header.lines) < 2 or not is_salutation(last) or is_contact_line(last):
        return None
    addressee = last.rstrip("：: ")
    return addressee if _ADDRESSED.match(addressee) else None


# --- dates and kind ----------------------------------------------------------------------------


def _signed_date(lines: Sequence[TextLine], header: _Header) -> str | None:
    """The date under the signature; else one that stands alone at the end or in the header."""
    alone = [index for index, line in enumerate(lines) if index > 0 and is_date_line(line.text)]
    signed = [index for index in alone if is_body_line(lines[index - 1].text)]
    header_end = len(header.lines)
    late = [index for index in alone if index >= max(header_end, len(lines) - _TAIL_LINES)]
    for index in [*signed[:1], *late[-1:], *alone[:1]]:
        found = iso_date(lines[index].text)
        if found:
            return found
    for line in header.lines:
        label = _DATE_LABEL.search(line.text)
        if label:
            return iso_date(label.group(1))
    return None


_TAIL_LINES = 12


def _printed_date(lines: Sequence[TextLine]) -> str | None:
    for line in reversed(lines[-_TAIL_LINES:]):
        match = _PRINTED.search(line.text)
        if match and len(line.text) <= 2 * _BODY_CHARACTERS:
            return iso_date(match.group(1))
    return None


def _valid_until(lines: Sequence[TextLine]) -> str | None:
    """The day its own validity ends; none where the text names several."""
    found = {match.group(1) for line in lines if "有效期" in line.text for match in _VALID_UNTIL.finditer(line.text)}
    return iso_date(found.pop()) if len(found) == 1 else None


def _kind(lines: Sequence[TextLine], issued: bool) -> SourceKind:
    """News by its byline; official by the number or the issuer it carries; else a note."""
    if any(_NEWS.match(line.text[:120]) for line in lines[:6]):
        return SourceKind.NEWS
    return SourceKind.OFFICIAL if issued else SourceKind.NOTE
