"""Word's automatic list numbers, which stand in no paragraph's text but are what readers see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.text.numerals import to_chinese

_PLACEHOLDER = re.compile(r"%([1-9])")
_CHINESE_FORMATS = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SILENT_FORMATS = frozenset({"bullet", "none"})


@dataclass(frozen=True, slots=True)
class _LevelFormat:
    """How one list level is numbered: ``text`` like ``第%1条`` or ``（%2）``."""

    text: str
    number_format: str
    start: int


class ListNumbering:
    """Counts the lists of one document in reading order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], _LevelFormat] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._abstract_of: dict[str, str] = {}
        self._read(document)

    def next_label(self, paragraph: Any, style: Any) -> str:
        """The number that Word shows before ``paragraph``; empty where it shows none or a bullet."""
        properties = _properties(paragraph)
        if properties is None and style is not None:
            properties = _properties(style.element)
        if properties is None:
            return ""
        number_id, level = properties
        abstract = self._abstract_of.get(number_id)
        if abstract is None or (abstract, level) not in self._levels:
            return ""
        counters = self._counters.setdefault(number_id, {})
        counters[level] = counters.get(level, self._levels[abstract, level].start - 1) + 1
        for deeper in [each for each in counters if each > level]:
            del counters[deeper]
        return self._label(abstract, level, counters)

    def _label(self, abstract: str, level: int, counters: dict[int, int]) -> str:
        form = self._levels[abstract, level]
        if form.number_format in _SILENT_FORMATS:
            return ""

        def number(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            inner = self._levels.get((abstract, place), form)
            return _format(counters.get(place, inner.start), inner.number_format)

        return _PLACEHOLDER.sub(number, form.text)

    def _read(self, document: Any) -> None:
        from docx.oxml.ns import qn

        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")),
            None,
        )
        if part is None:
            return
        root = part.element
        for abstract in root.iter(qn("w:abstractNum")):
            name = abstract.get(qn("w:abstractNumId"))
            for level in abstract.iter(qn("w:lvl")):
                self._levels[name, int(level.get(qn("w:ilvl"), "0"))] = _LevelFormat(
                    _value(level, "w:lvlText", ""),
                    _value(level, "w:numFmt", "decimal"),
                    int(_value(level, "w:start", "1")),
                )
        for number in root.iter(qn("w:num")):
            self._abstract_of[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId", "")


def _properties(element: Any) -> tuple[str, int] | None:
    from docx.oxml.ns import qn

    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None:
        return None
    number_id = _value(found, "w:numId", "0")
    return (number_id, int(_value(found, "w:ilvl", "0"))) if number_id != "0" else None


def _value(element: Any, child: str, default: str) -> str:
    from docx.oxml.ns import qn

    found = element.find(qn(child))
    return default if found is None else str(found.get(qn("w:val"), default))


def _format(number: int, form: str) -> str:
    if form in _CHINESE_FORMATS and 0 <= number < 10**8:
        return to_chinese(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(number)
