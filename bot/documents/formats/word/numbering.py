"""Word's automatic list numbers, which stand in no paragraph's text but are what readers see."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents.formats.word.names import Element, attribute, child, descendants, number, switch, value
from bot.documents.formats.word.number_formats import format_number
from bot.documents.formats.word.styles import Styles, numbering_choice

_LEVELS = 9
_LARGEST_COUNT = 10**6


@dataclass(frozen=True, slots=True)
class _Level:
    """How one list level is numbered: ``text`` like ``第%1条`` or ``（%2）``.

    ``restart`` is the number of the level (1 for the outermost) after which counting begins anew, 0 for never.
    """

    text: str
    form: str
    pattern: str
    start: int
    restart: int
    legal: bool
    suffix: str
    style: str


@dataclass(frozen=True, slots=True)
class Label:
    """What Word prints before a list paragraph; ``marker`` is empty for bullets, ``depth`` counts from 1."""

    marker: str
    depth: int
    suffix: str = "tab"

    def before(self, text: str) -> str:
        """``text`` with the marker, parted where the two would run together.

        >>> Label("第一条", 1).before("为支持"), Label("1.", 1).before("资金"), Label("1.", 1).before("5G 应用")
        ('第一条 为支持', '1.资金', '1. 5G 应用')
        """
        if not self.marker or not text:
            return self.marker or text
        last, first = self.marker[-1], text[0]
        open_end = last not in "、，：:．）)】〕]》" and not (last == "." and not first.isascii())
        runs_on = last.isalnum() and first.isascii() and first.isalnum()
        return f"{self.marker} {text}" if (open_end and self.suffix != "nothing") or runs_on else self.marker + text


class Numbering:
    """Counts the lists of one document in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._linked: dict[str, str] = {}
        self._owner: dict[str, str] = {}
        self._overrides: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        # Lists that share an abstract definition go on counting together.
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def label(self, properties: Element | None) -> Label | None:
        """The label of the next paragraph with these properties; None where it is in no list."""
        found = self._choose(properties)
        if found is None:
            return None
        list_id, index = found
        levels = self._levels(list_id)
        self._count(list_id, index, levels)
        level = levels[index]
        marker = "" if level.form == "bullet" else self._marker(list_id, level, levels)
        if level.form == "bullet" and any("\u4e00" <= each <= "\u9fff" for each in level.text):
            marker = level.text
        return Label(marker.strip(), index + 1, level.suffix)

    def _choose(self, properties: Element | None) -> tuple[str, int] | None:
        """The list and the level, counted from 0."""
        own = numbering_choice(properties)
        style = self._styles.paragraph_style(properties)
        inherited = self._styles.numbering(style)
        list_id = own.list_id if own.list_id is not None else inherited.list_id
        if list_id is None or list_id == "0" or list_id not in self._owner:
            return None
        levels = self._levels(list_id)
        level = own.level if own.level is not None or own.list_id is not None else inherited.level
        if own.level is None and own.list_id is None:
            # A level names the style it belongs to.
            ids = self._styles.ids(style)
            named = {each.style: index for index, each in reversed(levels.items()) if each.style}
            level = next((named[each] for each in ids if each in named), level)
        index = level or 0
        return (list_id, index) if index in levels else None

    def _levels(self, list_id: str) -> dict[int, _Level]:
        levels = self._abstract.get(self._definition(list_id), {})
        return levels | self._overrides.get(list_id, {})

    def _definition(self, list_id: str) -> str:
        """The abstract definition a list uses, through the list style that the definition may defer to."""
        abstract = self._owner[list_id]
        style = self._linked.get(abstract)
        if style is None:
            return abstract
        choice = self._styles.numbering(style)
        target = self._owner.get(choice.list_id or "", abstract)
        return target if target not in self._linked else abstract

    def _count(self, list_id: str, index: int, levels: dict[int, _Level]) -> None:
        counters = self._counters.setdefault(self._definition(list_id), {})
        override = self._starts.get(list_id, {}).get(index)
        start = levels[index].start if override is None else override
        if (override is not None and (list_id, index) not in self._begun) or index not in counters:
            counters[index] = start
        else:
            counters[index] = min(counters[index] + 1, _LARGEST_COUNT)
        self._begun.add((list_id, index))
        for deeper in [each for each in counters if each > index]:
            restart = levels[deeper].restart if deeper in levels else deeper
            if restart and index + 1 <= restart:
                del counters[deeper]

    def _marker(self, list_id: str, level: _Level, levels: dict[int, _Level]) -> str:
        counters = self._counters[self._definition(list_id)]
        parts: list[str] = []
        text = level.text
        position = 0
        while position < len(text):
            digit = text[position + 1 : position + 2]
            if text[position] != "%" or digit not in tuple("123456789"):
                parts.append(text[position])
                position += 1
                continue
            place = int(digit) - 1
            inner = levels.get(place, level)
            form = "decimal" if level.legal and inner.form != "none" else inner.form
            parts.append(format_number(counters.get(place, inner.start), form, inner.pattern))
            position += 2
        return "".join(parts)

    def _read(self, root: Element) -> None:
        for abstract in descendants(root, "w:abstractNum"):
            name = attribute(abstract, "w:abstractNumId")
            self._abstract[name] = dict(_read_levels(abstract))
            link = value(abstract, "w:numStyleLink")
            if link:
                self._linked[name] = link
        for item in descendants(root, "w:num"):
            list_id = attribute(item, "w:numId")
            self._owner[list_id] = value(item, "w:abstractNumId")
            for override in descendants(item, "w:lvlOverride"):
                index = number(attribute(override, "w:ilvl"), 0)
                self._overrides.setdefault(list_id, {}).update(_read_levels(override))
                start = value(override, "w:startOverride")
                if start:
                    self._starts.setdefault(list_id, {})[index] = number(start, 1)


def _read_levels(parent: Element) -> list[tuple[int, _Level]]:
    found: list[tuple[int, _Level]] = []
    for element in descendants(parent, "w:lvl"):
        index = number(attribute(element, "w:ilvl"), 0)
        # A newer Word wraps formats that an older one does not know.
        form = next(descendants(element, "w:numFmt"), None)
        hidden = switch(child(element, "w:rPr"), "w:vanish")
        level = _Level(
            "" if hidden else value(element, "w:lvlText"),
            "decimal" if form is None else attribute(form, "w:val", "decimal"),
            "" if form is None else attribute(form, "w:format"),
            number(value(element, "w:start"), 1 if child(element, "w:start") is None else 0),
            number(value(element, "w:lvlRestart"), index),
            bool(switch(element, "w:isLgl")),
            value(element, "w:suff", "tab"),
            value(element, "w:pStyle"),
        )
        if 0 <= index < _LEVELS:
            found.append((index, level))
    return found
