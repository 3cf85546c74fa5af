"""Whole sentences out of a stream of pieces, each with the markers that follow its full stop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.answering.model.grounding import normalised_markers

_MARKS = r"(?:\s*[\[［【〔]\s*\^?\s*\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*\s*[\]］】〕])*"
#: A sentence is whole when something else than a marker has begun after it.
_WHOLE_CHINESE = re.compile(
    rf"^(.*?[。！？!?][”’」』）)》]*{_MARKS}|[^\n]*?\n)(?=\s*[^\s\[［【〔。！？!?”’」』）)》])", re.DOTALL
)
_WHOLE_ENGLISH = re.compile(
    rf"^(.*?(?<!No)(?<!\b[A-Z])[.!?。][\"”’)]*{_MARKS}|[^\n]*?\n)(?=\s+[^\s\[［【〔]|\s*[-•])", re.DOTALL
)
_DECORATION = re.compile(r"\*\*|__|^#{1,6}\s*|^>\s*")
_BULLET = re.compile(r"^(?:[-*•·●]\s+|\d{1,2}[.、)）]\s*(?!\d))")


def whole_sentences(pieces: Iterable[str], *, english: bool = False) -> Iterator[str]:
    """Sentences as they become whole, decoration gone, markers written ``[n]``; bullets become ``- ``.

    >>> list(whole_sentences(["最高50", "万元。[1]有", "效期两年。【2】"]))
    ['最高50万元。[1]', '有效期两年。[2]']
    """
    whole = _WHOLE_ENGLISH if english else _WHOLE_CHINESE
    held = ""
    for piece in pieces:
        held += piece
        while match := whole.match(held):
            yield from _cleaned(match.group(1))
            held = held[match.end(1) :]
    yield from _cleaned(held)


def _cleaned(text: str) -> Iterator[str]:
    # A last piece may still hold several lines, when nothing followed to tell them whole.
    for line in text.split("\n"):
        sentence = normalised_markers(_DECORATION.sub("", line.strip())).strip()
        sentence = _BULLET.sub("- ", sentence)
        if sentence.strip("- "):
            yield sentence
