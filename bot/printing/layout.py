"""How blocks are set on A4: sizes, indents, colours, where lines break, how high they come; Word and PDF alike.

Lengths are in points. The width of a character is measured in ems: one for Chinese, about a half for Latin; both files
then come within a line of what is reckoned here, for which :data:`SLACK` lines are kept free.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.printing.blocks import Block, BlockKind

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
#: Lines kept free, because another program breaks lines a little differently.
SLACK = 2
#: Sizes of a letter's running text with their line pitch, the largest that fits a page is taken: 小四 to 五号.
SIZES = ((12.0, 19.0), (11.0, 17.0), (10.5, 15.5))
#: The letterhead is red in Chinese offices.
_RED, _BLUE, _GREY, _BLACK = "C70000", "1F3A93", "555555", "000000"
_MEETING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕”’…—,.;:?!)%℃°·~～")
_NEVER_LAST = frozenset("（《「『【〔“‘(")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


class Align(StrEnum):
    """Where a line stands between the margins."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of that colour and thickness from margin to margin, above a run of blocks or below each block."""

    colour: str
    thick: float
    above: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """How blocks of a kind are set, in points; ``hang`` is the indent of all lines, ``first`` of the first.

    ``heads`` are in the heading font, and stay with what follows as ``keeps`` do. ``joined`` blocks of the same kind
    have the room ``before`` them only once. Colours are six hexadecimal digits.
    """

    size: float
    pitch: float
    before: float = 0.0
    after: float = 0.0
    hang: float = 0.0
    first: float = 0.0
    bold: bool = False
    align: Align = Align.LEFT
    colour: str = _BLACK
    heads: bool = False
    keeps: bool = False
    joined: bool = False
    dotted: bool = False
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of document: margins, how each kind of block and a table's cells are set; ``latin`` is in English."""

    side: float
    top: float
    bottom: float
    plain: Setting
    special: Mapping[BlockKind, Setting]
    cell: Setting
    latin: bool = False
    numbered: bool = False

    def setting(self, kind: BlockKind) -> Setting:
        """How blocks of ``kind`` are set."""
        return self.special.get(kind, self.plain)

    @property
    def width(self) -> float:
        """The room between the margins."""
        return PAGE_WIDTH - 2 * self.side

    @property
    def height(self) -> float:
        """The room of a page."""
        return PAGE_HEIGHT - self.top - self.bottom


@functools.cache
def letter_sheet(step: int, *, latin: bool = False) -> Sheet:
    """Letters and answers, with running text of the size ``SIZES[step]``."""
    size, pitch = SIZES[step]
    # Chinese paragraphs are indented by two characters, English ones set apart.
    paragraph = Setting(size, pitch, after=pitch / 4) if latin else Setting(size, pitch, first=2 * size)
    center, right = Align.CENTER, Align.RIGHT
    special = {
        BlockKind.LETTERHEAD: Setting(
            22.0, 32.0, after=6.0, bold=True, align=center, colour=_RED, rule=Rule(_RED, 1.5)
        ),
        BlockKind.NUMBER: Setting(size, pitch, align=right),
        BlockKind.SUBJECT: Setting(size, pitch, bold=True),
        BlockKind.TITLE: Setting(16.0, 24.0, pitch / 2, pitch / 2, bold=True, align=center, heads=True),
        BlockKind.HEADING: Setting(size, pitch, before=pitch / 5, bold=True, heads=True, keeps=True),
        BlockKind.PARAGRAPH: paragraph,
        BlockKind.ITEM: Setting(size, pitch, hang=1.5 * size, dotted=True),
        BlockKind.SIGNATURE: Setting(size, pitch, before=pitch / 2, align=right, joined=True),
        BlockKind.CONTACT: Setting(9.5, 14.0, before=pitch / 2, joined=True, rule=Rule("808080", 0.5, above=True)),
    }
    return Sheet(74.0, 62.0, 54.0, Setting(size, pitch), special, Setting(9.5, 14.0), latin=latin)


