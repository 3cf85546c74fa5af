"""Sources that disagree are shown where an answer or its question touches them, and only there."""

from __future__ import annotations

import pytest

from bot.answering.disagreeing import DisagreementReader
from bot.answering.draft import Draft, DraftConflict, Passage, Refusal, Statement
from bot.catalogue.conflicts import Disagreement, find_disagreements
from bot.types import Document, Intent
from tests.support.drafts import document, passage

OLD = document("旧.txt", "青禾创新带由六市一区共同建设推进，2024年6月完成一期。沿线设有三处驿站。")
NEW = document("新.txt", "青禾创新带由七市一区共同建设推进，2024年6月完成一期。")
BANK = document("甲.txt", "东海银行的“惠民知产贷”面向科技企业。")
LOAN = document("乙.txt", "东海银行的“惠民知产担”面向科技企业。")
FOUND = find_disagreements((OLD, NEW, BANK, LOAN))
CITIES = "青禾创新带由{}市一区共同建设推进，2024年6月完成一期。"


def shown(draft: Draft, question: str, found: tuple[Disagreement, ...] = FOUND) -> list[tuple[str, ...]]:
    conflicts = DisagreementReader(found).attach(draft, question).conflicts
    return [tuple(value for value, _ in conflict.versions) for conflict in conflicts]


def answer(words: str, source: Document, place: Passage | None = None, **fields: object) -> Draft:
    statement = Statement(words, (place or passage(source, words),))
    return Draft(Intent.POLICY, (statement,), **fields)  # type: ignore[arg-type]


def test_the_two_disagreements_on_file_are_a_name_and_a_figure() -> None:
    assert [item.values for item in FOUND] == [("“惠民知产担”", "“惠民知产贷”"), ("七市", "六市")]
    assert [item.subject for item in FOUND] == [
        "东海银行“惠民知产担”/“惠民知产贷”",
        "青禾创新带由七市一区共同建设推进，202",
    ]


# --- the question names a value ------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["惠民知产贷是什么？", "“惠民知产担”面向谁？", "东海银行有“惠民知产贷”吗", "有惠民知产担和别的贷款吗"]
)
def test_a_question_that_names_either_version_is_shown_both(question: str) -> None:
    assert shown(Draft(Intent.POLICY, (Statement("资料没有写明。"),)), question) == [("“惠民知产担”", "“惠民知产贷”")]


@pytest.mark.parametrize("question", ["惠民知产是什么？", "知产贷是什么？", "东海银行有什么产品？", "沿线有几处驿站？"])
def test_a_question_that_names_neither_version_is_shown_none(question: str) -> None:
    assert shown(Draft(Intent.POLICY, (Statement("资料没有写明。"),)), question) == []


def test_width_and_case_of_a_name_make_no_difference() -> None:
    item = Disagreement("甲“AI贷款”/“AI担保”", ("“AI贷款”", "“AI担保”"), FOUND[0].statements)
    assert shown(Draft(Intent.POLICY), "ａｉ贷款怎么办？", (item,)) == [item.values]


# --- the answer rests on one of the sources ------------------------------------------------------

ABOUT = "青禾创新带由哪些地方共建？"


@pytest.mark.parametrize(("number", "source"), [("六", OLD), ("七", NEW)])
def test_an_answer_that_says_a_version_from_its_source_is_shown_both(number: str, source: Document) -> None:
    assert shown(answer(CITIES.format(number), source), ABOUT) == [("七市", "六市")]


def test_an_answer_from_the_source_that_says_no_version_is_shown_none() -> None:
    place = passage(OLD, CITIES.format("六"))
    assert shown(answer("青禾创新带共同建设推进。", OLD, place), ABOUT) == []
    assert shown(answer("沿线设有三处驿站。", OLD), ABOUT) == []


def test_a_version_said_from_another_place_or_document_is_shown_none() -> None:
    words = CITIES.format("六")
    assert shown(answer(words, OLD, passage(OLD, "沿线设有三处驿站。")), ABOUT) == []
    assert shown(answer(words, NEW, passage(BANK)), ABOUT) == []


def test_a_version_has_to_be_said_from_its_own_source() -> None:
    assert shown(answer(CITIES.format("六"), NEW, passage(NEW)), ABOUT) == []


def test_a_passage_that_only_borders_on_the_source_does_not_rest_on_it() -> None:
    (_, item) = FOUND
    end = next(source.end for source in item.statements if source.document_id == OLD.id)
    words = CITIES.format("六")
    assert shown(answer(words, OLD, Passage(OLD.id, end, end + 5)), ABOUT) == []
    assert shown(answer(words, OLD, Passage(OLD.id, end - 1, end + 5)), ABOUT) == [("七市", "六市")]


def test_a_version_said_in_the_lead_counts_like_one_in_the_text() -> None:
    statement = Statement("共同建设推进。", (passage(OLD, CITIES.format("六")),), lead="六市一区：")
    assert shown(Draft(Intent.POLICY, (statement,)), ABOUT) == [("七市", "六市")]


def test_a_question_about_a_neighbour_is_shown_none_unless_the_answer_is_a_list() -> None:
    words = CITIES.format("六")
    assert shown(answer(words, OLD), "沿线驿站是谁共同建设的？") == []
    assert shown(answer(words, OLD, listed=True), "沿线驿站是谁共同建设的？") == [("七市", "六市")]


# --- what is attached ----------------------------------------------------------------------------


def test_a_refusal_that_tells_nothing_is_shown_none() -> None:
    question = "惠民知产贷是什么？"
    assert shown(Draft(Intent.POLICY, refusal=Refusal.SUBJECT_NOT_STATED), question) == []
    assert shown(Draft(Intent.POLICY), question) == [("“惠民知产担”", "“惠民知产贷”")]


def test_each_version_is_shown_with_its_own_passage_and_nothing_is_taken_away() -> None:
    earlier = DraftConflict("别的事", (("甲", passage(OLD)),))
    draft = answer(CITIES.format("六"), OLD, conflicts=(earlier,))
    attached = DisagreementReader(FOUND).attach(draft, "惠民知产贷是什么？")
    assert attached.statements == draft.statements
    first, second = attached.conflicts
    assert first == earlier and second.subject == "东海银行“惠民知产担”/“惠民知产贷”"
    assert second.versions == (("“惠民知产担”", passage(LOAN)), ("“惠民知产贷”", passage(BANK)))


def test_without_disagreements_a_draft_stays_as_it_is() -> None:
    draft = answer(CITIES.format("六"), OLD)
    assert DisagreementReader(()).attach(draft, ABOUT) == draft
