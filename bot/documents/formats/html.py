"""Saved web pages: the article without its frame, tables one line a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.dates import iso_date
from bot.documents.encoding import decode
from bot.documents.formats.plain import paragraphs_of
from bot.documents.furniture import is_page_number, is_web_furniture
from bot.documents.paragraphs import Extract, Paragraph
from bot.documents.tables import render_rows
from bot.errors import DocumentError

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_DROPPED = frozenset(
    "script style noscript template svg math iframe object embed video audio canvas map form button select "
    "input textarea nav footer aside head link meta".split()
)
_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header "
    "hr li main ol p pre section table tbody td tfoot th thead tr ul br".split()
)
_FRAME_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|footer|foot|breadcrumb|crumbs?|sidebar|share|toolbar|copyright|search|"
    r"pagination|related|recommend|friendlink)s?(?:$|[-_\s])",
    re.IGNORECASE,
)
_ARTICLE_NAMES = re.compile(
    r"TRS_(?:UE)?Editor|(?:^|\s)(?:zoom|UCAP-CONTENT|article-?content|Article_content)(?:$|\s)", re.IGNORECASE
)
#: A child that holds this share of its parent's text is the article; the rest is frame.
_MAIN_SHARE = 0.85
#: A list is navigation when links make up this share of its text and its entries are short.
_LINK_SHARE = 0.7
_LINK_ENTRY_CHARACTERS = 40
_TITLE_NAMES = ("articletitle", "og:title", "title")
_DATE_NAMES = ("pubdate", "publishdate", "article:published_time")


def read_html(data: bytes) -> Extract:
    """The article of a page, its title first, with heading levels.

    Raises :class:`DocumentError` for pages without text.
    """
    import lxml.html
    from lxml.etree import LxmlError

    declared = _DECLARED.search(data[:4096])
    source = _PROLOG.sub("", decode(data, declared.group(1).decode("ascii") if declared else None))
    try:
        root = lxml.html.document_fromstring(fold_characters(source))
    except (LxmlError, ValueError) as error:
        raise DocumentError(
            "网页读不懂或没有文字", tried=str(error), remedy="用浏览器另存为完整网页，或把文字存成 txt"
        ) from None
    title, h1 = _page_title(root), _first_heading(root)
    metas = _metas(root)
    canonical = next(iter(root.xpath("//link[@rel='canonical']/@href")), None) or metas.get("og:url")
    _drop_frame(root)
    paragraphs = list(_paragraphs(_main(root)))
    name = h1 or title
    if name and not any(_bare(name) == _bare(paragraph.text) for paragraph in paragraphs[:8]) and h1:
        paragraphs.insert(0, Paragraph(name, 1))
    date = next((metas[key] for key in _DATE_NAMES if key in metas), "")
    return Extract(tuple(paragraphs), title=name, date=iso_date(date), source_url=_url(canonical))


def _page_title(root: Any) -> str | None:
    metas = _metas(root)
    found = next((metas[key] for key in _TITLE_NAMES if metas.get(key)), None)
    return found or tidy_blanks(root.findtext(".//title") or "") or None


def _metas(root: Any) -> dict[str, str]:
    return {
        str(node.get("name") or node.get("property")).lower(): tidy_blanks(node.get("content") or "")
        for node in root.iter("meta")
        if node.get("name") or node.get("property")
    }


def _first_heading(root: Any) -> str | None:
    headings = [tidy_blanks(node.text_content()) for node in root.iter("h1")]
    return next((text for text in headings if 4 <= len(text) <= 120), None)


def _url(address: str | None) -> str | None:
    return address if address and re.match(r"https?://", address) else None


def _bare(text: str) -> str:
    return "".join(text.split())


def _drop_frame(root: Any) -> None:
    """Scripts, navigation and what a page's own names call its frame go."""
    body = root.find("body")
    doomed = [
        node
        for node in root.iter()
        if not isinstance(node.tag, str) or node.tag in _DROPPED or _is_frame(node) or _is_link_list(node)
    ]
    total = len(_bare(root.text_content()))
    for node in doomed:
        if node.getparent() is None or node is body:
            continue
        # A page whose names mislead must not lose its text.
        if isinstance(node.tag, str) and node.tag not in _DROPPED and len(_bare(node.text_content())) > total / 2:
            continue
        node.drop_tree()


