"""The layout of an answer, and what stands beside it to help asking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import IndexMissing
from bot.types import (
    Answer,
    Citation,
    Contact,
    Figure,
    Intent,
    MeetingPlace,
    PartnerSuggestion,
    SourceKind,
    SpellingOffer,
    Status,
    StatusNote,
    TextKind,
)
from bot.web import frame, rendering
from bot.web.conversation import Exchange
from bot.web.suggesting import LONGEST_TYPED, suggested
from bot.web.texts import CHINESE, ENGLISH


def rendered(texts=CHINESE, **changes) -> str:
    answer = replace(Answer("问", "问", Intent.POLICY, False, "答。"), **changes)
    return rendering.exchange(Exchange(1, answer.question, answer, finished=True), texts)


CITATION = Citation(1, "a", "题", None, "", 0, 1, "甲", None, None, None, SourceKind.NOTE, TextKind.VERBATIM)
OFFER = SpellingOffer("示例待", "示例贷", "示例贷多少？", applied=False)


def test_a_misspelt_name_is_offered_before_the_answer():
    written = rendered(spelling=(OFFER,))
    assert written.index("您是不是问") < written.index("答。") and 'data-ask="示例贷多少？"' in written


def test_what_a_name_was_taken_for_is_said_and_not_said_twice():
    written = rendered(spelling=(replace(OFFER, applied=True),), standalone_question="示例贷多少？")
    assert "按“示例贷”理解（您写的是“示例待”）。" in written
    assert "您是不是问" not in written and "按此理解" not in written


def test_a_bare_word_opens_a_choice_beside_the_originals():
    written = rendered(choices=("甲贷是什么？", "乙贷是什么？"), nearest=True, answer="最相关的原文是：\n原文一。[1]")
    assert written.index("您想问哪一项") < written.index("原文一")
    assert 'role="group" aria-label="您想问哪一项？"' in written and written.count("data-ask") == 2


def test_nearest_originals_are_cards_of_their_own_and_nothing_in_them_is_bold(parse):
    written = rendered(
        nearest=True,
        answer="最相关的原文是：\n下列情形：\n（一）甲30万元；\n（二）乙。[1]\n另一段。[2]",
        emphasis=("下列情形",),
        figures=(Figure("30万元", 1, "元", 1, True),),
    )
    assert written.count('class="near-passage"') == 2
    assert "strong" not in parse(written).tags
    assert "（二）" in written.split('class="near-passage"')[1] and "另一段" in written.split('class="near-passage"')[2]


def test_a_refusal_shows_what_is_near_as_cards_and_whom_to_ask():
    contact = Contact("示例窗口", "021-5550000", None, "示例事项")
    written = rendered(abstained=True, follow_ups=("甲是什么？",), contacts=(contact,))
    assert "资料里写明的相近内容" in written and 'class="near-card"' in written and "可以问谁" in written
    assert "接着问" not in written


def test_the_direct_answer_stands_out_when_it_is_short():
    assert '<p class="lead">' in rendered(answer="最高30万元。")
    assert '<p class="lead">' not in rendered(answer="长" * 120)
    assert '<p class="lead">' not in rendered(answer="没有写明。", abstained=True)


def test_enumerations_are_lists_by_their_depth(parse):
    text = "应当符合：\n（一）甲：\n1. 子一\n2. 子二\n（二）乙。"
    written = rendered(answer=text)
    parsed = parse(written)
    assert parsed.tags.count("ul") >= 2 and parsed.tags.count("li") == 4
    assert '<li class="numbered"><span class="item-number">1.</span> 子一</li>' in written
    assert written.index("子二</li></ul></li>") < written.index("（二）")


def test_a_single_numbered_line_is_no_list_and_a_heading_line_is_one(parse):
    assert "li" not in parse(rendered(answer="（一）通过的，资助1万元。")).tags
    assert '<p class="part-heading">二、成果转化</p>' in rendered(answer="二、成果转化\n全年完成。")


def test_where_many_figures_stand_none_stands_out():
    few = tuple(Figure(f"{number}万元", number, "元", 1, True) for number in range(1, 5))
    many = (*few, Figure("5万元", 5, "元", 1, True))
    text = "1万元、2万元、3万元、4万元、5万元"
    assert rendered(answer=text, figures=few).count('class="figure') == 4
    assert 'class="figure' not in rendered(answer=text, figures=many)
    assert 'class="figure' not in rendered(answer="第一条 共12处", figures=(Figure("12", 12, "", 1, True),))


def test_notes_have_no_bold_figures():
    figure = Figure("30万元", 1, "元", 1, True)
    assert rendered(answer="30万元", notes=("另见30万元",), figures=(figure,)).count("<strong") == 1


def test_equal_statuses_share_a_line():
    several = tuple(StatusNote(f"事项{number}", Status.DRAFT, "2031-01-01", 1) for number in range(3))
    written = rendered(statuses=(*several, StatusNote("别的", Status.PILOT, None, None)), citations=(CITATION,))
    assert written.count("badge-draft") == 1 and "3 项" in written and written.count("badge-pilot") == 1
    assert "事项0、事项1" in rendered(statuses=several[:2])


def test_a_note_that_says_what_the_status_says_is_left_out():
    status = StatusNote("事项", Status.IN_FORCE, "2031-01-01", 1)
    note = "依据示科〔2031〕7号，截至2031-01-01。[1]"
    assert 'class="notes"' in rendered(notes=(note,), citations=(CITATION,))
    assert 'class="notes"' not in rendered(notes=(note,), statuses=(status,), citations=(CITATION,))
    other = replace(status, as_of="2030-01-01")
    assert 'class="notes"' in rendered(notes=(note,), statuses=(other,), citations=(CITATION,))


PARTNER = PartnerSuggestion("x", "示例研究院", "做新材料", None, 1)
PLACE = MeetingPlace("示例对接会", "活动", "每年一次", Status.COMPLETED, None, 1)


def test_partners_and_events_are_folded_with_their_numbers_unless_asked_for():
    beside = rendered(partners=(PARTNER,), meeting_places=(PLACE, PLACE), citations=(CITATION,))
    assert '<details id="partners-1" class="beside">' in beside
    assert "可能的合作方 1 · 可以认识伙伴的活动和联盟 2" in beside
    asked = rendered(partners=(PARTNER,), intent=Intent.PARTNER, citations=(CITATION,))
    assert "partners-1" not in asked and "示例研究院" in asked


def test_feedback_says_what_happens_to_it():
    assert CHINESE.help.feedback_use in rendered() and ENGLISH.help.feedback_use in rendered(ENGLISH)


def test_every_word_is_there_in_both_languages():
    for name in type(CHINESE.help).__dataclass_fields__:
        chinese, english = getattr(CHINESE.help, name), getattr(ENGLISH.help, name)
        assert chinese and english and chinese != english
        assert chinese.count("{") == english.count("{")


# --- before anything is asked --------------------------------------------------------------------------


def test_the_box_shows_an_example_of_the_corpus(scripted):
    assert frame.placeholder(scripted, CHINESE) == "请输入问题，例如：示例攻关项目支持多少？"
    assert "示例攻关项目支持多少？" in frame.placeholder(scripted, ENGLISH)


def test_without_examples_the_box_invites_all_the_same(scripted, monkeypatch):
    monkeypatch.setattr(type(scripted), "placeholder", "")
    assert frame.placeholder(scripted, CHINESE) == CHINESE.placeholder


@pytest.mark.parametrize("request_", [None, "补贴", [], [3], ["补贴", "x"], ["补" * (LONGEST_TYPED + 1)], {"a": 1}])
def test_what_is_no_request_gets_no_suggestions(scripted, request_):
    assert suggested(scripted, request_) == []


def test_suggestions_are_plain_questions_and_trouble_is_not_told(scripted, monkeypatch):
    assert suggested(scripted, ["攻关"]) == ["示例攻关项目支持多少？", "谁能一起做示例攻关？", "攻关项目找谁问？"]

    def broken(self, typed):
        raise IndexMissing("没有索引", remedy="运行")

    monkeypatch.setattr(type(scripted), "suggest", broken)
    assert suggested(scripted, ["攻关"]) == []
