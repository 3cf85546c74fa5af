"""What Gradio keeps of a visit is kept of the latest visits only: an open page costs nothing for good."""

import secrets
from contextlib import contextmanager

import httpx

from bot.settings import Settings
from bot.web import app
from bot.web.app import Page, launch
from bot.web.chat import Chat
from tests.support.served import replace_port

FEW = 5


@contextmanager
def site(assistant):
    page, at = Page(Chat(assistant)), replace_port(Settings())
    launch(page, at)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{at.port}", timeout=60, trust_env=False) as client:
            yield page, client
    finally:
        page.close()


def visit(client, page, session):
    """What the page's script does when it is opened and when the language is changed: everything that is told."""
    told = ""
    for number, function in page.blocks.fns.items():
        sent = {"fn_index": number, "data": [None] * len(function.inputs), "session_hash": session}
        sent["event_data"] = {"language": "en"}
        assert client.post("/gradio_api/queue/join", json=sent).status_code == 200
        told += client.get(f"/gradio_api/queue/data?session_hash={session}").text
    return told


def kept_of(page):
    queue = page.blocks._queue
    state = page.blocks.state_holder
    return {
        "states": len(state.session_data),
        "times": len(state.time_last_used),
        "messages": len(queue.pending_messages_per_session),
        "events": len(queue.pending_event_ids_session),
        "analytics": len(queue.event_analytics),
    }


def test_of_many_visits_the_latest_are_kept(scripted, monkeypatch):
    monkeypatch.setattr(app, "MOST_VISITS", FEW)
    with site(scripted) as (page, client):
        for _ in range(3 * FEW):
            assert "process_completed" in visit(client, page, secrets.token_hex(6))
        assert max(kept_of(page).values()) <= FEW


def test_a_visit_among_the_latest_goes_on(scripted, monkeypatch):
    monkeypatch.setattr(app, "MOST_VISITS", FEW)
    with site(scripted) as (page, client):
        for _ in range(2 * FEW):
            told = [visit(client, page, "abcdef123"), visit(client, page, secrets.token_hex(6))]
            assert all(each.count('"success":true') == len(page.blocks.fns) for each in told)


def test_as_many_visits_are_kept_as_may_wait():
    from bot.web.server import LONGEST_QUEUE

    assert LONGEST_QUEUE < app.MOST_VISITS <= 1_000
