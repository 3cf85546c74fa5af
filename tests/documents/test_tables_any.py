"""Any table: nothing lost, every value under its headers; endless tables take time in proportion."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.documents import tables
from bot.documents.formats import spreadsheet
from bot.documents.formats.html import read_html
from bot.documents.formats.spreadsheet import read_spreadsheet
from bot.documents.tables import GridCell, table_blocks
from bot.errors import DocumentError
from bot.types import UnitCell
from tests.documents.test_tables import Grid, grid, read
from tests.support.spent import least_spent, within

pytestmark = pytest.mark.slow

# --- no end -------------------------------------------------------------------------------------


def seconds(rows: Grid) -> float:
    return least_spent(lambda: table_blocks(rows, 0), 1)


@pytest.mark.parametrize("last", ["甲 | 乙", "甲 | "])
def test_endless_rows_of_one_cell_take_time_in_proportion(last: str) -> None:
    lines = grid("一行 | ") * 20_000 + grid(last)
    assert seconds([list(row) for row in lines]) < 10
    assert seconds([[GridCell(f"标题{number}"), None] for number in range(20_000)] + grid(last)) < 10


def test_very_wide_tables_take_time_in_proportion() -> None:
    wide = [[GridCell(f"列{column}") for column in range(16_000)] for _ in range(3)]
    one = GridCell("合并")
    assert seconds(wide) < 5 and seconds([*wide, [one] * 16_000, [None, *[one] * 15_999]]) < 5


def test_what_is_repeated_is_bounded_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    long = GridCell("长" * 5_000)
    rows: Grid = [*grid("甲 | 乙"), *([long, GridCell(str(number))] for number in range(2_000))]
    found = table_blocks(rows, 0, header_rows=1)
    assert len(found.rows) == 2_000 and sum(len(block.text) for block in found.rows) < 100_000
    monkeypatch.setattr(tables, "MOST_ADDED", 30)
    found = read("项目 | 金额 | 备注", *["甲 | 1 | "] * 20, "甲 | 1 | 只有一次")
    assert found.rows[0].text == "项目：甲；金额：1" and found.rows[-1].text == "甲；1；只有一次"
    assert [block.text for block in found.idle] == ["备注"]


def test_a_page_of_endless_merged_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.formats.web.grid._MOST_PLACES", 5_000)
    spans = "".join(f"<td rowspan=0>列{column}</td>" for column in range(100))
    page = f"<h1>一览表</h1><table><tr>{spans}</tr>{'<tr></tr>' * 5_000}<tr><td>末行</td><td>完</td></tr></table>"
    with within(10):
        text = "\n".join(block.text for block in read_html(page.encode()).blocks)
    assert "列99" in text and "末行" in text and len(text) < 10_000


def test_sheets_of_endless_places_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(book: Workbook, merged: bool) -> bytes:
        for number in range(1, 60):
            book.active.cell(number, 1 if merged else number, "值")
            if merged:
                book.active.cell(60, number + 1, "值")
                book.active.merge_cells(start_row=number, start_column=1, end_row=number, end_column=60)
        return saved(book)

    for merged in (False, True):
        data = fill(Workbook(), merged)
        assert read_spreadsheet(data, ".xlsx").blocks
        with monkeypatch.context() as patch, pytest.raises(DocumentError, match="表格太大.*解决办法"):
            patch.setattr(spreadsheet, "MAX_PLACES", 1_000)
            read_spreadsheet(data, ".xlsx")


def test_groups_of_a_sheet_are_told_in_their_rows() -> None:
    book = Workbook()
    for line in (["项目", "对象", "金额"], ["北屏区"], ["补助", "企业", 10], ["注：按年核定。"]):
        book.active.append(line)
    book.active.merge_cells("A2:C2")
    book.active.merge_cells("A4:C4")
    assert [(block.kind.value, block.text) for block in read_spreadsheet(saved(book), ".xlsx").blocks] == [
        ("row", "北屏区"), ("row", "北屏区；项目：补助；对象：企业；金额：10"), ("paragraph", "注：按年核定。"),
    ]  # fmt: skip


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- any table ----------------------------------------------------------------------------------

NAMES = ["类别", "对象", "比例", "上限", "2024年", "2025年标准", "5公里以内", "市级", "区级", "方式", "期限", "地区"]
VALUES = st.sampled_from(["10%", "50万元", "3家", "1,200", "2025-03-01", "√", "—", "0", ""])
TEXTS = st.text(alphabet="甲乙丙丁戊科技企业，。；：|<^ 0123456789%", max_size=12).map(str.strip)


@st.composite
def any_grid(draw: st.DrawFn) -> Grid:
    """Any cells merged over any rectangles."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    rows: Grid = [[None] * width for _ in range(height)]
    for row in range(height):
        for column in range(width):
            if rows[row][column] is None and draw(st.integers(0, 5)):
                cell = GridCell(draw(TEXTS), header=draw(st.booleans()) and draw(st.booleans()))
                for down in range(row, min(height, row + draw(st.sampled_from([1, 1, 1, 2, 3])))):
                    for across in range(column, min(width, column + draw(st.sampled_from([1, 1, 1, 2, 6])))):
                        if rows[down][across] is None:
                            rows[down][across] = cell
    return rows


