"""The visible characters of a source taken by a way of its own, and what of them a reader lost."""

import unicodedata
from collections import Counter
from html.parser import HTMLParser

from bot.documents.blocks import Extract

_MARKS = frozenset("，。；、？！（）《》〔〕％")
_UNSEEN = ("script", "style", "title")
_TYPED = ("", "text", "search", "button", "submit", "reset", "number", "date")


class _Nodes(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.unseen = 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        given = dict(attributes)
        if tag == "input" and (given.get("type") or "").lower() in _TYPED:
            self.texts.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN and self.unseen > 0

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.texts.append(data)


def page_text(page: str) -> str:
    nodes = _Nodes()
    nodes.feed(page)
    nodes.close()
    return "\n".join(nodes.texts)


def characters(text: str) -> Counter[str]:
    """Letters, digits and their like (⁸ counts as 8), and the marks of Chinese sentences."""
    counted = Counter(each for each in unicodedata.normalize("NFKC", text) if each.isalnum())
    return counted + Counter(each for each in text if each in _MARKS)


def told(extract: Extract) -> str:
    return "\n".join([block.text for block in extract.blocks] + [entry.text for entry in extract.dropped])


def lost(visible: str, extract: Extract) -> str:
    """The characters of ``visible`` that stand neither in a block nor in the ledger."""
    return "".join((characters(visible) - characters(told(extract))).elements())
