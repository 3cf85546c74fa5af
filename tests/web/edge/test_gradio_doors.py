"""What is left open of Gradio's own routes takes anything without an error of ours, and tells nothing of the inside."""

import json
import logging

import httpx
import pytest

from tests.support.logged import logged

BODIES = [
    b"", b"x", b"[]", b"null", b"{}", b"{" * 5_000, b"[" * 5_000, json.dumps({"fn_index": 10**12, "data": []}).encode(),
    json.dumps({"fn_index": -1, "data": None, "session_hash": None}).encode(),
    json.dumps({"fn_index": "x", "data": {"a": 1}, "session_hash": "s" * 10_000}).encode(),
    json.dumps({"fn_index": 0, "data": [{"deep": [[[[["x" * 1_000]]]]]}], "session_hash": "abc"}).encode(),
    json.dumps({"fn_index": 1, "data": [], "event_data": {"language": {"a": 1}}, "session_hash": "abc"}).encode(),
    json.dumps({"fn_index": 1, "data": ["/etc/passwd"], "event_data": "x", "session_hash": "../x"}).encode(),
    json.dumps({"fn_index": 1, "data": [], "session_hash": "abcdef1\ud800"}).encode(),
    json.dumps({"fn_index": 0, "data": ["\ud800"], "session_hash": "abcdef1"}).encode(),
    *(json.dumps({"fn_index": number, "data": [], "session_hash": "abcdef1"}).encode() for number in (-1, 0, 2, 3, 50)),
    b'{"fn_index": 1, "data": [], "session_hash": "abcdef1", "x": "\xff"}',
    json.dumps({"fn_index": 1, "data": [[]] * 10_000, "session_hash": "abcdef1"}).encode(),
    json.dumps({"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}], "fn_index": 0}).encode(),
]  # fmt: skip
LANGUAGE = {"data": [], "event_data": {"language": "en"}, "fn_index": 1, "session_hash": "abcdef1"}
QUERIES = ["", "session_hash=", "session_hash=" + "x" * 5_000, "session_hash=%00", "session_hash=../../x", "a=abcdef1"]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_whatever_joins_the_queue_gets_an_answer(served, body, caplog):
    kind = {"content-type": "application/json", "origin": served.address}
    reply = httpx.post(f"{served.address}/gradio_api/queue/join", content=body, headers=kind)
    assert reply.status_code in (400, 404, 413, 422), reply.text[:200]
    assert "Traceback" not in reply.text and "/work" not in reply.text and ".py" not in reply.text
    assert not logged(caplog, "bot", logging.ERROR) + logged(caplog, "uvicorn") + logged(caplog, "asyncio")
    assert httpx.get(f"{served.address}/healthz").text == "ok"


def test_a_call_of_the_page_itself_joins(served):
    reply = httpx.post(f"{served.address}/gradio_api/queue/join", json=LANGUAGE, headers={"origin": served.address})
    assert reply.status_code == 200 and reply.json()["event_id"]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_nobody_listens_under_a_name_that_no_page_makes(served, query):
    assert httpx.get(f"{served.address}/gradio_api/queue/data?{query}").status_code == 404


def test_a_stranger_to_the_queue_is_let_go_without_a_trace(served, caplog):
    with (
        pytest.raises(httpx.TransportError),
        httpx.stream("GET", f"{served.address}/gradio_api/queue/data?session_hash=abcdef123", timeout=5) as reply,
    ):
        told = "".join(reply.iter_text())
        assert "Traceback" not in told
        raise httpx.ReadError("ended well")
    assert httpx.get(f"{served.address}/healthz").text == "ok"


def test_the_page_tells_nothing_of_the_machine(served):
    page = httpx.get(served.address).text
    for inside in ("/root", "/home/", "site-packages", "python3", "Traceback"):
        assert inside not in page
