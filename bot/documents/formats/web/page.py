"""A page's source as a tree."""

from __future__ import annotations

from typing import Any

from bot.errors import DocumentError

_TOO_DEEP = "网页的元素套得太深，读不到里面的文字"
_REMEDY = "用浏览器另存为完整网页，或把文字存成 txt"


def parse_page(text: str) -> Any:
    """The tree of a page, without comments. Raises :class:`DocumentError` where there is none."""
    import lxml.html
    from lxml.etree import Comment, Entity, LxmlError, ProcessingInstruction, strip_elements

    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    # Browsers take this for a break; the parser takes it for nothing.
    source = text.replace("</br>", "<br>").replace("</BR>", "<br>")
    try:
        root = lxml.html.document_fromstring(source.encode("utf-8", errors="replace"), parser=parser)
    except (LxmlError, ValueError) as error:
        raise DocumentError("网页读不懂或没有文字", tried=str(error), remedy=_REMEDY) from None
    if any("depth" in entry.message for entry in parser.error_log if entry.level_name == "FATAL"):
        raise DocumentError(_TOO_DEEP, tried="最多2048层", remedy=_REMEDY)
    strip_elements(root, Comment, ProcessingInstruction, Entity, with_tail=False)
    return root
