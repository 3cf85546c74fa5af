"""Glyphs on one line to text: blanks, letter-spacing, raised and lowered characters."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Sequence

from bot.documents.formats.pdf.glyphs import Glyph, Segment

#: A gap of this many times the size parts two pieces of a line; ordinary text has none.
SPLIT_GAP = 1.3
#: Blanks drawn as characters part pieces only when they are as wide as a tabulator.
_SPLIT_BLANKS = 2.2
_WORD_GAP = 0.18
_CHINESE_GAP = 0.6
#: Raised and lowered characters are smaller than their neighbour and off its base line by this share of its size.
SMALLER = 0.82
_RAISED = 0.18
_LOWERED = -0.08
#: Gaps of letter-spaced text are alike up to this share.
_EVEN = 0.25
_MAX_SPACED_GAP = 2.6
_RAISED_DIGITS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED_DIGITS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_NOTE_SIGNS = "*①②③④⑤⑥⑦⑧⑨⑩[]［］〔〕注†‡"


def segments_of(glyphs: Sequence[Glyph]) -> list[Segment]:
    """The pieces of one line; ``glyphs`` are those that share it, in any order."""
    row = sorted(glyphs, key=lambda glyph: (glyph.x0, glyph.x1))
    inked = [glyph for glyph in row if not glyph.blank]
    if not inked:
        return []
    if _is_spaced_out(inked):
        return [_segment(inked, tight=True)]
    pieces: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in row:
        if glyph.blank:
            if pieces:
                pieces[-1].append(glyph)
            continue
        if last is None or _is_split(pieces[-1], last, glyph):
            pieces.append([])
        pieces[-1].append(glyph)
        last = glyph if last is None or glyph.x1 >= last.x1 or pieces[-1] == [glyph] else last
    return [_segment(piece) for piece in pieces]


def joined_letters(text: str) -> str:
    """Letter-spaced words of a text closed up.

    >>> joined_letters("每 家 最 高 5 0 万 元 。"), joined_letters("甲 100 乙 60")
    ('每家最高50万元。', '甲 100 乙 60')
    """
    tokens = text.split(" ")
    joined: list[str] = []
    start = 0
    while start < len(tokens):
        end = start
        while end < len(tokens) and len(tokens[end]) == 1:
            end += 1
        run = tokens[start:end]
        whole = len(run) == len(tokens)
        if _is_word(run, whole):
            joined.append("".join(run))
            start = end
        else:
            joined.append(tokens[start])
            start += 1
    return " ".join(joined)


def _is_word(run: Sequence[str], whole: bool) -> bool:
    """Whether single characters between blanks are one spaced word; two only when they are the whole text."""
    chinese = sum(_is_han(character) for character in run)
    return (len(run) >= 3 and chinese >= 2) or (whole and len(run) == 2 and chinese == 2)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _is_split(piece: Sequence[Glyph], left: Glyph, right: Glyph) -> bool:
    size = max(left.size, right.size)
    gap = right.x0 - left.x1
    blanks = sum(glyph.x1 - glyph.x0 for glyph in piece[-12:] if glyph.blank and glyph.x0 >= left.x1 - 0.1 * size)
    return gap > (SPLIT_GAP if blanks < 0.3 * gap else _SPLIT_BLANKS) * size


def _is_spaced_out(inked: Sequence[Glyph]) -> bool:
    """A line whose characters all stand apart by the same gap: a title set wide."""
    if len(inked) < 2 or any(len(glyph.text) > 1 for glyph in inked):
        return False
    size = statistics.median(glyph.size for glyph in inked)
    gaps = [right.x0 - left.x1 for left, right in zip(inked, inked[1:], strict=False)]
    middle = statistics.median(gaps)
    chinese = sum(_is_han(glyph.text) for glyph in inked)
    if middle < 0.4 * size or chinese < 0.6 * len(inked):
        return False
    if len(inked) == 2:
        return middle <= 4 * size
    # Three single characters far apart are more often the heads of three columns.
    reach = _MAX_SPACED_GAP if len(inked) > 3 else 1.6
    return middle <= reach * size and all(abs(gap - middle) <= max(_EVEN * middle, 0.2 * size) for gap in gaps)


def _segment(glyphs: Sequence[Glyph], *, tight: bool = False) -> Segment:
    inked = [glyph for glyph in glyphs if not glyph.blank]
    base = _base(inked)
    text = "".join(glyph.text for glyph in inked) if tight else joined_letters(_text(glyphs, base))
    return Segment(
        text,
        min(glyph.x0 for glyph in inked),
        max(glyph.x1 for glyph in inked),
        min(glyph.top for glyph in inked),
        max(glyph.bottom for glyph in inked),
        base.baseline,
        base.size,
    )


def _base(inked: Sequence[Glyph]) -> Glyph:
    """A glyph of the size that most of the line has."""
    widths: dict[tuple[float, float], float] = {}
    for glyph in inked:
        key = (round(glyph.size, 1), round(glyph.baseline))
        widths[key] = widths.get(key, 0.0) + max(glyph.x1 - glyph.x0, 0.1)
    size, baseline = max(widths, key=lambda key: (widths[key], key))
    return next(glyph for glyph in inked if (round(glyph.size, 1), round(glyph.baseline)) == (size, baseline))


def _text(glyphs: Sequence[Glyph], base: Glyph) -> str:
    parts: list[str] = []
    last: Glyph | None = None
    waiting = False
    index: list[Glyph] = []
    for glyph in glyphs:
        if glyph.blank:
            waiting = True
            continue
        shift = _shift(glyph, base)
        if index and shift != _shift(index[-1], base):
            parts.append(_indexed(index, base))
            index = []
        if last is not None and (waiting or _gap(last, glyph)) and not (shift and not waiting):
            parts.append(" ")
        waiting = False
        if shift:
            index.append(glyph)
        else:
            parts.append(glyph.text)
        last = glyph
    if index:
        parts.append(_indexed(index, base))
    return " ".join("".join(parts).split())


def _shift(glyph: Glyph, base: Glyph) -> int:
    """1 for a raised, -1 for a lowered character, 0 for one on the line."""
    if glyph.size > SMALLER * base.size:
        return 0
    rise = (base.baseline - glyph.baseline) / base.size
    return 1 if rise >= _RAISED else -1 if rise <= _LOWERED else 0


def _indexed(index: Sequence[Glyph], base: Glyph) -> str:
    return indexed("".join(glyph.text for glyph in index), raised=_shift(index[0], base) > 0)


def indexed(text: str, *, raised: bool) -> str:
    """Raised or lowered characters as 10⁸ and H₂O; what has no such character follows ^ or _.

    >>> indexed("-3", raised=True), indexed("2", raised=False), indexed("th", raised=True)
    ('⁻³', '₂', '^th')
    """
    written = text.translate(_RAISED_DIGITS if raised else _LOWERED_DIGITS)
    if all(plain != small for plain, small in zip(text, written, strict=True)):
        return written
    if all(character in _NOTE_SIGNS or character.isdigit() for character in text) or _is_han(text[0]):
        return text
    return ("^" if raised else "_") + text


def _gap(left: Glyph, right: Glyph) -> bool:
    gap = right.x0 - left.x1
    latin = left.text[-1].isascii() and right.text[0].isascii()
    return gap > (_WORD_GAP if latin else _CHINESE_GAP) * max(left.size, right.size)


def plain_form(text: str) -> str:
    """Ligatures (ﬁ) as letters; no other character is changed."""
    if any("\ufb00" <= character <= "\ufb06" for character in text):
        return "".join(unicodedata.normalize("NFKC", each) if "\ufb00" <= each <= "\ufb06" else each for each in text)
    return text
