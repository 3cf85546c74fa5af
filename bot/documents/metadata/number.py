"""The number of a document in all its spellings, and which of the numbers it prints is its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.documents.markers import ends_as_title
from bot.documents.metadata.source import Found, Label, Source, quote_of
from bot.documents.structure import TextLine
from bot.text.numerals import parse_number

_S = r"\s{0,2}"
_OPEN, _CLOSE = r"[〔\[［（(【]", r"[〕\]］）)】]"
_YEAR = r"(?:19|20|１９|２０)\d{2}"
_COUNT = r"(?:\d{1,5}|[一二三四五六七八九十百〇零]{1,6})"
_ORGAN = r"[\u4e00-\u9fff]{1,20}?"
_BRACKETED = rf"{_ORGAN}{_S}{_OPEN}{_S}{_YEAR}{_S}{_CLOSE}{_S}第?{_S}\d{{1,5}}{_S}号"
_ORDER = rf"[\u4e00-\u9fff]{{2,30}}?令{_S}(?:{_OPEN}{_S}{_YEAR}{_S}{_CLOSE}{_S})?第{_S}{_COUNT}{_S}号"
_YEARLY = rf"[\u4e00-\u9fff]{{0,30}}?{_S}{_YEAR}{_S}年{_S}第{_S}\d{{1,4}}{_S}号"
_STANDARD = r"[A-Z]{1,6}\d*(?:/[A-Z]{1,3})*\s?\d+(?:\.\d+)*\s?[—–-]\s?(?:19|20)\d{2}"
#: A number in running text; what runs into it at the left is parted by :func:`cited_number`.
NUMBER = re.compile(rf"{_BRACKETED}|{_ORDER}|{_YEARLY}|{_STANDARD}")
_ONE = rf"(?:{_BRACKETED}|{_ORDER}|{_YEARLY}|{_STANDARD})"
_LINE = re.compile(
    rf"(?:[^。；《》]*?(?:文件|公报)\s*)?(?P<numbers>{_ONE}(?:[\s、，,;；]+{_ONE})*)\s*(?:签{_S}发{_S}人?{_S}[:：].*)?"
)
_AFTER_TITLE = re.compile(
    rf"(?P<title>(?!根据|依据|按照|依照).+?)(?:\s*{_OPEN}(?P<bracketed>{_ONE}){_CLOSE}|\s+(?P<plain>{_ONE}))"
)
_PROMULGATED = re.compile(rf"[（(].*?(?P<order>(?!日){_ORDER}).*?(?:公布|发布|颁布|修订|修正).*[）)]", re.DOTALL)
_ORDER_HEAD = re.compile(r"[\u4e00-\u9fff\s]{2,40}?(?:令|公告|通告)")
_ORDER_TAIL = re.compile(rf"[（(]?\s?(?P<tail>(?:{_YEAR}{_S}年{_S})?第{_S}{_COUNT}{_S}号)\s?[）)]?")
#: Words that run into a number at its left and are no part of it.
_LEAD = re.compile(
    r"^.*(?:根据|依据|按照|依照|遵照|执行|落实|印发|转发|参照|的|废止|替代|代替|取代|修改|修订|参见|详见|发布|公布)(?=.{2})"
    r"|^(?:原|见|和|及|与|即|由|将|对|以)(?=.{2})"
)
#: Numbers and notes stand in short lines.
_LINE_CHARACTERS = 300
_NATION = "中华人民共和国"
_CANONICAL = (
    re.compile(r"(?P<organ>\D+?)[〔\[(【]?(?P<year>(?:19|20)\d{2})(?:[〕\])】]|[-–—]|年(?!第))第?0*(?P<count>\d+)号?"),
    re.compile(r"(?P<organ>\D*?)(?P<year>(?:19|20)\d{2})年第0*(?P<count>\d+)号?"),
    re.compile(
        r"(?P<organ>\D+令)(?:[〔\[(【](?:19|20)\d{2}[〕\])】])?第?0*(?P<count>\d+|[一二三四五六七八九十百〇零]+)号?"
    ),
)


def normalise_number(text: str) -> str:
    """The one spelling of a document number; other text only loses its white space.

    >>> normalise_number("青科规字【２０２５】 03 号"), normalise_number("青科规字2025-3号")
    ('青科规字〔2025〕3号', '青科规字〔2025〕3号')
    >>> normalise_number("中华人民共和国国务院令 第七四六号")
    '国务院令第746号'
    """
    bare = "".join(unicodedata.normalize("NFKC", text).split()).removeprefix(_NATION)
    bracketed, yearly, order = (pattern.fullmatch(bare) for pattern in _CANONICAL)
    if order:
        return f"{order['organ']}第{_counted(order['count'])}号"
    if yearly:
        return f"{yearly['organ']}{yearly['year']}年第{yearly['count']}号"
    if bracketed:
        return f"{bracketed['organ']}〔{bracketed['year']}〕{bracketed['count']}号"
    if re.fullmatch(_STANDARD, bare):
        return re.sub("[–-](?=[0-9]{4}$)", "—", bare)
    return bare


def number_year(number: str) -> int | None:
    """The year that a number carries, if any."""
    match = re.search(r"(?:19|20)\d{2}", normalise_number(number))
    return int(match.group()) if match else None


def cited_number(words: str) -> str:
    """A number found in running text without what runs into it at the left.

    >>> cited_number("根据青科规字〔2025〕3号")
    '青科规字〔2025〕3号'
    """
    previous = ""
    while words != previous:
        previous, words = words, _LEAD.sub("", words)
    return words


def own_numbers(source: Source) -> tuple[Found[str], ...]:
    """The numbers that the document gives itself, in their one spelling, the main one first.

    They stand in the box, in a line of their own before the body, after the title, or in the note that tells
    by which order the text was made public.
    """
    for labelled in source.values(Label.NUMBER):
        numbers = [match.group() for match in NUMBER.finditer(labelled.value[:80])]
        if numbers:
            return tuple(Found(normalise_number(each), labelled.quote("document_number")) for each in numbers)
    for index, line in enumerate(source.header):
        found = tuple(_line_numbers(source.header, index)) or tuple(_noted(line))
        if found:
            return found
    return ()


def is_number_only(text: str) -> bool:
    """A line that holds the document's number and nothing else but the signer or the letterhead."""
    if len(text) > _LINE_CHARACTERS:
        return False
    return _LINE.fullmatch(text.strip("（）() ")) is not None or _ORDER_TAIL.fullmatch(text) is not None


