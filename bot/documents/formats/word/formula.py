"""Word's formulas (OMML) as one line of text: ``(a+b)/c``, ``x²``, ``√(y)``, ``∑_(i=1)^(n) xᵢ``."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from bot.documents.formats.word.names import Element, attribute, child, is_properties, kind, value
from bot.documents.formats.word.scripts import lowered, raised

_ROOTS = {"3": "∛", "4": "∜"}
#: Letters in italics and bold that formula editors write as characters of their own.
_STYLED_LETTERS = range(0x1D400, 0x1D800)
_OPERATORS = frozenset("+-−–×÷*/·=<>≤≥, ")


def formula_text(element: Element, *, skipped: Callable[[Element], bool]) -> str:
    """The text of ``m:oMath`` or a part of it. ``skipped`` says which parts are not shown (tracked deletions)."""
    return _Writer(skipped).write(element).strip()


class _Writer:
    def __init__(self, skipped: Callable[[Element], bool]) -> None:
        self._skipped = skipped
        self._writers: dict[str, Callable[[Element], str]] = {
            "m:f": self._fraction,
            "m:sSup": lambda each: self._part(each, "m:e") + raised_group(self._part(each, "m:sup")),
            "m:sSub": lambda each: self._part(each, "m:e") + lowered_group(self._part(each, "m:sub")),
            "m:sSubSup": self._both,
            "m:sPre": lambda each: self._scripts(each) + self._part(each, "m:e"),
            "m:rad": self._root,
            "m:nary": self._sum,
            "m:d": self._brackets,
            "m:func": lambda each: f"{self._part(each, 'm:fName')} {self._part(each, 'm:e')}",
            "m:limLow": lambda each: self._part(each, "m:e") + _apart("_", self._part(each, "m:lim")),
            "m:limUpp": lambda each: self._part(each, "m:e") + _apart("^", self._part(each, "m:lim")),
            "m:eqArr": lambda each: "；".join(self._each(each, "m:e")),
            "m:m": lambda each: "；".join("，".join(self._each(row, "m:e")) for row in each if kind(row) == "m:mr"),
            "m:t": _letters,
            "w:t": _letters,
            "w:br": lambda _: " ",
        }

    def write(self, element: Element) -> str:
        """The text of an element and all below it."""
        name = kind(element)
        if is_properties(name) or self._skipped(element):
            return ""
        writer = self._writers.get(name)
        return writer(element) if writer is not None else "".join(self.write(each) for each in element)

    def _part(self, element: Element, name: str) -> str:
        found = child(element, name)
        return "" if found is None else self.write(found)

    def _each(self, element: Element, name: str) -> list[str]:
        return [self.write(each) for each in element if kind(each) == name]

    def _fraction(self, element: Element) -> str:
        above, below = self._part(element, "m:num"), self._part(element, "m:den")
        if value_of(element, "m:fPr", "m:type") == "noBar":
            return f"({above}，{below})"
        return f"{_grouped(above)}/{_grouped(below)}"

    def _both(self, element: Element) -> str:
        return self._part(element, "m:e") + self._scripts(element)

    def _scripts(self, element: Element) -> str:
        return lowered_group(self._part(element, "m:sub")) + raised_group(self._part(element, "m:sup"))

    def _root(self, element: Element) -> str:
        degree, inner = self._part(element, "m:deg"), self._part(element, "m:e")
        sign = _ROOTS.get(degree) or raised_group(degree) + "√"
        return f"{sign}{inner if len(inner) == 1 else f'({inner})'}"

    def _sum(self, element: Element) -> str:
        sign = value_of(element, "m:naryPr", "m:chr") or "∫"
        below, above = self._part(element, "m:sub"), self._part(element, "m:sup")
        return f"{sign}{_apart('_', below)}{_apart('^', above)} {self._part(element, 'm:e')}"

    def _brackets(self, element: Element) -> str:
        properties = child(element, "m:dPr")
        start, end, between = (
            default if child(properties, name) is None else value_of(element, "m:dPr", name)
            for name, default in (("m:begChr", "("), ("m:endChr", ")"), ("m:sepChr", "|"))
        )
        return start + between.join(self._each(element, "m:e")) + end


def value_of(element: Element, properties: str, name: str) -> str:
    """The ``m:val`` of one of an element's properties."""
    found = child(child(element, properties), name)
    return "" if found is None else attribute(found, "m:val") or value(child(element, properties), name)


def raised_group(text: str) -> str:
    """An exponent: characters of their own where there are such, else ``^(…)`` also for words."""
    plain = raised(text)
    return plain if plain != text or not text else f"^({text})"


def lowered_group(text: str) -> str:
    """An index, likewise."""
    plain = lowered(text)
    return plain if plain != text or not text else f"_({text})"


def _apart(sign: str, text: str) -> str:
    return f"{sign}({text})" if text else ""


def _grouped(text: str) -> str:
    enclosed = text.startswith("(") and text.endswith(")") and text.count("(") == 1
    return f"({text})" if not enclosed and any(each in _OPERATORS for each in text) else text


def _letters(element: Element) -> str:
    text = element.text or ""
    return "".join(unicodedata.normalize("NFKC", each) if ord(each) in _STYLED_LETTERS else each for each in text)
