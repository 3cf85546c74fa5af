"""Tables as rows that can be read alone: every value stands with its whole header path.

Loaders give a grid: rows of :class:`GridCell`, where a cell that covers several places is the *same object* in
each of them. Equal texts in different cells are different values and all stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.blocks import Block, BlockKind, Cell

#: First header of tables of two columns that list things; other two-column tables are pairs of label and value.
_FIRST_HEADERS = frozenset(
    "序号 编号 项目 名称 类别 姓名 内容 事项 时间 日期 单位 类型 指标 条件 标准 地区 区域 企业".split()
)
#: A header is a name, not a sentence.
_HEADER_CHARACTERS = 40
_MOST_HEADER_ROWS = 5


@dataclass(frozen=True, slots=True, eq=False)
class GridCell:
    """One cell; ``header`` when its format marks it as one (``th``). Compared by identity."""

    text: str
    header: bool = False


GridRow = Sequence[GridCell | None]


def table_blocks(rows: Sequence[GridRow], table: int, *, header_rows: int | None = None) -> list[Block]:
    """The captions and rows of a table; empty rows and cells are left out.

    ``header_rows`` says how many rows below the captions are headers; left out, it is told by marked header
    cells, by merged cells of the first rows, and by the look of the first row. ``table`` numbers the table
    within its file. A cell merged over several rows is told in each, one merged over columns once.
    """
    filled = [row for row in rows if any(cell is not None and cell.text for cell in row)]
    captions: list[Block] = []
    while filled and _is_caption(filled[0], len(filled)):
        captions.append(Block(BlockKind.CAPTION, _cells(filled[0])[0].text, table=table))
        filled = filled[1:]
    count = _header_rows(filled) if header_rows is None else min(header_rows, max(len(filled) - 1, 0))
    header, body = filled[:count], filled[count:]
    blocks = [_row(row, header, table) for row in body]
    return captions + [block for block in blocks if block is not None]


def row_text(cells: Sequence[Cell]) -> str:
    """A row as text: ``表头 下级表头：值；表头：值``; a value without a header stands alone.

    >>> row_text((Cell(("2024年", "比例"), "10%"), Cell((), "备注")))
    '2024年 比例：10%；备注'
    """
    return "；".join(f"{' '.join(cell.headers)}：{cell.text}" if cell.headers else cell.text for cell in cells)


def _row(row: GridRow, header: Sequence[GridRow], table: int) -> Block | None:
    cells: list[Cell] = []
    for cell in _cells(row):
        columns = [column for column, each in enumerate(row) if each is cell]
        cells.append(Cell(_path(header, columns), cell.text))
    if not header and len(cells) == 2 and len(row) == 2:
        # A label beside its value.
        label, value = cells
        cells = [Cell((label.text.rstrip("：: "),), value.text)]
    return Block(BlockKind.ROW, row_text(cells), cells=tuple(cells), table=table) if cells else None


def _path(header: Sequence[GridRow], columns: Sequence[int]) -> tuple[str, ...]:
    """The texts above ``columns`` from the outermost header inwards, each header cell once."""
    path: list[str] = []
    above: list[GridCell] = []
    for row in header:
        names: list[str] = []
        for column in columns:
            cell = row[column] if column < len(row) else None
            if cell is not None and cell.text and not any(cell is each for each in above):
                above.append(cell)
                names.append(cell.text)
        if names:
            path.append("、".join(names))
    return tuple(path)


def _cells(row: GridRow) -> list[GridCell]:
    """The filled cells of a row, each once."""
    seen: list[GridCell] = []
    for cell in row:
        if cell is not None and cell.text and not any(cell is each for each in seen):
            seen.append(cell)
    return seen


def _is_caption(row: GridRow, rows: int) -> bool:
    """One cell across several columns at the top: the table's title or its unit."""
    cells = _cells(row)
    return rows > 1 and len(row) > 1 and len(cells) == 1 and not cells[0].header


def _header_rows(rows: Sequence[GridRow]) -> int:
    if len(rows) < 2:
        return 0
    marked = 0
    while marked < len(rows) - 1 and all(cell.header for cell in _cells(rows[marked])):
        marked += 1
    if marked:
        return min(marked, _MOST_HEADER_ROWS)
    if not _reads_as_header(rows[0]):
        return 0
    count = 1
    # A header goes on below a cell that is merged over columns, and as long as one is merged downwards.
    while count < min(len(rows) - 1, _MOST_HEADER_ROWS) and _goes_on(rows[count - 1], rows[count]):
        count += 1
    return count


def _reads_as_header(row: GridRow) -> bool:
    cells = _cells(row)
    texts = [cell.text for cell in cells]
    if len(cells) < 2 or any(len(text) > _HEADER_CHARACTERS or text[-1] in "。；" for text in texts):
        return False
    spread = _is_spread(row)
    if not spread and (len(set(texts)) < len(texts) or any(not _is_name(text) for text in texts)):
        return False
    if not spread and len(cells) < len(row):
        return False
    # Two columns are as often pairs of label and value; a header is then told by its usual words.
    return len(row) > 2 or texts[0] in _FIRST_HEADERS


def _is_name(text: str) -> bool:
    """Whether a text can head a column: 2024年 and 5公里内 do, 100, 12% and 3.5万元 are values."""
    return not text[0].isdigit() or (text[-1] in "年月日度季期" and len(text) <= 8)


def _is_spread(row: GridRow) -> bool:
    return any(sum(each is cell for each in row) > 1 for cell in _cells(row))


def _goes_on(above: GridRow, row: GridRow) -> bool:
    """Whether ``row`` still belongs to the header that ``above`` is the last row of."""
    shared = any(cell is not None and cell.text and any(cell is each for each in above) for cell in row)
    own = [cell for cell in _cells(row) if not any(cell is each for each in above)]
    names = all(_is_name(cell.text) and len(cell.text) <= _HEADER_CHARACTERS for cell in own)
    return bool(own) and names and (_is_spread(above) or shared)
