"""Word's styles: what a paragraph or run inherits through ``basedOn`` and the defaults."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents.formats.word.names import Element, attribute, child, descendants, number, switch, value

#: Deeper levels of headings are told as this one.
DEEPEST_HEADING = 6
_BODY_LEVEL = 9
_MOST_ANCESTORS = 30
_TITLES = frozenset({"title", "标题", "文档标题"})
_SUBTITLES = frozenset({"subtitle", "副标题"})


@dataclass(frozen=True, slots=True)
class NumberingChoice:
    """The list that properties name: ``list_id`` and ``level`` are None where not mentioned."""

    list_id: str | None
    level: int | None


class Styles:
    """The styles of one document, by id."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default = {"paragraph": "", "character": ""}
        self._chains: dict[str, tuple[Element, ...]] = {}
        self._switches: dict[tuple[str, str], bool] = {}
        if root is None:
            return
        for style in descendants(root, "w:style"):
            name = attribute(style, "w:styleId")
            self._styles.setdefault(name, style)
            sort = attribute(style, "w:type", "paragraph")
            if sort in self._default and attribute(style, "w:default") in ("1", "true", "on"):
                self._default[sort] = name

    def paragraph_style(self, properties: Element | None) -> str:
        """The id of a paragraph's style, the default one where it names none."""
        return value(properties, "w:pStyle") or self._default["paragraph"]

    def chain(self, style: str) -> tuple[Element, ...]:
        """The style and what it is based on, nearest first."""
        if style not in self._chains:
            found: list[Element] = []
            name = style
            while name in self._styles and len(found) < _MOST_ANCESTORS:
                found.append(self._styles[name])
                name = value(found[-1], "w:basedOn")
            self._chains[style] = tuple(found)
        return self._chains[style]

    def names(self, style: str) -> tuple[str, ...]:
        """The names of the style and its ancestors in small letters, nearest first."""
        return tuple(value(each, "w:name").strip().lower() for each in self.chain(style))

    def ids(self, style: str) -> tuple[str, ...]:
        """The ids of the style and its ancestors, nearest first."""
        return tuple(attribute(each, "w:styleId") for each in self.chain(style))

    def run_switch(self, style: str, name: str) -> bool:
        """Whether a style turns on a property of text (``w:vanish``, ``w:strike``)."""
        key = (style, name)
        if key not in self._switches:
            found = (switch(child(each, "w:rPr"), name) for each in self.chain(style))
            self._switches[key] = next((each for each in found if each is not None), False)
        return self._switches[key]

    def run_value(self, style: str, name: str) -> str:
        """A property of text that a style gives (``w:vertAlign``); empty where it gives none."""
        found = (value(child(each, "w:rPr"), name) for each in self.chain(style))
        return next((each for each in found if each), "")

    def heading_level(self, properties: Element | None) -> int | None:
        """1–6 for a heading, by the paragraph's own outline level, its style's or its style's name."""
        own = _outline(properties)
        if own is not None:
            return own or None
        for style in self.chain(self.paragraph_style(properties)):
            level = _outline(child(style, "w:pPr"))
            if level is None:
                level = _named_level(value(style, "w:name").strip().lower())
            if level is not None:
                return level or None
        return None

    def numbering(self, style: str) -> NumberingChoice:
        """The list that a style belongs to, put together from it and its ancestors."""
        list_id = level = None
        for each in self.chain(style):
            choice = numbering_choice(child(each, "w:pPr"))
            list_id = choice.list_id if list_id is None else list_id
            level = choice.level if level is None else level
            if list_id is not None:
                break
        return NumberingChoice(list_id, level)


def numbering_choice(properties: Element | None) -> NumberingChoice:
    """The list that a paragraph's or style's own properties name."""
    found = child(properties, "w:numPr")
    list_id = value(found, "w:numId") or None
    level = value(found, "w:ilvl")
    return NumberingChoice(list_id, number(level, 0) if level else None)


def _outline(properties: Element | None) -> int | None:
    """The level that properties give: 0 for body text on purpose, None where they say nothing."""
    text = value(properties, "w:outlineLvl")
    if not text:
        return None
    level = number(text, _BODY_LEVEL)
    return min(level + 1, DEEPEST_HEADING) if 0 <= level < _BODY_LEVEL else 0


def _named_level(name: str) -> int | None:
    if name in _TITLES:
        return 1
    if name in _SUBTITLES:
        return 2
    for prefix in ("heading", "标题"):
        rest = name.removeprefix(prefix).strip()
        if rest != name and rest.isascii() and rest.isdigit() and len(rest) == 1 and rest != "0":
            return min(int(rest), DEEPEST_HEADING)
    return None
