"""One server: the public page at ``/``, the desk at ``/desk``, other programs at ``/api``, ``/v1`` and ``/mcp``."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from math import ceil
from types import FrameType
from typing import TYPE_CHECKING, Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from bot.api.access import ApiKeys
from bot.api.app import build_api
from bot.collecting import collect_as_usual
from bot.errors import AssistantError, UsageError
from bot.questions.keeping import QuestionKeeper
from bot.settings import Settings
from bot.store.database import shared_database
from bot.types import Turn
from bot.web.arriving import OwnDocument
from bot.web.assets import Assets, theme
from bot.web.delivery import Delivery
from bot.web.desk.context import Desk
from bot.web.desk.guard import ROOT
from bot.web.desk.site import add_desk
from bot.web.edge.bodies import BodyLimits
from bot.web.edge.connections import PatientConnection
from bot.web.edge.doors import Doors
from bot.web.edge.headers import SecurityHeaders
from bot.web.edge.health import health_router
from bot.web.edge.joining import JoinsChecked
from bot.web.edge.listening import bound
from bot.web.edge.metrics import Metrics
from bot.web.edge.observing import Observed
from bot.web.edge.throttle import Throttle
from bot.web.texts import CHINESE

if TYPE_CHECKING:
    from bot.web.app import Page

LARGEST_UPLOAD = "10mb"
"""The page's server takes no larger file."""

LONGEST_QUEUE = 200
"""Small events of the page that may wait: a change of language, the masthead. Questions have their own line."""

LEAVING_SECONDS = 10
"""How long answers in flight may take to end when the program is stopped, beside what a model may take."""

IDLE_SECONDS = 5
"""How long a connection on which nothing is asked stays open; a proxy must let go of it sooner."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")

_STARTING_SECONDS, _LOOK_SECONDS = 60.0, 0.02

_AT_WORK, _SETTLING_SECONDS = ("warm-up", "question", "answer"), 5.0


def build_site(page: Page, settings: Settings) -> FastAPI:
    """Everything behind one address; what is served for other programs only where it is enabled."""
    database = shared_database(settings.resolved_database_url)
    assistant = page.chat.assistant
    if settings.api.enabled:
        site = build_api(assistant, settings.api, database, page.chat.keeper)
    else:
        site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_desk(site, Desk.of(assistant, settings))
    for path, endpoint in page.endpoints():
        site.add_api_route(path, endpoint, methods=["POST"], include_in_schema=False)
    if page.chat.keeper is not None:
        _keep_while_serving(site, page.chat.keeper)
    assets = Assets.read()
    _add_edge(site, page, settings, assets)
    # The last: it takes every address that is left.
    gr.mount_gradio_app(
        site,
        page.queued(LONGEST_QUEUE),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        favicon_path=str(assets.icon),
        show_error=False,
        max_file_size=LARGEST_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        theme=theme(),
        head=assets.head,
        # Gradio's own description of its routes is nobody's business.
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return site


def _keep_while_serving(site: FastAPI, keeper: QuestionKeeper) -> None:
    """Have old questions deleted from the start on, and what waits written before the program ends."""
    before = site.router.lifespan_context

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[Any]:
        keeper.start()
        async with before(app) as state:
            yield state
        await asyncio.to_thread(keeper.close)

    site.router.lifespan_context = running


def _add_edge(site: FastAPI, page: Page, settings: Settings, assets: Assets) -> None:
    """What every request passes, from the outside: counted, its address and sender looked at, its length, its reply."""
    assistant, metrics = page.chat.assistant, Metrics()
    assistant.watchers.append(metrics.answer)
    metrics.watch("questions_in_hand", "Questions being answered or waiting for their turn.", page.line.__len__)
    metrics.watch("model_waits_seconds", "Until a failed model service is tried again.", lambda: assistant.model_waits)
    database = shared_database(settings.resolved_database_url)
    checks = {"index": assistant.check_index, "database": database.check}
    keys = ApiKeys(database)
    site.include_router(
        health_router(checks, metrics, lambda key: keys.holder(key) is not None), include_in_schema=False
    )
    serving, described = settings.serving, assistant.scope
    # The last one added is the first that a request meets.
    site.add_middleware(OwnDocument, name=described.name, purpose=described.purpose or CHINESE.purpose)
    site.add_middleware(SecurityHeaders, strict=(ROOT,), embedding=serving.embedding, head=assets.head)
    site.add_middleware(Delivery, private=(ROOT,))
    site.add_middleware(JoinsChecked, functions={number: len(each.inputs) for number, each in page.blocks.fns.items()})
    site.add_middleware(BodyLimits)
    site.add_middleware(Throttle, settings=serving)
    site.add_middleware(Doors)
    site.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_host_names(settings)), www_redirect=False)
    site.add_middleware(Observed, metrics=metrics, named=_named(site, page))


def _named(site: FastAPI, page: Page) -> frozenset[str]:
    """The calls of the page and the addresses for other programs, which are counted one by one."""
    paths = (route.path.strip("/").split("/") for route in site.routes if isinstance(route, Route))
    calls = (f"call/{name}" for name in page.bridged.functions)
    return frozenset("/".join(parts[:3]) for parts in paths) | frozenset(calls)


def _host_names(settings: Settings) -> tuple[str, ...]:
    """The names that requests may ask for: a page elsewhere must not reach a desk here by a name of its own."""
    if settings.serving.hosts:
        return settings.serving.hosts
    return _LOOPBACK if settings.host in _LOOPBACK else ("*",)


class _Leaving(uvicorn.Server):
    """uvicorn's server, for which being told to stop is no failure; who says it twice is obeyed at once."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second time end as if nobody had listened for the signal, whatever is at work."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self.should_exit = True
        longest = self.config.timeout_graceful_shutdown
        sys.stderr.write(f"正在停止：手上的回答先说完（最多等 {longest} 秒）；再按一次 Ctrl + C 立即结束\n")
        sys.stderr.flush()


