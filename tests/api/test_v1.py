"""The HTTP contracts against the assistant itself, over a real connection."""

import json

import httpx
import pytest

from bot.serialization import answer_object, hit_object
from bot.types import Turn

ASKED = "联合创新项目最高支持多少？"


def post(served, path, body, **more):
    headers = {"Content-Type": "application/json", **more.pop("headers", served.headers)}
    return httpx.post(f"{served.url}{path}", content=json.dumps(body), headers=headers, timeout=60)


def told(answer):
    """Without what differs from run to run."""
    return {name: value for name, value in answer.items() if name != "elapsed_ms"}


def test_ask_gives_the_contract_of_the_command_line(served):
    reply = post(served, "/api/v1/ask", {"question": ASKED, "id": 7})
    expected = json.loads(json.dumps(answer_object(served.assistant.ask(Turn(ASKED)), 7)))
    assert reply.status_code == 200
    assert told(reply.json()) == told(expected)
    assert "50" in reply.json()["answer"]


def test_a_follow_up_is_read_with_its_history(served):
    asked = {"question": "那联系谁？", "history": [ASKED]}
    reply = post(served, "/api/v1/ask", asked).json()
    expected = served.assistant.ask(Turn("那联系谁？", (ASKED,)))
    assert reply["standalone_question"] == expected.standalone_question


def test_search_gives_passages_whose_text_stands_in_the_document(served):
    hits = post(served, "/api/v1/search", {"query": "人才公寓", "k": 3}).json()["hits"]
    assert hits == json.loads(json.dumps([hit_object(hit) for hit in served.assistant.search("人才公寓", 3)]))
    for hit in hits:
        document = httpx.get(f"{served.url}/api/v1/documents/{hit['document_id']}", headers=served.headers).json()
        assert document["text"][hit["start"] : hit["end"]] == hit["text"]


def test_programmes_are_those_of_the_catalogue(served):
    reply = httpx.get(f"{served.url}/api/v1/programmes", headers=served.headers).json()
    assert [each["programme_id"] for each in reply["programmes"]] == [
        each.id for each in served.assistant.catalogue.programmes
    ]


def test_eligibility_promises_nothing(served):
    reply = post(served, "/api/v1/eligibility", {"need": "贷款", "size": "小微企业"}).json()
    assert reply["results"] and "不代表" in reply["note"]


def test_a_match_of_plain_words_holds_no_contact(served):
    reply = post(served, "/api/v1/match", {"text": "机器人检测技术"})
    assert reply.status_code == 200 and set(reply.json()) >= {"abstained", "matches"}


@pytest.mark.parametrize("named", [{"need": "need-never"}, {"offer": "offer-never"}])
def test_an_unknown_record_is_a_sentence(served, named):
    reply = post(served, "/api/v1/match", named)
    assert reply.status_code == 400 and "没有这条" in reply.json()["error"]["message"]


BAD = [
    ("/api/v1/ask", {}),
    ("/api/v1/ask", {"question": None}),
    ("/api/v1/ask", {"question": "问" * 30_000}),
    ("/api/v1/ask", {"question": "问", "history": ["问"] * 51}),
    ("/api/v1/ask", {"question": "问", "unknown": 1}),
    ("/api/v1/search", {"query": "问", "k": 0}),
    ("/api/v1/search", {"query": "问", "k": 10_000}),
    ("/api/v1/match", {"need": "a", "text": "b"}),
    ("/api/v1/match", {}),
    ("/api/v1/ask", {"question": "问", "id": "\ud800"}),
    ("/api/v1/ask", {"question": "\ud800"}),
    ("/api/v1/ask", {"question": "问", "history": ["\ud800"]}),
    ("/api/v1/ask", {"question": "问", "history": [[]] * 5_000}),
    ("/api/v1/search", {"query": "\udfff"}),
    ("/api/v1/match", {"text": "\ud800"}),
    ("/api/v1/eligibility", {"qualifications": ["\ud800"]}),
    ("/v1/chat/completions", {"messages": [{}] * 3_000}),
    ("/v1/chat/completions", {"messages": [{"role": "user", "content": "\ud800"}]}),
    ("/v1/chat/completions", {"messages": [{"role": "user", "content": [{"type": "text", "text": "\ud800"}]}]}),
    ("/v1/chat/completions", {"messages": []}),
    ("/v1/chat/completions", {"messages": [{"role": "nobody", "content": "问"}]}),
]


@pytest.mark.parametrize(("path", "body"), BAD)
def test_what_does_not_fit_is_refused_without_a_trace_and_without_repeating_it(served, path, body):
    reply = post(served, path, body)
    assert reply.status_code == (400 if path.startswith("/v1/") else 422)
    assert set(reply.json()) == {"error"} and len(reply.text) < 500 and "Traceback" not in reply.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"null", b"[" * 9_000], ids=range(7))
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", ""])
def test_what_is_no_object_is_told_what_to_send(served, body, kind):
    headers = {**served.headers, **({"Content-Type": kind} if kind else {})}
    reply = httpx.post(f"{served.url}/api/v1/ask", content=body, headers=headers)
    assert reply.status_code == (422 if kind == "application/json" else 415)
    assert "JSON" in reply.json()["error"]["message"] and "Traceback" not in reply.text


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  ", ""])
def test_a_key_is_read_whatever_its_scheme_is_written_like(served, scheme):
    headers = {"Authorization": f"{scheme}{served.key}"}
    assert httpx.get(f"{served.url}/api/v1/programmes", headers=headers).status_code == 200


@pytest.mark.parametrize("question", ["", "   ", "\x00", "😀" * 10])
def test_what_is_no_question_is_a_sentence(served, question):
    reply = post(served, "/api/v1/ask", {"question": question})
    assert reply.status_code in (200, 400)
    assert reply.json().get("answer") or reply.json()["error"]["message"]


def test_an_unknown_document_is_refused(served):
    for path in ("nothing.md", "../settings.py", "%2e%2e/bot.toml"):
        reply = httpx.get(f"{served.url}/api/v1/documents/{path}", headers=served.headers)
        assert reply.status_code == 404, path


def test_the_manual_is_served_from_this_host_alone(served):
    page = httpx.get(f"{served.url}/docs").text
    description = httpx.get(f"{served.url}/openapi.json").json()
    assert "<script" not in page and "http://" not in page and "https://" not in page
    assert all(path in page for path in description["paths"])
    assert {"/api/v1/ask", "/api/v1/match", "/v1/chat/completions"} <= set(description["paths"])
