"""Registering by talking: asked one at a time, nothing saved, questions in between answered."""

from __future__ import annotations

from datetime import date

import pytest

from bot.market.drafting import HINTS, next_question, start_draft
from bot.market.wishes import wish_reader
from bot.partners.registration import (
    CHANGED,
    DROPPED,
    ENOUGH,
    GIVE_UP,
    NO_LIMIT,
    NOT_DECIDED,
    NOTHING_TO_DROP,
    PAUSED,
    READY,
    REGISTER,
    SEEN,
    SKIP,
    STEPPED_BACK,
    SWITCHED,
    TITLE_NEEDED,
    continue_registration,
    waiting_note,
)
from bot.settings import EmbeddingSettings
from bot.types import Intent, RecordKind, Turn

TODAY = date(2026, 3, 1)
READER = wish_reader(EmbeddingSettings())
WISH = "我们想找能做耐高温绝缘漆的技术团队"

PLAUSIBLE = {
    "cooperation": "联合研发",
    "ip_ownership": "双方共有",
    "budget": "80万元",
    "deadline": "明年底",
    "region": "苏州",
    "owner_id": "示例科创",
}


def said(text, draft=None, history=()):
    return continue_registration(Turn(text, history, draft), TODAY, READER)


@pytest.fixture
def begun():
    """A registration that was just begun from a told wish."""
    return said(REGISTER, start_draft(WISH, today=TODAY, reader=READER)).draft.draft


def test_a_told_wish_is_asked_what_is_missing(begun):
    answer = said(REGISTER, start_draft(WISH, today=TODAY, reader=READER))
    assert answer.intent is Intent.PARTNER and not answer.abstained
    assert answer.draft.question.name == "description" and answer.draft.question.text in answer.answer
    assert answer.follow_ups == (SKIP, ENOUGH, GIVE_UP)
    assert begun.started and begun.value("title") == "耐高温绝缘漆"


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
    assert said(REGISTER, history=("人才公寓怎么申请", WISH)).draft.draft.value("title") == "耐高温绝缘漆"


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


def at(name, draft):
    """The registration brought to the question for ``name``."""
    while next_question(draft).name != name:
        draft = said(SKIP, draft).draft.draft
    return draft


def test_having_no_preference_never_becomes_the_words_themselves(begun):
    limit = said("随便", at("cooperation", begun))
    assert limit.answer.startswith(NO_LIMIT) and limit.draft.draft.value("cooperation") == "不限"
    money = said("随便", limit.draft.draft)
    assert money.answer.startswith(NOT_DECIDED) and not money.draft.draft.value("budget")
    done = said(ENOUGH, money.draft.draft)
    assert any("未定：预算" in note for note in done.notes) and "预算" not in done.notes[0]


@pytest.mark.parametrize("text", ["还没想好", "不清楚", "以后再说", "得问财务", "没算过"])
def test_what_is_not_known_yet_stays_open_and_is_told_at_the_end(begun, text):
    draft = said(text, at("budget", begun)).draft.draft
    assert not draft.value("budget") and "budget" in draft.skipped
    assert "预算" in said(ENOUGH, draft).notes[0]


def test_nothing_is_lost_when_the_kind_was_guessed_wrong():
    told = "想找做纸浆脱墨的团队，油墨粘得牢，白度要到85，预算60万，明年六月前，联合研发，在宁波，电话13900000000"
    draft = said(REGISTER, start_draft(told, today=TODAY, reader=READER)).draft.draft
    draft = said("单位改成示例纸业有限公司", draft).draft.draft
    answer = said("不是需求，是我们有成果要转让", draft)
    other = answer.draft.draft
    assert other.kind is RecordKind.OFFER and other.started and answer.answer.startswith(SWITCHED.format(kind="成果"))
    assert (other.value("price"), other.value("region")) == (draft.value("budget"), "宁波")
    assert other.value("available_from") == draft.value("deadline") != ""
    assert other.value("cooperation") == draft.value("cooperation") == "联合研发"
    assert "指标：白度要到85" in other.value("description") and draft.value("description") in other.value("description")
    assert "指标" in answer.answer and (other.owner, other.contact) == ("示例纸业有限公司", draft.contact)
    assert said("还是改成需求", other).draft.draft.value("budget") == draft.value("budget")


def test_the_draft_is_seen_and_put_aside_without_losing_the_question(begun):
    draft = said("漆膜200℃就开裂", begun).draft.draft
    for text, lead in (("给我看看填了什么", SEEN), ("等一下，我接个电话", PAUSED), ("改天再说", PAUSED)):
        answer = said(text, draft)
        assert answer.answer.startswith(lead) and answer.draft.draft == draft and draft.started


def test_an_earlier_field_is_corrected_from_any_later_question(begun):
    draft = said("预算50万", at("budget", begun)).draft.draft
    changed = said("预算说少了，应该是80万", at("region", draft))
    assert changed.answer.startswith(CHANGED) and changed.draft.draft.value("budget") == "80万"
    assert changed.draft.question.name == "region"
    again = said("我要改预算", changed.draft.draft)
    assert again.draft.question.name == "budget" and not again.draft.draft.value("budget")


def test_an_answer_to_another_question_is_kept_where_it_belongs(begun):
    answer = said("我们在绍兴", at("budget", begun))
    assert answer.draft.question.name == "budget" and answer.draft.draft.value("region") == "绍兴"


def test_where_no_encoder_is_it_still_works():
    def plain(text, draft):
        return continue_registration(Turn(text, (), draft), TODAY)

    draft = plain(REGISTER, start_draft(WISH, RecordKind.NEED, today=TODAY)).draft.draft
    assert plain("不登记了", draft).answer == DROPPED and plain("算了不弄了", draft).answer == DROPPED
    assert plain("就这些", draft).answer == READY
    assert plain("漆膜200℃就开裂", draft).draft.draft.value("description") == "漆膜200℃就开裂"
