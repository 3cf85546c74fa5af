"""Word's XML by short names: ``w:p`` for the element of that name in whichever namespace Word spells it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

#: An lxml element; the library has no types.
Element = Any

_OFFICE = "http://schemas.openxmlformats.org"
NAMESPACES = {
    "w": f"{_OFFICE}/wordprocessingml/2006/main",
    "m": f"{_OFFICE}/officeDocument/2006/math",
    "r": f"{_OFFICE}/officeDocument/2006/relationships",
    "mc": f"{_OFFICE}/markup-compatibility/2006",
    "wp": f"{_OFFICE}/drawingml/2006/wordprocessingDrawing",
    "a": f"{_OFFICE}/drawingml/2006/main",
    "pic": f"{_OFFICE}/drawingml/2006/picture",
    "c": f"{_OFFICE}/drawingml/2006/chart",
    "dgm": f"{_OFFICE}/drawingml/2006/diagram",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_OFF = frozenset({"0", "false", "off", "none"})
#: Elements whose text people read. ``w:delText`` is text of a tracked deletion.
TEXT_NAMES = ("w:t", "w:delText", "m:t", "a:t")


@lru_cache(maxsize=4096)
def clark(name: str) -> str:
    """The full name of ``w:p`` as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    uri, _, local = tag.rpartition("}")
    return f"{_PREFIXES.get(uri[1:], '?')}:{local}"


def kind(element: Element) -> str:
    """The short name of an element, ``?:name`` in a namespace of no interest, empty for comments."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


def child(element: Element, name: str) -> Element | None:
    """The first child of that short name."""
    return None if element is None else element.find(clark(name))


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """All elements of those short names below ``element``, itself included, in document order."""
    yield from element.iter(*(clark(name) for name in names))


def attribute(element: Element, name: str, default: str = "") -> str:
    """An attribute by its short name."""
    return str(element.get(clark(name), default))


def value(element: Element | None, name: str, default: str = "") -> str:
    """The ``w:val`` of the child of that name."""
    found = child(element, name)
    return default if found is None else attribute(found, "w:val", default)


def number(text: str, default: int) -> int:
    """A whole number that a file gives; anything else is ``default``.

    >>> number("12", 0), number("-3", 0), number("many", 1)
    (12, -3, 1)
    """
    digits = text.strip().removeprefix("-")
    # More digits than any count in a document has are a trap, not a number.
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else default


def switch(properties: Element | None, name: str) -> bool | None:
    """Whether a property that is on or off is set; None where it is not mentioned."""
    found = child(properties, name)
    return None if found is None else attribute(found, "w:val", "1").lower() not in _OFF


def is_properties(name: str) -> bool:
    """Whether an element only tells how others look: ``w:rPr``, ``w:tblPrEx``, ``w:pPrChange``."""
    return name.endswith(("Pr", "PrEx", "PrChange"))


def raw_text(element: Element) -> str:
    """All text below an element, seen or not, as it stands in the file."""
    texts = (node.text or "" for node in descendants(element, *TEXT_NAMES))
    paths = (node.get("string", "") for node in descendants(element, "v:textpath"))
    return "".join((*texts, *paths))
