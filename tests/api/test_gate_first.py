"""Who has no key sends nothing into the parser, and an address that calls too often waits before its key is looked at."""

import httpx
import openai
import pytest
from starlette.testclient import TestClient

from bot.api.access import ApiKeys
from bot.api.app import build_api
from bot.api.rate import Rate
from bot.errors import StoreError
from bot.settings import ApiSettings, ServingSettings
from bot.web.edge.throttle import Throttle
from tests.api.conftest import LIMIT
from tests.support.loops import run_apart

ROUTES = [("POST", "/api/v1/ask"), ("POST", "/v1/chat/completions"), ("POST", "/mcp"), ("GET", "/api/v1/nothing")]


def replied(application, method, path, headers=()):
    """The status of a reply, and whether the body was asked for."""
    read, sent = [], []

    async def receive():
        read.append(True)
        return {"type": "http.request", "body": b"{", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", b"application/json"), *headers],
        "client": ("192.0.2.1", 1),
        "server": ("site.test", 80),
        "scheme": "http",
    }
    run_apart(application(scope, receive, send))
    return sent[0]["status"], bool(read)


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("headers", [[], [(b"x-api-key", b"wrong")], [(b"authorization", b"Bearer wrong")]])
def test_nothing_is_read_of_who_has_no_key(served, method, path, headers):
    application = build_api(served.assistant, ApiSettings(), served.database)
    assert replied(application, method, path, headers) == (401, False)


def test_a_key_is_looked_at_before_what_is_wrong_with_the_rest(served):
    application = build_api(served.assistant, ApiSettings(), served.database)
    right = [(b"x-api-key", served.key.encode())]
    assert replied(application, "POST", "/api/v1/ask", right) == (422, True)
    assert replied(application, "POST", "/api/v1/ask", [*right, (b"content-type", b"text/plain")])[0] in (415, 422)


def test_a_long_body_without_a_key_gets_its_answer(site):
    for path in ("/api/v1/ask", "/v1/chat/completions", "/mcp"):
        for _ in range(5):
            reply = httpx.post(
                f"{site.url}{path}", content=b'"' + b"x" * 900_000, headers={"content-type": "application/json"}
            )
            assert reply.status_code == 401 and reply.json()["error"]["code"] == "invalid_api_key"


def test_the_description_and_its_page_need_no_key(site):
    assert httpx.get(f"{site.url}/openapi.json").status_code == 200 and httpx.get(f"{site.url}/docs").status_code == 200


def test_one_who_guesses_does_not_shut_out_a_neighbour(served):
    with TestClient(build_api(served.assistant, ApiSettings(calls_per_minute=3), served.database)) as client:
        tried = [client.get("/v1/models", headers={"X-API-Key": f"guess{n}"}) for n in range(5)]
        assert [each.status_code for each in tried] == [401, 401, 401, 429, 429]
        assert 1 <= int(tried[-1].headers["retry-after"]) <= 60
        key = ApiKeys(served.database).issue("邻居")
        assert client.get("/v1/models", headers={"X-API-Key": key}).status_code == 200


def test_guesses_of_two_addresses_are_counted_apart(served):
    application = build_api(served.assistant, ApiSettings(calls_per_minute=2), served.database)
    first, second = (TestClient(application, client=(each, 1)) for each in ("192.0.2.1", "192.0.2.2"))
    assert [first.get("/v1/models", headers={"X-API-Key": "x"}).status_code for _ in range(3)] == [401, 401, 429]
    assert second.get("/v1/models", headers={"X-API-Key": "x"}).status_code == 401


class Counting:
    """The database's keys, which count how often they are looked at."""

    def __init__(self):
        self.looked = 0

    async def __call__(self, scope, receive, send):
        self.looked += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("path", ["/api/v1/ask", "/v1/models", "/mcp"])
def test_an_address_that_calls_too_often_is_stopped_before_its_key_is_looked_at(path):
    behind = Counting()
    throttle = Throttle(behind, ServingSettings(calls_per_minute=3))
    client, other = (TestClient(throttle, client=(each, 1)) for each in ("192.0.2.1", "192.0.2.2"))
    replies = [client.post(path) for _ in range(5)]
    assert [each.status_code for each in replies] == [200, 200, 200, 429, 429] and behind.looked == 3
    assert replies[-1].json()["error"]["message"] and 1 <= int(replies[-1].headers["retry-after"]) <= 60
    assert other.post(path).status_code == 200


def test_programs_and_the_page_do_not_take_each_others_turns():
    client = TestClient(Throttle(Counting(), ServingSettings(calls_per_minute=2)), client=("192.0.2.1", 1))
    assert [client.post("/v1/models").status_code for _ in range(3)] == [200, 200, 429]
    assert client.post("/call/act").status_code == 200


def test_the_address_is_the_one_a_named_proxy_tells(another_site):
    serving = ServingSettings(calls_per_minute=2)
    behind = another_site(api=ApiSettings(calls_per_minute=LIMIT), serving=serving)

    def statuses(site, *addresses):
        told = ({**site.headers, "x-forwarded-for": each} for each in addresses)
        return [httpx.get(f"{site.url}/v1/models", headers=headers).status_code for headers in told]

    assert statuses(behind, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2") == [200, 200, 429, 200]
    alone = another_site(
        api=ApiSettings(calls_per_minute=LIMIT), serving=serving.model_copy(update={"proxies": "192.0.2.9"})
    )
    assert statuses(alone, "192.0.2.1", "192.0.2.2", "192.0.2.3") == [200, 200, 429]


def test_the_official_client_is_told_to_wait(another_site):
    behind = another_site(serving=ServingSettings(calls_per_minute=1))
    client = openai.OpenAI(base_url=f"{behind.url}/v1", api_key=behind.key, max_retries=0)
    client.models.list()
    with pytest.raises(openai.RateLimitError) as raised:
        client.models.list()
    assert raised.value.code == "rate_limit_exceeded" and 1 <= int(raised.value.response.headers["retry-after"]) <= 60
    assert raised.value.body["request_id"] == raised.value.response.headers["x-request-id"]


def test_a_caller_is_told_how_long_to_wait():
    now = [0.0]
    rate = Rate(2, clock=lambda: now[0])
    assert rate.hit("a") and rate.seconds_left("a") == 0
    now[0] = 20.5
    assert rate.hit("a") and not rate.hit("a") and rate.seconds_left("a") == 40
    now[0] = 59.9
    assert rate.seconds_left("a") == 1
    now[0] = 60.0
    assert rate.seconds_left("a") == 0 and rate.hit("a") and not rate.hit("a")


def test_a_database_that_is_away_is_told_at_the_gate(served):
    class Away:
        def __getattr__(self, name):
            raise StoreError("数据库现在连不上", value="postgresql://secret")

    reply = TestClient(build_api(served.assistant, ApiSettings(), Away())).get("/v1/models", headers={"X-API-Key": "x"})
    assert reply.status_code == 503 and "secret" not in reply.text and reply.json()["error"]["code"] == "unavailable"
