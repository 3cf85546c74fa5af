"""Reading what a browser sends, no further than it may be long."""

from __future__ import annotations

from starlette.requests import Request

from bot.errors import UsageError


async def read_body(request: Request, longest: int) -> bytes:
    """The body of ``request``. Raises :class:`UsageError` for one of more than ``longest`` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > longest:
            raise UsageError("发来的内容太长", value=f"超过 {longest} 字节", remedy="缩短后再试")
    return bytes(body)
