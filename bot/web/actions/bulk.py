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
from collections.abc import Iterable
from pathlib import Path

from bot.errors import MarketError
from bot.market.importing import TextRow, text_rows
from bot.market.records import State
from bot.market.rowfile import SUFFIXES
from bot.market.service import Market
from bot.text.cells import neutralised
from bot.types import RecordKind
from bot.web.actions.reply import Download, Fields, Reply, market_kind, window_key
from bot.web.telling import told as told_in
from bot.web.texts.views import ViewTexts
from bot.web.views.bulk import MOST_ROWS, BulkRow, bulk_table
from bot.web.views.fields import form_values, sent_contact

MAX_UNPACKED = 20_000_000
_YES = frozenset({"是", "yes", "true", "1"})


def bulk_reply(market: Market, fields: Fields, texts: ViewTexts, *, save: bool) -> Reply:
    """Check the rows of a sent file, or submit those that can be; raises :class:`MarketError`."""
    kind = market_kind(fields.get("kind", ""))
    sent = _rows(kind, fields)
    aside = tuple(dict.fromkeys(column for row in sent for column in row.aside))
    rows = [_done(market, kind, row, fields, save) for row in sent]
    download = Download(texts.receipts_file, _receipts(rows, texts)) if any(row.receipt for row in rows) else None
    return Reply(bulk_table(rows, aside, texts, saved=save), download)


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
        # Titles and blank rows above and between may be as many again.
        rows = text_rows(path, kind, max_unpacked=MAX_UNPACKED, most_rows=2 * MOST_ROWS)
    if len(rows) > MOST_ROWS:
        raise MarketError(
            "一次登记的太多", value=f"超过 {MOST_ROWS} 行", remedy=f"每次不超过 {MOST_ROWS} 行，或交工作人员导入"
        )
    return rows


def _done(market: Market, kind: RecordKind, row: TextRow, fields: Fields, save: bool) -> BulkRow:
    entries = row.entries
    label, title = entries.get("id", ""), entries.get("title", "")
    if row.problem:
        return BulkRow(row.number, label, title, row.problem)
    if entries.get("sample", "").strip().casefold() in _YES:
        return BulkRow(row.number, label, title, "这是模板里的示例行，没有登记")
    owner = entries.get("owner_id", "").strip() or fields.get("unit", "")
    contact = sent_contact(entries)
    values = form_values(kind, entries)
    try:
        if not save:
            report = market.assess_form(kind, values, owner=owner, contact=contact)
            return BulkRow(row.number, label, title, report=report, waits=market.moderated)
        done = market.submit(kind, values, owner=owner, contact=contact, key=window_key(fields))
    except MarketError as error:
        return BulkRow(row.number, label, title, str(error))
    waits = done.record.state is State.CHECKED
    return BulkRow(row.number, label, title, report=done.report, receipt=done.receipt, waits=waits)


def _receipts(rows: Iterable[BulkRow], texts: ViewTexts) -> bytes:

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
