"""Registering by talking: asked one at a time, nothing saved, questions in between answered."""

from __future__ import annotations

from datetime import date

import pytest

from bot.market.drafting import HINTS, next_question, start_draft
from bot.partners.registration import (
    CHANGED,
    DROPPED,
    ENOUGH,
    GIVE_UP,
    NOTHING_TO_DROP,
    READY,
    REGISTER,
    SKIP,
    STEPPED_BACK,
    TITLE_NEEDED,
    continue_registration,
    waiting_note,
)
from bot.types import Intent, RecordKind, Turn

TODAY = date(2026, 3, 1)
WISH = "我们想找能做耐高温绝缘漆的技术团队"

PLAUSIBLE = {"budget": "80万元", "deadline": "明年底", "region": "苏州", "owner_id": "示例科创"}


def said(text, draft=None, history=()):
    return continue_registration(Turn(text, history, draft), TODAY)


@pytest.fixture
def begun():
    """A registration that was just begun from a told wish."""
    return said(REGISTER, start_draft(WISH, today=TODAY)).draft.draft


def test_a_told_wish_is_asked_what_is_missing(begun):
    answer = said(REGISTER, start_draft(WISH, today=TODAY))
    assert answer.intent is Intent.PARTNER and not answer.abstained
    assert answer.draft.question.name == "description" and answer.draft.question.text in answer.answer
    assert answer.follow_ups == (SKIP, ENOUGH, GIVE_UP)
    assert begun.started and begun.value("title") == "耐高温绝缘漆技术"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("发布需求", RecordKind.NEED),
        ("我要登记一条技术需求", RecordKind.NEED),
        ("帮我发布成果", RecordKind.OFFER),
        ("登记一项成果", RecordKind.OFFER),
    ],
)
def test_it_begins_without_a_wish_too(words, kind):
    answer = said(words)
    assert answer.draft.draft.kind is kind and answer.draft.question.name == "title"


def test_callers_that_keep_no_draft_go_on_from_the_history():
    assert said(REGISTER, history=("人才公寓怎么申请", WISH)).draft.draft.value("title") == "耐高温绝缘漆技术"


def test_answers_fill_the_fields_until_nothing_is_left(begun):
    draft, asked = begun, []
    while draft.started:
        assert waiting_note(draft)
        answer = said(PLAUSIBLE.get(next_question(draft).name, f"说明{len(asked)}"), draft)
        asked.append(answer.answer)
        draft = answer.draft.draft
    assert answer.answer == READY and not answer.draft.missing
    assert draft.value("region") == "苏州" and draft.owner == "示例科创" and waiting_note(draft) is None


def test_skipping_leaves_the_field_open_and_says_so_at_the_end(begun):
    skipped = said(SKIP, begun).draft.draft
    assert skipped.skipped == ("description",)
    done = said(ENOUGH, skipped)
    assert done.answer == READY and "要解决的问题" in done.notes[0] and not done.draft.draft.started


def test_a_draft_without_a_title_is_not_ready():
    draft = said("发布需求").draft.draft
    assert said(ENOUGH, draft).answer.startswith(TITLE_NEEDED)
    assert said(SKIP, draft).answer.startswith(TITLE_NEEDED)


def test_it_can_be_dropped_at_any_time(begun):
    answer = said(GIVE_UP, begun)
    assert answer.answer == DROPPED and not answer.draft.draft.started
    assert said("说明", answer.draft.draft) is None


@pytest.mark.parametrize("question", ["联合项目能给多少钱？", "谁来审核", "有没有人才公寓", "这个收费吗"])
def test_a_question_in_between_is_answered_as_one(begun, question):
    assert said(question, begun) is None
    assert "要解决的问题" in waiting_note(begun)


@pytest.mark.parametrize("text", ["联合创新项目最高能给多少", "你好", WISH, "就这些", "跳过", "提交材料要什么"])
def test_without_a_draft_other_turns_are_left_alone(text):
    assert said(text) is None