class RunningSite:
    """A site that answers at its address until it is closed."""

    def __init__(self, site: FastAPI, settings: Settings) -> None:
        self._socket = bound(settings)
        # Who comes from now on waits until the program has begun, and is not turned away.
        self._socket.listen()
        config = uvicorn.Config(
            site,
            log_level="warning",
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.serving.proxies,
            http=PatientConnection,
            timeout_keep_alive=IDLE_SECONDS,
            log_config=None,
            timeout_graceful_shutdown=LEAVING_SECONDS + _model_seconds(settings),
        )
        self._server = _Leaving(config)
        self._thread = threading.Thread(target=self.run, name="site", daemon=True)
        self.address = f"http://{settings.host}:{settings.port}"

    def run(self) -> None:
        """Answer until the program is told to stop; answers in flight are finished then."""
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Answer in the background; returns when the address answers."""
        self._thread.start()
        deadline = time.monotonic() + _STARTING_SECONDS
        while time.monotonic() < deadline:
            if self._server.started:
                return
            time.sleep(_LOOK_SECONDS)
        raise UsageError("页面没有启动起来", value=self.address, tried=f"等了 {_STARTING_SECONDS:.0f} 秒")

    def close(self) -> None:
        """Stop, whoever is waiting; the address is free when this returns."""
        self._server.config.timeout_graceful_shutdown = 1
        self._server.should_exit = True
        self._thread.join(LEAVING_SECONDS)


def _model_seconds(settings: Settings) -> int:
    """How long a model may make an answer wait."""
    return ceil(settings.llm.budget_seconds) if settings.llm.model else 0


def serve(page: Page, settings: Settings, open_browser: bool) -> None:
    """Serve at ``settings.host:settings.port`` until interrupted; prints the address."""
    running = RunningSite(build_site(page, settings), settings)
    threading.Thread(target=_warm, args=(page,), name="warm-up", daemon=True).start()
    sys.stderr.write(f"页面已就绪：{running.address}（工作台 {running.address}/desk；按 Ctrl + C 停止）\n")
    sys.stderr.flush()
    if open_browser:
        threading.Timer(1.0, webbrowser.open, (running.address,)).start()
    collect_as_usual()
    running.run()
    _settle()


def _settle() -> None:
    """Wait for threads in the encoder's or the index's own code: the interpreter crashes when it ends under them."""
    until = time.monotonic() + _SETTLING_SECONDS
    for thread in threading.enumerate():
        if thread.name in _AT_WORK:
            thread.join(max(0.0, until - time.monotonic()))


def _warm(page: Page) -> None:
    """Have models and index loaded before the first visitor asks; what fails will be told to them."""
    with suppress(AssistantError):
        for _ in page.chat.assistant.stream(Turn(CHINESE.welcome)):
            pass
