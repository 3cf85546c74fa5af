"""From a draft to an answer: markers, quotes, what is left out, and the notes beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.composition import cited_markers, compose, drop_enumerator, section_at, tidy, whole_lines
from bot.answering.draft import (
    Draft,
    DraftConflict,
    DraftContact,
    DraftCorrection,
    DraftStatus,
    Passage,
    Refusal,
    Statement,
)
from bot.answering.wording import OWN_WORDS
from bot.types import Answer, Computed, Contact, Document, Intent, Section, SourceKind, Status, TextKind
from tests.support.drafts import completed, document, passage

SUPPORT = "对单个项目给予最高30万元支持。"
TERM = "扶持期限为2年。"
RULES = document(
    "办法.txt", f"第一条 {SUPPORT}{TERM}", title="攻关办法", document_number="青科〔2024〕7号", date="2024-03-01"
)
GUIDE = document("指南.txt", "每家企业每年可申报1次。申报材料交区科技局。")
TRACE_NOTE = "有一处数字在所引原文中核对不到，已略去。"


def composed(draft: Draft, *documents: Document) -> Answer:
    return compose(draft, "问", "问全", {each.id: each for each in documents or (RULES, GUIDE)}.__getitem__)


def told(*statements: Statement, **fields: object) -> Draft:
    return Draft(Intent.POLICY, statements, **fields)  # type: ignore[arg-type]


def said(words: str, source: Document = RULES) -> Statement:
    return Statement(words, (passage(source, words),))


# --- markers -------------------------------------------------------------------------------------


def test_markers_are_given_out_in_reading_order_and_once_per_passage() -> None:
    answer = composed(told(said(TERM), said("每家企业每年可申报1次。", GUIDE), said(SUPPORT), said(TERM), listed=True))
    assert answer.answer.splitlines() == [
        f"{TERM}[1]",
        "每家企业每年可申报1次。[2]",
        f"{SUPPORT}[3]",
        f"{TERM}[1]",
    ]
    assert [citation.marker for citation in answer.citations] == [1, 2, 3]
    assert [citation.document_id for citation in answer.citations] == ["办法.txt", "指南.txt", "办法.txt"]


def test_a_passage_inside_one_already_cited_shares_its_marker_and_a_wider_one_does_not() -> None:
    whole = Statement("办法全文见下。", (passage(RULES),))
    assert composed(told(whole, said(TERM))).answer == f"办法全文见下。[1]{TERM}[1]"
    assert composed(told(said(TERM), whole)).answer == f"{TERM}[1]办法全文见下。[2]"


def test_the_same_place_of_another_document_is_another_passage() -> None:
    answer = composed(told(Statement("文件都有说明。", (Passage("办法.txt", 0, 10), Passage("指南.txt", 0, 10)))))
    assert answer.answer == "文件都有说明。[1][2]"


def test_a_statement_carries_each_of_its_markers_once() -> None:
    answer = composed(told(Statement("可以申请。", (passage(RULES, TERM), passage(GUIDE), passage(RULES, TERM)))))
    assert answer.answer == "可以申请。[1][2]"


def test_what_is_read_first_is_numbered_first() -> None:
    def at(words: str) -> Passage:
        return passage(text, words)

    text = document("各处.txt", "甲万元乙丙丁戊己庚")
    contact = Contact("某科", None, None, "咨询")
    answer = composed(
        told(
            Statement("乙", (at("乙"),)),
            notes=(Statement("己", (at("己"),)),),
            corrections=(DraftCorrection("5万元", "甲万元", at("甲万元")),),
            contacts=(DraftContact(contact, at("丙")),),
            conflicts=(DraftConflict("丁", (("丁", at("丁")), ("戊", at("戊")))),),
            statuses=(DraftStatus("庚", Status.PILOT, "2024", at("庚")), DraftStatus("辛", Status.DRAFT, None, None)),
        ),
        text,
    )
    assert [citation.quote for citation in answer.citations] == ["甲万元", "乙", "丙", "丁", "戊", "庚", "己"]
    assert answer.corrections[0].marker == 1 and answer.answer == "乙[2]" and answer.contacts[0].marker == 3
    assert [version.marker for version in answer.conflicts[0].versions] == [4, 5]
    assert [status.marker for status in answer.statuses] == [6, None] and answer.notes == ("己[7]",)


def test_a_citation_is_the_documents_own_words_with_what_is_known_of_it() -> None:
    (citation,) = composed(told(said(TERM))).citations
    assert citation.quote == RULES.text[citation.start : citation.end] == TERM
    assert (citation.title, citation.document_number, citation.date) == ("攻关办法", "青科〔2024〕7号", "2024-03-01")


def test_the_innermost_section_around_a_place_is_named_by_its_path() -> None:
    sections = (Section(("第一章",), 0, 20), Section(("第一章", "第二条"), 5, 10))
    text = Document("章.txt", "甲" * 30, "", RULES.metadata, sections)
    places = {0: "第一章", 5: "第一章 › 第二条", 9: "第一章 › 第二条", 10: "第一章", 19: "第一章", 20: ""}
    assert {place: section_at(text, place) for place in places} == places


def test_a_bracketed_number_of_a_document_is_no_marker() -> None:
    text = document("通知.txt", "按南樟科[2021]12号执行，标准见注释[1]，最高20万元。")
    answer = composed(told(said(TERM), said(text.text, text)), RULES, text)
    assert answer.answer == f"{TERM}[1]按南樟科[2021]12号执行，标准见注释［1］，最高20万元。[2]"
    assert cited_markers(answer.answer) == (1, 2) and answer.notes == ()
    told_figures = [(figure.text, figure.marker) for figure in answer.figures]
    assert ("2年", 1) in told_figures and ("20万元", 2) in told_figures


def test_a_figure_is_that_of_the_statement_it_stands_in() -> None:
    first, second = document("甲.txt", "最高十万元。"), document("乙.txt", "最高10万元。")
    answer = composed(told(Statement("最高10万元。", (passage(first),)), said("最高10万元。", second)), first, second)
    assert [(figure.text, figure.marker) for figure in answer.figures] == [("10万元", 1), ("10万元", 2)]


# --- what is left out ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        Statement("最高给予50万元支持。", (passage(RULES, SUPPORT),)),
        Statement("扶持期限为2年。", (passage(RULES, SUPPORT),)),
        Statement("最高给予30万元支持。"),
        Statement("支持。", (passage(RULES, SUPPORT),), lead="最高3万元："),
        Statement("最高给予支持。[9]", (passage(RULES, SUPPORT),)),
        Statement("按青科〔2024〕7号办理。", (passage(RULES, SUPPORT),)),
    ],
)
def test_what_its_own_passages_do_not_bear_out_is_left_out_and_said_so_once(wrong: Statement) -> None:
    answer = composed(told(wrong, said(SUPPORT), wrong))
    assert answer.answer == f"{SUPPORT}[1]"
    assert answer.notes == (TRACE_NOTE,) and not answer.abstained


def test_nothing_is_answered_when_everything_is_left_out() -> None:
    answer = composed(told(Statement("最高给予50万元支持。", (passage(RULES, SUPPORT),))))
    assert answer.abstained and answer.answer == "" and answer.notes == (TRACE_NOTE,)


def test_a_whole_answer_has_no_note_on_anything_left_out() -> None:
    answer = composed(told(said(SUPPORT)))
    assert answer.notes == () and not answer.abstained
    assert [(figure.text, figure.marker, figure.verified) for figure in answer.figures] == [("30万元", 1, True)]


def test_the_asked_side_of_a_correction_and_a_count_made_by_code_need_no_quote() -> None:
    correction = DraftCorrection("50万元", "30万元", passage(RULES, SUPPORT))
    assert composed(told(Statement("不是50万元。"), corrections=(correction,))).answer == "不是50万元。"
    counted = Computed("共3项", 3, "所列事项")
    assert composed(told(Statement("共3项："), computed=(counted,))).answer == "共3项："
    assert composed(told(Statement("共4项："), computed=(counted,))).abstained


def test_a_note_may_name_a_documents_number_and_date_but_no_figure_of_its_own() -> None:
    dated = Statement("依据青科〔2024〕7号，截至2024-03-01。", (passage(RULES, SUPPORT),))
    invented = Statement("截至2025-03-01，共支持8家。", (passage(RULES, SUPPORT),))
    answer = composed(told(said(SUPPORT), notes=(dated, invented)))
    assert answer.notes == ("依据青科〔2024〕7号，截至2024-03-01。[1]",)


def test_a_refusal_answers_nothing_whatever_it_tells() -> None:
    assert composed(told(said(SUPPORT), refusal=Refusal.ATTRIBUTE_NOT_STATED)).abstained
    assert not composed(told()).abstained


def test_statements_run_on_and_only_a_list_has_lines() -> None:
    assert composed(told(said(SUPPORT), said(TERM))).answer == f"{SUPPORT}[1]{TERM}[2]"
    assert composed(told(said(SUPPORT), said(TERM), listed=True)).answer == f"{SUPPORT}[1]\n{TERM}[2]"


# --- what was asked for --------------------------------------------------------------------------


def asked_for(
    words: str, statement: str = SUPPORT, source: Document = RULES, focus: Document | None = None
) -> Statement:
    """``statement`` of ``source`` whose stretch with ``words`` is what was asked for."""
    return replace(said(statement, source), focus=passage(focus or source, words))


def test_the_part_of_a_statement_that_was_asked_for_is_emphasised() -> None:
    answer = composed(told(asked_for("30万元")))
    assert answer.emphasis == ("30万元",) and answer.answer == f"{SUPPORT}[1]"
    assert composed(told(asked_for(SUPPORT, f"{SUPPORT}{TERM}"))).emphasis == (SUPPORT,)


def test_without_what_was_asked_for_nothing_is_emphasised() -> None:
    assert composed(told(said(SUPPORT))).emphasis == ()
    assert composed(told()).emphasis == ()


def test_what_is_all_of_a_statement_is_not_emphasised() -> None:
    assert composed(told(asked_for(SUPPORT))).emphasis == ()
    padded = replace(asked_for(SUPPORT), text=f"{SUPPORT} \n")
    assert composed(told(padded)).emphasis == ()
    led = replace(asked_for(SUPPORT), lead="办法写明：")
    assert composed(told(led)).emphasis == ()


def test_what_was_asked_for_is_emphasised_once_each_in_reading_order() -> None:
    statements = (asked_for("2年", TERM), asked_for("30万元"), asked_for("2年", TERM))
    assert composed(told(*statements, listed=True)).emphasis == ("2年", "30万元")


def test_nothing_of_a_statement_that_is_left_out_is_emphasised() -> None:
    untraced = Statement("给予最高30万元支持，期限9年。", (passage(RULES, SUPPORT),), focus=passage(RULES, "30万元"))
    answer = composed(told(untraced, asked_for("2年", TERM)))
    assert answer.answer == f"{TERM}[1]" and answer.emphasis == ("2年",)
    assert composed(told(asked_for("2年", TERM), untraced)).emphasis == ("2年",)


def test_what_does_not_stand_in_a_statement_is_not_emphasised() -> None:
    assert composed(told(asked_for("2年", SUPPORT))).emphasis == ()
    assert composed(told(asked_for("每年可申报1次", SUPPORT, focus=GUIDE))).emphasis == ()


def test_what_holds_a_bracketed_number_of_a_document_is_not_emphasised() -> None:
    text = document("通知.txt", "标准见注释[1]，最高20万元。逾期作废。")
    whole = "标准见注释[1]，最高20万元。"
    assert composed(told(asked_for(whole, text.text, text)), text).emphasis == ()
    assert composed(told(asked_for("20万元", text.text, text)), text).emphasis == ("20万元",)


def test_what_was_asked_for_is_emphasised_as_it_is_told() -> None:
    text = document("通知.txt", "按月发放，\n  每月最高20万元。\n逾期作废。")
    focus = passage(text, "按月发放，\n  每月最高20万元。")
    statement = Statement(whole_lines(text.text), (passage(text),), focus=focus)
    answer = composed(told(statement), text)
    assert answer.emphasis == ("按月发放，\n每月最高20万元。",) and answer.emphasis[0] in answer.answer


# --- notes ---------------------------------------------------------------------------------------

SUMMARY = document(
    "要点.md", "服务券每家企业每年最高6万元，逾期作废。", text_kind=TextKind.OWN_WORDS, date="2025-01-02"
)
REPRINT = document("报道.md", "服务券已发放。", text_kind=TextKind.OWN_WORDS, kind=SourceKind.NEWS)


def beside(*sources: Document) -> tuple[str, ...]:
    draft = told(*(Statement(source.text, (passage(source),)) for source in sources))
    return composed(completed(draft, *sources), *sources).notes


def test_our_own_words_carry_the_note_that_they_are_not_the_original() -> None:
    assert f"{OWN_WORDS}[1]" in beside(SUMMARY)
    assert beside(REPRINT) == ("该依据为本库据新闻或转载整理，非原文，请以来源页面为准。[1]",)
    assert f"{OWN_WORDS}[2]" in beside(RULES, SUMMARY)
    assert not any("非原文" in note for note in beside(RULES, GUIDE))


def test_two_passages_of_one_document_of_ours_carry_one_note() -> None:
    two = told(said("服务券每家企业每年最高6万元", SUMMARY), said("逾期作废。", SUMMARY))
    notes = composed(completed(two, SUMMARY), SUMMARY).notes
    assert [note for note in notes if "非原文" in note] == [f"{OWN_WORDS}[1]"]


def test_an_answer_is_dated_by_the_first_document_it_rests_on() -> None:
    assert beside(RULES, SUMMARY)[0] == "依据青科〔2024〕7号，截至2024-03-01。[1]"
    assert beside(SUMMARY, RULES)[0] == "依据《要点.md》，截至2025-01-02。[1]"
    assert not any("截至" in note for note in beside(GUIDE, RULES))


def test_notes_are_not_told_twice() -> None:
    draft = told(Statement(SUMMARY.text, (passage(SUMMARY),)))
    once = completed(draft, SUMMARY)
    assert once.notes and completed(once, SUMMARY).notes == once.notes
    note = Statement("另见指南。")
    assert draft.with_notes(note).with_notes(note, Statement("见指南。", lead="另")).notes == (note,)
    assert draft.with_notes(note).with_notes(Statement("见指南。")).notes == (note, Statement("见指南。"))


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" 给予\n  支持 。 ", "给予支持 。"),
        ("给予 30 万元支持", "给予30万元支持"),
        ("增长 5% 以上", "增长5%以上"),
        ("AI 与 5G 技术", "AI与5G技术"),
        ("summer school 2025", "summer school 2025"),
        ("甲 乙", "甲 乙"),
    ],
)
def test_loose_spaces_go_and_characters_stay(text: str, shown: str) -> None:
    assert tidy(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一是加大支持", "加大支持"),
        ("（十二）加大支持", "加大支持"),
        ("三、加大支持", "加大支持"),
        ("1. 加大支持", "加大支持"),
        ("(2)加大支持", "加大支持"),
        ("• 加大支持", "加大支持"),
        ("1.5万元支持", "1.5万元支持"),
        ("加大支持", "加大支持"),
    ],
)
def test_only_the_number_of_a_list_item_is_left_out(text: str, shown: str) -> None:
    assert drop_enumerator(text) == shown


def test_markers_of_a_text_come_in_order_and_once() -> None:
    assert cited_markers("甲[3]乙[1][3]丙[12]〔2024〕") == (3, 1, 12)
