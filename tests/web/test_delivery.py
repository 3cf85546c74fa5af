"""How replies travel: packed, kept, asked for anew; streams pass as they are; a slow line shows the page soon."""

from __future__ import annotations

import gzip
import random

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.web.delivery import FOREVER, SMALLEST_PACKED, Delivery

LONG = "长" * SMALLEST_PACKED
NOISE = random.Random(0).randbytes(5 * SMALLEST_PACKED)
"""Bytes that stay long when they are packed."""
SLOW_BYTES_A_SECOND, SLOW_ROUND = 50_000, 0.1
SLOWEST_FIRST_VIEW = 3.0
"""Seconds that the slow line takes, after a first visit; what the machine takes beside it depends on the machine."""


def _pieces():
    yield LONG
    yield LONG


def _site() -> TestClient:
    page = {"text": LONG}
    routes = [
        Route("/", lambda _: HTMLResponse(page["text"])),
        Route("/short", lambda _: JSONResponse("短")),
        Route("/call/x", lambda _: JSONResponse(LONG), methods=["POST"]),
        Route("/lines", lambda _: StreamingResponse(_pieces(), media_type="application/json")),
        Route("/events", lambda _: StreamingResponse(_pieces(), media_type="text/event-stream")),
        Route("/wrong", lambda _: HTMLResponse(LONG, status_code=500)),
        Route("/image", lambda _: Response(LONG.encode(), media_type="image/png")),
        Route("/packed", lambda _: Response(gzip.compress(NOISE), headers={"Content-Encoding": "gzip"},
                                            media_type="text/css")),
        Route("/assets/{name}", lambda _: Response(LONG, media_type="text/css")),
        Route("/theme.css", lambda _: Response(LONG, media_type="text/css")),
        Route("/desk/page", lambda _: HTMLResponse(LONG)),
    ]  # fmt: skip
    client = TestClient(Starlette(routes=routes, middleware=[Middleware(Delivery, private=("/desk",))]))
    client.page = page  # type: ignore[attr-defined]
    return client


@pytest.fixture
def site() -> TestClient:
    return _site()


@pytest.mark.parametrize(("path", "method"), [("/", "GET"), ("/call/x", "POST"), ("/assets/a.css", "GET")])
def test_text_is_packed_and_reads_the_same(site, path, method):
    reply = site.request(method, path)
    assert reply.headers["content-encoding"] == "gzip" and LONG in reply.text
    assert int(reply.headers["content-length"]) < len(LONG) and "Accept-Encoding" in reply.headers["vary"]
    plain = site.request(method, path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == reply.text
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize("path", ["/short", "/lines", "/events", "/wrong", "/image", "/desk/page"])
def test_what_must_not_be_packed_is_not(site, path):
    assert "content-encoding" not in site.get(path).headers


def test_what_is_packed_already_is_left_alone(site):
    assert site.get("/packed").content == NOISE


def test_the_page_is_sent_again_only_when_it_changed(site):
    first = site.get("/")
    known = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "no-cache"
    again = site.get("/", headers=known)
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == first.headers["etag"]
    site.page["text"] += "新"
    assert site.get("/", headers=known).status_code == 200


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/assets/index-DphvyggB.js", True),
        ("/assets/index.js", False),
        (f"/theme.css?v={'0a' * 32}", True),
        ("/theme.css", False),
        ("/theme.css?v=1", False),
    ],
)
def test_only_what_is_named_by_its_content_is_kept_for_good(site, path, kept):
    assert (site.get(path).headers.get("cache-control") == FOREVER) is kept


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_on_a_slow_line_the_page_is_there_soon_and_asks_nobody_else(browser, served):
    context = browser.new_context()
    try:
        first = context.new_page()
        first.goto(served.address)
        first.wait_for_selector(".welcome", state="visible")
        first.wait_for_selector("#log[role=log]", state="attached")
        first.close()
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        asked: list[str] = []
        loaded: list[float] = []
        page.on("request", lambda request: asked.append(request.url))
        line.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        page.goto(served.address, wait_until="commit")
        page.wait_for_selector(".welcome", state="visible")
        travelled = [each for each in loaded if each]
        assert len(travelled) * SLOW_ROUND + sum(travelled) / SLOW_BYTES_A_SECOND <= SLOWEST_FIRST_VIEW
        page.wait_for_selector("#log[role=log]", state="attached")
        assert sum(loaded) < 20_000
        assert all(each.startswith((served.address, "data:", "blob:")) for each in asked)
    finally:
        context.close()
