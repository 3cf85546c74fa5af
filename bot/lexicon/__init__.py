"""Word lists as data: one file each, one recogniser each. A line that begins with # says what a list is for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path


@cache
def words(name: str) -> tuple[str, ...]:
    """The entries of ``name``.txt, longest first."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = {word for line in lines if not line.startswith("#") for word in line.split()}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def recogniser(name: str) -> re.Pattern[str]:
    """Finds any entry of a list, the longest first where they overlap."""
    return re.compile("|".join(map(re.escape, words(name))))
