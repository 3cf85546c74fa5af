"""Sentences and clauses of Chinese text, by offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"[。！？!?；;]+[”’」』）)》]*|\n+")
_SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)》]*|\n+")


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of the text it was cut from, without outer white space."""

    start: int
    end: int
    text: str


def split_sentences(text: str, *, at_semicolons: bool = False) -> tuple[Span, ...]:
    """Sentences in order, ended by 。！？ or a line break (and ；with ``at_semicolons``).

    A mark inside brackets does not end a sentence unless the line ends; every non-blank character
    stands in exactly one span.
    """
    spans: list[Span] = []
    start = 0
    for match in (_END if at_semicolons else _SENTENCE_END).finditer(text):
        inside = "\n" not in match.group() and _unbalanced(text[start : match.end()])
        if inside:
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _unbalanced(text: str) -> bool:
    # Only parentheses hold a sentence together; unclosed quotation marks are common in scans.
    opened = text.count("（") + text.count("(")
    return opened > text.count("）") + text.count(")") and len(text) < 300


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + len(piece) - len(piece.lstrip())
        spans.append(Span(begin, begin + len(stripped), stripped))
