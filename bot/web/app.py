"""The page put together from Gradio's parts, and served."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import AssistantError, UsageError
from bot.settings import Settings
from bot.types import Turn
from bot.web import frame
from bot.web.assets import Assets, theme
from bot.web.chat import Chat
from bot.web.conversation import Conversation
from bot.web.interface import PageAssistant
from bot.web.texts import CHINESE, texts_for
from bot.web.views.actions import ViewActions
from bot.web.views.shells import views

# Read by Gradio when it is imported: no statistics leave the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr  # noqa: E402

if TYPE_CHECKING:
    from fastapi import FastAPI

Value = TypeVar("Value")

ASKING_AT_ONCE = 8
"""Questions answered side by side; more wait in the queue."""

LONGEST_QUEUE = 200
"""Questions that may wait; beyond that the page says it is busy."""

LARGEST_UPLOAD = "10mb"
"""The page's server takes no larger file."""

LONGEST_TYPED = 20_000
"""Characters the box takes; the assistant says so itself when a question is too long to answer."""

_BRIDGE_SCRIPT = """
window.assistantPage.connect(trigger, server);
"""


def build_app(assistant: PageAssistant, settings: Settings) -> gr.Blocks:
    """The page over ``assistant``, not yet served."""
    return Page(Chat(assistant)).blocks


def serve(assistant: PageAssistant, settings: Settings, open_browser: bool) -> None:
    """Serve the page at ``settings.host:settings.port`` until interrupted; prints the address."""
    blocks = build_app(assistant, settings)
    threading.Thread(target=_warm, args=(assistant,), name="warm-up", daemon=True).start()
    launch(blocks, settings, open_browser=open_browser)


def _warm(assistant: PageAssistant) -> None:
    """Have models and index loaded before the first visitor asks; what fails will be told to them."""
    with suppress(AssistantError):
        for _ in assistant.stream(Turn(CHINESE.welcome)):
            pass


def launch(blocks: gr.Blocks, settings: Settings, *, open_browser: bool = False, wait: bool = True) -> FastAPI:
    """Start serving ``blocks``; with ``wait`` false it goes on in the background.

    Raises :class:`UsageError` when nothing can be served at that address.
    """
    assets = Assets.read()
    application: FastAPI
    try:
        application, address, _ = blocks.queue(max_size=LONGEST_QUEUE).launch(
            server_name=settings.host,
            server_port=settings.port,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            enable_monitoring=False,
            max_file_size=LARGEST_UPLOAD,
            footer_links=[],
            favicon_path=assets.icon,
            theme=theme(),
            head=assets.head,
        )
    except OSError as error:
        raise UsageError(
            "页面无法在这个地址启动",
            value=f"{settings.host}:{settings.port}",
            tried=str(error),
            remedy="换一个端口（例如 BOT_PORT=7861），或停掉占用它的程序",
        ) from error
    if wait:
        _announce(address)
        blocks.block_thread()
    return application


def _announce(address: str) -> None:
    sys.stderr.write(f"页面已就绪：{address}（按 Ctrl + C 停止）\n")
    sys.stderr.flush()


