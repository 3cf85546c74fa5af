from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.evaluation.invariants import Rule, check_invariants
from bot.types import (
    Answer,
    Citation,
    Computed,
    Conflict,
    ConflictVersion,
    Contact,
    Correction,
    Figure,
    Intent,
    Status,
    StatusNote,
)

Make = Callable[..., Answer]
Cite = Callable[..., Citation]
Text = Callable[[str], str]

SUM = "单个项目最高不超过 50 万元支持"
YEAR = "去年，共立项 17 个"
PHONE = "联系电话: 12345678-90"


def rules(answer: Answer, document_text: Text) -> list[Rule]:
    return [violation.rule for violation in check_invariants(answer, document_text)]


@pytest.mark.parametrize(
    "text",
    [
        "单个项目最高不超过 50 万元支持[1]。",
        "最高50万元[1]，立项17个[2]。",
        "1. 最高 50 万元[1]\n2. 共 17 个[2]",
        "（1）最高 50 万元[1]（2）共 17 个[2]",
        "2024年立项 17 个[2]。",
        "最高500,000元[1]。",
        "①最高 50 万元[1]②共 17 个[2]",
        "截至2025年5月28日，立项 17 个[2]。",
    ],
)
def test_figures_that_stand_in_a_quote_pass(make_answer: Make, cite: Cite, document_text: Text, text: str) -> None:
    answer = make_answer(text, citations=(cite(SUM), cite(YEAR, 2)))
    assert rules(answer, document_text) == []


@pytest.mark.parametrize(
    "text",
    [
        "最高 60 万元[1]。",
        "最高 150 万元[1]。",
        "最高 50 亿元[1]。",
        "最高 50 元[1]。",
        "共 17 家[2]。",
        "2025年立项 17 个[2]。",
        "最高六十万元[1]。",
        "比例为 5%[1]。",
        "拨打 12345678-91[1]。",
        "最高 50 万元[1]，共 18 个[2]。",
    ],
)
def test_figures_that_stand_in_no_quote_are_found(
    make_answer: Make, cite: Cite, document_text: Text, text: str
) -> None:
    answer = make_answer(text, citations=(cite(SUM), cite(YEAR, 2)))
    assert Rule.FIGURE in rules(answer, document_text)


def test_a_year_is_only_resolved_where_the_document_has_a_date(
    make_answer: Make, cite: Cite, document_text: Text
) -> None:
    answer = make_answer("2024年立项 17 个[1]。", citations=(replace(cite(YEAR), date=None),))
    assert rules(answer, document_text) == [Rule.FIGURE]


def test_corrections_counts_and_conflicts_are_typed_exceptions(
    make_answer: Make, cite: Cite, document_text: Text
) -> None:
    answer = make_answer(
        "不是60万元，而是 50 万元[1]。共3项。有的写12家，有的写13家。",
        citations=(cite(SUM),),
        corrections=(Correction("60万元", "50 万元", 1),),
        computed=(Computed("3项", 3, "支持事项"),),
        conflicts=(Conflict("家数", (ConflictVersion("12家", 1), ConflictVersion("13家", 1))),),
    )
    assert rules(answer, document_text) == []
    assert rules(replace(answer, corrections=()), document_text) == [Rule.FIGURE]
    assert rules(replace(answer, computed=()), document_text) == [Rule.FIGURE]
    assert rules(replace(answer, conflicts=()), document_text) == [Rule.FIGURE] * 2


def test_only_a_refusal_may_repeat_the_figures_of_its_question(make_answer: Make, document_text: Text) -> None:
    refusal = make_answer("没有写明80万元的贷款。", question="能贷80万元吗", abstained=True)
    assert rules(refusal, document_text) == []
    assert Rule.FIGURE in rules(replace(refusal, abstained=False), document_text)
    assert rules(replace(refusal, answer="没有写明，一般是90万元。"), document_text) == [Rule.FIGURE]


def test_a_quote_must_be_the_text_at_its_offsets(make_answer: Make, cite: Cite, document_text: Text) -> None:
    right = cite(SUM)
    for wrong in (
        replace(right, start=right.start + 1),
        replace(right, end=right.end - 1),
        replace(right, quote=right.quote.replace(" ", "")),
        replace(right, document_id="other.txt"),
        replace(right, start=0, end=0, quote=""),
    ):
        assert Rule.QUOTE in rules(make_answer("甲[1]。", citations=(wrong,)), document_text)
    assert rules(make_answer("甲[1]。", citations=(right,)), document_text) == []


def test_every_marker_has_its_citation(make_answer: Make, cite: Cite, document_text: Text) -> None:
    citations = (cite(SUM),)
    good = make_answer("甲[1]。", citations=citations, notes=("乙[1]",))
    assert rules(good, document_text) == []
    for bad in (
        replace(good, answer="甲[1][2]。"),
        replace(good, notes=("乙[3]",)),
        replace(good, statuses=(StatusNote("甲", Status.DRAFT, None, 2),)),
        replace(good, corrections=(Correction("甲", "乙", 2),)),
        replace(good, citations=(cite(SUM), cite(YEAR))),
    ):
        assert Rule.MARKER in rules(bad, document_text)


def test_a_factual_answer_needs_evidence(make_answer: Make, document_text: Text) -> None:
    assert rules(make_answer("有支持。"), document_text) == [Rule.EVIDENCE]
    assert rules(make_answer("没有写明。", abstained=True), document_text) == []
    assert rules(make_answer("您好。", intent=Intent.SMALLTALK), document_text) == []
    assert rules(make_answer(" ", intent=Intent.SMALLTALK), document_text) == [Rule.EVIDENCE]


def test_a_contact_is_copied_from_its_quote_and_has_a_purpose(
    make_answer: Make, cite: Cite, document_text: Text
) -> None:
    contact = Contact(None, "12345678-90", None, "本答复", 1)
    good = make_answer("见[1]。", citations=(cite(PHONE),), contacts=(contact,))
    assert rules(good, document_text) == []
    for bad in (replace(contact, phone="12345678-91"), replace(contact, purpose=" ")):
        assert rules(replace(good, contacts=(bad,)), document_text) == [Rule.CONTACT]
    unsourced = replace(contact, marker=None)
    elsewhere = replace(good, citations=(cite(SUM),), contacts=(unsourced,))
    assert rules(elsewhere, document_text) == [Rule.CONTACT]


def test_a_mobile_number_of_nowhere_is_found_in_notes(make_answer: Make, cite: Cite, document_text: Text) -> None:
    answer = make_answer("甲[1]。", citations=(cite(SUM),), notes=("可拨打13800138000",))
    assert rules(answer, document_text) == [Rule.PRIVATE]


def test_a_figure_called_verified_stands_in_the_quote_of_its_marker(
    make_answer: Make, cite: Cite, document_text: Text
) -> None:
    figure = Figure("50 万元", 500_000.0, "元", 1, True)
    answer = make_answer("甲[1]，乙[2]。", citations=(cite(SUM), cite(YEAR, 2)), figures=(figure,))
    assert rules(answer, document_text) == []
    assert rules(replace(answer, figures=(replace(figure, marker=2),)), document_text) == [Rule.FIGURE]
    unverified = replace(figure, marker=2, verified=False)
    assert rules(replace(answer, figures=(unverified,)), document_text) == []