@functools.cache
def report_sheet() -> Sheet:
    """Reports of several pages: headings in steps, tables, the number at the foot of each page."""
    special = {
        BlockKind.TITLE: Setting(18.0, 26.0, after=8.0, bold=True, align=Align.CENTER, heads=True, keeps=True),
        BlockKind.HEADING: Setting(14.0, 20.0, 14.0, 4.0, bold=True, colour=_BLUE, heads=True, keeps=True),
        BlockKind.SUBHEADING: Setting(12.0, 18.0, 8.0, 2.0, bold=True, heads=True, keeps=True),
        BlockKind.VERDICT: Setting(10.5, 16.0, after=2.0, bold=True, colour=_BLUE, keeps=True),
        BlockKind.NOTE: Setting(10.5, 16.0, after=4.0, colour=_GREY),
        BlockKind.ITEM: Setting(10.5, 16.0, after=2.0, hang=16.0, dotted=True),
    }
    return Sheet(62.0, 62.0, 62.0, Setting(10.5, 16.0, after=4.0), special, Setting(9.5, 14.0), numbered=True)


def fitted_sheet(blocks: Sequence[Block], *, latin: bool = False) -> Sheet:
    """The letter's sheet with the largest size that keeps ``blocks`` on one page; else with the smallest."""
    return letter_sheet(step_that_fits(blocks, latin=latin), latin=latin)


def step_that_fits(blocks: Sequence[Block], *, latin: bool = False) -> int:
    """The place in :data:`SIZES` of the largest size that keeps ``blocks`` on one page; else the smallest."""
    return next((step for step in range(len(SIZES)) if _fits(blocks, step, latin)), len(SIZES) - 1)


def fits_a_page(blocks: Sequence[Block], *, latin: bool = False) -> bool:
    """Whether ``blocks`` stand on one page at some size."""
    return _fits(blocks, len(SIZES) - 1, latin)


def _fits(blocks: Sequence[Block], step: int, latin: bool) -> bool:
    sheet = letter_sheet(step, latin=latin)
    return height(blocks, step, latin=latin) + SLACK * sheet.plain.pitch <= sheet.height


def height(blocks: Sequence[Block], step: int, *, latin: bool = False) -> float:
    """How high ``blocks`` come as a letter."""
    sheet, high = letter_sheet(step, latin=latin), 0.0
    for place, block in enumerate(blocks):
        how = sheet.setting(block.kind)
        high += room_before(how, block.kind, blocks[place - 1].kind if place else None)
        high += how.after + how.pitch * _line_count(block, step, latin)
    return high


def room_before(how: Setting, kind: BlockKind, before: BlockKind | None) -> float:
    """The room above a block of ``kind`` that follows one of the kind ``before``."""
    return 0.0 if how.joined and kind is before else how.before


@functools.lru_cache(maxsize=4_096)
def _line_count(block: Block, step: int, latin: bool) -> int:
    sheet = letter_sheet(step, latin=latin)
    how = sheet.setting(block.kind)
    return len(broken(block.text, sheet.width - how.hang, how.first, lambda text: how.size * ems(text, latin=latin)))


def printable(text: str) -> str:
    """``text`` without the characters that nobody sees and no document may hold."""
    return "".join(each for each in text if each == "\n" or not _is_unseen(each))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or character in "\ufffe\uffff"


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


def broken(text: str, room: float, first: float, measure: Callable[[str], float]) -> list[str]:
    """``text`` in lines no wider than ``room`` by ``measure``, the first of a paragraph narrower by ``first``.

    Words and numbers of Latin letters stay whole. A closing mark never begins a line and an opening one never ends it.
    """
    return [line for part in text.split("\n") for line in _broken(part, room, first, measure)]


def _broken(text: str, width: float, first: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line, used, room = "", 0.0, width - first
    for part in _parts(text):
        wide = measure(line[-1:] + part) - measure(line[-1:])
        if line and used + wide > room:
            carried = _carried(line, part)
            lines.append(line[: len(line) - len(carried)].rstrip())
            line, room = carried, width
            used = measure(line)
            part, wide = (part.lstrip(), measure(part.lstrip())) if not line else (part, wide)
        while wide > room - used and len(part) > 1:
            # A word longer than a line is cut.
            count = _fitting(part, room - used, measure)
            lines.append(line + part[:count])
            wide -= measure(part[:count])
            part, line, used, room = part[count:], "", 0.0, width
        line, used = line + part, used + wide
    return [*lines, line] if line or not lines else lines


def _fitting(word: str, room: float, measure: Callable[[str], float]) -> int:
    """How many characters of ``word`` fit, at least one."""
    used = 0.0
    for place, each in enumerate(word):
        used += measure(each)
        if used > room:
            return max(1, place)
    return len(word)


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
