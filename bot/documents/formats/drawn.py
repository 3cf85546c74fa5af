"""Tables that a plain text draws with bars, boxes or tabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.characters import tidy_blanks
from bot.documents.lines import glue
from bot.documents.tables import GridCell

_BARS = str.maketrans(dict.fromkeys("│┃║｜¦┆┊", "|"))
_RULES = frozenset("─━═┄┅┈┉-=—+|:┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╟╢╤╧╪ \t\u3000")
#: A column that tabs set apart holds at most so many characters; more is a sentence after an indent.
_TAB_CELL_CHARACTERS = 60
#: Two columns parted by tabs are a table from so many lines on, three and more from two on.
_FEWEST_PAIRS = 3
#: A quoted backslash keeps the bar after it from parting cells.
_KEPT_BAR = "\x00"


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table found in lines; ``header_rows`` where a rule under the first row tells them."""

    rows: tuple[tuple[GridCell | None, ...], ...]
    header_rows: int | None = None


def split_tables(lines: Sequence[str]) -> Iterator[list[str] | DrawnTable]:
    """The lines that are text and the tables between them, in order."""
    text: list[str] = []
    start = 0
    while start < len(lines):
        end = _table_end(lines, start)
        table = _table(lines[start:end]) if end > start else None
        if table is None:
            # A run of bars that is no table stays text as a whole, so that no line is tried twice.
            text += lines[start : max(end, start + 1)]
            start = max(end, start + 1)
            continue
        if text:
            yield text
            text = []
        yield table
        start = end
    if text:
        yield text


def split_bars(line: str) -> list[str]:
    r"""The cells of a line with bars; ``\|`` stands for a bar inside a cell, outer bars part nothing."""
    bare = line.translate(_BARS).replace("\\|", _KEPT_BAR).strip()
    cells = bare.removeprefix("|").removesuffix("|").split("|")
    return [tidy_blanks(cell.replace(_KEPT_BAR, "|")) for cell in cells]


def is_rule(line: str) -> bool:
    """A line that draws and says nothing: ``|---|:-:|``, ``+----+``, ``├──┼──┤``."""
    bare = line.strip()
    return len(bare) >= 3 and all(character in _RULES for character in bare) and any(c in "-=─━═—" for c in bare)


def _has_bars(line: str) -> bool:
    bare = line.translate(_BARS).strip()
    return bare.count("|") >= 2 or (bare.count("|") == 1 and not bare.startswith("|") and not bare.endswith("|"))


def _table_end(lines: Sequence[str], start: int) -> int:
    """Where the run of lines drawn like the one at ``start`` ends; ``start`` where it is not drawn."""
    end = start
    if _has_bars(lines[start]) or _is_box_rule(lines[start]):
        while end < len(lines) and (_has_bars(lines[end]) or is_rule(lines[end])):
            end += 1
            if lines[end - 1].strip()[0] in "└┗╚":
                # The foot of a box: what is drawn below it is another table.
                break
        return end
    columns = _tabbed(lines[start])
    if columns < 2:
        return start
    while end < len(lines) and _tabbed(lines[end]) == columns:
        end += 1
    enough = 2 if columns > 2 else _FEWEST_PAIRS
    return end if end - start >= enough else start


def _is_box_rule(line: str) -> bool:
    bare = line.strip()
    return is_rule(line) and bare[0] in "┌┏╔+├"


def _tabbed(line: str) -> int:
    cells = line.strip().split("\t")
    return len(cells) if all(0 < len(cell.strip()) <= _TAB_CELL_CHARACTERS for cell in cells) else 0


def _table(lines: Sequence[str]) -> DrawnTable | None:
    if not _has_bars(lines[0]) and not is_rule(lines[0]):
        return DrawnTable(tuple(tuple(GridCell(tidy_blanks(cell)) for cell in _tabs(line)) for line in lines))
    rules = [number for number, line in enumerate(lines) if is_rule(line)]
    rows = _ruled_rows(lines, rules)
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    if not rules and len({len(row) for row in rows}) > 1:
        # Bars inside sentences (A|B) come in any number; a table's lines agree.
        return None
    header = None
    filled = [number for number, line in enumerate(lines) if not is_rule(line)]
    if len(filled) > 1 and any(filled[0] < rule < filled[1] for rule in rules) and len(rules) <= 3:
        header = 1
    width = max(map(len, rows))
    return DrawnTable(tuple(tuple(GridCell(text) for text in row + [""] * (width - len(row))) for row in rows), header)


def _ruled_rows(lines: Sequence[str], rules: Sequence[int]) -> list[list[str]]:
    """One row a line, or, where rules part all rows, one row for the lines between two rules."""
    filled = len(lines) - len(rules)
    if len(rules) <= 3 or len(rules) < filled / 2:
        return [split_bars(line) for line in lines if not is_rule(line)]
    rows: list[list[str]] = []
    fresh = True
    for line in lines:
        if is_rule(line):
            fresh = True
            continue
        cells = split_bars(line)
        if fresh or len(cells) != len(rows[-1]):
            rows.append(cells)
        else:
            rows[-1] = [
                glue(above, below) if above and below else above or below
                for above, below in zip(rows[-1], cells, strict=True)
            ]
        fresh = False
    return rows


def _tabs(line: str) -> list[str]:
    return line.strip().split("\t")
