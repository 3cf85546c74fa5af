"""Private contacts by record, and the one check of what may be kept as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from bot.errors import EntryError
from bot.market.fields import MAX_LINE
from bot.market.intake.origins import pages
from bot.market.redaction import CONTACT_KINDS, scan
from bot.store.database import utc_now
from bot.store.tables import record_contacts
from bot.types import PrivateContact, RecordKind

NO_CONTACT = PrivateContact()
UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def checked_contact(contact: PrivateContact) -> PrivateContact:
    """``contact`` without outer white space; raises :class:`MarketError` for what cannot be stored."""
    parts = {name: " ".join(getattr(contact, name).split()) for name in ("name", "phone", "email", "note")}
    for name, value in parts.items():
        if len(value) > MAX_LINE or UNSTORABLE.search(value):
            raise EntryError(
                "联系方式太长或有无法存储的字符",
                entry=f"contact_{name}",
                value=value[:20],
                remedy="照实填写电话或邮箱",
            )
    return PrivateContact(**parts)


def checked_unit(unit: str) -> str:
    """What a teller calls the own organisation, without outer white space; raises :class:`EntryError`."""
    name = " ".join(unit.split())
    if len(name) > MAX_LINE or UNSTORABLE.search(name):
        raise EntryError("单位名称太长或有无法存储的字符", entry="unit", value=name[:40], remedy="填写单位全称")
    if any(finding.kind in CONTACT_KINDS for finding in scan(name)):
        # The name is public; the value is not repeated.
        raise EntryError(
            "单位名称里有联系方式", entry="unit", remedy="单位一栏只写名称，电话、微信、邮箱填在“联系方式”里"
        )
    return name


def read_contacts(connection: Connection, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, PrivateContact]:
    """The private contacts on file by record id, within the caller's transaction."""
    table, found = record_contacts, {}
    for page in pages(list(record_ids)):
        query = select(table).where(table.c.kind == kind.value, table.c.record_id.in_(page))
        for row in connection.execute(query).mappings():
            found[row["record_id"]] = PrivateContact(
                name=row["name"], phone=row["phone"], email=row["email"], note=row["note"]
            )
    return found


def write_contacts(connection: Connection, kind: RecordKind, contacts: Mapping[str, PrivateContact]) -> None:
    """Keep private contacts in place of those on file; an empty one is deleted."""
    table, now = record_contacts, utc_now()
    for page in pages(list(contacts)):
        connection.execute(delete(table).where(table.c.kind == kind.value, table.c.record_id.in_(page)))
    rows = [
        {**asdict(contact), "kind": kind.value, "record_id": record_id, "updated_at": now}
        for record_id, contact in contacts.items()
        if not contact.empty
    ]
    if rows:
        connection.execute(insert(table), rows)