class Page:
    """The components of the page and how they are wired to :class:`~bot.web.chat.Chat`."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.actions = ViewActions.over(chat.assistant)
        self.blocks = gr.Blocks(
            title=chat.assistant.scope.name, analytics_enabled=False, fill_height=True, fill_width=True
        )
        with self.blocks:
            self._lay_out()
            self._wire()

    def _lay_out(self) -> None:
        texts = CHINESE
        first = self.chat.view(Conversation(), texts.language)
        self.conversation = gr.State(Conversation())
        self.language = gr.State(texts.language.value)
        self.masthead = _html(frame.masthead(self.chat.assistant, texts), "masthead")
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="log"):
                self.earlier = _html(first.earlier, "earlier")
                self.current = _html(first.current, "current")
            self.panel = _html(frame.evidence_panel(texts), "evidence")
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                lines=1,
                max_lines=6,
                show_label=False,
                container=False,
                label=texts.question_label,
                placeholder=texts.placeholder,
                max_length=LONGEST_TYPED,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
            )
            self.send = gr.Button(texts.send, elem_id="send", variant="primary")
            self.stop = gr.Button(texts.stop, elem_id="stop", variant="secondary")
        self.views = _html(views(texts.language), "views")
        self.notice = _html("", "notice")
        self.bridge = self._bridge()

    def _bridge(self) -> gr.HTML:
        def open_document(request: list[object]) -> str:
            return self.chat.opened(request)

        def act(request: list[object]) -> dict[str, object]:
            return self.actions.act(request).as_json()

        return gr.HTML(
            "",
            elem_id="bridge",
            apply_default_css=False,
            js_on_load=_BRIDGE_SCRIPT,
            server_functions=[open_document, act],
        )

    def _wire(self) -> None:
        shown = [self.conversation, self.earlier, self.current]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        gr.on(
            [self.question.submit, self.send.click, self.bridge.submit],
            self._ask,
            inputs=[self.question, self.conversation, self.language],
            outputs=[*shown, self.question, self.notice],
            concurrency_limit=ASKING_AT_ONCE,
            trigger_mode="once",
            **quiet,
        )
        # Index and mode may have changed since the program started.
        self.blocks.load(self._greet, inputs=[self.language], outputs=[self.masthead], **quiet)
        self.stop.click(self._stop, inputs=[self.conversation], outputs=[], **quiet)
        self.bridge.clear(
            self._restart, inputs=[self.conversation, self.language], outputs=[*shown, self.question], **quiet
        )
        self.bridge.like(self._rate, inputs=[self.conversation, self.language], outputs=[self.notice], **quiet)
        self.bridge.select(
            self._change_language,
            inputs=[self.conversation],
            outputs=[
                self.language,
                self.masthead,
                self.earlier,
                self.current,
                self.panel,
                self.question,
                self.send,
                self.stop,
                self.views,
            ],
            **quiet,
        )

    # --- events: from Gradio's values to records and back ------------------------------------------

    def _greet(self, language: str) -> str:
        return frame.masthead(self.chat.assistant, texts_for(language))

    def _ask(
        self, typed: str, conversation: Conversation, language: str, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        question = _field(event, "question", "") or typed
        if not question.strip():
            empty = frame.notice(texts_for(language).empty_question, "problem")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), empty
            return
        # Only what was typed and sent is cleared; words typed while an example is asked stay.
        box: Any = "" if question is typed else gr.skip()
        for growing in self.chat.ask(question, conversation, language):
            view = self.chat.view(growing, language)
            yield growing, view.earlier, view.current, box, gr.skip()
            box = gr.skip()

    def _stop(self, conversation: Conversation) -> None:
        self.chat.stop(conversation)

    def _restart(self, conversation: Conversation, language: str) -> tuple[Any, ...]:
        fresh = self.chat.restart(conversation)
        view = self.chat.view(fresh, language)
        return fresh, view.earlier, view.current, ""

    def _rate(self, conversation: Conversation, language: str, event: gr.EventData) -> str:
        return self.chat.rate(
            conversation,
            number=_field(event, "exchange", 0),
            useful=_field(event, "useful", False),
            reason=_field(event, "reason", ""),
            language=language,
        )

    def _change_language(self, conversation: Conversation, event: gr.EventData) -> tuple[Any, ...]:
        texts = texts_for(_field(event, "language", ""))
        view = self.chat.view(conversation, texts.language)
        return (
            texts.language.value,
            frame.masthead(self.chat.assistant, texts),
            view.earlier,
            view.current,
            frame.evidence_panel(texts),
            gr.Textbox(placeholder=texts.placeholder, label=texts.question_label),
            gr.Button(texts.send),
            gr.Button(texts.stop),
            views(texts.language),
        )


def _html(value: str, elem_id: str) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _field(event: gr.EventData, name: str, default: Value) -> Value:
    """What the page's script sent under ``name``, if it is of the kind expected."""
    sent = event._data if isinstance(event._data, dict) else {}
    value = sent.get(name, default)
    return value if isinstance(value, type(default)) else default
