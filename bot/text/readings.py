"""How Chinese characters are read, in Latin letters without tones.

GB 2312-1980 puts its 3,755 characters of the first level in the order of their readings, so a table of how many
characters share one reading tells them all (``pinyin.txt``: reading and count, after that order). Characters of the
second level stand in no such order and have no reading here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_FILE = Path(__file__).with_name("pinyin.txt")
#: Rows of GB 2312 that hold the first level.
_ROWS = range(0xB0, 0xD8)
#: Sounds that many speakers, and input methods by default, do not keep apart.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


@functools.cache
def readings() -> Mapping[str, str]:
    """The reading of each character of the first level; ü is written v."""
    counted = [re.fullmatch(r"([a-z]+)(\d+)", each) for each in _FILE.read_text(encoding="utf-8").split()]
    syllables = [match[1] for match in counted if match for _ in range(int(match[2]))]
    return dict(zip(_first_level(), syllables, strict=True))


def sound(character: str) -> str:
    """The reading with sounds that are often taken for one another written alike; empty where none is known.

    >>> sound("贷") == sound("待"), sound("山") == sound("三")
    (True, True)
    """
    reading = readings().get(character, "")
    for one, other in _ALIKE:
        reading = reading.replace(one, other)
    return reading


def _first_level() -> Iterator[str]:
    for row in _ROWS:
        for cell in range(0xA1, 0xFF):
            character = bytes((row, cell)).decode("gb2312", errors="ignore")
            if character:
                yield character
