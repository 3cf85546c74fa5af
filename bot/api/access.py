"""Who may call, and how often: keys that staff hand out, and a limit for each key or address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from sqlalchemy import insert, select, update
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.rate import Rate
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


_NO_KEY = "缺少密钥或密钥不对：在 Authorization: Bearer 或 X-API-Key 中给出 bot key add 发的密钥"


class Gate:
    """Lets a call through: a key in force (or any caller where ``public``), within the limit of each minute."""

    def __init__(self, holder: Callable[[str], ApiKey | None], *, public: bool, per_minute: int) -> None:
        self._holder, self._public = holder, public
        self._rate = Rate(per_minute)

    def __call__(
        self,
        request: Request,
        authorization: Annotated[str, Header()] = "",
        x_api_key: Annotated[str, Header()] = "",
    ) -> str:
        """Who calls, for the log: the key's name or ``public``. Raises HTTP 401 or 429."""
        return self.admitted(request.client.host if request.client else "", x_api_key or authorization)

    def admitted(self, address: str, key: str) -> str:
        """The same for an address and what stands in the header; ``Bearer`` before the key is left out."""
        key = bare_key(key)
        holder = self._holder(key) if key else None
        if holder is None and (key or not self._public):
            # Guessing is slowed like calling.
            self._count(f"guess:{address}")
            raise HTTPException(401, _NO_KEY, headers={"WWW-Authenticate": "Bearer"})
        self._count(f"key:{holder.id}" if holder else f"address:{address}")
        return holder.name if holder else "public"

    def _count(self, caller: str) -> None:
        if not self._rate.hit(caller):
            raise HTTPException(429, f"每分钟最多 {self._rate.most} 次，请稍后再试", headers={"Retry-After": "60"})


class Gated:
    """An ASGI application behind a :class:`Gate`: for what is mounted and knows no dependencies."""

    def __init__(self, application: ASGIApp, gate: Gate) -> None:
        self._application, self._gate = application, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or answer it with the refusal."""
        if scope["type"] == "http":
            request = Request(scope)
            key = request.headers.get("x-api-key", "") or request.headers.get("authorization", "")
            try:
                await run_in_threadpool(self._gate.admitted, request.client.host if request.client else "", key)
            except HTTPException as refusal:
                response = JSONResponse(error_object(refusal.detail), refusal.status_code, refusal.headers)
                await response(scope, receive, send)
                return
        await self._application(scope, receive, send)


def bare_key(header: str) -> str:
    """What stands in the header of a key, without ``Bearer`` before it, however that is written."""
    scheme, _, rest = header.strip().partition(" ")
    return rest.strip() if scheme.casefold() == "bearer" else header.strip()


def error_object(message: str) -> dict[str, object]:
    """An error as every route gives it."""
    return {"error": {"message": message}}