@settings(max_examples=400, deadline=None)
@given(any_grid(), st.sampled_from([None, None, 0, 1, 2, 9]))
def test_no_cell_of_any_grid_is_lost(rows: Grid, header_rows: int | None) -> None:
    found = table_blocks(rows, 0, header_rows=header_rows)
    shown = " ".join([block.text for block in found.blocks] + [each.text for each in found.dropped])
    cells = {cell for row in rows for cell in row if cell is not None}
    # The colon after a form's label is set anew.
    assert all(cell.text.rstrip("：: ") in shown for cell in cells)
    assert list(found.places) == sorted(set(found.places))
    assert all(block.text.strip() and "\n" not in block.text for block in found.blocks)


@st.composite
def headed_grid(draw: st.DrawFn) -> tuple[Grid, Grid]:
    """A header of one to three levels, merged as headers are, and rows of values below it."""
    names = draw(st.permutations(NAMES))
    top, deep = draw(st.integers(2, 4)), draw(st.booleans())
    header: Grid = [[GridCell("项目")]]
    if deep:
        header.append([header[0][0]])
    for name in names[:top]:
        cell = GridCell(name)
        parts = draw(st.integers(1, 3)) if deep else 1
        header[0] += [cell] * parts
        if deep:
            header[1] += [cell] if parts == 1 else [GridCell(part) for part in names[top : top + parts]]
    if deep and len(set(header[0])) == len(header[0]):
        header.pop()
    width = len(header[0])
    body: Grid = []
    for number in range(draw(st.integers(1, 6))):
        values = [GridCell(draw(VALUES)) for _ in range(width - 2)]
        body.append([GridCell(f"项{'甲乙丙丁戊己'[number]}"), *values, GridCell("30%")])
    return header, body


@settings(max_examples=300, deadline=None)
@given(headed_grid())
def test_every_value_of_any_headed_table_has_its_whole_path(drawn: tuple[Grid, Grid]) -> None:
    header, body = drawn
    found = table_blocks([*header, *body], 0)
    assert len(found.rows) == len(body) and not found.captions
    for block, row in zip(found.rows, body, strict=True):
        expected = []
        for column, cell in enumerate(row):
            if cell is not None and cell.text:
                path = dict.fromkeys(each[column] for each in header)
                expected.append(UnitCell(tuple(each.text for each in path if each is not None), cell.text))
        assert block.cells == tuple(expected)


@settings(max_examples=200, deadline=None)
@given(headed_grid(), st.data())
def test_the_header_stays_the_header_when_rows_are_added(drawn: tuple[Grid, Grid], data: st.DataObject) -> None:
    header, body = drawn
    few = data.draw(st.integers(1, len(body)))
    all_rows, first_rows = table_blocks([*header, *body], 0), table_blocks([*header, *body[:few]], 0)
    assert first_rows.rows == all_rows.rows[:few]


@settings(max_examples=100, deadline=None)
@given(headed_grid(), st.integers(0, 5))
def test_a_header_printed_again_changes_nothing(drawn: tuple[Grid, Grid], at: int) -> None:
    header, body = drawn
    again = [[GridCell(cell.text) if cell is not None else None for cell in row] for row in header[:1]]
    once = table_blocks([*header, *body], 0)
    if len(header) == 1:
        twice = table_blocks([*header, *body[: at + 1], *again, *body[at + 1 :]], 0)
        assert twice.blocks == once.blocks and len(twice.dropped) == 1
