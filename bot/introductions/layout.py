"""How a draft is set on A4: sizes, indents, where lines break, how high it comes. Word and PDF are set alike.

Lengths are in points. The width of a character is measured in ems: one for Chinese, about a half for Latin; both files
then come within a line of what is reckoned here, for which :data:`SLACK` lines are kept free.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.introductions.records import Block, BlockKind

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN_SIDE, MARGIN_TOP, MARGIN_BOTTOM = 74.0, 62.0, 54.0
WIDTH, HEIGHT = PAGE_WIDTH - 2 * MARGIN_SIDE, PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
#: Lines kept free, because another program breaks lines a little differently.
SLACK = 2
#: Sizes of running text with their line pitch, the largest that fits a page is taken: 小四 to 五号.
SIZES = ((12.0, 19.0), (11.0, 17.0), (10.5, 15.5))
#: The letterhead is red in Chinese offices.
RED = (0.78, 0.0, 0.0)
_MEETING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕”’…—,.;:?!)%℃°·~～")
_NEVER_LAST = frozenset("（《「『【〔“‘(")


@dataclass(frozen=True, slots=True)
class Setting:
    """How blocks of a kind are set, in points; ``hang`` is the indent of all lines, ``first`` of the first."""

    size: float
    pitch: float
    before: float = 0.0
    after: float = 0.0
    hang: float = 0.0
    first: float = 0.0
    bold: bool = False

    @property
    def width(self) -> float:
        """The room of one line."""
        return WIDTH - self.hang


def setting(kind: BlockKind, step: int, *, latin: bool = False) -> Setting:
    """The setting of ``kind`` where running text has the size ``SIZES[step]``."""
    size, pitch = SIZES[step]
    if kind is BlockKind.LETTERHEAD:
        return Setting(22.0, 32.0, after=6.0, bold=True)
    if kind is BlockKind.TITLE:
        return Setting(16.0, 24.0, before=pitch / 2, after=pitch / 2, bold=True)
    if kind is BlockKind.HEADING:
        return Setting(size, pitch, before=pitch / 5, bold=True)
    if kind is BlockKind.ITEM:
        return Setting(size, pitch, hang=1.5 * size)
    if kind is BlockKind.CONTACT:
        return Setting(9.5, 14.0, before=pitch / 2)
    if kind is BlockKind.PARAGRAPH:
        # Chinese paragraphs are indented by two characters, English ones set apart.
        return Setting(size, pitch, after=pitch / 4) if latin else Setting(size, pitch, first=2 * size)
    return Setting(size, pitch)


def step_that_fits(blocks: Sequence[Block], *, latin: bool = False) -> int:
    """The place in :data:`SIZES` of the largest size that keeps ``blocks`` on one page; else the smallest."""
    for step, (_, pitch) in enumerate(SIZES):
        if height(blocks, step, latin=latin) + SLACK * pitch <= HEIGHT:
            return step
    return len(SIZES) - 1


def fits_a_page(blocks: Sequence[Block], *, latin: bool = False) -> bool:
    """Whether ``blocks`` stand on one page at some size."""
    step = len(SIZES) - 1
    return height(blocks, step, latin=latin) + SLACK * SIZES[step][1] <= HEIGHT


def height(blocks: Sequence[Block], step: int, *, latin: bool = False) -> float:
    """How high ``blocks`` come."""
    return sum(block_height(block, step, latin=latin) for block in blocks)


@functools.lru_cache(maxsize=4_096)
def block_height(block: Block, step: int, *, latin: bool = False) -> float:
    """How high one block comes, the space around it included."""
    how = setting(block.kind, step, latin=latin)
    lines = broken(block.text, how, lambda text: how.size * ems(text, latin=latin))
    return how.before + how.after + how.pitch * len(lines)


def ems(text: str, *, latin: bool = False) -> float:
    """The width of ``text`` in ems, as fonts of the usual widths draw it; ``latin`` text is in a Latin font.

    Word sets Chinese and Latin characters a quarter of an em apart.
    """
    meetings = 0 if latin else len(_MEETING.findall(text))
    return sum(_em(each, latin) for each in text) + 0.25 * meetings


def _em(character: str, latin: bool) -> float:
    if latin and character in "“”‘’—…":
        return 0.45
    if _is_wide(character):
        return 1.0
    if latin:
        return 0.65 if character.isupper() or character in "mw%@" else 0.46
    return 0.56 if character.isupper() or character in "mw%@" else 0.5


def broken(text: str, how: Setting, measure: Callable[[str], float]) -> list[str]:
    """``text`` in lines no wider than ``how`` allows, by ``measure``; words and numbers of Latin letters stay whole.

    A closing mark never begins a line and an opening one never ends it.
    """
    lines: list[str] = []
    line, used, room = "", 0.0, how.width - how.first
    for part in _parts(text):
        wide = measure(line[-1:] + part) - measure(line[-1:])
        if line and used + wide > room:
            carried = _carried(line, part)
            lines.append(line[: len(line) - len(carried)].rstrip())
            line, room = carried, how.width
            used = measure(line)
            part, wide = (part.lstrip(), measure(part.lstrip())) if not line else (part, wide)
        while wide > room - used and len(part) > 1:
            # A word longer than a line is cut.
            count = max(1, int(len(part) * (room - used) / wide))
            lines.append(line + part[:count])
            part, line, used, room = part[count:], "", 0.0, how.width
            wide = measure(part)
        line, used = line + part, used + wide
    return [*lines, line] if line or not lines else lines


def _carried(line: str, part: str) -> str:
    """The end of ``line`` that has to go to the next one together with ``part``."""
    end = len(line)
    if part[0] in _NEVER_FIRST:
        while end > 1 and line[end - 1] in _NEVER_FIRST:
            end -= 1
        end -= 1
        # A number stays whole in front of its stop.
        while 0 < end < len(line) and _is_latin(line[end]) and _is_latin(line[end - 1]):
            end -= 1
    while end > 0 and line[end - 1] in _NEVER_LAST:
        end -= 1
    return line[end:] if 0 < end and len(line) - end < len(line) / 2 else ""


def _parts(text: str) -> list[str]:
    """What may not be broken: a run of Latin letters and digits, or one character."""
    parts: list[str] = []
    for each in text:
        if parts and _is_latin(each) and _is_latin(parts[-1][-1]):
            parts[-1] += each
        else:
            parts.append(each)
    return parts


def _is_latin(character: str) -> bool:
    return character != " " and not _is_wide(character) and character not in _NEVER_LAST | frozenset(",;:?!)、")


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F", "A")
