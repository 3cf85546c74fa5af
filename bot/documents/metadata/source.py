"""What the readers of metadata look at: the lines, where the header ends, and the labelled values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from bot.documents.blocks import Extract, Field
from bot.documents.dates import find_dates
from bot.documents.markers import ends_as_title, find_marker, has_ended, is_body_line, is_salutation
from bot.documents.structure import TextLine
from bot.types.documents import MetadataQuote

#: The box, letterhead, number, title and salutation stand within the first lines.
HEADER_LINES = 24
#: Labels that stand below a text (发文字号 under an annotation) are looked for in so many last lines.
TAIL_LINES = 12
#: A paragraph this long with a full stop is the body: the header is over.
_BODY_CHARACTERS = 40
_VALUE_CHARACTERS = 300
_DATE_CHARACTERS = 24
_T = TypeVar("_T")


class Label(StrEnum):
    """What a labelled value tells, with the words that boxes, pages and file properties use for it."""

    words: str

    def __new__(cls, value: str, words: str) -> Label:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    TITLE = "title", "articletitle 文件名称 信息名称 公文标题 标题 名称"
    FORMAT_TITLE = "format_title", "og:title title"
    NUMBER = "number", "发文字号 发文文号 发布文号 文件编号 文件文号 文号 编号"
    ISSUER = (
        "issuer",
        "发布机构 发布机关 发布单位 发文机关 发文机构 发文单位 制发机关 制定机关 印发机关 公布机关 发布部门 公开机构",
    )
    SOURCE = "source", "信息来源 文章来源 稿件来源 内容来源 contentsource 来源"
    DATE = "date", "成文日期 成文时间 发文日期 发文时间 印发日期 印发时间 签发日期 生成日期 生成时间"
    PUBLISHED = (
        "published",
        "发布日期 发布时间 发表日期 发表时间 公布日期 公开日期 公开时间 日期 时间 "
        "pubdate publishdate article:published_time",
    )
    EFFECTIVE = "effective", "实施日期 施行日期 生效日期 实施时间 施行时间 生效时间 执行日期"
    EXPIRES = "expires", "失效日期 失效时间 废止日期 废止时间 终止日期 有效期至 有效期截止"
    VALIDITY = "validity", "有效期限 有效期"
    STATE = "state", "有效性 文件状态 效力状态 时效性 文件效力 状态"
    SITE = "site", "sitename og:site_name"
    COLUMN = "column", "columnname 所属栏目 栏目"


_BY_WORD = {word: label for label in Label for word in label.words.split()}
_WORD = "|".join(
    r"\s{0,2}".join(map(re.escape, word)) for word in sorted(_BY_WORD, key=len, reverse=True) if not word[0].isascii()
)
# 统一编号 and 施行日期 as part of a longer label are other labels: no character may run on at the left.
_LABELLED = re.compile(rf"(?<![\u4e00-\u9fffA-Za-z])(?P<word>{_WORD}|Title)\s?[】\]]?\s?[:：]\s?")
_NEXT_LABEL = re.compile(r"[；;|]|\s[\u4e00-\u9fff]{2,6}\s?[:：]")


@dataclass(frozen=True, slots=True)
class Found(Generic[_T]):
    """A value with the words it rests on."""

    value: _T
    quote: MetadataQuote


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value under a label; ``start:end`` spans the value where it stands in the clean text."""

    label: Label
    printed: str
    value: str
    start: int | None = None
    end: int | None = None

    def quote(self, field: str) -> MetadataQuote:
        """The words as evidence for ``field``."""
        return MetadataQuote(field, self.value, self.start, self.end, self.printed)


@dataclass(frozen=True, slots=True)
class Source:
    """A document's lines, of which the first ``body`` are its header, and all labelled values."""

    lines: Sequence[TextLine]
    body: int
    labelled: tuple[Labelled, ...]
    format_title: str | None = None

    @property
    def header(self) -> Sequence[TextLine]:
        """The lines before the body."""
        return self.lines[: self.body]

    @property
    def tail(self) -> Sequence[TextLine]:
        """The last lines."""
        return self.lines[-TAIL_LINES:]

    def values(self, label: Label) -> Iterator[Labelled]:
        """The values under ``label``, those of the box and the page first."""
        return (each for each in self.labelled if each.label is label)


