"""Receipts of records: the owner comes back with a code, without an account."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from bot.errors import MarketError
from bot.store.database import utc_now
from bot.store.receipt_codes import code_hash
from bot.store.tables import receipts
from bot.types import RecordKind


def issue_receipt(connection: Connection, kind: RecordKind, record_id: str, code: str) -> None:
    """Have ``code`` open a record, within the caller's transaction; only its hash is kept."""
    row = {"code_hash": code_hash(code), "kind": kind.value, "record_id": record_id, "created_at": utc_now()}
    connection.execute(insert(receipts), row)


def opened_record(connection: Connection, code: str) -> tuple[RecordKind, str] | None:
    """Kind and id of the record a code opens, if any."""
    query = select(receipts).where(receipts.c.code_hash == code_hash(code))
    row = connection.execute(query).mappings().first()
    return None if row is None else (RecordKind(row["kind"]), row["record_id"])


def receipt_record(connection: Connection, code: str) -> tuple[RecordKind, str]:
    """Kind and id of the record a code opens; raises :class:`MarketError` when it opens none."""
    found = opened_record(connection, code)
    if found is None:
        # The code itself is a key: it is not repeated in a message that may be logged.
        raise MarketError("回执码不对", remedy="照回执逐字核对（不分大小写），仍不行请联系技术经理人")
    return found
