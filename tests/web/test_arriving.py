"""The document a browser gets first, and what it shows when a part of the page is lost on its way."""

from __future__ import annotations

import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.web.arriving import OwnDocument, own_document
from bot.web.texts import CHINESE, ENGLISH

BUTTON = "#arriving button"
STANDS = "#masthead .masthead"


@pytest.fixture(scope="module")
def document(served):
    return httpx.get(served.address).text


def test_the_document_speaks_of_this_service_alone(document, served):
    scope = served.assistant.scope
    without_scripts = re.sub(r"<script.*?</script>", "", document, flags=re.DOTALL)
    assert re.search(r"<html\s[^>]*lang=\"zh-CN\"", document)
    assert without_scripts.count("og:title") == without_scripts.count("og:description") == 1
    assert f'<meta property="og:title" content="{scope.name}">' in document
    assert f'<meta name="description" content="{scope.purpose}">' in document
    assert "twitter:" not in document and "github" not in without_scripts.lower()
    assert "Click to try" not in document and "{url}" not in document


def test_a_name_with_markup_in_it_stays_a_name():
    page = b'<html lang="en"><head><meta charset="utf-8" /><meta property="og:title" content="Gradio" /></head><body><gradio-app></body></html>'
    told = own_document(page, 'a"><script>x()</script>', "p").decode()
    assert "<script>x()" not in told and "&lt;script&gt;x()" in told


@pytest.mark.parametrize("page", [b"<p>another page</p>", b"", b"<html lang=en><body>plain</body></html>"])
def test_another_page_stays_as_it_is(page):
    assert own_document(page, "n", "p") == page


def test_only_a_whole_page_is_touched():
    whole, piece = '<html><head><meta charset="utf-8" /></head><body><gradio-app></body></html>', "<gradio-app>"
    routes = [
        Route("/", lambda _: HTMLResponse(whole)),
        Route("/pieces", lambda _: StreamingResponse(iter((piece, piece)), media_type="text/html")),
        Route("/text", lambda _: PlainTextResponse(whole)),
    ]
    site = TestClient(Starlette(routes=routes, middleware=[Middleware(OwnDocument, name="名称", purpose="用途")]))
    reply = site.get("/")
    assert 'id="arriving"' in reply.text and int(reply.headers["content-length"]) == len(reply.content)
    assert site.get("/pieces").text == piece * 2 and site.get("/text").text == whole


@pytest.mark.browser
def test_where_no_script_runs_the_page_says_so(browser, served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address)
    told = page.inner_text("body")
    assert CHINESE.arriving.needs_scripts in told and ENGLISH.arriving.needs_scripts in told
    assert CHINESE.arriving.opening not in told
    context.close()


class Line:
    """What lies between a browser and the server: loses the first requests for what ``lost`` names."""

    def __init__(self, browser, address):
        self.address, self.lost = address, []
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)

    def lose(self, pattern, times):
        left = [times]

        def handle(route):
            if left[0] > 0:
                left[0] -= 1
                self.lost.append(route.request.url)
                route.abort("connectionreset")
            else:
                route.continue_()

        self.page.route(pattern, handle)


@pytest.fixture
def line(browser, served):
    made = Line(browser, served.address)
    yield made
    made.context.close()


PARTS = [re.compile(r"/assets/index-[\w-]+\.js$"), re.compile(r"/assets/(?!index)[\w-]+\.css$"),
         re.compile(r"/assets/(?!index)[\w-]+\.js$")]  # fmt: skip
NAMES = ["entry", "style", "part"]


@pytest.mark.browser
@pytest.mark.parametrize("pattern", PARTS, ids=NAMES)
def test_a_part_lost_once_is_asked_for_again(line, pattern):
    line.lose(pattern, 1)
    line.page.goto(line.address)
    line.page.wait_for_selector(STANDS)
    assert line.lost and line.page.locator("#arriving").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("pattern", PARTS, ids=NAMES)
def test_a_part_that_stays_lost_is_told_with_a_way_on(line, pattern):
    line.lose(pattern, 10_000)
    line.page.goto(line.address)
    line.page.wait_for_selector(BUTTON)
    told = line.page.inner_text("#arriving")
    assert CHINESE.arriving.lost in told and ENGLISH.arriving.lost in told
    # It does not go on asking by itself.
    asked = len(line.lost)
    line.page.wait_for_timeout(1_000)
    assert len(line.lost) == asked and line.page.is_visible(BUTTON)
    line.page.unroute(pattern)
    line.page.click(BUTTON)
    line.page.wait_for_selector(STANDS)
    assert line.page.locator("#arriving").count() == 0
    # The next loss is a first one again.
    line.lose(pattern, 1)
    line.page.reload()
    line.page.wait_for_selector(STANDS)


@pytest.mark.browser
def test_a_slow_line_is_told_of_and_no_failure(line):
    held = []
    pattern = re.compile(r"/assets/index-[\w-]+\.js$")
    line.page.route(pattern, lambda route: held.append(route))
    line.page.goto(line.address, wait_until="commit")
    line.page.wait_for_selector(f"#arriving >> text={CHINESE.arriving.opening}")
    assert not line.page.is_visible(BUTTON)
    held[0].continue_()
    line.page.wait_for_selector(STANDS)
    assert line.page.locator("#arriving").count() == 0


@pytest.mark.browser
def test_what_never_comes_is_told_of_in_the_end(line):
    line.page.clock.install()
    line.page.route(re.compile(r"/assets/index-[\w-]+\.js$"), lambda route: None)
    line.page.goto(line.address, wait_until="commit")
    line.page.wait_for_selector("#arriving", state="attached")
    line.page.clock.run_for(60_000)
    line.page.wait_for_selector(BUTTON)


@pytest.mark.browser
def test_where_the_browser_keeps_nothing_it_is_told_at_once(line):
    line.page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no') } })")
    line.lose(PARTS[1], 10_000)
    line.page.goto(line.address)
    line.page.wait_for_selector(BUTTON)
