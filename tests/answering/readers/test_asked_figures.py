"""The figures of a text that a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.figures import FigureKind
from bot.understanding.asked import FIGURE_KINDS, Asked, asked_figures, states_figure


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        (Asked.AMOUNT, "合同的百分之三十，2029年每户最高6万元，满3年的再加2万元。", ["6万元", "2万元"]),
        (Asked.RATE, "合同的百分之三十，2029年每户最高6万元。", ["百分之三十"]),
        (Asked.DATE, "合同的百分之三十，2029年每户最高6万元。", ["2029年"]),
        (Asked.DURATION, "15个工作日内答复，6月1日起12个月有效。", ["15个工作日", "12个月"]),
        (Asked.PHONE, "电话0599-6600022，一楼3号。", ["0599-6600022"]),
        (Asked.AMOUNT, "合同的百分之三十，满3年的优先。", []),
        (Asked.AMOUNT, "", []),
    ],
)
def test_only_figures_of_the_kinds_asked_for_are_found_in_order(asked: Asked, text: str, found: list[str]) -> None:
    figures = asked_figures(text, FIGURE_KINDS[asked], "补多少？")
    assert [each.text for each in figures] == found
    assert all(text[each.start : each.end] == each.text for each in figures)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("一共有多少家？", ["12家"]),
        ("师傅有几位？", ["3位"]),
        ("是不是12家？", ["12家"]),
        ("里头入驻了几户？", []),
        ("数量是多少？", ["12家", "3位"]),
    ],
)
def test_of_counts_those_with_the_measure_word_of_the_question_are_meant(question: str, found: list[str]) -> None:
    figures = asked_figures("共有12家工坊、3位师傅。", FIGURE_KINDS[Asked.COUNT], question)
    assert [each.text for each in figures] == found


def test_a_bare_number_needs_no_measure_word() -> None:
    figures = asked_figures("木作45，陶艺12位", FIGURE_KINDS[Asked.COUNT], "有多少家？")
    assert [(each.text, each.kind) for each in figures] == [("45", FigureKind.NUMBER)]


def test_a_measure_word_leaves_other_kinds_alone() -> None:
    kinds = FIGURE_KINDS[Asked.AMOUNT]
    assert [each.text for each in asked_figures("12位师傅共3万元", kinds, "有多少家？")] == ["3万元"]
    both = kinds | FIGURE_KINDS[Asked.COUNT]
    assert [each.text for each in asked_figures("12位师傅共3万元", both, "有多少家？")] == ["3万元"]


TEXTS = st.lists(st.sampled_from(["12家", "3位", "6万元", "百分之三十", "2029年", "45", "工坊", "，"]), max_size=8)


@given(TEXTS, st.sampled_from(list(FIGURE_KINDS)), st.sampled_from(["有多少家？", "补多少？", ""]))
def test_where_there_is_an_asked_figure_the_text_states_one(pieces: list[str], asked: Asked, question: str) -> None:
    text = "，".join(pieces)
    kinds = FIGURE_KINDS[asked]
    figures = asked_figures(text, kinds, question)
    assert all(each.kind in kinds for each in figures)
    assert not figures or states_figure(text, kinds, question) > 0
    assert bool(figures) or states_figure(text, kinds, question) < 1
