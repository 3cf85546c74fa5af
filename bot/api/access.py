"""Who may call: keys that staff hand out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from bot.errors import UsageError
from bot.store.database import Database, utc_now
from bot.store.receipt_codes import token_hash
from bot.store.tables import api_keys

_PREFIX, _BYTES = "tma-", 24
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key on file by the ``name`` of the program that holds it; only a hash of the key itself is kept."""

    id: int
    name: str
    created_at: str
    revoked_at: str | None = None


class ApiKeys:
    """The keys in the database; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, name: str) -> str:
        """A new key for the program called ``name``; it is shown once."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise UsageError("密钥要有名称", value=name[:LONGEST_NAME], remedy="写明给哪个程序用")
        key = _PREFIX + secrets.token_urlsafe(_BYTES)
        with self._database.write() as connection:
            connection.execute(insert(api_keys), {"name": name, "key_hash": token_hash(key), "created_at": utc_now()})
        return key

    def holder(self, key: str) -> ApiKey | None:
        """Whose key it is; ``None`` for an unknown or revoked one."""
        query = select(api_keys).where(api_keys.c.key_hash == token_hash(key), api_keys.c.revoked_at.is_(None))
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else ApiKey(row["id"], row["name"], row["created_at"])

    def listed(self) -> tuple[ApiKey, ...]:
        """All keys, revoked ones among them, in the order they were issued."""
        with self._database.read() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.id)).mappings().all()
        return tuple(ApiKey(row["id"], row["name"], row["created_at"], row["revoked_at"]) for row in rows)

    def revoke(self, key_id: int) -> None:
        """End a key; raises :class:`UsageError` when there is none in force."""
        query = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        with self._database.write() as connection:
            if connection.execute(query.values(revoked_at=utc_now())).rowcount == 0:
                raise UsageError("没有这个在用的密钥", value=key_id, remedy="用 key list 查看")


def bare_key(header: str) -> str:
    """What stands in the header of a key, without ``Bearer`` before it, however that is written."""
    scheme, _, rest = header.strip().partition(" ")
    return rest.strip() if scheme.casefold() == "bearer" else header.strip()


def error_object(message: str) -> dict[str, object]:
    """An error as every route gives it; what is missing in it is put in where the reply leaves."""
    return {"error": {"message": message}}
