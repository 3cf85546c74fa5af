"""Receipt codes: the owner of a record comes back with one, without an account."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

from sqlalchemy import insert, select

from bot.errors import MarketError
from bot.market.store import MarketStore
from bot.store.database import utc_now
from bot.store.tables import receipts
from bot.types import RecordKind

#: No 0/O, 1/I/L: a code is read out over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 20, 5
#: 31 letters to the power of 20 are about 99 bits: a plain hash is enough, nobody can try them all.


def issue_receipt(store: MarketStore, kind: RecordKind, record_id: str) -> str:
    """A new code for a record, like ``7K3MQ-9XDTF-…``; only its hash is kept."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    row = {
        "code_hash": _hashed(letters),
        "kind": kind.value,
        "record_id": record_id,
        "created_at": utc_now(),
    }
    with store.database.write() as connection:
        connection.execute(insert(receipts), row)
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def receipt_record(store: MarketStore, code: str) -> tuple[RecordKind, str]:
    """Kind and id of the record a code opens; raises :class:`MarketError` when it opens none."""
    query = select(receipts).where(receipts.c.code_hash == _hashed(code))
    with store.database.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        # The code itself is a key: it is not repeated in a message that may be logged.
        raise MarketError("回执码不对", remedy="照回执逐字核对（不分大小写），仍不行请联系技术经理人")
    return RecordKind(row["kind"]), row["record_id"]


def _hashed(code: str) -> str:
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code).upper())
    return hashlib.sha256(letters.encode()).hexdigest()
