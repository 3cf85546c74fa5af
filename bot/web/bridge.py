"""What the page's script may call besides asking a question: each function takes one list, as the browser sends it.

What is not of the shape expected gets a refusal, never an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import AssistantError
from bot.web.actions.actions import ViewActions
from bot.web.actions.reply import Reply, problem
from bot.web.bodies import read_body
from bot.web.chat import Chat
from bot.web.conversation import read_exchange, within_bounds
from bot.web.exporting import exported_file
from bot.web.markup import Html, tag, text
from bot.web.sharing import answer_link
from bot.web.suggesting import suggested
from bot.web.telling import told_problem
from bot.web.texts import texts_for

LONGEST_KEY = 64
"""Characters of a page's own number of an exchange."""

LONGEST_BODY = 6_000_000
"""Bytes of one call: what is handed over at once, or a form with a file, each at its own limit in UTF-8."""


class Bridge:
    """The functions by the name that the script calls them by: ``POST call/{name}`` with a list as JSON.

    They do not go through Gradio, whose numbers for the parts of a page change when the program is started anew.
    """

    def __init__(self, chat: Chat, actions: ViewActions, today: Callable[[], date]) -> None:
        self._chat = chat
        self._actions = actions
        self._today = today

    async def reply(self, request: Request) -> Response:
        """The reply to one call, as JSON; 404 for a name there is not, 400 for anything but a list."""
        name = str(request.path_params.get("name", ""))
        called = self.functions.get(name)
        if called is None:
            return JSONResponse(None, status_code=404)
        try:
            sent = await run_in_threadpool(_read, await read_body(request, LONGEST_BODY))
        except (AssistantError, ValueError, RecursionError):
            sent = None
        if not isinstance(sent, list):
            return JSONResponse(None, status_code=400)
        return JSONResponse(await run_in_threadpool(called, sent), headers={"Cache-Control": "no-store"})

    @property
    def functions(self) -> Mapping[str, Callable[[list[object]], object]]:
        """What may be called, by name."""
        return {
            "open_document": self.document,
            "act": lambda request: self._actions.act(request).as_json(),
            "show_again": self.shown_again,
            "rate": self.rated,
            "stop": self.stopped,
            "link": self.linked,
            "suggest": lambda request: suggested(self._chat.assistant, request),
            "export": lambda request: self.exported(request).as_json(),
        }

    def stopped(self, request: Sequence[object]) -> bool:
        """Stops the answer in progress of the key sent; false where this process makes none, but maybe another."""
        match list(request):
            case [str() as key]:
                return self._chat.stop(key)
        return False

    def document(self, request: Sequence[object]) -> Html:
        """A document, for id, start, end and language."""
        match list(request):
            case [str() as document_id, int() as start, int() as end, str() as language]:
                return self._chat.open_document(document_id, start, end, language)
        return tag("p", text(texts_for("").document_failed), class_="problem", role="alert")

    def shown_again(self, request: Sequence[object]) -> list[Html]:
        """The markup of kept exchanges, for their numbers, themselves as JSON, and the language."""
        match list(request):
            case [list() as numbers, list() as written, str() as language] if len(numbers) == len(written):
                handed = [pair for pair in zip(numbers, written, strict=True) if _is_kept(pair)]
                return self._chat.shown_again(handed, language) if len(handed) == len(numbers) else []
        return []

    def rated(self, request: Sequence[object]) -> Html:
        """A notice, for a kept exchange as JSON, the verdict, the reason, the language, and the page's number of it."""
        match list(request):
            case [str() as written, bool() as useful, str() as reason, str() as language, *rest] if len(rest) < 2:
                # A page that was opened before the program was renewed sends no number of the exchange.
                key = rest[0] if rest and isinstance(rest[0], str) and len(rest[0]) <= LONGEST_KEY else ""
                return self._chat.rate(written, useful, reason, language, key)
        return self._chat.rate("", False, "", "")

    def linked(self, request: Sequence[object]) -> dict[str, object]:
        """The address of a question, or why there is none; for the question and the language."""
        match list(request):
            case [str() as question, str() as language]:
                link = answer_link(question, self._chat.assistant.catalogue, texts_for(language))
                return {"fragment": link.fragment, "refused": link.refused, "masked": link.masked}
        return {"fragment": "", "refused": texts_for("").document_failed, "masked": False}

    def exported(self, request: Sequence[object]) -> Reply:
        """A file, for kept exchanges as JSON, the kind of file, the title, and the language."""
        match list(request):
            case [list() as written, str() as suffix, str() as title, str() as language]:
                texts = texts_for(language)
                readable = all(isinstance(each, str) for each in written) and within_bounds(written)
                exchanges = [kept for each in written if (kept := read_exchange(each))] if readable else []
                if not exchanges:
                    return problem(texts.kept.export_failed)
                document = self._chat.assistant.document
                try:
                    return Reply(download=exported_file(suffix, title, exchanges, document, self._today(), texts))
                except AssistantError as error:
                    return problem(told_problem(str(error), language))
        return problem(texts_for("").kept.export_failed)


def _read(body: bytes) -> object:
    """``body`` read as JSON. Raises :class:`ValueError` also for halves of a character, which no encoding takes."""
    sent = json.loads(body)
    json.dumps(sent, ensure_ascii=False).encode("utf-8")
    return sent


def _is_kept(pair: tuple[object, object]) -> bool:
    number, written = pair
    return isinstance(number, int) and 0 < number < 1_000_000 and isinstance(written, str)
