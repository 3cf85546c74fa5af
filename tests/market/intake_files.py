"""Files as offices send them, made in the test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

HEADER = ("编号", "需求名称", "技术领域", "需求描述", "技术指标", "预算", "截止日期", "所属单位", "联系人", "联系电话")


def need_row(number: object, title: str, owner: str = "甲厂", **cells: object) -> list[object]:
    """A row of a list of needs; ``cells`` are named by their column."""
    row: dict[str, object] = dict.fromkeys(HEADER, None)
    row |= {
        "编号": number,
        "需求名称": title,
        "技术领域": "新能源",
        "需求描述": f"{title}还没有办法。",
        "所属单位": owner,
    }
    row |= cells
    return list(row.values())


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> tuple[Path, Workbook]:
    """A workbook with ``sheets``; it is saved, and handed out to be changed and saved again."""
    book = Workbook()
    for number, (name, rows) in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path, book


def table(path: Path, *rows: Sequence[object], header: Sequence[object] = HEADER) -> Path:
    """A workbook with one sheet: a header and ``rows``."""
    return workbook(path, ("Sheet1", [header, *rows]))[0]


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path
