"""Who reads English arrives in English, whichever of the page's first two events is answered sooner."""

from __future__ import annotations

import threading
from typing import Any

import gradio as gr
import pytest

from bot.assistant import Assistant
from bot.settings import Settings
from bot.web.app import Page
from tests.support.scripted import ScriptedAssistant
from tests.support.served import restartable
from tests.support.visits import DESKTOP, go

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def test_a_greeting_that_takes_long_is_not_put_over_the_language_that_was_chosen(visit, tmp_path, monkeypatch):
    slow, begun = threading.Event(), threading.Event()
    greet, change = Page._greet, Page._change_language

    def changed(self: Page, event: gr.EventData) -> tuple[Any, ...]:
        if slow.is_set():
            # The greeting goes on meanwhile, if it may.
            begun.wait(1.0)
        return change(self, event)

    def greeting(self: Page, language: str) -> str:
        told = greet(self, language)
        begun.set()
        if slow.is_set():
            # Long enough for the other event to be answered, if it may be.
            threading.Event().wait(1.5)
        return told

    monkeypatch.setattr(Page, "_greet", greeting)
    monkeypatch.setattr(Page, "_change_language", changed)
    settings = Settings(data_dir=tmp_path)
    with restartable(ScriptedAssistant(behind=Assistant(settings)), settings) as server:
        visitor = visit(DESKTOP, server.address)
        page = visitor.page
        page.click("[data-choose-language=en]")
        page.wait_for_selector("[data-views-language=en]", state="attached")
        go(page, "publish")
        page.wait_for_selector("#publish-title")
        slow.set()
        begun.clear()
        page.reload()
        page.wait_for_function("document.documentElement.lang === 'en'")
        assert begun.wait(20)
        page.wait_for_timeout(2_500)
        assert page.get_attribute("#masthead .masthead", "data-language") == "en"
        assert page.get_attribute("#views [data-views-language]", "data-views-language") == "en"
        assert page.is_visible("#publish-title") and page.inner_text(".view[data-name=publish] h2").isascii()