def _is_frame(node: Any) -> bool:
    if node.tag in ("html", "body", "main", "article"):
        return False
    names = f"{node.get('class') or ''} {node.get('id') or ''}".strip()
    hidden = re.search(r"display\s*:\s*none", node.get("style") or "", re.IGNORECASE) is not None
    return hidden or (bool(names) and _FRAME_NAMES.search(names) is not None)


def _is_link_list(node: Any) -> bool:
    if node.tag not in ("ul", "ol", "dl"):
        return False
    links = [len(_bare(link.text_content())) for link in node.iter("a")]
    length = len(_bare(node.text_content()))
    short = sum(links) <= _LINK_ENTRY_CHARACTERS * max(1, len(links))
    return len(links) > 2 and short and sum(links) >= length * _LINK_SHARE


def _main(root: Any) -> Any:
    """The element that holds the article: a known container, else the deepest with nearly all text."""
    body = root.find("body")
    body = root if body is None else body
    total = len(_bare(body.text_content()))
    for node in body.iter():
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        if node.tag in ("article", "main") or _ARTICLE_NAMES.search(names):
            if len(_bare(node.text_content())) >= total / 2:
                return node
    node = body
    while True:
        length = len(_bare(node.text_content()))
        child = next((each for each in node if len(_bare(each.text_content())) >= length * _MAIN_SHARE), None)
        if (
            child is None
            or length == 0
            or child.tag not in ("div", "section", "article", "main", "td", "tr", "table", "tbody", "center")
        ):
            return node
        node = child


def _paragraphs(main: Any) -> Iterator[Paragraph]:
    for text, level in _blocks(main):
        if is_page_number(text) or is_web_furniture(text):
            continue
        if level is None:
            # A whole notice in one block, as some pages carry it.
            for part in paragraphs_of([text]):
                yield Paragraph(part)
        else:
            yield Paragraph(text, level)


def _blocks(main: Any) -> Iterator[tuple[str, int | None]]:
    """Text blocks in reading order with their heading level; data tables row by row."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    level: int | None = None
    walker = iterwalk(main, events=("start", "end"))
    for event, node in walker:
        is_block = node.tag in _BLOCKS
        if is_block:
            yield from _flushed(parts, level)
            level = None
        if event == "start":
            if node.tag == "table" and _is_data_table(node):
                for row in render_rows(_rows(node), header=_has_header(node)):
                    yield row, None
                walker.skip_subtree()
                continue
            if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                level = int(node.tag[1])
            parts.append(node.text or "")
        elif node is not main:
            parts.append(node.tail or "")
    yield from _flushed(parts, level)


def _flushed(parts: list[str], level: int | None) -> Iterator[tuple[str, int | None]]:
    # Wide blanks inside a block may stand for lost line breaks; they are judged later.
    text = "".join(parts).replace("\n", " ").replace("\r", " ").strip()
    parts.clear()
    if text:
        yield (tidy_blanks(text) if level is not None else text), level


def _is_data_table(table: Any) -> bool:
    """A table of data: two columns or more, no table inside, no cell that is an article."""
    if table.find(".//table") is not None:
        return False
    rows = _rows(table)
    cells = [cell for row in rows for cell in row]
    return len(rows) > 0 and max(map(len, rows)) > 1 and max(map(len, cells), default=0) <= 600


def _has_header(table: Any) -> bool | None:
    first = next(table.iter("tr"), None)
    if first is None:
        return None
    cells = [cell for cell in first if cell.tag in ("td", "th")]
    return True if cells and all(cell.tag == "th" for cell in cells) else None


def _rows(table: Any) -> list[list[str]]:
    """Cell texts by row; a cell that spans rows or columns is repeated in each."""
    rows: list[list[str]] = []
    held: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []

        def fill_held(cells: list[str] = cells) -> None:
            while len(cells) in held:
                left, text = held.pop(len(cells))
                if left > 1:
                    held[len(cells)] = (left - 1, text)
                    cells.append(text)
                    continue
                cells.append(text)

        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            fill_held()
            text = tidy_blanks(" ".join(cell.itertext()))
            for _ in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    held[len(cells)] = (_span(cell, "rowspan") - 1, text)
                cells.append(text)
        fill_held()
        rows.append(cells)
    return rows


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(int(value), 50) if value.isdecimal() and int(value) > 0 else 1
