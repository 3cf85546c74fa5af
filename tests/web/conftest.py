"""A page over a scripted assistant, and a real browser to look at it with."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.settings import Settings, load_settings
from bot.types import Answer, Document, Turn
from tests.support.needed import needed
from tests.support.scripted import NEWS, NOTICE, ScriptedAssistant, cite

BOX = "#question textarea"


def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class ServedPage:
    """A page that is up, with the assistant behind it."""

    address: str
    assistant: ScriptedAssistant


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture
def scripted(tmp_path) -> Iterator[ScriptedAssistant]:
    """Scripted answers over a real, empty market."""
    behind = Assistant(load_settings(environment={}, settings_file=tmp_path / "none.toml", data_dir=tmp_path / "data"))
    yield ScriptedAssistant(behind=behind)
    behind.market.store.database.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    """The page over a scripted assistant on a free port."""
    from bot.web.app import build_app, launch

    settings = Settings(port=free_port(), data_dir=tmp_path_factory.mktemp("data"))
    assistant = ScriptedAssistant(behind=Assistant(settings))
    page = build_app(assistant, settings)
    launch(page, settings)
    yield ServedPage(f"http://127.0.0.1:{settings.port}", assistant)
    page.close()


def _chromium() -> str:
    names = ("chromium-browser", "google-chrome")
    other = next((found for name in names if (found := shutil.which(name))), None)
    return shutil.which("chromium") or other or needed("chromium", "chromium", "/usr/bin")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; without one the tests are skipped, but fail where CI is set."""
    executable = _chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


class _Reader(HTMLParser):
    """Collects what a browser would show, and what stands inside ``<mark>``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.marked: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._in_mark = 0

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)
        if tag == "mark":
            self._in_mark += 1
            self.marked.append("")

    def handle_endtag(self, tag):
        self._in_mark -= tag == "mark"

    def handle_data(self, data):
        self.shown.append(data)
        if self._in_mark:
            self.marked[-1] += data


@dataclass(frozen=True)
class ParsedHtml:
    """HTML as a parser understands it."""

    text: str
    marked: tuple[str, ...]
    tags: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]


@pytest.fixture(scope="session")
def parse():
    """Reads markup the way a browser does."""

    def parsed(markup: str) -> ParsedHtml:
        reader = _Reader()
        reader.feed(markup)
        reader.close()
        return ParsedHtml("".join(reader.shown), tuple(reader.marked), tuple(reader.tags), tuple(reader.attributes))

    return parsed


@pytest.fixture(scope="session")
def notice() -> Document:
    return NOTICE


@pytest.fixture(scope="session")
def news() -> Document:
    return NEWS


@pytest.fixture(scope="session")
def cited():
    return cite


@pytest.fixture
def full_answer(scripted: ScriptedAssistant) -> Answer:
    """An answer with everything an answer can carry."""
    return list(scripted.stream(Turn("示例攻关项目有50万元吗？", ("有支持吗？",))))[-1]


class Visitor:
    """One person at one browser window."""

    def __init__(self, page, address):
        self.page = page
        self.asked = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type == "error" else None,
        )
        page.goto(address)
        page.wait_for_selector(".welcome", state="attached")
        page.wait_for_function("document.querySelector('#log[role=log]') !== null")

    def ask(self, question: str) -> None:
        self.page.fill(BOX, question)
        self.page.press(BOX, "Enter")
        self.answered()

    def answered(self) -> None:
        """Wait for the next answer to be whole and its evidence to be shown."""
        self.asked += 1
        self.page.wait_for_selector(f"#exchange-{self.asked}:not([data-busy])")
        self.page.wait_for_selector("body:not(.busy)")

    def reply(self) -> str:
        return self.page.inner_text(f"#exchange-{self.asked} .reply")

    def complaints_of_the_page(self) -> list[str]:
        """What the browser complains of, but for requests that a stopped server or a page left behind cut off."""
        cut_off = ("net::ERR", "Failed to load", "AbortError", "Connection errored out")
        return [each for each in self.complaints if not any(words in each for words in cut_off)]

    def copied(self) -> str:
        return self.page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def visit(browser, request):
    """Opens a page as a new visitor, in a window of its own; ``served`` unless told otherwise."""
    contexts = []

    def open_page(viewport=None, address=None, **options) -> Visitor:
        address = address or request.getfixturevalue("served").address
        size = viewport or {"width": 1440, "height": 900}
        phone = size["width"] < 500
        context = browser.new_context(
            viewport=size, has_touch=phone, is_mobile=phone, reduced_motion="reduce", **options
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visitor(context.new_page(), address)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def measure_text() -> str:
    """A script that lists the visible texts that are too small or too faint."""
    return (Path(__file__).parent / "measure_text.js").read_text(encoding="utf-8")
