"""The table in a grid: its header wherever it stands, its rows, and what lies around it and is no record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.market.intake.columns import ColumnNames, folded, is_serial
from bot.market.intake.grids import Grid, GridRow, letters

#: A header stands among so many filled rows; lists have a handful of titles and remarks above it.
_HEADER_WITHIN = 30
#: How a remark, a sum or a signature line below a table begins.
_REMARKS: tuple[str, ...] = ("注：", "注:", "备注：", "备注:", "说明：", "说明:", "填表说明", "填报说明", "填写说明")
_REMARKS += ("合计", "总计", "小计", "制表人", "填表人", "填报人", "审核人", "联系人：", "联系人:")
_SHOWN = 40
_SERIAL_LENGTH = 8
#: Notes of one kind are named one by one up to here.
_NAMED_REMARKS = 5


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: cells by column name, or the reason why it could not be read.

    ``faults`` are the columns whose cell must not be taken at its word, ``dates`` the whole dates behind
    shortened ones.
    """

    number: int
    cells: dict[str, str]
    problem: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowFile:
    """One table: ``columns`` is empty for JSONL, where every line has its own; ``sheet`` only in a workbook.

    A ``doubtful`` one has a header of which only the records' own name is known, beside other words.
    """

    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    sheet: str = ""
    notes: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the header ends, the names it gives, and the place of the records' own name."""

    end: int
    columns: tuple[str, ...]
    title: int
    doubtful: bool = False


def header_count(cells: Sequence[str], names: ColumnNames) -> int:
    """How many fields a row of column names would give; 0 for a row without the records' own name."""
    fields = _fields(cells, names)
    return len(fields) if "title" in fields else 0


def find_table(grid: Grid, names: ColumnNames, sheet: str = "") -> RowFile | None:
    """The table of ``grid``; ``None`` where no row names the columns."""
    rows = [row for row in grid.rows if row.problem or row.filled]
    head = _head(rows, names, grid.lettered)
    if head is None:
        return None
    notes = [*grid.notes]
    made = tuple(_records(rows[head.end :], head, grid, sheet, notes))
    return RowFile(tuple(filter(None, head.columns)), made, sheet, tuple(notes), head.doubtful)


def first_names(grids: Sequence[Grid]) -> tuple[str, ...]:
    """The first row with several cells, or the first with any: what a header was expected in."""
    rows = [row for grid in grids for row in grid.rows if row.filled]
    row = next((row for row in rows if len(row.filled) > 1), next(iter(rows), None))
    return tuple(row.cells[place].strip() for place in row.filled) if row else ()


def _fields(cells: Sequence[str], names: ColumnNames) -> set[str]:
    return {known for cell in cells if cell.strip() and (known := names.known(cell))}


def _head(rows: Sequence[GridRow], names: ColumnNames, lettered: bool) -> _Head | None:
    best: tuple[int, int] | None = None
    only_titles = True
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        count, filled = header_count(row.cells, names), len(row.filled)
        if count and (count > 1 or count == filled or only_titles) and (best is None or count > best[0]):
            best = (count, index)
        only_titles = only_titles and filled <= 1
    if best is None:
        return None
    index = best[1]
    upper, end = rows[index], index + 1
    lower = rows[end] if end < len(rows) else None
    place = next(place for place in upper.filled if names.known(upper.cells[place]) == "title")
    if lower is not None and _continues(upper, lower, place, names):
        return _Head(end + 1, _named(_joined(upper, lower, names), lettered), place)
    columns = _named([_own(upper, place) for place in range(len(upper.cells))], lettered)
    return _Head(end, columns, place, doubtful=best[0] == 1 and len(upper.filled) > 1)


def _own(row: GridRow, place: int) -> str:
    """The text of a cell; empty where it only belongs to a merged one that begins further left."""
    if place >= len(row.cells) or row.spread.get(place, place) != place:
        return ""
    return " ".join(row.cells[place].split())


def _continues(upper: GridRow, lower: GridRow, title: int, names: ColumnNames) -> bool:
    """Whether ``lower`` is a second row of the header: the name's column has nothing of its own in it."""
    own = lower.cells[title].strip() if title < len(lower.cells) else ""
    differing = [
        lower.cells[place]
        for place in lower.filled
        if place >= len(upper.cells) or lower.cells[place].strip() != upper.cells[place].strip()
    ]
    if own:
        return own == upper.cells[title].strip() and bool(differing)
    known = sum(bool(names.known(cell)) for cell in differing)
    return known > 0 and known * 2 >= len(differing)


