"""The title of a document: what it is called, never where it stands on a site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.documents.markers import (
    ends_as_title,
    find_marker,
    has_ended,
    is_body_line,
    is_label_line,
    is_salutation,
)
from bot.documents.metadata.issuers import signature_index, split_bodies
from bot.documents.metadata.number import is_number_only, is_promulgation
from bot.documents.metadata.source import (
    HEADER_LINES,
    Found,
    Label,
    Source,
    bare,
    is_body_text,
    is_date_line,
    is_labelled,
    is_part,
)
from bot.documents.structure import TextLine
from bot.types.documents import MetadataQuote

#: A title is no longer; the first words of a text without one stand in for it up to FALLBACK_CHARACTERS.
TITLE_CHARACTERS = 120
FALLBACK_CHARACTERS = 60
_BODY_CHARACTERS = 40
_MOST_LINES = 4
#: The name of a genre alone (目录, 通知) is a title only where nothing better stands there.
_SHORTEST = 5
_HEADLINE_CHARACTERS = 8
#: The enclosed text begins so many lines after the signature of the covering one.
_ENCLOSED_REACH = 4
_BREADCRUMB = re.compile(r"\S\s*[>＞»›→]\s*\S|^(?:您)?(?:当前|现在|目前)?(?:所在)?的?位置\s*[:：>]")
_OPENING = re.compile(r"(?:关于|对)\S")
_LETTERHEAD = re.compile(r"[\u4e00-\u9fff（）()·、\s]{3,160}?(?:文件|公报)")
#: （征求意见稿） and the like on a line of their own belong to the title above.
_QUALIFIER = re.compile(r"[（(][^（）()。；]{0,14}(?:稿|草案|试行|暂行|版|年本|修订|修正|修正本|年度|摘要|节选)[）)]")
_SUBTITLE = re.compile(r"(?:——|--|―)\s?\S")
_SITE_PART = re.compile(r"\s*[-_|—–·]+\s*")
_SITE_NAME = re.compile(r"(?:网|网站|门户|平台|首页|在线)$")
_PLACEHOLDER = re.compile(
    r"(?:无|文档|文件|标准|公文|文章|在此)?(?:输入)?(?:标题|名称|题目)\d*|untitled.*|microsoft word.*|新建.*"
    r"|document\d*|文档\s?\d*|docx?|演示文稿\d*|.*\.(?:docx?|wps|pdf|html?|txt)",
    re.IGNORECASE,
)
_ENCLOSING = (
    re.compile(r"(?:印发|公布|发布|转发)\s?《(?P<title>.+)》.{0,8}的(?:通知|公告|决定|命令|通告)"),
    re.compile(r"(?:印发|公布|发布|转发)(?P<title>[^《》]{6,}?)的(?:通知|公告|决定|命令|通告)"),
)  # fmt: skip


def find_title(source: Source) -> Found[str]:
    """What the document is called, with the words that say so; at worst its first words."""
    for candidate in (_agreed(source), _heading(source), _title_line(source), _after_signature(source)):
        if candidate:
            return candidate
    weak = next(_weak_titles(source), None)
    return weak or _first_words(source)


def enclosed_title(source: Source, title: str) -> Found[str] | None:
    """The text that a covering notice or order brings, by the notice's title or the title below its signature."""
    below = _after_signature(source)
    for pattern in _ENCLOSING:
        match = pattern.search(title)
        if match:
            return Found(match["title"], MetadataQuote("enclosed_title", match["title"]))
    if below and bare(below.value) != bare(title):
        quote = below.quote
        return Found(below.value, MetadataQuote("enclosed_title", quote.text, quote.start, quote.end))
    return None


def is_breadcrumb(text: str) -> bool:
    """A line that tells where a page stands on its site."""
    return _BREADCRUMB.search(text) is not None


# --- where titles are found --------------------------------------------------------------------


