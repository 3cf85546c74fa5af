"""Answer and note text as HTML: markers become links to the evidence, what was asked for becomes bold.

Where nothing tells what was asked for, verified figures are bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.documents.markers import RANK_CLAUSE, RANK_INLINE, find_marker
from bot.types import Answer, Figure
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.tables import CitedTable, rows_in, table_of
from bot.web.texts import Texts

SHORT_FIGURE = 14
"""Characters up to which a figure is kept on one line."""

_MARKER = re.compile(r"\[(\d{1,3})\]")
_MARKER_WHOLE = re.compile(r"\[\d{1,3}\]")
_MARKERS = r"[。，；、：！？）”』」]?(?:\[\d{1,3}\])+"
_TRAILING_MARKERS = re.compile(r"(?:\[\d{1,3}\]){1,9}$")
_BULLET = re.compile(r"^\s*[-•·*]\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*\d{1,3}[.．、)）](?=\s*\D)")
#: More figures than these do not stand out.
MOST_FIGURES = 4
#: A first line with more characters is no short answer.
LEAD_CHARACTERS = 90
#: A numbered line with no more characters that does not end as a sentence is a heading of what follows.
HEADING_CHARACTERS = 30
#: Bullets stand below all printed numbers.
_BULLET_RANK = 100
_ENDS = "。；！？;!?，,、：:]"


@dataclass(frozen=True, slots=True)
class Prose:
    """How the text of one answer is turned into HTML.

    ``titles`` maps each marker that has evidence to the title of its document; ``figures`` maps
    the text of each figure to whether every figure of that text is verified; ``emphasis`` is what was asked for.
    """

    number: int
    titles: Mapping[int, str]
    figures: Mapping[str, bool]
    texts: Texts
    emphasis: tuple[str, ...] = ()
    tables: tuple[CitedTable, ...] = ()

    @classmethod
    def of(cls, answer: Answer, number: int, texts: Texts, tables: Sequence[CitedTable] = ()) -> Prose:
        """For the texts of ``answer``, the ``number``-th of its conversation, which cites rows of ``tables``."""
        titles = {citation.marker: citation.title for citation in answer.citations}
        # What only announces or names an item is not what was asked for.
        asked = tuple(each for each in answer.emphasis if not each.endswith(("：", ":", "；", ";")))
        figures = _verified(answer.figures)
        # Where everything stands out, nothing does.
        return cls(number, titles, figures if len(figures) <= MOST_FIGURES else {}, texts, asked, tuple(tables))

    def quiet(self) -> Prose:
        """The same without figures that stand out."""
        return replace(self, figures={})

    def inline(self, words: str) -> Html:
        """One line of text."""
        parts: list[Html] = []
        position = 0
        for match in self._pattern().finditer(words):
            parts.append(text(words[position : match.start()]))
            parts.append(self._token(match.group()))
            position = match.end()
        parts.append(text(words[position:]))
        return join(parts)

    def block(self, words: str, *, lead: bool = False) -> Html:
        """Paragraphs, lists and tables: one paragraph a line, numbered lines and bullets listed by their depth.

        Lines that are rows of the cited tables become those rows. With ``lead`` a short first line stands out.
        """
        lines = _once(line for line in words.split("\n") if line.strip())
        items = [_item(line) for line in lines]
        listed = sum(each is not None for each in items) > 1
        blocks: list[Html] = []
        position = 0
        while position < len(lines):
            table = rows_in([_unmarked(line) for line in lines[position:]], self.tables)
            if table is not None:
                run = lines[position : position + len(table[1])]
                markers = "".join(dict.fromkeys(_MARKER_WHOLE.findall("".join(map(_markers_of, run)))))
                blocks.append(table_of(*table, markers, self, len(blocks)))
                position += len(run)
                continue
            end = position
            while listed and end < len(lines) and items[end] is not None:
                end += 1
            if end > position:
                blocks.append(self._nested([each for each in items[position:end] if each is not None]))
                position = end
                continue
            blocks.append(self._paragraph(lines[position], lead=lead and position == 0))
            position += 1
        return join(blocks)

    def _paragraph(self, line: str, *, lead: bool) -> Html:
        line = line.strip()
        short = lead and len(_unmarked(line)) <= LEAD_CHARACTERS
        heading = find_marker(line) is not None and len(line) <= HEADING_CHARACTERS and line[-1] not in _ENDS
        return tag("p", self.inline(line), class_="part-heading" if heading else "lead" if short else None)

    def _nested(self, items: Sequence[_Item]) -> Html:
        """A list with what hangs on each item below it."""
        written: list[Html] = []
        position = 0
        while position < len(items):
            end = position + 1
            while end < len(items) and items[end].rank > items[position].rank:
                end += 1
            below = items[position + 1 : end]
            item = items[position]
            numbered = "numbered" if item.label else None
            label = tag("span", text(item.label), class_="item-number") if item.label else EMPTY
            inner = self._nested(below) if below else EMPTY
            written.append(tag("li", label, self.inline(item.words), inner, class_=numbered))
            position = end
        return tag("ul", *written)

    def marker(self, marker: int | None) -> Html:
        """The link to one piece of evidence; nothing when there is no such evidence."""
        if marker is None or marker not in self.titles:
            return Html("")
        return tag(
            "a",
            text(f"[{marker}]"),
            class_="marker",
            href=f"#evidence-{self.number}-{marker}",
            data_exchange=self.number,
            data_marker=marker,
            aria_label=self.texts.see_evidence.format(marker=marker, title=self.titles[marker]),
        )

    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self.emphasis, key=len, reverse=True)
        asked = "".join(rf"|(?<![\d.]){re.escape(each)}(?!\d|\.\d)" for each in longest)
        # Longest first, so that 50万元 is never read as the figure 50.
        figures = "|".join(re.escape(each) for each in sorted(self.figures, key=len, reverse=True))
        whole = rf"|(?<![\d.])(?:{figures})(?!\d|\.\d)" if figures else ""
        return re.compile(_MARKERS + asked + whole)

    def _token(self, words: str) -> Html:
        short = len(words) <= SHORT_FIGURE
        if words in self.emphasis:
            return tag("strong", text(words), class_="asked nowrap" if short else "asked")
        if words in self.figures:
            if not self.figures[words]:
                return text(words)
            # Where what was asked for stands out, nothing else does.
            name = "span" if self.emphasis else "strong"
            return tag(name, text(words), class_="figure nowrap" if short else "figure")
        # A marker never begins a line: it stays with the punctuation before it.
        parts = [text(words[: words.index("[")])]
        for match in _MARKER.finditer(words):
            parts.append(self.marker(int(match.group(1))) or text(match.group()))
        return tag("span", *parts, class_="nowrap")


@dataclass(frozen=True, slots=True)
class _Item:
    """A line of a list: its printed number, if it has one, and how deep that puts it."""

    rank: float
    label: str
    words: str


def _item(line: str) -> _Item | None:
    bullet = _BULLET.match(line)
    if bullet is not None:
        return _Item(_BULLET_RANK, "", line[bullet.end() :])
    line = line.strip()
    marker = find_marker(line)
    if marker is not None and RANK_CLAUSE <= marker.rank < RANK_INLINE:
        rank, end = float(marker.rank), marker.end
    elif (numbered := _NUMBERED.match(line)) is not None:
        rank, end = float(_BULLET_RANK), numbered.end()
    else:
        return None
    heading = rank == RANK_CLAUSE and len(line) <= HEADING_CHARACTERS and line[-1] not in _ENDS
    return None if heading else _Item(rank, line[:end], line[end:])


def _once(lines: Iterable[str]) -> list[str]:
    """Lines without those that were there before, markers aside: two rows of a table each bring its caption."""
    told: dict[str, str] = {}
    for line in lines:
        told.setdefault(_unmarked(line), line)
    return list(told.values())


def _unmarked(line: str) -> str:
    return _TRAILING_MARKERS.sub("", line.strip())


def _markers_of(line: str) -> str:
    found = _TRAILING_MARKERS.search(line.strip())
    return found.group() if found else ""


def _verified(figures: Iterable[Figure]) -> dict[str, bool]:
    verified: dict[str, bool] = {}
    for figure in figures:
        # A bare number may stand anywhere; an ordinal only counts.
        if figure.text.strip() and not figure.text.isdecimal() and not figure.text.startswith("第"):
            verified[figure.text] = figure.verified and verified.get(figure.text, True)
    return verified
