"""The words of wishing around what is sought or offered: they are no part of its name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.search.background import MINIMUM_SHARE, background_share

_FILE = Path(__file__).with_name("frame.txt")
_SHORTEST = 2
_MOST_WORDS = 12


@cache
def _words(side: str) -> tuple[str, ...]:
    lines = (line.split() for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(sorted({word for first, *rest in lines if first == side for word in rest}, key=len, reverse=True))


def trimmed(clause: str) -> str:
    """``clause`` without the words of wishing before and after; empty where nothing else is said.

    A word is taken off only where that cuts no common word: 找|能源管理 keeps its 能.

    >>> trimmed("想找能做齿轮渗碳的团队"), trimmed("想找技术")
    ('齿轮渗碳', '')
    """
    text = _trimmed(clause.strip(), "lead")
    text = _trimmed(text, "tail")
    return text if len(text) >= _SHORTEST and text not in _words("lead") and text not in _words("tail") else ""


def _trimmed(text: str, side: str) -> str:
    for _ in range(_MOST_WORDS):
        word = next((each for each in _words(side) if _may_go(text, each, side)), "")
        if not word:
            return text
        text = text[len(word) :].strip() if side == "lead" else text[: len(text) - len(word)].strip()
    return text


def _may_go(text: str, word: str, side: str) -> bool:
    if not (text.startswith(word) if side == "lead" else text.endswith(word)):
        return False
    rest = len(text) - len(word)
    if rest == 0:
        return True
    seam = text[len(word) - 1 : len(word) + 1] if side == "lead" else text[rest - 1 : rest + 1]
    # One character may be the beginning or the end of another word; longer ones are words themselves.
    return len(word) > 1 or background_share(seam) < MINIMUM_SHARE