def _joined(upper: GridRow, lower: GridRow, names: ColumnNames) -> list[str]:
    """The names of two header rows: the lower one where it says something by itself, else under its group."""
    made = []
    for place in range(max(len(upper.cells), len(lower.cells))):
        above = " ".join(upper.cells[place].split()) if place < len(upper.cells) else ""
        below = _own(lower, place)
        if not below or below == above:
            made.append(_own(upper, place))
        elif names.known(below) or not above:
            made.append(below)
        elif names.known(above) and place not in upper.spread:
            made.append(above)
        else:
            made.append(above + below)
    return made


def _named(cells: Sequence[str], lettered: bool) -> tuple[str, ...]:
    """The names, each once; a column without one is called by its place."""
    columns = list(cells)
    while columns and not columns[-1]:
        columns.pop()
    seen: dict[str, int] = {}
    made = []
    for place, column in enumerate(columns):
        name = column or _place_name(place, lettered)
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return tuple(made)


def _place_name(place: int, lettered: bool) -> str:
    return f"{letters(place)}列" if lettered else f"第{place + 1}列"


def _records(rows: Sequence[GridRow], head: _Head, grid: Grid, sheet: str, notes: list[str]) -> Iterator[RawRow]:
    remarks: list[str] = []
    for row in rows:
        if row.problem:
            yield RawRow(row.number, {}, row.problem, sheet=sheet)
        elif _repeats_head(row, head) or _is_empty(row, head):
            continue
        elif _is_remark(row, head):
            remarks.append(f"第 {row.number} 行不是记录，没有读：{row.cells[row.filled[0]].strip()[:_SHOWN]}")
        else:
            yield _record(row, head.columns, grid.lettered, sheet)
    notes += remarks[:_NAMED_REMARKS]
    if len(remarks) > _NAMED_REMARKS:
        notes.append(f"还有 {len(remarks) - _NAMED_REMARKS} 行不是记录，没有读")


def _repeats_head(row: GridRow, head: _Head) -> bool:
    """A header that is printed again on every page."""
    filled = row.filled
    return len(filled) > 1 and all(
        place < len(head.columns) and folded(row.cells[place]) == folded(head.columns[place]) for place in filled
    )


def _is_empty(row: GridRow, head: _Head) -> bool:
    """A row that was numbered beforehand and never filled in."""
    return all(
        place < len(head.columns) and is_serial(head.columns[place]) and len(row.cells[place].strip()) <= _SERIAL_LENGTH
        for place in row.filled
    )


def _is_remark(row: GridRow, head: _Head) -> bool:
    filled = row.filled
    first = row.cells[filled[0]].strip()
    if len(filled) == 1 and (filled[0] in row.spread or first.startswith(_REMARKS)):
        return True
    if head.title in filled:
        return False
    if len(filled) == 1 and filled[0] == 0:
        # An identifier alone is a record that lacks its name; a sentence is not.
        return not (first.isascii() and first.split() == [first])
    return first.startswith(_REMARKS) or all("：" in row.cells[place] or ":" in row.cells[place] for place in filled)


def _record(row: GridRow, columns: Sequence[str], lettered: bool, sheet: str) -> RawRow:
    beyond = [place for place in row.filled if place >= len(columns)]
    if beyond and not lettered:
        # Most often an unquoted comma: every cell after it would stand in the wrong column.
        return RawRow(row.number, {}, f"这一行有 {len(row.cells)} 格，表头只有 {len(columns)} 列", sheet=sheet)
    names = {place: columns[place] for place in range(len(columns))}
    names |= {place: _place_name(place, lettered) for place in beyond}
    cells = {name: row.cells[place] if place < len(row.cells) else "" for place, name in names.items()}
    faults = {names[place]: reason for place, reason in row.faults.items() if place in names}
    dates = {names[place]: day for place, day in row.dates.items() if place in names}
    return RawRow(row.number, cells, "", faults, dates, sheet)