def _agreed(source: Source) -> Found[str] | None:
    """The title of the page's own data, as the text prints it where it does."""
    trusted = [(each.value, each.quote("title")) for each in source.values(Label.TITLE)]
    given = [
        *((value, quote) for value, quote in trusted if not _is_no_title(source, value)),
        *((weak.value, None) for weak in _weak_titles(source)),
    ]
    for value, quote in given:
        index = _line_of(source, value)
        if index is not None:
            return _joined(source.lines, index)
        if quote:
            return Found(value, quote)
    return None


def _line_of(source: Source, title: str) -> int | None:
    """The line that prints ``title``, else one that it ends: 某局关于… is the whole of 关于…."""
    lines = source.lines[:HEADER_LINES]
    for index, line in enumerate(lines):
        if bare(line.text) == bare(title):
            return index
    for index, line in enumerate(lines):
        if bare(line.text).endswith(bare(title)) and _reads_as_title(line):
            return index
    return None


def _heading(source: Source) -> Found[str] | None:
    """The first heading of the format's first level, unless a title line stands before it."""
    for index, line in enumerate(source.lines[:HEADER_LINES]):
        if line.level == 1 and not _is_no_title(source, line.text) and not is_body_line(line.text):
            return _joined(source.lines, index) if not find_marker(line.text) or ends_as_title(line.text) else None
        if index < source.body and _reads_as_title(line) and len(line.text) >= _SHORTEST:
            return None
    return None


def _title_line(source: Source) -> Found[str] | None:
    """The line that reads as a title; of several without text between them the one nearest to the body."""
    found: int | None = None
    short: int | None = None
    for index, line in enumerate(source.header):
        if is_salutation(line.text) and found is not None:
            break
        if _reads_as_title(line) and not _is_no_title(source, line.text) and not _heads_order(source.header, index):
            if len(line.text) < _SHORTEST:
                short = index if short is None else short
            elif found is None or not line.text.startswith("《"):
                found = index
        elif found is not None and _is_ordinary(source, line):
            break
    best = found if found is not None else short
    return None if best is None else _joined(source.lines, best)


def _after_signature(source: Source) -> Found[str] | None:
    """The title of the text that is attached below a signed and dated one."""
    start = max(2, source.body - 1)
    index = signature_index(source.lines, start)
    if index is None:
        # An order is signed by a person, so any date that stands alone will do.
        index = next((at for at in range(start, len(source.lines)) if is_date_line(source.lines[at].text)), None)
    if index is None:
        return None
    for below in range(index + 1, min(index + 1 + _ENCLOSED_REACH, len(source.lines))):
        line = source.lines[below]
        if _reads_as_title(line) and len(line.text) >= _SHORTEST and find_marker(line.text) is None:
            return _joined(source.lines, below, backwards=False)
    return None


def _weak_titles(source: Source) -> Iterator[Found[str]]:
    """The titles of file properties and page heads, without the name of the site."""
    given = [(each.value, each.quote("title")) for each in source.values(Label.FORMAT_TITLE)]
    if source.format_title:
        given.append((source.format_title, MetadataQuote("title", source.format_title, label="title")))
    for value, quote in given:
        parts = [part for part in _SITE_PART.split(" ".join(value.split())) if not _is_no_title(source, part)]
        kept = [part for part in parts if not _SITE_NAME.search(part)]
        if len(kept) == 1 or (kept and len(kept) < len(_SITE_PART.split(value))):
            yield Found(max(kept, key=len), quote)
        elif kept:
            yield Found(value.strip(), quote)


def _first_words(source: Source) -> Found[str]:
    for index, line in enumerate(source.lines[:HEADER_LINES]):
        text = line.text
        if not text or _is_no_title(source, text) or _is_apparatus(text) or _LETTERHEAD.fullmatch(text):
            continue
        if len(text) <= TITLE_CHARACTERS and not (has_ended(text) and len(text) > _BODY_CHARACTERS):
            whole = _joined(source.lines, index)
            return Found(whole.value.rstrip("。：:"), whole.quote)
        return _clause(line)
    return _clause(source.lines[0]) if source.lines else Found("", MetadataQuote("title", ""))


# --- what a line is ----------------------------------------------------------------------------


