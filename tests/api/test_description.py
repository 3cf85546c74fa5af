"""The OpenAPI description: valid, honest about keys, and true of what the server sends."""

import json

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.api.app import build_api
from bot.api.requests import LONGEST_TEXT, MOST_EARLIER, MOST_RESULTS
from bot.settings import ApiSettings
from bot.web.edge.bodies import LIMITS
from tests.api.conftest import LIMIT
from tests.api.described import breaches, description, operations, undeclared, wrong_with

QUESTIONS = (
    "联合创新项目最高支持多少？",
    "我们想找机器人检测的团队",
    "月亮上能种菜吗？",
    "你好",
    "有哪些贷款？",
    "100万的联合创新项目怎么申请？",
)
ALWAYS = {"400", "401", "429", "500", "503"}


@pytest.fixture
def told(site):
    return description(site.url)


def names(operation):
    return f"{operation[0]} {operation[1]}"


def test_the_description_is_valid_openapi(told):
    assert [error.message for error in OpenAPIV31SpecValidator(told).iter_errors()] == []


def test_ways_to_give_a_key_are_described(told):
    schemes = told["components"]["securitySchemes"]
    ways = {(each["type"], each.get("scheme"), each.get("name")) for each in schemes.values()}
    assert ways == {("http", "bearer", None), ("apiKey", None, "X-API-Key")}
    assert all(each["description"] for each in schemes.values())


def test_every_route_says_that_it_needs_a_key(told):
    for method, path, operation in operations(told):
        assert {name for way in operation["security"] for name in way} == set(told["components"]["securitySchemes"])
        assert {} not in operation["security"], (method, path)


def test_an_open_service_says_that_a_key_may_be_left_out(served):
    open_one = build_api(served.assistant, ApiSettings(public=True), served.database).openapi()
    assert all(
        {} in operation["security"] and len(operation["security"]) == 3 for _, _, operation in operations(open_one)
    )
    assert "公开" in open_one["info"]["description"]


def test_statuses_are_those_that_occur(told):
    for method, path, operation in operations(told):
        declared = set(operation["responses"])
        body = {"408", "413", "415"} if method == "POST" else set()
        refused = {"422"} if method == "POST" and path.startswith("/api/") else set()
        missing = {"404"} if "documents" in path else set()
        assert declared == {"200"} | ALWAYS | body | refused | missing, (method, path)


def test_refusals_have_one_schema_and_an_example_that_fits_it(told):
    for _, path, operation in operations(told):
        for status, reply in operation["responses"].items():
            if status == "200":
                continue
            content = reply["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Refusal"}, (path, status)
            assert breaches(told, content["schema"], content["example"]) == []
            assert reply["description"] and content["example"]["error"]["request_id"]
    assert "HTTPValidationError" not in told["components"]["schemas"]
    assert "retry-after" in {name.lower() for name in operation["responses"]["429"]["headers"]}


def test_every_route_has_a_summary_and_examples_that_fit(told):
    for method, path, operation in operations(told):
        assert operation["summary"] and any("\u4e00" <= each <= "\u9fff" for each in operation["summary"]), path
        assert operation["description"], path
        content = operation["responses"]["200"]["content"]["application/json"]
        assert breaches(told, content["schema"], content["example"]) == [], path
        assert undeclared(told, content["schema"], content["example"]) == [], path
        if method == "POST":
            sent = operation["requestBody"]["content"]["application/json"]
            assert sent["examples"], path
            for example in sent["examples"].values():
                assert example["summary"] and breaches(told, sent["schema"], example["value"]) == [], path


def test_examples_of_requests_are_answered_as_declared(site, told):
    tried = 0
    for method, path, operation in operations(told):
        if method != "POST":
            continue
        for example in operation["requestBody"]["content"]["application/json"]["examples"].values():
            body = example["value"]
            if body.get("stream"):
                continue
            reply = httpx.post(f"{site.url}{path}", json=body, headers=site.headers, timeout=60)
            assert reply.status_code in (200, 400) and (reply.status_code == 200 or "need" in body or "offer" in body)
            assert wrong_with(told, method, path, reply) == [], path
            tried += 1
    assert tried == 7


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_fit_what_is_declared_and_hold_nothing_undeclared(site, told, question):
    messages = [{"role": "user", "content": question}]
    for path, body in (
        ("/api/v1/ask", {"question": question, "id": "a"}),
        ("/api/v1/search", {"query": question, "k": 3}),
        ("/api/v1/match", {"text": question, "widen": True}),
        ("/api/v1/eligibility", {"need": "贷款", "about": question}),
        ("/v1/chat/completions", {"model": "any", "messages": messages}),
    ):
        reply = httpx.post(f"{site.url}{path}", json=body, headers=site.headers, timeout=60)
        assert reply.status_code == 200 and wrong_with(told, "POST", path, reply) == []
        schema = told["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert undeclared(told, schema, reply.json()) == []


def test_what_is_read_fits_what_is_declared(site, told):
    hit = httpx.post(f"{site.url}/api/v1/search", json={"query": "贷款", "k": 1}, headers=site.headers).json()["hits"][
        0
    ]
    for path in ("/api/v1/programmes", "/v1/models", f"/api/v1/documents/{hit['document_id']}"):
        reply = httpx.get(f"{site.url}{path}", headers=site.headers)
        assert reply.status_code == 200 and wrong_with(told, "GET", path, reply) == []


def test_a_stream_is_declared_as_one(told):
    assert "text/event-stream" in told["paths"]["/v1/chat/completions"]["post"]["responses"]["200"]["content"]


def test_limits_stand_in_the_description_and_on_the_page(site, told):
    page = httpx.get(f"{site.url}/docs").text
    size = next(limit for beginning, limit in LIMITS if beginning == "")
    for limit in (LIMIT, LONGEST_TEXT, MOST_RESULTS, MOST_EARLIER, size.size, size.marks):
        assert f"{limit:,}" in told["info"]["description"] and f"{limit:,}" in page, limit


def test_the_page_shows_a_call_the_errors_and_every_example(site, told):
    page = httpx.get(f"{site.url}/docs").text
    assert "curl" in page and "Authorization: Bearer" in page and "<script" not in page
    for status in ("400", "401", "404", "413", "415", "422", "429", "500", "503"):
        assert f"<td>{status}</td>" in page, status
    for _, path, operation in operations(told):
        assert operation["summary"] in page, path
    assert "request_id" in page and "Retry-After" in page and "/mcp" in page
    assert "<code>temperature</code>" in page and "<code>response_format</code>" in page
    assert "<strong>" in page and "**" not in page and "`" not in page
    assert json.dumps("联合创新项目最高支持多少？", ensure_ascii=False).replace('"', "&quot;") in page


def test_calls_are_counted_by_the_routes_that_are_described(site):
    httpx.get(f"{site.url}/api/v1/programmes", headers=site.headers)
    assert 'assistant_requests_total{route="/api/v1/programmes",status="200"}' in httpx.get(f"{site.url}/metrics").text
