"""Word lists as data: one file each, one recogniser each. A line that begins with # says what a list is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LEFT_OUT: set[str] = set()


def names() -> tuple[str, ...]:
    """The names of all lists."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))


def leave_out(lists: Iterable[str]) -> None:
    """Read these lists as empty from now on, in the whole process: how much each earns is measured so."""
    _LEFT_OUT.update(lists)
    words.cache_clear()
    recogniser.cache_clear()


@cache
def words(name: str) -> tuple[str, ...]:
    """The entries of ``name``.txt, longest first."""
    if name in _LEFT_OUT:
        return ()
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = {word for line in lines if not line.startswith("#") for word in line.split()}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def recogniser(name: str) -> re.Pattern[str]:
    """Finds any entry of a list, the longest first where they overlap; nothing where the list is empty."""
    return re.compile("|".join(map(re.escape, words(name))) or r"(?!)")
