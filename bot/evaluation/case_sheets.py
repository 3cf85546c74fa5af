"""Cases as a sheet of a workbook: a row a case, a column a key of the format, mistakes with row and column."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from pydantic import ValidationError

from bot.documents.formats.shown_values import shown
from bot.documents.formats.spreadsheet import checked_archive, opened_workbook
from bot.errors import DocumentError
from bot.evaluation.case_columns import COLUMNS, Column, entries_of, read_entry, reasons
from bot.evaluation.cases import Case, CasesError
from bot.text.cells import FORMULA_STARTS

#: Rows and columns looked at; a sheet of cases has far fewer.
MAX_ROWS, MAX_COLUMNS = 20_000, 60
#: Characters that a cell holds, by the file format.
_LONGEST_CELL = 32_767
_MISTAKES_TOLD = 20
_WIDTHS = {"question": 48, "reference": 40}
_WIDTH = 22


class SheetMistakes(CasesError):
    """A sheet whose rows cannot be used; ``mistakes`` tells each with its row and column."""

    def __init__(self, name: str, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        told = "；".join(self.mistakes[:_MISTAKES_TOLD])
        more = f"；等 {len(self.mistakes)} 处" if len(self.mistakes) > _MISTAKES_TOLD else ""
        super().__init__("表格里有错", value=name, tried=f"{told}{more}", remedy="改正后再导入；一条也没有导入")


def write_sheet(cases: Iterable[Case]) -> bytes:
    """``cases`` as a workbook of words: nothing in it is run, whatever it looks like."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "用例"
    for place, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, place, column.label)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column.key, _WIDTH)
    for number, case in enumerate(cases, 2):
        told = entries_of(case)
        for place, column in enumerate(COLUMNS, 1):
            if column.key in told:
                write_words(sheet.cell(number, place), told[column.key])
    sheet.freeze_panes = "C2"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def write_words(cell: Any, words: str) -> None:
    """Put ``words`` into ``cell`` as text, also for whoever edits it later."""
    # Line breaks stay one character; what the file format cannot hold goes.
    cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", words[:_LONGEST_CELL].replace("\r", "")), "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if words.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def read_sheet(content: bytes, name: str) -> tuple[Case, ...]:
    """The cases of the first sheet of a workbook; headings are those of :data:`COLUMNS`, in either language.

    Raises :class:`SheetMistakes` with every mistake, :class:`CasesError` where it is no workbook or holds no case.
    """
    try:
        checked_archive(content)
        sheet = opened_workbook(content, data_only=False).worksheets[0]
    except DocumentError as error:
        raise CasesError(error.message, value=name, tried=error.tried, remedy=error.remedy) from None
    except IndexError:
        raise CasesError("表格里没有工作表", value=name, remedy="第一张表放用例") from None
    if sheet.max_row > MAX_ROWS:
        raise CasesError("表格行数太多", value=f"{name}（{sheet.max_row} 行）", remedy=f"不超过 {MAX_ROWS} 行")
    reading = _Reading()
    columns = reading.heading(next(sheet.iter_rows(max_row=1), ()))
    cases = [case for cells in sheet.iter_rows(min_row=2) if (case := reading.case(cells, columns)) is not None]
    if reading.mistakes and sheet.max_row > 1:
        raise SheetMistakes(name, [told for _, _, told in sorted(reading.mistakes)])
    if not cases:
        raise CasesError("表格里没有用例", value=name, remedy="第 1 行写列名，从第 2 行起一行一条")
    return tuple(cases)


class _Reading:
    """Reads rows and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.mistakes: list[tuple[int, int, str]] = []
        self._seen: dict[str, int] = {}

    def heading(self, cells: Sequence[Any]) -> dict[int, Column]:
        """What the columns hold, by their place from 1."""
        names = {name: column for column in COLUMNS for name in (column.label, column.key)}
        found: dict[int, Column] = {}
        for cell in cells:
            words = _shown(cell).strip()
            column = names.get(words) or names.get(words.lower())
            if not words:
                continue
            if column is None:
                self._told(1, cell.column, "", f"不认识的列名“{words[:30]}”；用导出的表作模板")
            elif column in found.values():
                self._told(1, cell.column, "", f"列“{words}”出现了两次")
            else:
                found[cell.column] = column
        missing = [column.label for column in COLUMNS if column.of_case and column.key != "history"]
        missing = [label for label in missing if label not in {column.label for column in found.values()}]
        if missing:
            self._told(1, 0, "", f"缺列 {'、'.join(missing)}")
        return found

    def case(self, cells: Sequence[Any], columns: Mapping[int, Column]) -> Case | None:
        """The case of one row; ``None`` for an empty row or a wrong one."""
        filled = [cell for cell in cells if _shown(cell).strip()]
        if not filled or not columns:
            return None
        row, before = filled[0].row, len(self.mistakes)
        content: dict[str, Any] = {"expect": {}}
        for cell in filled:
            column = columns.get(cell.column)
            if column is None:
                self._told(row, cell.column, "", "这一列没有列名")
                continue
            value = self._value(row, cell, column)
            (content if column.of_case else content["expect"])[column.key] = value
        return self._made(row, content, columns, {place for _, place, _ in self.mistakes[before:]})

    def _made(self, row: int, content: dict[str, Any], columns: Mapping[int, Column], wrong: set[int]) -> Case | None:
        """The case of ``content``; columns in ``wrong`` are told already."""
        places = {column.label: place for place, column in columns.items()}
        try:
            case = Case.model_validate(content)
        except ValidationError as error:
            for label, reason in reasons(error):
                place = places.get(label, 0)
                if place not in wrong and (place or not wrong):
                    self._told(row, place, label, reason)
            return None
        if wrong:
            return None
        if case.id in self._seen:
            self._told(row, places.get("id", 0), "id", f"“{case.id[:30]}”与第 {self._seen[case.id]} 行重复")
            return None
        self._seen[case.id] = row
        return case

    def _value(self, row: int, cell: Any, column: Column) -> Any:
        words = _shown(cell).replace("\r", "")
        if cell.data_type in ("f", "e"):
            kind = "公式；请粘贴为数值" if cell.data_type == "f" else f"错误值 {words[:20]}"
            self._told(row, cell.column, column.label, f"是{kind}")
            return words
        try:
            return read_entry(column, words)
        except ValueError as error:
            self._told(row, cell.column, column.label, str(error))
            return words

    def _told(self, row: int, place: int, label: str, reason: str) -> None:
        where = f"第 {row} 行" + (f" {get_column_letter(place)} 列" if place else "")
        named = f"（{label}）" if label else ""
        self.mistakes.append((row, place, f"{where}{named}：{reason}"))


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return str(value) if not isinstance(value, int | float) else shown(value, cell.number_format or "General")