def is_promulgation(text: str) -> bool:
    """The note in brackets under a title that tells by which order it was made public."""
    return len(text) <= _LINE_CHARACTERS and _PROMULGATED.fullmatch(text) is not None


def _line_numbers(header: Sequence[TextLine], index: int) -> Iterator[Found[str]]:
    line = header[index]
    if len(line.text) > _LINE_CHARACTERS:
        return
    text = line.text.strip("（）() ")
    tail = _ORDER_TAIL.fullmatch(line.text)
    above = header[index - 1].text if index else ""
    if tail and _ORDER_HEAD.fullmatch(above):
        yield Found(normalise_number(above + tail["tail"]), quote_of("document_number", line))
        return
    own = _LINE.fullmatch(text)
    if own and "关于" not in own["numbers"]:
        for match in NUMBER.finditer(own["numbers"]):
            start = line.text.index(match.group())
            yield Found(
                normalise_number(match.group()), quote_of("document_number", line, start, start + len(match.group()))
            )
        return
    after = _AFTER_TITLE.fullmatch(line.text)
    if after and ends_as_title(after["title"]):
        name = "bracketed" if after["bracketed"] else "plain"
        yield Found(normalise_number(after[name]), quote_of("document_number", line, *after.span(name)))


def _noted(line: TextLine) -> Iterator[Found[str]]:
    """The order that made the text public, as the note under its title tells."""
    note = _PROMULGATED.fullmatch(line.text) if len(line.text) <= _LINE_CHARACTERS else None
    if note:
        order = cited_number(note["order"])
        start = note.end("order") - len(order)
        yield Found(normalise_number(order), quote_of("document_number", line, start, note.end("order")))


def _counted(count: str) -> int:
    return int(parse_number(count))
