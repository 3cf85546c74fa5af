"""Registering by talking: asked one at a time, nothing saved, questions in between answered."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answering.register import (
    DROPPED,
    ENOUGH,
    GIVE_UP,
    READY,
    REGISTER,
    SKIP,
    TITLE_NEEDED,
    continue_registration,
    waiting_note,
)
from bot.market.drafting import start_draft
from bot.types import Intent, RecordKind, Turn

TODAY = date(2026, 3, 1)
WISH = "我们想找能做耐高温绝缘漆的技术团队"


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
        question = waiting_note(draft)
        assert question
        answer = said(f"说明{len(asked)}", draft)
        asked.append(answer.answer)
        draft = answer.draft.draft
    assert answer.answer == READY and not answer.draft.missing
    assert draft.value("region").startswith("说明") and waiting_note(draft) is None


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
