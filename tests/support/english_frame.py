"""What a reader of English meets: Han characters in a page, apart from what is quoted and marked as Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Han characters, and the punctuation that only Chinese is written with.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
HAN = re.compile(r"[\u3400-\u9fff]+")
_VOID = {"br", "hr", "img", "input", "meta", "link"}
#: Attributes that hold what is sent or looked up, not what is read.
_SENT = {
    "value", "name", "id", "for", "href", "list", "class", "data-ask", "data-fields", "data-record", "data-document",
    "data-card", "data-organisation", "data-target", "data-sort",
}  # fmt: skip


@dataclass
class Met:
    """``unmarked``: texts that hold Chinese where no ``lang`` says so; ``frame``: Chinese that is in no data."""

    unmarked: list[str] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.met: list[tuple[str, bool]] = []
        self._marked = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        language = known.get("lang")
        marked = self._marked[-1] if language is None else language.startswith("zh")
        # Half an attribute cannot be marked: it may hold what is quoted, but no Chinese of the page's own.
        self.met += [(value, True) for name, value in attrs if value and name not in _SENT]
        if tag not in _VOID:
            self._marked.append(marked)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._marked.pop()

    def handle_data(self, data: str) -> None:
        self.met.append((data, self._marked[-1]))


def met_in(markup: str, data: Iterable[str]) -> Met:
    """The Chinese of ``markup``; ``data`` are the texts that may stand in it, marked."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    known = "\n".join(data)
    met = Met()
    for words, marked in reader.met:
        if not marked and CHINESE.search(words):
            met.unmarked.append(words)
        met.frame += [run for run in HAN.findall(words) if run not in known]
    return met


def unmarked_words(markup: str) -> list[str]:
    """The texts of ``markup`` that are read as English."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return [words for words, marked in reader.met if not marked]


def frame_of_text(words: str, data: Iterable[str]) -> list[str]:
    """The Chinese of a plain text (a file, what is copied) that is in no data."""
    known = "\n".join(data)
    return [run for run in HAN.findall(words) if run not in known]
