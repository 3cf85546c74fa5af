"""The page put together from Gradio's parts, and served."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.errors import AssistantError, UsageError
from bot.settings import Settings
from bot.types import Turn
from bot.web import frame
from bot.web.asking import Asking, WaitingLine
from bot.web.assets import Assets, theme
from bot.web.bridge import Bridge
from bot.web.chat import Chat
from bot.web.conversation import LONGEST_TYPED
from bot.web.interface import PageAssistant
from bot.web.kept import conversations_panel
from bot.web.markup import Html, join, tag
from bot.web.texts import CHINESE, texts_for
from bot.web.views.actions import ViewActions
from bot.web.views.shells import views

# Read by Gradio when it is imported: no statistics leave the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr  # noqa: E402

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

LONGEST_QUEUE = 200
"""Small events of the page that may wait: a change of language, the masthead. Questions have their own line."""

LARGEST_UPLOAD = "10mb"
"""The page's server takes no larger file."""

_BRIDGE_SCRIPT = """
window.assistantPage.connect(trigger);
"""


_LOG = '<div id="earlier"></div><div id="current"></div>'
"""Where the script puts the exchanges; Gradio never draws it anew."""


def build_app(assistant: PageAssistant, settings: Settings) -> Page:
    """The page over ``assistant``, not yet served."""
    return Page(Chat(assistant))


def serve(assistant: PageAssistant, settings: Settings, open_browser: bool) -> None:
    """Serve the page at ``settings.host:settings.port`` until interrupted; prints the address."""
    page = build_app(assistant, settings)
    threading.Thread(target=_warm, args=(assistant,), name="warm-up", daemon=True).start()
    launch(page, settings, open_browser=open_browser)


def _warm(assistant: PageAssistant) -> None:
    """Have models and index loaded before the first visitor asks; what fails will be told to them."""
    with suppress(AssistantError):
        for _ in assistant.stream(Turn(CHINESE.welcome)):
            pass


def launch(page: Page, settings: Settings, *, open_browser: bool = False, wait: bool = True) -> FastAPI:
    """Start serving ``page``; with ``wait`` false it goes on in the background.

    Raises :class:`UsageError` when nothing can be served at that address.
    """
    assets = Assets.read()
    application: FastAPI
    try:
        application, address, _ = page.blocks.queue(max_size=LONGEST_QUEUE).launch(
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
    for path, endpoint in page.endpoints():
        application.add_api_route(path, endpoint, methods=["POST"], include_in_schema=False)
    if wait:
        _announce(address)
        page.blocks.block_thread()
    return application


def _announce(address: str) -> None:
    sys.stderr.write(f"页面已就绪：{address}（按 Ctrl + C 停止）\n")
    sys.stderr.flush()


class Page:
    """The components of the page and how they are wired to :class:`~bot.web.chat.Chat`."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.line = WaitingLine()
        self.bridged = Bridge(chat, ViewActions.over(chat.assistant), date.today)
        self.blocks = gr.Blocks(
            title=chat.assistant.scope.name, analytics_enabled=False, fill_height=True, fill_width=True
        )
        with self.blocks:
            self._lay_out()
            self._wire()

    def endpoints(self) -> Iterator[tuple[str, Callable[[Request], Awaitable[Response]]]]:
        """What the page's script calls beside Gradio."""
        yield "/ask", Asking(self.chat, self.line).reply
        yield "/call/{name}", self.bridged.reply

    def close(self) -> None:
        """Stop serving."""
        self.blocks.close(verbose=False)

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
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
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