def read_source(lines: Sequence[TextLine], extract: Extract) -> Source:
    """Part the header from the body and collect the labelled values of box, page and lines."""
    body = _body_start(lines)
    printed: list[Labelled] = []
    for index, line in enumerate(lines):
        if index < body:
            printed.extend(_line_labels(line))
        elif index >= len(lines) - TAIL_LINES:
            printed.extend(each for each in _line_labels(line) if each.printed == line.text[: len(each.printed)])
    standing = {(each.label, bare(each.value)): each for each in printed}
    # A box entry that is also a line of the text is quoted from there.
    boxed = (standing.get((each.label, bare(each.value)), each) for each in _fields(extract.fields))
    return Source(lines, body, tuple(dict.fromkeys((*boxed, *printed))), extract.title)


def quote_of(field: str, line: TextLine, start: int = 0, end: int | None = None) -> MetadataQuote:
    """The words ``line.text[start:end]`` as evidence for ``field``."""
    stop = len(line.text) if end is None else end
    return MetadataQuote(field, line.text[start:stop], line.start + start, line.start + stop)


def is_body_text(text: str) -> bool:
    """A paragraph of the body: long, with an end, and no title."""
    return len(text) > _BODY_CHARACTERS and has_ended(text) and not ends_as_title(text)


def is_date_line(text: str) -> bool:
    """A line that is a date and nothing else, in any of its spellings."""
    if len(text) > _DATE_CHARACTERS:
        return False
    day = next(find_dates(text), None)
    return day is not None and not (text[: day.start] + text[day.end :]).strip("（）() ")


def is_labelled(text: str) -> bool:
    """A line that opens with the label of a box entry."""
    return _LABELLED.match(text.lstrip("【[")) is not None


def bare(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def _body_start(lines: Sequence[TextLine]) -> int:
    """Index of the first line after the salutation, or of the first paragraph, item or signature date."""
    for index, line in enumerate(lines[:HEADER_LINES]):
        if is_salutation(line.text) and index:
            return index + 1
        if is_body_text(line.text) or (find_marker(line.text) and line.level is None and not is_part(line.text)):
            return index
        if index > 1 and is_date_line(line.text) and is_body_line(lines[index - 1].text) and not _titled(lines, index):
            return index
    return min(len(lines), HEADER_LINES)


def _titled(lines: Sequence[TextLine], index: int) -> bool:
    """Whether a title follows: a body's name and a date above it are a letterhead, not a signature."""
    return not any(ends_as_title(line.text) for line in lines[:index])


def is_part(text: str) -> bool:
    """第1部分：通用要求 is the second line of a standard's title."""
    return re.match(r"第\s?[\d一二三四五六七八九十]+\s?(?:部分|分册|卷)\s?[:：]", text) is not None


def _fields(fields: Sequence[Field]) -> Iterator[Labelled]:
    for field in fields:
        label = _BY_WORD.get(bare(field.label).strip("【】[]:：").lower())
        value = " ".join(field.value.split())
        if label and value:
            yield Labelled(label, field.label, value)


def _line_labels(line: TextLine) -> Iterator[Labelled]:
    """The labelled values of a line; several may stand side by side."""
    if len(line.text) > _VALUE_CHARACTERS:
        return
    matches = list(_LABELLED.finditer(line.text))
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(line.text)
        following = _NEXT_LABEL.search(line.text, match.end(), stop)
        stop = following.start() if following else stop
        value = line.text[match.end() : stop].strip(" 　】[]")
        if value:
            start = line.text.index(value, match.end())
            label = _BY_WORD[bare(match["word"]).lower()]
            yield Labelled(label, match["word"], value, line.start + start, line.start + start + len(value))
