"""One address for the page, the desk and other programs."""

import socket

import httpx
import pytest
from fastapi import FastAPI

from bot.api.access import ApiKeys
from bot.errors import UsageError
from bot.settings import ApiSettings, Settings
from bot.store.database import shared_database
from bot.web import server
from bot.web.app import build_app, launch
from tests.support.served import replace_port

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


def settings_below(folder, **more) -> Settings:
    return replace_port(Settings(data_dir=folder, **more))


@pytest.fixture
def up(scripted, tmp_path):
    """Starts a site over scripted answers, and gives its address and settings."""
    pages = []

    def start(**more):
        settings = settings_below(tmp_path / "data", **more)
        page = build_app(scripted, settings)
        launch(page, settings)
        pages.append(page)
        return f"http://127.0.0.1:{settings.port}", settings

    yield start
    for page in pages:
        page.close()


def test_page_desk_and_programs_share_one_address(up):
    address, settings = up()
    key = ApiKeys(shared_database(settings.resolved_database_url)).issue("示例")
    assert "assistantPage" in httpx.get(address).text
    assert "登录" in httpx.get(f"{address}/desk/sign-in").text
    assert httpx.get(f"{address}/desk").headers["location"].startswith("/desk/sign-in")
    assert httpx.get(f"{address}/v1/models").status_code == 401
    assert httpx.get(f"{address}/v1/models", headers={"X-API-Key": key}).json()["data"]
    assert httpx.post(f"{address}/mcp").status_code == 401
    assert httpx.post(f"{address}/call/nothing", json=[]).status_code == 404


def test_what_is_not_enabled_is_not_there(up):
    address, settings = up(api=ApiSettings(enabled=False))
    key = ApiKeys(shared_database(settings.resolved_database_url)).issue("示例")
    for path in ("/v1/models", "/api/v1/programmes", "/openapi.json", "/docs"):
        reply = httpx.get(f"{address}{path}", headers={"X-API-Key": key})
        assert reply.status_code == 404 or "assistantPage" in reply.text, path
    assert "assistantPage" in httpx.get(address).text


def test_a_taken_address_is_told_with_its_remedy(scripted, tmp_path):
    settings = settings_below(tmp_path)
    with socket.create_server(("127.0.0.1", settings.port)), pytest.raises(UsageError) as refused:
        launch(build_app(scripted, settings), settings)
    assert str(settings.port) in str(refused.value) and "BOT_PORT" in str(refused.value)


def test_the_address_is_free_again_when_the_page_is_closed(scripted, tmp_path):
    settings = settings_below(tmp_path)
    for _ in range(2):
        page = build_app(scripted, settings)
        launch(page, settings)
        assert httpx.get(f"http://127.0.0.1:{settings.port}").status_code == 200
        page.close()
    with socket.create_server(("127.0.0.1", settings.port)):
        pass


def test_an_idle_connection_stays_open_for_as_long_as_the_proxy_was_told(tmp_path):
    running = server.RunningSite(FastAPI(), settings_below(tmp_path))
    try:
        assert running._server.config.timeout_keep_alive == server.IDLE_SECONDS
    finally:
        running._socket.close()


def test_garbage_is_looked_for_as_usual_before_the_first_visitor_is_answered(scripted, tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(server, "collect_as_usual", lambda: done.append("as usual"))
    monkeypatch.setattr(server.RunningSite, "run", lambda self: done.append("running"))
    settings = settings_below(tmp_path / "data")
    server.serve(build_app(scripted, settings), settings, open_browser=False)
    assert done == ["as usual", "running"]
