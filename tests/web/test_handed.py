"""What a browser hands over: read strictly, bounded, never a traceback."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import unquote

import pytest

from bot.errors import UsageError
from bot.serialization import LONGEST_KEPT, LONGEST_KEPT_TEXT, MOST_KEPT, answer_from_kept, kept_answer
from bot.web.actions.actions import ViewActions
from bot.web.asking import WaitingLine
from bot.web.bridge import Bridge
from bot.web.chat import Chat
from bot.web.conversation import LONGEST_HISTORY, read_exchange, read_question
from bot.web.sharing import LINK, LONGEST_LINKED, answer_link
from bot.web.texts import CHINESE
from tests.support.scripted import CATALOGUE

QUESTION = {"key": "0123456789abcdef", "number": 1, "question": "问", "language": "zh-CN"}


def body(**more) -> bytes:
    return json.dumps(QUESTION | more).encode()


def test_a_question_is_read_with_what_it_hangs_on():
    asked = read_question(body(history=["甲", "乙"], question=" 问 "))
    assert asked.turn().question == "问" and asked.turn().history == ("甲", "乙")


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"[]",
        b"{" * 100_000,
        b"\xff\xfe",
        body(key="../x"),
        body(key="short"),
        body(number=0),
        body(number="1"),
        body(number=True),
        body(question=["x"]),
        body(question="长" * 20_001),
        body(history=["甲"] * (LONGEST_HISTORY + 1)),
        body(history=[1]),
        body(draft={"kind": "needs", "unheard": 1}),
        body(draft={"kind": "nonsense"}),
        body(contact={"phone": 1}),
        body(unheard=1),
        b" " * 1_000_001,
    ],
)
def test_a_question_of_another_shape_is_refused(spoilt):
    with pytest.raises(UsageError):
        read_question(spoilt)


@pytest.fixture
def written(full_answer) -> dict:
    return kept_answer(full_answer)


@pytest.mark.parametrize(
    "change",
    [
        {"intent": "nonsense"},
        {"abstained": "no"},
        {"unheard": 1},
        {"answer": None},
        {"answer": "长" * (LONGEST_KEPT_TEXT + 1)},
        {"answer": "长" * LONGEST_KEPT},
        {"notes": ["x"] * (MOST_KEPT + 1)},
        {"emphasis": ["x"] * (MOST_KEPT + 1)},
        {"citations": [7]},
        {"mode": "guess"},
        {"draft": {}},
        {"matches": [{"kind": "needs"}]},
    ],
)
def test_an_answer_of_another_shape_is_refused(written, change):
    with pytest.raises(UsageError):
        answer_from_kept(json.dumps(written | change, ensure_ascii=False))


@pytest.mark.parametrize(
    "change", [{"start": -5}, {"start": 9, "end": 9}, {"marker": 0}, {"start": 1.5}, {"kind": "x"}]
)
def test_a_citation_must_be_a_place(written, change):
    written["citations"][0] |= change
    with pytest.raises(UsageError):
        answer_from_kept(json.dumps(written))


def test_what_is_within_the_limits_is_read(written):
    assert answer_from_kept(json.dumps(written | {"notes": ["x"] * MOST_KEPT})).notes[-1] == "x"
    assert len(answer_from_kept(json.dumps(written | {"answer": "x" * LONGEST_KEPT_TEXT})).answer) == LONGEST_KEPT_TEXT


def test_an_exchange_whose_answer_cannot_be_read_keeps_its_question(written):
    kept = read_exchange(json.dumps({"question": "问", "ending": "done", "answer": written | {"intent": "x"}}))
    assert kept.question == "问" and kept.unreadable and kept.answer is None
    assert read_exchange("[]") is None and read_exchange('{"question": 1, "ending": "done"}') is None
    assert read_exchange(json.dumps({"question": "问", "ending": "whenever"})) is None


# --- waiting ------------------------------------------------------------------------------------


def test_the_line_is_first_come_first_served():
    line = WaitingLine(at_once=2, longest=2)
    places = [line.enter() for _ in range(5)]
    assert places[4] is None
    assert [line.ahead(place) for place in places[:4]] == [0, 0, 1, 2]
    line.leave(places[1])
    assert [line.ahead(places[2]), line.ahead(places[3])] == [0, 1]
    line.leave(places[2])
    line.leave(places[2])
    assert line.ahead(places[3]) == 0 and line.enter() is not None


# --- links and files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("示例攻关项目支持多少？", "示例攻关项目支持多少？"),
        ("电话13800138000，示例攻关项目支持多少？", "电话 ，示例攻关项目支持多少？"),
        ("写信到 a@example.com 行吗", "写信到 行吗"),
    ],
)
def test_a_link_holds_the_question_without_what_is_private(question, left):
    link = answer_link(question, CATALOGUE, CHINESE)
    assert unquote(link.fragment.removeprefix(LINK)) == left
    assert link.masked == (question != left) and not link.refused


def test_where_nothing_is_left_there_is_no_link():
    assert answer_link("13800138000", CATALOGUE, CHINESE).refused == CHINESE.kept.link_nothing_left
    assert answer_link("？？？", CATALOGUE, CHINESE).refused == CHINESE.kept.link_nothing_left
    assert answer_link("长" * (LONGEST_LINKED + 1), CATALOGUE, CHINESE).refused.startswith("问题超过")
    assert not answer_link("长" * LONGEST_LINKED, CATALOGUE, CHINESE).refused


@pytest.fixture
def bridge(scripted) -> Bridge:
    return Bridge(Chat(scripted), ViewActions.over(scripted), lambda: date(2031, 4, 6))


@pytest.mark.parametrize("suffix", ["docx", "pdf"])
def test_a_file_tells_what_no_longer_stands_in_its_document(bridge, scripted, written, suffix):
    import io

    exchange = json.dumps({"question": "支持多少？\x07", "ending": "done", "answer": written})
    scripted.rewritten = {"notices/measures.md": "改过了"}
    reply = bridge.exported([[exchange], suffix, "标题/一", "zh-CN"])
    assert reply.download.name == f"标题_一.{suffix}"
    if suffix == "docx":
        from docx import Document

        words = "".join(each.text for each in Document(io.BytesIO(reply.download.content)).paragraphs)
    else:
        import pdfplumber

        with pdfplumber.open(io.BytesIO(reply.download.content)) as opened:
            words = "".join(page.extract_text().replace("\n", "") for page in opened.pages)
    assert f"[1] {CHINESE.kept.evidence_changed_since}" in words
    assert f"[2] {CHINESE.kept.evidence_changed_since}" not in words
    assert "2031-04-06" in words and "对示例攻关项目，给予最高不超过30万元支持。" in words


def test_calls_of_another_shape_are_refused(bridge):
    assert bridge.shown_again([[1], ["x", "y"], "zh-CN"]) == []
    assert bridge.shown_again([["1"], ["x"], "zh-CN"]) == []
    assert bridge.shown_again([]) == []
    assert "notice-problem" in bridge.rated(["x"])
    assert bridge.exported([["x"], "docx", "", "zh-CN"]).failed
    assert bridge.exported([[], "docx", "", "zh-CN"]).failed
    assert bridge.linked([1])["refused"]
    bridge.stopped([1])


def test_a_kind_of_file_there_is_not_is_refused(bridge, written):
    exchange = json.dumps({"question": "问", "ending": "done", "answer": written})
    assert "docx、pdf" in bridge.exported([[exchange], "exe", "", "zh-CN"]).html


def test_a_document_opens_at_its_quote(bridge, notice, parse):
    start = notice.text.index("支持期限")
    assert parse(bridge.document([notice.id, start, start + 4, "zh-CN"])).marked == ("支持期限",)
    assert "没有这份文件" in parse(bridge.document(["../../etc/passwd", 0, 1, "zh-CN"])).text
    assert CHINESE.document_failed in bridge.document([])
    assert CHINESE.document_failed in bridge.document(["a", "b", "c", "d"])
    assert parse(bridge.document([notice.id, -5, 10**9, "zh-CN"])).tags
