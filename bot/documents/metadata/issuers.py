"""Every body that issued a document, in the order printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.documents.dates import find_dates
from bot.documents.markers import (
    BODY_SUFFIX,
    ends_as_title,
    find_marker,
    is_body_line,
    is_printed_line,
)
from bot.documents.metadata.number import own_numbers
from bot.documents.metadata.source import Found, Label, Source, bare, is_date_line, quote_of
from bot.documents.structure import TextLine
from bot.types.documents import MetadataQuote

_PARTED = re.compile(r"[\s、，,；;/]+|会同|联合")
_LETTERHEAD = re.compile(r"(?P<bodies>[\u4e00-\u9fff（）()·、\s]{3,160}?)(?:文件|公报)(?:\s.*|$)")
_TITLE_BODIES = re.compile(
    rf"(?P<bodies>[\u4e00-\u9fff（）()·、，\s]{{2,200}}?{BODY_SUFFIX})\s?(?:关于|印发|转发|公告|通告|令)"
)
_ORDER = re.compile(r"(?P<body>.+?)(?:令|公告|通告)(?:第|\d|〔)")
_JOINT = re.compile(
    rf"(?P<first>[\u4e00-\u9fff]{{2,20}}{BODY_SUFFIX})(?:会同|联合)(?P<rest>[\u4e00-\u9fff、]{{2,120}}{BODY_SUFFIX})"
    r"(?:共同|联合)?(?:研究|起草)?(?:制定|制订|印发|发布|出台|修订|编制)"
)
#: Newspapers and agencies pass on what others issue.
_MEDIA = re.compile(
    r"(?:日报|晚报|晨报|早报|快报|时报|商报|报社|新华社|通讯社|电视台|广播|新闻(?!办|中心|出版|局|司|处)|客户端|融媒|频道)"
    r"|(?<![官本府])网$"
)
_LINE_CHARACTERS = 200
_JOINT_LINES = 12
_Issuers = tuple[Found[str], ...]


def split_bodies(text: str) -> tuple[str, ...]:
    """The bodies that ``text`` lists and nothing else; empty where it reads otherwise.

    >>> split_bodies("云汀市科学技术局 云汀市财政局"), split_bodies("云汀市科学技术局云汀市财政局")
    (('云汀市科学技术局', '云汀市财政局'), ('云汀市科学技术局', '云汀市财政局'))
    """
    parts = [part for part in _PARTED.split(text.strip()) if part]
    if any(len(part) == 1 for part in parts):
        # 云 汀 市 科 技 局: letter-spaced print of one name.
        parts = [bare(text)]
    bodies = [body for part in parts for body in _run_on(part)]
    if bodies and all(is_body_line(body) and not ends_as_title(body) for body in bodies):
        return tuple(dict.fromkeys(bodies))
    return ()


def find_issuers(source: Source, title: str) -> _Issuers:
    """Every issuer with the words that name it, the first one first.

    The printed text goes before a box, which may name who put the page up. Of letterhead, title and signature the
    one that names most bodies is taken: a joint document may carry the letterhead of its leading body alone.
    """
    printed = (_letterhead(source), _title_bodies(source, title), _signature(source))
    return (
        max(printed, key=len)
        or _order(source)
        or _labelled(source, Label.ISSUER)
        or _joint(source)
        or _labelled(source, Label.SOURCE)
    )


def is_media(name: str) -> bool:
    """Whether ``name`` is that of a newspaper, agency or channel."""
    return _MEDIA.search(name) is not None


def signature_index(lines: Sequence[TextLine], start: int = 2) -> int | None:
    """Index of the first line at or after ``start`` that dates a text below the names of its issuers."""
    for index in range(max(start, 1), len(lines)):
        if is_date_line(lines[index].text) and split_bodies(lines[index - 1].text):
            return index
        if _one_line_signature(lines[index].text):
            return index
    return None


def _run_on(text: str) -> tuple[str, ...]:
    """Names printed without a gap, parted where a name ends and the first two characters come again."""
    if text.count(text[:2]) < 2 or len(text) < 6:
        return (text,)
    parts = re.split(rf"(?={re.escape(text[:2])})", text)
    names: list[str] = []
    for part in filter(None, parts):
        if names and not is_body_line(names[-1]):
            names[-1] += part
        else:
            names.append(part)
    return tuple(names) if all(is_body_line(name) for name in names) else (text,)


def _one_line_signature(text: str) -> str | None:
    """The bodies of 某市某局 2025年2月10日 on one line."""
    if len(text) > _LINE_CHARACTERS or is_printed_line(text):
        return None
    day = next(find_dates(text), None)
    if day is None or text[day.end :].strip("） )"):
        return None
    names = text[: day.start].strip("（( 　")
    return names if names and split_bodies(names) else None


def _named(line: TextLine, words: str) -> _Issuers:
    start = line.text.index(words)
    quote = quote_of("issuers", line, start, start + len(words))
    return tuple(Found(body, quote) for body in split_bodies(words))


def _letterhead(source: Source) -> _Issuers:
    for index, line in enumerate(source.header):
        match = _LETTERHEAD.match(line.text)
        if match and split_bodies(match["bodies"]):
            above = source.header[:index]
            return (*_stacked(above), *_named(line, match["bodies"].strip()))
    return ()


def _stacked(lines: Sequence[TextLine]) -> _Issuers:
    """The bodies of the lines that stand directly one under another at the end of ``lines``."""
    found: list[_Issuers] = []
    for line in reversed(lines):
        named = split_bodies(line.text) if len(line.text) <= _LINE_CHARACTERS and not find_marker(line.text) else ()
        if not named:
            break
        found.append(_named(line, line.text.strip()))
    return tuple(body for named in reversed(found) for body in named)


def _title_bodies(source: Source, title: str) -> _Issuers:
    """The bodies that open the title, on its line or on the lines above it."""
    match = _TITLE_BODIES.match(title) if ends_as_title(title) else None
    if match and split_bodies(match["bodies"]):
        words = match["bodies"].strip()
        line = next((line for line in source.header if words in line.text), None)
        if line:
            return _named(line, words)
        quote = MetadataQuote("issuers", words)
        return tuple(Found(body, quote) for body in split_bodies(words))
    for index, line in enumerate(source.header):
        if index and line.text.startswith("关于") and ends_as_title(line.text):
            return _stacked(source.header[:index])
    return ()


def _signature(source: Source) -> _Issuers:
    index = signature_index(source.lines)
    if index is None:
        return ()
    line = source.lines[index]
    names = _one_line_signature(line.text)
    return _named(line, names) if names else _stacked(source.lines[:index])


def _order(source: Source) -> _Issuers:
    """Who gave the order or announcement whose number the document carries."""
    for number in own_numbers(source)[:1]:
        match = _ORDER.match(number.value)
        if match and split_bodies(match["body"]):
            quote = MetadataQuote("issuers", number.quote.text, number.quote.start, number.quote.end)
            return tuple(Found(body, quote) for body in split_bodies(match["body"]))
    return ()


def _labelled(source: Source, label: Label) -> _Issuers:
    for labelled in source.values(label):
        bodies = () if is_media(labelled.value) else split_bodies(labelled.value)
        if bodies:
            return tuple(Found(body, labelled.quote("issuers")) for body in bodies)
    return ()


def _joint(source: Source) -> _Issuers:
    """甲局会同乙局制定 tells the issuers of a text that names none otherwise."""
    return tuple(_joint_bodies(source.lines[:_JOINT_LINES]))


def _joint_bodies(lines: Sequence[TextLine]) -> Iterator[Found[str]]:
    for line in lines:
        match = _JOINT.search(line.text) if "会同" in line.text or "联合" in line.text else None
        bodies = (*split_bodies(match["first"]), *split_bodies(match["rest"])) if match else ()
        if match and len(bodies) > 1:
            quote = quote_of("issuers", line, *match.span())
            yield from (Found(body, quote) for body in bodies)
            return
