"""Saved web pages: the article without its frame, its tables, its metadata box, and a ledger of the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.documents.blocks import Dropped, Extract, Field, Reason
from bot.documents.characters import fold_characters, tidy_blanks, unescape_entities
from bot.documents.dates import iso_date
from bot.documents.encoding import decode_warned
from bot.documents.formats.web.article import Article
from bot.documents.formats.web.fields import is_bare_label
from bot.documents.formats.web.frame import Judge
from bot.documents.formats.web.page import parse_page
from bot.documents.formats.web.titles import read_names
from bot.documents.formats.web.units import Unit, length
from bot.documents.formats.web.visible import reason_of, shown_text
from bot.documents.formats.web.walker import Walker, note_labels
from bot.types import UnitKind

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_-]{3,20})", re.IGNORECASE
)
#: A page says its encoding near its beginning.
_DECLARED_WITHIN = 4096
_DATE_METAS = ("pubdate", "publishdate", "article:published_time", "firstpublishedtime")
#: Meta elements that speak of the article and not of the site.
_FIELD_METAS = frozenset((*_DATE_METAS, "articletitle", "contentsource", "author", "source", "maketime"))
_DATE_LABELS = ("发布日期", "发布时间", "发表时间", "发表日期", "公开日期", "日期", "时间")
_HIDDEN_LOOKED_AT = 50


def read_html(data: bytes) -> Extract:
    """The article of a page: title, labelled values, text, lists, tables and notes, each as blocks.

    What belongs to the site, is hidden, struck or a form's control stands in the ledger. Raises
    :class:`bot.errors.DocumentError` for pages that cannot be read or have no text.
    """
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    decoded = decode_warned(data, declared.group(1).decode("ascii") if declared else None)
    root = parse_page(fold_characters(decoded.text))
    metas = _metas(root)
    walker, units = _walk(root)
    names = read_names(root, metas)
    judge = Judge(root, units, names)
    judge.judge()
    _tell_hidden_frame(units, judge)
    article = Article().add(units, judge.title)
    title = tidy_blanks(judge.title.text) if judge.title is not None else names.spelled
    dropped, warnings = _pictures(article, walker)
    given = [Field(key, value) for key, value in metas.items() if key in _FIELD_METAS and value]
    return Extract(
        tuple(article.blocks),
        (*article.dropped, *dropped),
        title=title,
        fields=(*given, *article.fields),
        date=_date(metas, article.fields),
        source_url=_address(root, metas),
        warnings=(*decoded.warnings, *warnings),
    )


def _walk(root: Any) -> tuple[Walker, list[Unit]]:
    notes = note_labels(root)
    walker = Walker(notes)
    units = walker.walk(root)
    hidden = sum(unit.characters for unit in units if unit.reason is Reason.HIDDEN)
    if hidden > sum(unit.characters for unit in units if unit.reason is None) and _reveal(root):
        # A script shows the page once it has loaded.
        walker = Walker(notes)
        units = walker.walk(root)
    return walker, _with_values(units)


def _reveal(root: Any) -> bool:
    """Show the largest hidden element if it is the page itself; whether there was one."""
    total = length(shown_text(root))
    hidden = [node for node in root.iter("body", "div", "form", "main", "section") if reason_of(node) is Reason.HIDDEN]
    sized = [(length(shown_text(node)), node) for node in hidden[:_HIDDEN_LOOKED_AT]]
    size, largest = max(sized, key=lambda each: each[0], default=(0, None))
    if largest is None or size * 2 < total:
        return False
    for name in ("style", "hidden", "aria-hidden"):
        largest.attrib.pop(name, None)
    return True


def _with_values(units: Sequence[Unit]) -> list[Unit]:
    """``units`` with a label and the value in the element beside it as one: 文号： | 某科发〔2024〕5号."""
    joined: list[Unit] = []
    for unit in units:
        label = joined[-1] if joined else None
        if label is not None and _is_value_of(label, unit):
            label.lines = [f"{label.text}{unit.text}"]
            label.link_characters, label.links = unit.link_characters, unit.links
        else:
            joined.append(unit)
    return joined


def _is_value_of(label: Unit, unit: Unit) -> bool:
    if label.reason or unit.reason or label.grid or unit.grid or unit.level or not is_bare_label(label.text):
        return False
    beside = unit.node.getparent() is label.node.getparent() or unit.node is label.node.getparent()
    return beside and unit.node is not label.node and len(unit.text) <= 200 and not is_bare_label(unit.text)


def _tell_hidden_frame(units: Sequence[Unit], judge: Judge) -> None:
    """Hidden menus and buttons away from the article are the site's frame; hidden sentences stay hidden text."""
    for unit in units:
        if unit.reason is Reason.HIDDEN and judge.is_outside(unit) and not any(mark in unit.text for mark in "。；，"):
            unit.reason = Reason.SITE_FRAME


def _metas(root: Any) -> dict[str, str]:
    """The page's meta elements by name, in small letters; the first of a name counts."""
    metas: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or "").strip().lower()
        value = tidy_blanks(unescape_entities(fold_characters(node.get("content") or "")))
        if name and value:
            metas.setdefault(name, value)
    return metas


def _date(metas: dict[str, str], fields: Sequence[Field]) -> str | None:
    told = [metas[key] for key in _DATE_METAS if key in metas]
    told += [each.value for label in _DATE_LABELS for each in fields if each.label == label]
    return next((day for day in map(iso_date, told) if day), None)


def _address(root: Any, metas: dict[str, str]) -> str | None:
    links = [node.get("href") for node in root.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    for address in (*links, metas.get("og:url"), metas.get("url")):
        if address and address.startswith(("http://", "https://")):
            return str(address)
    return None


def _pictures(article: Article, walker: Walker) -> tuple[list[Dropped], list[str]]:
    """What to say of pictures and inner pages: a page of pictures alone has no text to read."""
    warnings: list[str] = []
    dropped: list[Dropped] = []
    texts = [block for block in article.blocks if block.kind not in (UnitKind.HEADING, UnitKind.FIELD)]
    if walker.images and not texts:
        dropped.append(Dropped(Reason.NO_TEXT, "", where=f"正文的{walker.images}张图片"))
        warnings.append(f"网页的正文是图片（{walker.images}张），没有文字；请补上文字或先做文字识别")
    frames = [address for address in walker.frames if address]
    if frames and not texts:
        warnings.append(f"网页的正文在另一个页面里，没有读：{frames[0]}；请打开它另存一份")
    return dropped, warnings
