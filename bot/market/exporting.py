"""Templates to fill in, and records as CSV or XLSX that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import MarketError
from bot.market.cells import cell_text
from bot.market.fields import CONTACT_FIELDS, FIELDS, Audience, FieldSpec, FieldType
from bot.market.masking import Door
from bot.market.records import AnyRecord, Confidentiality, Need, Offer
from bot.text.cells import neutralised
from bot.types import RecordKind

_WIDTH = 24


def template_bytes(kind: RecordKind, suffix: str) -> bytes:
    """An empty table with one example row as ``.csv`` or ``.xlsx``; raises :class:`MarketError` for another.

    The example is marked 示例; the XLSX explains every column on a second sheet.
    """
    specs = FIELDS[kind] + CONTACT_FIELDS
    header = [spec.label for spec in specs]
    return _table(suffix, [header, [spec.example for spec in specs]], _explanations(specs))


def write_template(kind: RecordKind, path: Path) -> None:
    """Write :func:`template_bytes` to ``path``, in the format of its ending."""
    content = template_bytes(kind, path.suffix.lower())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write_records(kind: RecordKind, records: Iterable[AnyRecord], path: Path) -> int:
    """Write ``records`` to ``path`` in the template's columns; returns how many.

    The owner of a confidential record is left empty.
    """
    return _write(FIELDS[kind], records, path)


def workbook_bytes(kind: RecordKind, records: Iterable[AnyRecord]) -> bytes:
    """Records as an XLSX file in the template's columns; holds them all in memory."""
    return _table(".xlsx", _rows(FIELDS[kind], records), ())


def csv_stream(kind: RecordKind, records: Iterable[AnyRecord]) -> Iterator[bytes]:
    """Records as a CSV file in the template's columns, piece by piece, however many there are."""
    specs = FIELDS[kind]
    # The byte order mark makes Excel read UTF-8.
    yield "\ufeff".encode() + _csv_line([spec.label for spec in specs])
    for record in records:
        yield _csv_line(_cells(specs, record))


def write_public_records(door: Door, kind: RecordKind, records: Iterable[AnyRecord], path: Path) -> int:
    """Write those of ``records`` that anybody may see, as anybody may read them; returns how many.

    What is for the desk alone (owner, source) has no column.
    """
    told = [record for record in records if isinstance(record, (Need, Offer)) and record.is_public]
    shown = (spec for spec in FIELDS[kind] if spec.audience is not Audience.DESK)
    return _write(tuple(shown), door.public_all(told), path)


def _write(specs: Sequence[FieldSpec], records: Iterable[AnyRecord], path: Path) -> int:
    rows = _rows(specs, records)
    content = _table(path.suffix.lower(), rows, ())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return len(rows) - 1


def _rows(specs: Sequence[FieldSpec], records: Iterable[AnyRecord]) -> list[list[str]]:
    return [[spec.label for spec in specs], *(_cells(specs, record) for record in records)]


def _cells(specs: Sequence[FieldSpec], record: AnyRecord) -> list[str]:
    return [neutralised(_text(record, spec)) for spec in specs]


def _csv_line(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _text(record: AnyRecord, spec: FieldSpec) -> str:
    if spec.type is FieldType.OWNER and getattr(record, "confidentiality", None) is Confidentiality.CONFIDENTIAL:
        return ""
    return cell_text(getattr(record, spec.name))


def _explanations(specs: Sequence[FieldSpec]) -> tuple[tuple[str, ...], ...]:
    head = ("列名", "必填", "说明", "也可以写成")
    rows = (
        (spec.label, "是" if spec.required else "", spec.question, "、".join((spec.name, *spec.aliases)))
        for spec in specs
    )
    return (head, *rows)


def _table(suffix: str, rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]]) -> bytes:
    if suffix == ".csv":
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(rows)
        # The byte order mark makes Excel read UTF-8.
        return buffer.getvalue().encode("utf-8-sig")
    if suffix == ".xlsx":
        return _xlsx(rows, notes)
    raise MarketError("不认识的文件格式", value=suffix, remedy="用 .csv 或 .xlsx")


def _xlsx(rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    workbook = Workbook()
    sheets: list[tuple[Any, str, Sequence[Sequence[str]]]] = [(workbook.active, "记录", rows)]
    if notes:
        sheets.append((workbook.create_sheet(), "说明", notes))
    for sheet, title, lines in sheets:
        sheet.title = title
        for number, line in enumerate(lines, 1):
            for column, text in enumerate(line, 1):
                cell = sheet.cell(number, column)
                # As text, whatever it looks like: a leading "=" would become a formula.
                cell.value, cell.data_type = text, "s"
                cell.font = Font(bold=number == 1)
        for column in range(1, len(lines[0]) + 1):
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = _WIDTH
        sheet.freeze_panes = "A2"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()
