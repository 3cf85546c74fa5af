"""Which elements of a page are not read, and why."""

from __future__ import annotations

from typing import Any

from bot.documents.blocks import Reason

#: Never seen on a page and no text: left out without a word.
SILENT = frozenset("script style head link meta base title param source track area col colgroup".split())
_BY_TAG = {
    **dict.fromkeys(("template", "noscript", "datalist", "noframes"), Reason.HIDDEN),
    **dict.fromkeys(("del", "s", "strike"), Reason.STRUCK),
    **dict.fromkeys(("rt", "rp", "rtc"), Reason.RUBY),
    **dict.fromkeys(("button", "select", "textarea", "input", "option", "optgroup"), Reason.CHOICES),
    **dict.fromkeys(("iframe", "object", "embed", "svg", "canvas", "video", "audio", "map"), Reason.UNREADABLE),
}
_TYPED = frozenset(("", "text", "search", "number", "date", "button", "submit", "reset", "email", "tel", "url"))


def style_of(node: Any) -> str:
    """The style attribute without blanks, in small letters."""
    return "".join((node.get("style") or "").lower().split())


def reason_of(node: Any) -> Reason | None:
    """Why ``node`` and all in it is left out; ``None`` where it is text."""
    by_tag = _BY_TAG.get(node.tag)
    if by_tag is not None:
        return by_tag
    attributes = node.attrib
    if not attributes:
        return None
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return Reason.HIDDEN
    style = style_of(node) if "style" in attributes else ""
    if "display:none" in style or "visibility:hidden" in style or "visibility:collapse" in style:
        return Reason.HIDDEN
    return Reason.STRUCK if "line-through" in style else None


def shown_text(node: Any) -> str:
    """What a reader would see of an element that is left out, on one line."""
    if node.tag == "input":
        return (node.get("value") or "") if (node.get("type") or "").lower() in _TYPED else ""
    parts: list[str] = []
    if node.tag == "iframe":
        return _srcdoc(node)
    for each in node.iter():
        if each.tag not in SILENT and each.tag != "iframe":
            parts.append(each.text or "")
            if each.tag == "input":
                parts.append(shown_text(each) if each is not node else "")
        if each is not node:
            parts.append(each.tail or "")
    return " ".join("".join(parts).split())


def _srcdoc(node: Any) -> str:
    import lxml.html
    from lxml.etree import LxmlError

    inner = node.get("srcdoc") or node.text or ""
    if not inner.strip():
        return ""
    try:
        return " ".join(str(lxml.html.fromstring(inner).text_content()).split())
    except (LxmlError, ValueError):
        return " ".join(str(inner).split())
