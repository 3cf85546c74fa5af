"""Many needs or offers at once from a filled-in template: checked or submitted row by row.

A visitor's file only ever makes new records, each through the quality gate and each with a receipt of its
own: ids of the file are labels for its sender, so that nobody's record is changed by somebody else's file.
"""

from __future__ import annotations

import csv
import io
import tempfile
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import MarketError
from bot.market.importing import TextRow, text_rows
from bot.market.quality import QualityReport, Verdict
from bot.market.rowfile import SUFFIXES
from bot.market.service import Market
from bot.types import RecordKind
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.telling import told as told_in
from bot.web.telling import told_problem
from bot.web.views.buttons import action_form, submit_button
from bot.web.views.fields import form_values, line_input, sent_contact
from bot.web.views.reply import Download, Fields, Reply, market_kind
from bot.web.views.texts import ViewTexts

OUTCOME = "bulk-outcome"
#: A public page takes no more at once; staff import whole files at the command line.
MOST_ROWS = 100
MAX_UNPACKED = 20_000_000
#: Columns without a field that are named, and characters of a name.
_MOST_COLUMNS, _COLUMN = 20, 40
_YES = frozenset({"是", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What became of one row: a problem, or the gate's view and, once submitted, a receipt."""

    number: int
    label: str
    title: str
    problem: str = ""
    report: QualityReport | None = None
    receipt: str = ""


def bulk_form(kind: RecordKind, texts: ViewTexts) -> Html:
    """A file, and who it is from."""
    control = tag(
        "input",
        type="file",
        name_="file",
        id="bulk-file",
        accept=",".join(SUFFIXES),
        required=True,
        data_too_large=texts.file_too_large,
    )
    form = action_form(
        "bulk",
        OUTCOME,
        tag("input", type="hidden", name_="kind", value=kind.value),
        tag("p", text(texts.bulk_hint.format(MOST_ROWS)), class_="field-hint"),
        tag("div", tag("label", text(texts.bulk_file), for_="bulk-file"), control, class_="field field-wide"),
        line_input("unit", "bulk-unit", texts.unit, placeholder=texts.unit_hint),
        tag(
            "div",
            submit_button(texts.bulk_submit),
            submit_button(texts.bulk_check, "bulk_check", main=False),
            class_="card-buttons",
        ),
        identifier="bulk-form",
    )
    outcome = tag("div", id=OUTCOME, class_="view-region", aria_live="polite")
    return tag("details", tag("summary", text(texts.bulk)), form, outcome, class_="bulk")


def bulk_reply(market: Market, fields: Fields, texts: ViewTexts, *, save: bool) -> Reply:
    """Check the rows of a sent file, or submit those that can be; raises :class:`MarketError`."""
    kind = market_kind(fields.get("kind", ""))
    sent = _rows(kind, fields)
    aside = tuple(dict.fromkeys(column for row in sent for column in row.aside))
    rows = [_done(market, kind, row, fields.get("unit", ""), save) for row in sent]
    download = Download(texts.receipts_file, _receipts(rows, texts)) if any(row.receipt for row in rows) else None
    return Reply(_table(rows, aside, texts, saved=save), download)


def _rows(kind: RecordKind, fields: Fields) -> tuple[TextRow, ...]:
    name = fields.get("file_name", "")
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise MarketError("不认识的文件格式", value=name[:60], remedy="用 CSV、XLSX 或 JSONL 文件")
    try:
        content = b64decode(fields.get("file", ""), validate=True)
    except Base64Error:
        raise MarketError("文件没有传完整", value=name[:60], remedy="再选一次文件") from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rows{suffix}"
        path.write_bytes(content)
        rows = text_rows(path, kind, max_unpacked=MAX_UNPACKED)
    if len(rows) > MOST_ROWS:
        raise MarketError(
            "一次登记的太多", value=f"{len(rows)} 行", remedy=f"每次不超过 {MOST_ROWS} 行，或交工作人员导入"
        )
    return rows


def _done(market: Market, kind: RecordKind, row: TextRow, unit: str, save: bool) -> BulkRow:
    entries = row.entries
    label, title = entries.get("id", ""), entries.get("title", "")
    if row.problem:
        return BulkRow(row.number, label, title, row.problem)
    if entries.get("sample", "").strip().casefold() in _YES:
        return BulkRow(row.number, label, title, "这是模板里的示例行，没有登记")
    owner = entries.get("owner_id", "").strip() or unit
    contact = sent_contact(entries)
    values = form_values(kind, entries)
    try:
        if not save:
            return BulkRow(
                row.number, label, title, report=market.assess_form(kind, values, owner=owner, contact=contact)
            )
        done = market.submit(kind, values, owner=owner, contact=contact)
    except MarketError as error:
        return BulkRow(row.number, label, title, str(error))
    return BulkRow(row.number, label, title, report=done.report, receipt=done.receipt)


def _table(rows: Iterable[BulkRow], aside: Sequence[str], texts: ViewTexts, *, saved: bool) -> Html:
    """The rows one by one; ``aside`` are the columns that no field takes."""
    shown = tuple(rows)
    good = sum(row.report is not None and row.report.verdict is Verdict.PUBLISH for row in shown)
    held = sum(row.report is not None and row.report.verdict is Verdict.HOLD for row in shown)
    counts = texts.bulk_done if saved else texts.bulk_checked
    heading = tag("h3", text(counts.format(good, held, len(shown) - good - held)), tabindex="-1")
    body = tag("tbody", *(_row(row, texts) for row in shown))
    keep = tag("p", text(texts.bulk_receipts), class_="hint") if saved and good + held else EMPTY
    named = "、".join(column[:_COLUMN] for column in aside[:_MOST_COLUMNS])
    left_out = tag("p", text(texts.bulk_aside.format(named)), class_="hint") if aside else EMPTY
    return join((heading, left_out, keep, tag("table", body, class_="facts bulk-rows")))


def _row(row: BulkRow, texts: ViewTexts) -> Html:
    if row.report is None:
        told = told_problem(row.problem, texts.language)
    elif row.report.verdict is Verdict.PUBLISH:
        told = texts.published if row.receipt else texts.would_be_published
    else:
        advice = texts.list_mark.join(told_in(each, texts.language) for each in row.report.improve[:2])
        told = f"{texts.held if row.receipt else texts.would_be_held}{texts.colon}{advice}"
    cells = (texts.row.format(row.number), row.title[:60], told, row.receipt)
    return tag("tr", *(tag("td", text(cell)) for cell in cells))


def _receipts(rows: Iterable[BulkRow], texts: ViewTexts) -> bytes:
    from bot.market.exporting import neutralised

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(
        (
            texts.row.format("").strip(),
            *(told_in(each, texts.language) for each in ("编号", "名称")),
            texts.receipt_label,
        )
    )
    writer.writerows(
        (row.number, neutralised(row.label), neutralised(row.title), row.receipt) for row in rows if row.receipt
    )
    return buffer.getvalue().encode("utf-8-sig")
