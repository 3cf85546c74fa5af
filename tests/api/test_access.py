"""Keys and limits."""

import httpx
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from bot.api.access import ApiKeys
from bot.api.app import build_api
from bot.errors import UsageError
from bot.settings import ApiSettings
from bot.store.database import Database

ROUTES = [
    ("POST", "/api/v1/ask"),
    ("POST", "/api/v1/search"),
    ("POST", "/api/v1/match"),
    ("POST", "/api/v1/eligibility"),
    ("GET", "/api/v1/programmes"),
    ("GET", "/api/v1/documents/x"),
    ("GET", "/v1/models"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("DELETE", "/mcp"),
]


@pytest.fixture
def keys(tmp_path):
    return ApiKeys(Database(f"sqlite:///{tmp_path / 'keys.sqlite3'}"))


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"X-API-Key": "wrong"}])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_is_open_without_a_key(served, method, path, headers):
    reply = httpx.request(method, f"{served.url}{path}", headers=headers)
    assert reply.status_code == 401, path
    assert "密钥" in reply.json()["error"]["message"]


def test_every_route_of_the_description_is_tried_above(served):
    described = {
        (method.upper(), path)
        for path, methods in httpx.get(f"{served.url}/openapi.json").json()["paths"].items()
        for method in methods
    }
    tried = {(method, "/api/v1/documents/{document_id}" if "documents" in path else path) for method, path in ROUTES}
    assert described <= tried


def test_a_revoked_key_opens_nothing(served):
    own = ApiKeys(served.database)
    key = own.issue("另一个示例程序")
    call = {"X-API-Key": key}
    assert httpx.get(f"{served.url}/v1/models", headers=call).status_code == 200
    own.revoke(next(each.id for each in own.listed() if each.name == "另一个示例程序"))
    assert httpx.get(f"{served.url}/v1/models", headers=call).status_code == 401


def test_only_a_hash_is_kept(keys):
    key = keys.issue("示例")
    with keys._database.read() as connection:
        stored = str(connection.execute(text("SELECT * FROM api_keys")).all())
    assert key not in stored and keys.holder(key).name == "示例"
    assert keys.holder(key + "x") is None and keys.holder("") is None


@pytest.mark.parametrize("name", ["", "  ", "长" * 101, "控制\x00符"])
def test_a_key_has_a_name(keys, name):
    with pytest.raises(UsageError):
        keys.issue(name)
    assert keys.listed() == ()


def test_a_key_is_revoked_once(keys):
    keys.issue("示例")
    keys.revoke(1)
    for again in (1, 2):
        with pytest.raises(UsageError):
            keys.revoke(again)


def test_each_caller_has_a_limit_of_its_own(served):
    keys = ApiKeys(served.database)
    first, second = keys.issue("甲"), keys.issue("乙")
    with TestClient(build_api(served.assistant, ApiSettings(calls_per_minute=3), served.database)) as client:
        codes = [client.get("/v1/models", headers={"X-API-Key": first}).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        assert client.get("/v1/models", headers={"X-API-Key": second}).status_code == 200
        refused = client.get("/v1/models", headers={"X-API-Key": first})
        assert refused.headers["retry-after"] and "每分钟" in refused.json()["error"]["message"]


def test_guessing_keys_is_limited(served):
    with TestClient(build_api(served.assistant, ApiSettings(calls_per_minute=3), served.database)) as client:
        codes = [client.get("/v1/models", headers={"X-API-Key": f"guess{n}"}).status_code for n in range(5)]
    assert codes == [401, 401, 401, 429, 429]


def test_a_public_service_needs_no_key_but_takes_no_wrong_one(served):
    settings = ApiSettings(public=True, calls_per_minute=2)
    with TestClient(build_api(served.assistant, settings, served.database)) as client:
        assert client.get("/v1/models", headers={"X-API-Key": "wrong"}).status_code == 401
        assert [client.get("/v1/models").status_code for _ in range(3)] == [200, 200, 429]