def test_the_answer_text_holds_nothing_of_what_was_told(begun):
    """Figures of a draft stand in its card: an answer's figures are all from documents."""
    answer = said("漆膜200℃就开裂，预算80万元", begun)
    assert "200" not in answer.answer and "80" not in answer.answer
    assert answer.draft.draft.value("budget") == "预算80万元"


@pytest.mark.parametrize("text", ["你好", "谢谢", "好的", "嗯", "嗯嗯，好的", "ok", "哦。", "可以"])
def test_a_word_of_courtesy_is_no_content(begun, text):
    answer = said(text, begun)
    assert answer.draft.draft == begun and answer.answer == answer.draft.question.text


@pytest.mark.parametrize(
    "text",
    [
        "我不想登记了，谢谢",
        "先不弄了",
        "取消吧",
        "算了算了",
        "不填了",
        "还是不发布了吧",
        "我不想登记了，太麻烦",
        "改天再说",
    ],
)
def test_it_is_dropped_in_any_wording(begun, text):
    assert said(text, begun).answer == DROPPED


@pytest.mark.parametrize("text", ["不登记专利，只作技术秘密", "现在不用进口件", "不想再换轴承"])
def test_an_answer_with_a_no_in_it_drops_nothing(begun, text):
    assert said(text, begun).draft.draft.value("description") == text


def test_dropping_what_was_dropped_is_answered_kindly(begun):
    dropped = said(GIVE_UP, begun).draft.draft
    for draft in (dropped, None):
        answer = said(GIVE_UP, draft)
        assert answer.answer == NOTHING_TO_DROP and answer.follow_ups == ()
    assert said("算了", None) is None


@pytest.mark.parametrize(
    "text", ["贷款怎么申请", "有什么补贴", "申请要多少钱", "你们平台收费多少", "谁来审核", "现在有哪些政策"]
)
def test_a_question_needs_no_question_mark(begun, text):
    assert said(text, begun) is None


@pytest.mark.parametrize("text", ["漆膜怎么都粘不住", "不知道怎么提高耐温", "现在没有什么好办法"])
def test_an_answer_may_hold_a_question_word(begun, text):
    assert said(text, begun).draft.draft.value("description") == text


def test_a_field_is_changed_on_the_way_and_after(begun):
    answer = said("预算改为200万", begun)
    assert answer.answer.startswith(CHANGED) and answer.draft.draft.value("budget") == "200万"
    ready = said(ENOUGH, answer.draft.draft).draft.draft
    again = said("名称改为绝缘漆", ready)
    assert again.answer == READY and again.draft.draft.value("title") == "绝缘漆"


@pytest.mark.parametrize("text", ["我说错了", "上一步", "不对，刚才填错了"])
def test_one_goes_back_an_answer(begun, text):
    wrong = said("漆膜200℃就开裂", begun).draft.draft
    answer = said(text, wrong)
    assert answer.answer.startswith(STEPPED_BACK) and answer.draft.question.name == "description"
    assert not answer.draft.draft.value("description")


def test_an_answer_of_another_kind_is_met_with_a_hint_once(begun):
    draft = begun
    while next_question(draft).name != "budget":
        draft = said(SKIP, draft).draft.draft
    hinted = said("苏州", draft)
    assert hinted.answer.startswith(HINTS["budget"]) and hinted.draft.question.name == "budget"
    assert said("苏州", hinted.draft.draft).draft.draft.value("budget") == "苏州"


def test_a_level_that_is_no_level_is_not_called_a_name():
    draft = said("发布成果").draft.draft
    draft = said("耐磨涂层", draft).draft.draft
    while next_question(draft).name != "trl":
        draft = said(SKIP, draft).draft.draft
    hinted = said("中试阶段", draft)
    assert hinted.answer.startswith(HINTS["trl"]) and TITLE_NEEDED not in hinted.answer
    assert "trl" in said("中试", hinted.draft.draft).draft.draft.skipped
