"""The one place that knows a chat model: any service of the OpenAI chat-completions protocol.

DeepSeek, Qwen, gpt-oss, vLLM, Ollama, llama.cpp and their gateways. A failed call is not repeated, except
without a part of the request that the service refused; the circuit keeps the next calls back.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.llm.answer import Answer, cleaned
from bot.llm.breaker import CircuitBreaker
from bot.llm.capabilities import Capabilities, CapabilityRecord, Limit, Way
from bot.llm.conversation import Conversation, Endpoint, listed_models
from bot.llm.deadline import Clock, Deadline
from bot.llm.failures import FailureReason, ModelCallError
from bot.llm.messages import ChatMessage
from bot.llm.requests import Question
from bot.llm.structured import THOUGHT_SHOWN, Growing, Schema, StructuredReply
from bot.llm.transport import load_client
from bot.settings import LlmSettings
from bot.text.addresses import public_address

#: OpenAI's own service reads only the newer name of the limit.
_OPENAI_HOST = "api.openai.com"
_LONGEST_MODEL_NAME = 100
_THOUGHT_ONLY_REMEDY = "模型把篇幅都用在了思考上：调大 max_tokens，或关掉模型的思考"

Item = TypeVar("Item")


class ModelService:
    """A configured chat model service. Safe to share between threads; the constructor does no I/O."""

    def __init__(self, settings: LlmSettings, *, clock: Clock = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self.breaker = CircuitBreaker(clock)
        self._places = threading.BoundedSemaphore(settings.at_once)
        newer = f"//{_OPENAI_HOST}/" in f"{self.address}/"
        limit = Limit.MAX_COMPLETION_TOKENS if newer else Limit.MAX_TOKENS
        self._record = CapabilityRecord(Capabilities(limit=limit))

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

    @property
    def capabilities(self) -> Capabilities:
        """What the service has shown so far."""
        return self._record.current

    def budget(self) -> Deadline:
        """The moment by which an answer begun now must be whole."""
        return Deadline.after(self._settings.budget_seconds, self._clock)

    def warm_up(self) -> None:
        """Load the client library in the background, so that the first question does not wait for it."""
        threading.Thread(target=load_client, name="model-warm-up", daemon=True).start()

    def stream(self, messages: Sequence[ChatMessage], deadline: Deadline | None = None) -> Generator[str, None, None]:
        """The reply piece by piece, thoughts left out. Raises :class:`ModelCallError`, also midway.

        Until it is known how the service marks its thoughts (see :mod:`bot.llm.answer`) the pieces come
        only once they are sure to be answer. ``GARBAGE`` midway says that what came before was thought.
        """
        return self._guarded(lambda: self._stream(messages, self._until(deadline), whole=False))

    def complete(self, messages: Sequence[ChatMessage], deadline: Deadline | None = None) -> str:
        """The whole reply without outer white space. Raises :class:`ModelCallError`."""
        return "".join(self._guarded(lambda: self._stream(messages, self._until(deadline), whole=True))).strip()

    def structured(
        self, messages: Sequence[ChatMessage], schema: type[Schema], deadline: Deadline | None = None
    ) -> Schema:
        """A record of ``schema``, validated. Raises :class:`ModelCallError`."""
        question = Question(messages, schema)
        (last,) = self._guarded(lambda: self._structured(question, schema, self._until(deadline), growing=False))
        assert last.record is not None, "the last item is the whole record"
        return last.record

    def structured_stream(
        self, messages: Sequence[ChatMessage], schema: type[Schema], deadline: Deadline | None = None
    ) -> Generator[Growing[Schema], None, None]:
        """A record as it comes, the validated whole last. Raises :class:`ModelCallError`, also midway.

        It is asked for by a tool call, by JSON schema, as a JSON object or by describing the schema,
        in this order until one works, which is remembered.
        """
        question = Question(messages, schema)
        return self._guarded(lambda: self._structured(question, schema, self._until(deadline), growing=True))

    def model_names(self, deadline: Deadline | None = None) -> tuple[str, ...]:
        """The models the service lists. Raises :class:`ModelCallError`."""
        key = self._key()

        def may_be_shown(name: str) -> bool:
            return len(name) <= _LONGEST_MODEL_NAME and cleaned(name) == name and not (key and key in name)

        return listed_models(self._endpoint("/models"), self._until(deadline), may_be_shown)

    # --- calls -----------------------------------------------------------------------------------

    def _until(self, deadline: Deadline | None) -> Deadline:
        seconds = self._settings.timeout_seconds
        return deadline.sooner(seconds) if deadline else Deadline.after(seconds, self._clock)

    def _guarded(self, call: Callable[[], Iterator[Item]]) -> Generator[Item, None, None]:
        """``call()`` behind the circuit; its outcome is counted once it is known.

        Where as many calls are under way as may be, this one does not wait: the offline answer serves.
        """
        if not self._places.acquire(blocking=False):
            raise ModelCallError(FailureReason.BUSY)
        try:
            yield from self._counted(call)
        finally:
            self._places.release()

    def _counted(self, call: Callable[[], Iterator[Item]]) -> Generator[Item, None, None]:
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

    def _stream(self, messages: Sequence[ChatMessage], deadline: Deadline, *, whole: bool) -> Iterator[str]:
        conversation = self._conversation(Question(messages), deadline)
        answer = Answer(held=self.capabilities.text.marks_thoughts is not True, whole=whole)
        try:
            with closing(conversation.deltas()) as deltas:
                for delta in deltas:
                    pieces = answer.feed(delta.text, reasoned=delta.reasoned)
                    if answer.taken_back:
                        raise ModelCallError(FailureReason.GARBAGE, value=THOUGHT_SHOWN)
                    yield from pieces
        except ModelCallError as error:
            if error.reason is FailureReason.TOO_LONG and answer.thought and answer.empty:
                raise ModelCallError(error.reason, value=error.value, remedy=_THOUGHT_ONLY_REMEDY) from None
            raise
        finally:
            self._learn_thoughts(conversation.question, answer, whole=False)
        yield from answer.end()
        if not answer.visible:
            raise ModelCallError(FailureReason.GARBAGE, value="回应里没有答案")
        self._learn_thoughts(conversation.question, answer, whole=True)

    def _structured(
        self, question: Question, schema: type[Schema], deadline: Deadline, *, growing: bool
    ) -> Iterator[Growing[Schema]]:
        known = way = self.capabilities.way
        while True:
            conversation = self._conversation(question, deadline, way)
            held = self.capabilities.structured.marks_thoughts is not True
            reply = StructuredReply(schema, held=held, growing=growing)
            try:
                with closing(conversation.deltas()) as deltas:
                    for delta in deltas:
                        partial = reply.feed(delta)
                        if partial is not None:
                            yield Growing(partial)
            finally:
                self._learn_thoughts(question, reply.answer, whole=False)
            record = reply.record()
            if record is not None:
                break
            way = conversation.way.next
            if known or way is None or not reply.ignored:
                raise ModelCallError(FailureReason.GARBAGE, value="回应不是约定的结构")
        self._learn_thoughts(question, reply.answer, whole=True)
        before = self.capabilities
        self._record.learn(before, replace(before, way=conversation.way))
        yield Growing(record.model_dump(mode="json", by_alias=True, exclude_unset=True), record)

    def _learn_thoughts(self, question: Question, answer: Answer, *, whole: bool) -> None:
        before = self.capabilities
        habits = question.habits(before)
        if answer.unopened:
            habits = replace(habits, marks_thoughts=False)
        elif habits.marks_thoughts is None and (answer.told_apart or (whole and answer.visible)):
            habits = replace(habits, marks_thoughts=True)
        after = question.with_habits(before, habits)
        self._record.learn(before, replace(after, reasoning=before.reasoning or answer.thought))

    # --- where to, and with what ----------------------------------------------------------------------

    def _conversation(self, question: Question, deadline: Deadline, way: Way | None = None) -> Conversation:
        return Conversation(self._endpoint("/chat/completions"), self._record, question, deadline, way)

    def _endpoint(self, path: str) -> Endpoint:
        key = self._key()
        self._check_address()
        parts = urlsplit(self._settings.base_url)
        login, _, host = parts.netloc.rpartition("@")
        url = urlunsplit((parts.scheme, host, parts.path.rstrip("/") + path, parts.query, ""))
        headers = {"accept": "application/json, text/event-stream", "accept-encoding": "identity"}
        if login:
            basic = base64.b64encode(unquote(login).encode()).decode("ascii")
            headers["authorization"] = f"Basic {basic}"
        elif key:
            headers["authorization"] = f"Bearer {key}"
        return Endpoint(url, self.address, headers, self._settings.model, self._settings.max_tokens)

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
        return key

    def _check_address(self) -> None:
        if not self._settings.model:
            raise ModelCallError(FailureReason.NOT_CONFIGURED, value="没有写模型名 model")
        if not _is_address(self._settings.base_url):
            shown = self.address or "（空）"
            raise ModelCallError(
                FailureReason.NOT_CONFIGURED,
                value=f"地址 base_url 是 {shown}",
                remedy="写成 http://主机:端口/v1 或 https://…/v1",
            )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