def _reads_as_title(line: TextLine) -> bool:
    text = line.text
    return (
        len(text) <= TITLE_CHARACTERS
        and ends_as_title(text)
        and not _is_apparatus(text)
        and not has_ended(text)
        and _LETTERHEAD.fullmatch(text) is None
        and not is_breadcrumb(text)
    )


def _is_apparatus(text: str) -> bool:
    """A number, a date, an entry of a box: what stands around a title."""
    return is_number_only(text) or is_date_line(text) or _is_entry(text)


def _is_entry(text: str) -> bool:
    """公开属性：主动公开; 某市：出台… is a headline and no entry."""
    if is_labelled(text):
        return True
    return is_label_line(text) and re.match(r"[【\[]?[\u4e00-\u9fff\s]{0,12}市\s?[:：]", text) is None


def _is_ordinary(source: Source, line: TextLine) -> bool:
    """A line of text proper, which parts one title from the next."""
    return not (
        _is_apparatus(line.text)
        or split_bodies(line.text)
        or is_promulgation(line.text)
        or _QUALIFIER.fullmatch(line.text)
        or _is_no_title(source, line.text)
        or is_part(line.text)
    )


def _is_no_title(source: Source, text: str) -> bool:
    """A breadcrumb, the name of the site or of a column, a property that nobody filled in."""
    words = bare(text)
    frame = {bare(each.value) for label in (Label.SITE, Label.COLUMN) for each in source.values(label)}
    return not words or is_breadcrumb(text) or words in frame or _PLACEHOLDER.fullmatch(text.strip()) is not None


def _heads_order(header: Sequence[TextLine], index: int) -> bool:
    """某市人民政府令 above 第179号 heads an order and names nothing."""
    return (
        index + 1 < len(header)
        and header[index].text.endswith(("令", "公告", "通告"))
        and (is_number_only(header[index + 1].text))
        and split_bodies(re.sub("(?:令|公告|通告)$", "", header[index].text)) != ()
    )


# --- whole titles ------------------------------------------------------------------------------


def _joined(lines: Sequence[TextLine], index: int, *, backwards: bool = True) -> Found[str]:
    """The title that ``lines[index]`` is part of, put together from the lines it is broken over."""
    first, last, title = index, index, lines[index].text
    while backwards and first > 0 and index - first < _MOST_LINES and _continues(lines[first - 1].text, title):
        first -= 1
        title = lines[first].text + title
    while last + 1 < len(lines) and last - index < _MOST_LINES:
        text = lines[last + 1].text
        if _QUALIFIER.fullmatch(text) or _SUBTITLE.match(text):
            title += text
        elif is_part(text):
            title += f" {text}"
        else:
            break
        last += 1
    words = "\n".join(line.text for line in lines[first : last + 1])
    return Found(title, MetadataQuote("title", words, lines[first].start, lines[last].end))


def _continues(above: str, text: str) -> bool:
    """Whether a title broken in two goes on in ``text`` (某局 / 关于…的通知 stays two)."""
    if has_ended(above) or is_number_only(above) or is_breadcrumb(above) or is_label_line(above) or not above:
        return False
    if above.count("《") > above.count("》"):
        return True
    opens_late = not _OPENING.search(text) and _OPENING.search(above) is not None
    return opens_late and not ends_as_title(above) and not is_body_text(above)


def _headline_ends(text: str) -> Iterator[re.Match[str]]:
    """The blanks at which a text that stands on one line may part its headline from its body."""
    for blank in re.finditer(r"\s", text[:FALLBACK_CHARACTERS]):
        if blank.start() >= _HEADLINE_CHARACTERS and not split_bodies(text[: blank.start()]):
            yield blank


def _clause(line: TextLine) -> Found[str]:
    """The first clause, as far as it is short enough to be read as a title."""
    text = line.text
    match = re.search("[。；！？]", text[:FALLBACK_CHARACTERS]) or next(_headline_ends(text), None)
    words = text[: match.start()] if match else text[:FALLBACK_CHARACTERS].rstrip("，、")
    return Found(words, MetadataQuote("title", words, line.start, line.start + len(words)))
