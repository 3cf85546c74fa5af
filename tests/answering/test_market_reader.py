"""What the market adds to answers, over the real corpus and a real market."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.assistant import Assistant
from bot.errors import MarketError
from bot.market.records import Confidentiality, Offer
from bot.partners.registration import REGISTER
from bot.serialization import answer_object, to_line
from bot.types import Intent, PrivateContact, RecordKind, Turn

WISH = "我们想找能给矿井轴流风机降噪的技术团队"


@pytest.fixture
def helper(corpus_settings, tmp_path) -> Iterator[Assistant]:
    """The assistant over the real index, with a market of its own."""
    url = f"sqlite:///{tmp_path / 'market.sqlite3'}"
    settings = corpus_settings.model_copy(update={"database_url": url})
    made = Assistant.open(settings)
    made.market.index._folder = tmp_path / "market"
    yield made
    made.market.store.database.close()


@pytest.fixture
def stocked(helper) -> Assistant:
    offer = Offer(
        id="o1",
        title="矿井轴流风机仿生降噪叶片",
        description="用锯齿叶片降低矿井轴流风机噪声，联系13912345678。",
        confidentiality=Confidentiality.OPEN,
        region="示例省",
        as_of="2026-01-01",
    )
    helper.market.store.save_many([offer], actor="t", publish=True)
    helper.market.store.set_contacts(RecordKind.OFFER, {"o1": PrivateContact(name="钱七", phone="12345678")}, actor="t")
    return helper


def test_a_told_wish_gets_matches_and_a_draft_and_no_contact(stocked):
    answer = stocked.ask(Turn(WISH))
    (match,) = answer.matches
    assert answer.intent is Intent.PARTNER and not answer.abstained
    assert (match.id, match.region, match.as_of, match.proposed) == ("o1", "示例省", "2026-01-01", True)
    assert match.reasons and answer.draft.draft.value("title") and not answer.draft.draft.started
    assert answer.computed[-1].value == 1
    line = to_line(answer_object(answer, "q1"))
    assert "13912345678" not in line and "12345678" not in line and "钱七" not in line
    assert json.loads(line)["matches"][0]["offer_id"] == "o1"


def test_without_a_fitting_record_it_says_so(helper):
    answer = helper.ask(Turn("我们想找会做古琴斫制的团队"))
    assert answer.abstained and not answer.matches and answer.draft is not None
    assert not helper.market.on_file


def test_a_policy_question_is_not_matched(stocked):
    answer = stocked.ask(Turn("联合创新项目最高能拿多少支持？"))
    assert answer.matches == () and answer.draft is None


def test_a_market_that_cannot_be_read_leaves_the_answer(stocked, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise MarketError("数据库打不开")

    monkeypatch.setattr(stocked.market.matcher, "match_text", broken)
    answer = stocked.ask(Turn(WISH))
    assert answer.draft is not None and answer.matches == () and "数据库打不开" in caplog.text


def test_talking_goes_on_over_turns_and_saves_nothing(stocked):
    revision = stocked.market.store.revision()
    first = stocked.ask(Turn(WISH))
    second = stocked.ask(Turn(REGISTER, (WISH,), first.draft.draft))
    question = stocked.ask(Turn("联合创新项目最高能拿多少支持？", (WISH,), second.draft.draft))
    assert "50万元" in question.answer.replace(" ", "") and question.draft.draft.started
    assert any("草稿还在" in note for note in question.notes)
    third = stocked.ask(Turn("噪声95分贝，消声罩下不了井，电话13800000000", (WISH,), question.draft.draft))
    assert third.draft.draft.contact.phone == "13800000000"
    assert "13800000000" not in to_line(answer_object(third)["draft"])
    assert stocked.market.store.revision() == revision


def test_streaming_tells_the_same(stocked):
    *_, last = stocked.stream(Turn(WISH))
    assert [match.id for match in last.matches] == ["o1"]
    *_, asked = stocked.stream(Turn(REGISTER, (WISH,)))
    assert asked.draft.draft.started


@pytest.mark.parametrize(("question", "abstained"), [("王大锤的电话是多少", True), ("杨益的电话是多少", False)])
def test_a_number_is_given_only_for_the_person_it_belongs_to(helper, question, abstained):
    answer = helper.ask(Turn(question))
    assert answer.abstained is abstained
    assert ("52564588" in answer.answer) is not abstained
