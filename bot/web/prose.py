"""Answer and note text as HTML: markers become links to the evidence, what was asked for becomes bold.

Where nothing tells what was asked for, verified figures are bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.types import Answer, Figure
from bot.web.markup import Html, join, tag, text
from bot.web.texts import Texts

SHORT_FIGURE = 14
"""Characters up to which a figure is kept on one line."""

_MARKER = re.compile(r"\[(\d{1,3})\]")
_MARKERS = r"[。，；、：！？）”』」]?(?:\[\d{1,3}\])+"
_BULLET = re.compile(r"^\s*[-•·*]\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*(?=\d{1,3}[.．、)）]\s*\D)")


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

    @classmethod
    def of(cls, answer: Answer, number: int, texts: Texts) -> Prose:
        """For the texts of ``answer``, the ``number``-th of its conversation."""
        titles = {citation.marker: citation.title for citation in answer.citations}
        return cls(number, titles, _verified(answer.figures), texts, answer.emphasis)

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

    def block(self, words: str) -> Html:
        """Paragraphs and lists; one paragraph a line, lines that begin with a bullet or number listed."""
        blocks: list[Html] = []
        items: list[Html] = []
        for line in [*words.split("\n"), ""]:
            bullet = _BULLET.match(line)
            if bullet or _NUMBERED.match(line):
                content = line[bullet.end() :] if bullet else line.strip()
                items.append(tag("li", self.inline(content), class_=None if bullet else "numbered"))
                continue
            if items:
                blocks.append(tag("ul", *items))
                items = []
            if line.strip():
                blocks.append(tag("p", self.inline(line.strip())))
        return join(blocks)

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


def _verified(figures: Iterable[Figure]) -> dict[str, bool]:
    verified: dict[str, bool] = {}
    for figure in figures:
        if figure.text.strip():
            verified[figure.text] = figure.verified and verified.get(figure.text, True)
    return verified
