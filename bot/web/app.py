"""The page put together from Gradio's parts, and served."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import LRUCache

from bot.questions.keeping import QuestionKeeper
from bot.settings import Settings
from bot.store.database import shared_database
from bot.web import frame
from bot.web.actions.actions import ViewActions
from bot.web.asking import Asking, WaitingLine
from bot.web.bridge import Bridge
from bot.web.chat import Chat
from bot.web.conversation import LONGEST_TYPED
from bot.web.interface import PageAssistant
from bot.web.kept import conversations_panel
from bot.web.markup import Html, join, tag
from bot.web.texts import CHINESE, texts_for
from bot.web.views.shells import views

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.web.server import RunningSite

_BRIDGE_SCRIPT = """
window.assistantPage.connect(trigger);
"""


MOST_VISITS = 400
"""Visits of which Gradio keeps what it tells them, the latest: about 40 kB each, and more than may wait at once."""

_LOG = '<div id="earlier"></div><div id="current"></div>'
"""Where the script puts the exchanges; Gradio never draws it anew."""


def build_app(assistant: PageAssistant, settings: Settings) -> Page:
    """The page over ``assistant``, not yet served."""
    keeper = QuestionKeeper(shared_database(settings.resolved_database_url), settings.desk.question_days)
    return Page(Chat(assistant, keeper=keeper))


def serve(assistant: PageAssistant, settings: Settings, open_browser: bool) -> None:
    """Serve the page, the desk and the interfaces until interrupted; prints the address."""
    from bot.web import server

    server.serve(build_app(assistant, settings), settings, open_browser)


def launch(page: Page, settings: Settings) -> None:
    """Serve ``page`` in the background until it is closed.

    Raises :class:`UsageError` when nothing can be served at that address.
    """
    from bot.web import server

    page.running = server.RunningSite(server.build_site(page, settings), settings)
    page.running.start()


class Page:
    """The components of the page and how they are wired to :class:`~bot.web.chat.Chat`."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.line = WaitingLine()
        self.running: RunningSite | None = None
        self.bridged = Bridge(chat, ViewActions.over(chat.assistant), date.today)
        self.blocks = gr.Blocks(
            title=chat.assistant.scope.name, analytics_enabled=False, fill_height=True, fill_width=True
        )
        self.blocks.state_session_capacity = MOST_VISITS
        with self.blocks:
            self._lay_out()
            self._wire()

    def queued(self, longest: int) -> gr.Blocks:
        """The page for Gradio to serve, with at most ``longest`` events waiting.

        By itself Gradio keeps ten thousand visits, and their names for good.
        """
        blocks: gr.Blocks = self.blocks.queue(max_size=longest)
        blocks._queue.pending_messages_per_session = LRUCache(MOST_VISITS)
        blocks._queue.pending_event_ids_session = LRUCache(MOST_VISITS)
        blocks._queue.ANALYTICS_MAX_EVENTS = MOST_VISITS
        return blocks

    def endpoints(self) -> Iterator[tuple[str, Callable[[Request], Awaitable[Response]]]]:
        """What the page's script calls beside Gradio."""
        yield "/ask", Asking(self.chat, self.line).reply
        yield "/call/{name}", self.bridged.reply

    def close(self) -> None:
        """Stop serving."""
        if self.running is not None:
            self.running.close()
            self.running = None

    def _lay_out(self) -> None:
        texts = CHINESE
        self.language = gr.State(texts.language.value)
        self.masthead = _html(frame.masthead(self.chat.assistant, texts), "masthead")
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="log"):
                self.first = _html(self.chat.first_screen(texts.language), "first")
                _html(_LOG, "exchanges")
            self.panel = _html(frame.evidence_panel(texts), "evidence")
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                lines=1,
                max_lines=6,
                show_label=False,
                container=False,
                label=texts.question_label,
                placeholder=frame.placeholder(self.chat.assistant, texts),
                max_length=LONGEST_TYPED,
                interactive=True,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
            )
            self.send = gr.Button(texts.send, elem_id="send", variant="primary")
            self.stop = gr.Button(texts.stop, elem_id="stop", variant="secondary")
        self.views = _html(_views(texts.language), "views")
        self.conversations = _html(conversations_panel(texts), "conversations")
        self.bridge = gr.HTML(
            "",
            elem_id="bridge",
            apply_default_css=False,
            js_on_load=_BRIDGE_SCRIPT,
        )

    def _wire(self) -> None:
        # One after the other: both write the masthead, and the greeting must know the language that was chosen.
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_id": "frame",
            "concurrency_limit": 1,
        }
        # Index and mode may have changed since the program started.
        self.blocks.load(self._greet, inputs=[self.language], outputs=[self.masthead], **quiet)
        self.bridge.select(
            self._change_language,
            inputs=[],
            outputs=[
                self.language,
                self.masthead,
                self.conversations,
                self.first,
                self.panel,
                self.question,
                self.send,
                self.stop,
                self.views,
            ],
            **quiet,
        )

    def _greet(self, language: str) -> str:
        return frame.masthead(self.chat.assistant, texts_for(language))

    def _change_language(self, event: gr.EventData) -> tuple[Any, ...]:
        sent = event._data if isinstance(event._data, dict) else {}
        texts = texts_for(str(sent.get("language", "")))
        return (
            texts.language.value,
            frame.masthead(self.chat.assistant, texts),
            conversations_panel(texts),
            self.chat.first_screen(texts.language),
            frame.evidence_panel(texts),
            gr.Textbox(placeholder=frame.placeholder(self.chat.assistant, texts), label=texts.question_label),
            gr.Button(texts.send),
            gr.Button(texts.stop),
            _views(texts.language),
        )


def _views(language: str) -> Html:
    """The views, with the language they speak for the script to see when all is drawn."""
    return join((views(language), tag("span", hidden=True, data_views_language=language)))


def _html(value: str, elem_id: str) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)
