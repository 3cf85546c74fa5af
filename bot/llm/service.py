"""The one place that knows a chat model: LangChain's ``ChatOpenAI`` behind three plain methods.

Works with any service that speaks the OpenAI chat-completions protocol (DeepSeek, Qwen, vLLM, Ollama).
Nothing is retried: a failed call costs one request, and the circuit keeps the next ones back.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from bot.llm.breaker import CircuitBreaker
from bot.llm.deadline import Clock, Deadline
from bot.llm.failures import FailureReason, ModelCallError, public_address, translated
from bot.llm.messages import ChatMessage
from bot.llm.thinking import without_thoughts
from bot.llm.worker import Worker
from bot.settings import LlmSettings

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

#: Longest reply kept, thoughts included; a Chinese character is about one token.
MAX_CHARACTERS_PER_TOKEN = 8
#: Stands in for the key of a service that wants none; the client refuses an empty one.
NO_KEY = "none"
_OPENAI_HOST = "api.openai.com"

Schema = TypeVar("Schema", bound=BaseModel)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Connection:
    """A chat model with the HTTP client it was given, made for one call."""

    model: ChatOpenAI
    close: Callable[[], None]


class ModelService:
    """A configured chat model service. Safe to share between threads; the constructor does no I/O."""

    def __init__(self, settings: LlmSettings, *, clock: Clock = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self.breaker = CircuitBreaker(clock)

    def __repr__(self) -> str:
        return f"ModelService(model={self._settings.model!r}, address={self.address!r})"

    @property
    def address(self) -> str:
        """Where the service is, without anything secret."""
        return public_address(self._settings.base_url)

    @property
    def model_name(self) -> str:
        """The model asked."""
        return self._settings.model

    def budget(self) -> Deadline:
        """The moment by which an answer begun now must be whole."""
        return Deadline.after(self._settings.budget_seconds, self._clock)

    def warm_up(self) -> None:
        """Import the client libraries in the background, so that the first question does not wait for it."""
        threading.Thread(target=_import_clients, name="model-warm-up", daemon=True).start()

    def stream(self, messages: Sequence[ChatMessage], deadline: Deadline | None = None) -> Generator[str, None, None]:
        """The reply piece by piece, thoughts left out. Raises :class:`ModelCallError`, also midway."""
        return self._guarded(lambda: self._stream(messages, self._until(deadline)))

    def complete(self, messages: Sequence[ChatMessage], deadline: Deadline | None = None) -> str:
        """The whole reply without outer white space. Raises :class:`ModelCallError`."""
        return "".join(self.stream(messages, deadline)).strip()

    def structured(
        self, messages: Sequence[ChatMessage], schema: type[Schema], deadline: Deadline | None = None
    ) -> Schema:
        """A record of ``schema``, validated. Raises :class:`ModelCallError`.

        The model is asked to call a tool; a service that knows no tools (HTTP 400) is asked once more
        for JSON by schema. A reply that is plain JSON text is read too.
        """
        until = self._until(deadline)
        (record,) = self._guarded(lambda: self._structured(messages, schema, until))
        return record

    def model_names(self, deadline: Deadline | None = None) -> tuple[str, ...]:
        """The models the service lists. Raises :class:`ModelCallError`."""
        until = self._until(deadline)

        def listed(connection: _Connection, stopped: Callable[[], bool]) -> Iterator[str]:
            for entry in connection.model.root_client.models.list():
                if stopped():
                    return
                yield str(entry.id)

        return tuple(self._called(listed, until))

    # --- calls -----------------------------------------------------------------------------------

    def _until(self, deadline: Deadline | None) -> Deadline:
        seconds = self._settings.timeout_seconds
        return deadline.sooner(seconds) if deadline else Deadline.after(seconds, self._clock)

    def _guarded(self, call: Callable[[], Iterator[Item]]) -> Generator[Item, None, None]:
        """``call()`` behind the circuit; its outcome is counted once it is known."""
        self.breaker.enter()
        outcome_known = False
        try:
            yield from call()
            outcome_known = True
            self.breaker.succeeded()
        except ModelCallError as error:
            outcome_known = True
            self.breaker.failed(error)
            raise
        finally:
            if not outcome_known:
                self.breaker.abandoned()

    def _stream(self, messages: Sequence[ChatMessage], deadline: Deadline) -> Iterator[str]:
        limit = self._settings.max_tokens * MAX_CHARACTERS_PER_TOKEN

        def pieces(connection: _Connection, stopped: Callable[[], bool]) -> Iterator[str]:
            finish, seen, length = "", False, 0
            for chunk in connection.model.stream(_as_langchain(messages)):
                if stopped():
                    return
                seen = True
                finish = str(chunk.response_metadata.get("finish_reason") or finish)
                text = chunk.text
                length += len(text)
                if length > limit:
                    raise ModelCallError(FailureReason.TOO_LONG, value=f"已超过 {limit} 字")
                if text:
                    yield text
            _check_finish(finish, seen=seen, empty=length == 0)

        yield from without_thoughts(self._called(pieces, deadline))

    def _structured(
        self, messages: Sequence[ChatMessage], schema: type[Schema], deadline: Deadline
    ) -> Iterator[Schema]:
        try:
            yield self._structured_by("function_calling", messages, schema, deadline)
        except ModelCallError as error:
            if error.reason is not FailureReason.BAD_REQUEST:
                raise
            yield self._structured_by("json_schema", messages, schema, deadline)

    def _structured_by(
        self, method: Any, messages: Sequence[ChatMessage], schema: type[Schema], deadline: Deadline
    ) -> Schema:
        def replies(connection: _Connection, stopped: Callable[[], bool]) -> Iterator[dict[str, Any]]:
            runnable = connection.model.with_structured_output(schema, method=method, include_raw=True)
            reply = runnable.invoke(_as_langchain(messages))
            if not isinstance(reply, dict):
                raise ModelCallError(FailureReason.GARBAGE)
            yield reply

        (reply,) = self._called(replies, deadline)
        return _validated(reply, schema)

    def _called(
        self,
        produce: Callable[[_Connection, Callable[[], bool]], Iterator[Item]],
        deadline: Deadline,
    ) -> Iterator[Item]:
        """Run ``produce`` in a worker with a connection of its own; failures come out translated."""
        if deadline.passed:
            raise ModelCallError(FailureReason.TIMEOUT, value=self.address)
        key = self._key()
        self._check_address()
        opened: list[_Connection] = []

        def run(stopped: Callable[[], bool]) -> Iterator[Item]:
            from langsmith import tracing_context

            connection = self._connect(key, deadline)
            opened.append(connection)
            try:
                # Questions must not leave for a tracing service, whatever the environment says.
                with tracing_context(enabled=False):
                    yield from produce(connection, stopped)
            finally:
                connection.close()

        def release() -> None:
            for connection in opened:
                connection.close()

        try:
            yield from Worker(run, release).items(deadline)
        except Exception as error:  # the client libraries raise of many trees; all become ours
            raise translated(error, self.address) from None

    def _connect(self, key: str, deadline: Deadline) -> _Connection:
        import openai
        from langchain_openai import ChatOpenAI

        settings = self._settings
        client = openai.DefaultHttpxClient(timeout=max(deadline.remaining(), 0.001))
        # Services other than OpenAI's own read the older name of the limit.
        newer = urlsplit(settings.base_url).hostname == _OPENAI_HOST
        limit = {"max_completion_tokens" if newer else "max_tokens": settings.max_tokens}
        model = ChatOpenAI(
            model=settings.model,
            base_url=settings.base_url,
            api_key=lambda: key,
            temperature=0,
            max_retries=0,
            timeout=max(deadline.remaining(), 0.001),
            http_client=client,
            openai_proxy="",
            stream_usage=False,
            use_responses_api=False,
            extra_body=limit,
        )
        return _Connection(model, client.close)

    def _key(self) -> str:
        settings = self._settings
        key = settings.api_key.get_secret_value()
        if settings.api_key_file is not None and not key:
            try:
                key = settings.api_key_file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                raise ModelCallError(
                    FailureReason.NOT_CONFIGURED,
                    value=f"密钥文件 {settings.api_key_file} 读不出",
                    remedy="把密钥写进这个文件，只有一行，当前用户可读",
                ) from None
        key = key.strip()
        if not all("!" <= character <= "~" for character in key):
            # An HTTP header cannot carry it, and the client's own complaint would print it.
            raise ModelCallError(
                FailureReason.NOT_CONFIGURED,
                value="密钥里有空白或非 ASCII 字符",
                remedy="重新粘贴密钥，只留一行",
            )
        return key or NO_KEY

    def _check_address(self) -> None:
        parts = urlsplit(self._settings.base_url)
        if not self._settings.model:
            raise ModelCallError(FailureReason.NOT_CONFIGURED, value="没有写模型名 model")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            shown = self.address or "（空）"
            raise ModelCallError(
                FailureReason.NOT_CONFIGURED,
                value=f"地址 base_url 是 {shown}",
                remedy="写成 http://主机:端口/v1 或 https://…/v1",
            )


def _import_clients() -> None:
    import langchain_openai  # noqa: F401
    import langsmith  # noqa: F401


def _as_langchain(messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
    return [(message.role.value, message.text) for message in messages]


def _check_finish(finish: str, *, seen: bool, empty: bool) -> None:
    """A stream that ends without saying why was cut; the protocol always says."""
    if not seen:
        raise ModelCallError(FailureReason.GARBAGE)
    if not finish:
        raise ModelCallError(FailureReason.CUT)
    if finish == "length":
        raise ModelCallError(FailureReason.TOO_LONG)
    if finish != "stop" or empty:
        raise ModelCallError(FailureReason.GARBAGE, tried=f"finish_reason={finish[:20]}")


def _validated(reply: dict[str, Any], schema: type[Schema]) -> Schema:
    parsed = reply.get("parsed")
    if isinstance(parsed, schema):
        return parsed
    raw = reply.get("raw")
    text = str(getattr(raw, "text", "") or "")
    for candidate in _json_texts("".join(without_thoughts([text]))):
        try:
            return schema.model_validate_json(candidate)
        except ValidationError:
            continue
    raise ModelCallError(FailureReason.GARBAGE, value="回应不是约定的结构")


def _json_texts(text: str) -> Iterator[str]:
    """The parts of ``text`` that are JSON objects: all of it, a fenced block, the outermost braces."""
    yield text.strip()
    for match in re.finditer(r"```(?:json)?\s*(.*?)```", text, re.DOTALL):
        yield match.group(1).strip()
    start, end = text.find("{"), text.rfind("}")
    if 0 <= start < end:
        candidate = text[start : end + 1]
        try:
            json.loads(candidate)
        except json.JSONDecodeError:
            return
        yield candidate
