"""The audit trail: append-only, who saw which contact, who changed or took out what."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from sqlalchemy import Connection, insert, select

from bot.accounts.records import AuditEntry, User
from bot.store.database import Database, utc_now
from bot.store.tables import audit_entries

#: Entries read at once when all are read.
_STRETCH = 2_000
LONGEST_DETAIL = 500


class AuditTrail:
    """The trail in the database; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, user: User, action: str, subject: str = "", detail: str = "") -> None:
        """Write down that ``user`` did ``action`` to ``subject``; ``detail`` must hold nothing private."""
        with self._database.write() as connection:
            write_entry(connection, user.name, action, subject, detail, utc_now())

    def newest(
        self, limit: int = 100, *, subject: str = "", user_name: str = "", action: str = "", before: int = 0
    ) -> tuple[AuditEntry, ...]:
        """The newest entries first: of one subject, person or action where they are given, older than ``before``."""
        query = select(audit_entries).order_by(audit_entries.c.id.desc()).limit(limit)
        for column, wanted in (("subject", subject), ("user_name", user_name), ("action", action)):
            if wanted:
                query = query.where(audit_entries.c[column] == wanted)
        if before:
            query = query.where(audit_entries.c.id < before)
        with self._database.read() as connection:
            return tuple(AuditEntry(**row) for row in connection.execute(query).mappings())

    def all(self) -> Iterator[AuditEntry]:
        """Every entry, oldest first, read in stretches: for export."""
        last = 0
        while True:
            query = select(audit_entries).where(audit_entries.c.id > last).order_by(audit_entries.c.id).limit(_STRETCH)
            with self._database.read() as connection:
                rows = connection.execute(query).mappings().all()
            if not rows:
                return
            last = rows[-1]["id"]
            yield from (AuditEntry(**row) for row in rows)


@functools.cache
def action_labels() -> Mapping[str, str]:
    """Every action that the program writes down, with its name as people read it."""
    read: dict[str, str] = yaml.safe_load(Path(__file__).with_name("actions.yaml").read_text(encoding="utf-8"))
    return read


def write_entry(connection: Connection, user_name: str, action: str, subject: str, detail: str, at: str) -> None:
    """One entry within the caller's transaction."""
    values = {"at": at, "user_name": user_name, "action": action, "subject": subject, "detail": detail[:LONGEST_DETAIL]}
    connection.execute(insert(audit_entries), values)
