"""What Gradio's queue is given: calls of the page's own functions, and nothing that its code would stumble over."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JOIN = "/gradio_api/queue/join"
_MOST_VALUES, _LONGEST_VALUE = 20, 20_000
_Value = Annotated[str, Field(max_length=_LONGEST_VALUE)] | int | float | bool | None


class _Call(BaseModel):
    """A call as Gradio's script sends it; its other fields are of no account."""

    model_config = ConfigDict(frozen=True)

    fn_index: int
    session_hash: str = Field(pattern=r"^[a-z0-9]{6,20}$")
    data: Annotated[tuple[_Value, ...], Field(max_length=_MOST_VALUES), FailFast()]


class JoinsChecked:
    """ASGI middleware. ``functions`` are how many values each function of the page takes, by its number."""

    def __init__(self, app: ASGIApp, functions: dict[int, int]) -> None:
        self._app, self._functions = app, functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or refuse it."""
        if scope["type"] != "http" or scope["path"] != JOIN or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        if not self._is_ours(body):
            await PlainTextResponse("不是本页面的请求", 400)(scope, receive, send)
            return
        handed = False

        async def again() -> Message:
            nonlocal handed
            if handed:
                return await receive()
            handed = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    def _is_ours(self, body: bytes) -> bool:
        try:
            call = _Call.model_validate_json(body)
        except ValidationError:
            return False
        return len(call.data) == self._functions.get(call.fn_index, -1)
