from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.evaluation.cases import Expectation
from bot.evaluation.checks import check_answer
from bot.types import (
    Answer,
    Citation,
    Conflict,
    ConflictVersion,
    Contact,
    Correction,
    Intent,
    MeetingPlace,
    PartnerSuggestion,
    Status,
    StatusNote,
)


@pytest.fixture
def full_answer(make_answer: Callable[..., Answer], cite: Callable[..., Citation]) -> Answer:
    return make_answer(
        "单个项目最高不超过 50 万元[1]。",
        notes=("截至2025-05-28，见 12345678-90",),
        citations=(cite("单个项目最高不超过 50 万元支持"),),
        corrections=(Correction("60万元", "50 万元", 1),),
        statuses=(StatusNote("联合项目", Status.REPORTED, "2025-05-28", 1),),
        contacts=(Contact("王某", "12345678-90", None, "本答复", 1),),
        partners=(PartnerSuggestion("institute-a", "甲研究院", "做材料", None, 1, next_step="可登记需求"),),
        meeting_places=(MeetingPlace("对接会", "活动赛事", "举办对接会", Status.COMPLETED, "2025-05-28", 1),),
        conflicts=(Conflict("产品名", (ConflictVersion("知产贷", 1), ConflictVersion("知产担", 1))),),
    )


#: Each expectation once as it holds for the answer above and once as it does not.
BOTH_WAYS: list[tuple[str, Any, Any]] = [
    ("abstained", False, True),
    ("contains_all", ["50万元", "知产担"], ["50万元", "知产宝"]),
    ("contains_any", ["没有这个", "最高"], ["没有这个", "也没有这个"]),
    ("excludes", ["70万"], ["12345678"]),
    ("answer_excludes", ["截至"], ["50万元"]),
    ("quote", "最高不超过50万元支持", "最高不超过60万元支持"),
    ("document", ["reply.txt"], ["other.txt"]),
    ("status", ["draft", "reported"], ["draft"]),
    ("contact", "12345678-90", "12345678-91"),
    ("partner", "甲研究院", "乙研究院"),
    ("partner", "institute-a", "institute-b"),
    ("meeting_place", ["没有这个", "对接会"], ["没有这个"]),
    ("excludes", ["做食品"], ["做材料"]),
    ("excludes", ["没有这个"], ["举办对接会"]),
    ("intent", "policy", "smalltalk"),
    ("corrected", True, False),
    ("conflict", True, False),
]


@pytest.mark.parametrize(("name", "holding", "failing"), BOTH_WAYS)
def test_each_expectation_passes_and_fails(full_answer: Answer, name: str, holding: Any, failing: Any) -> None:
    passed = check_answer(full_answer, Expectation.model_validate({name: holding}))
    assert passed
    assert all(check.passed and check.name == name and not check.reason for check in passed)
    failed = check_answer(full_answer, Expectation.model_validate({name: failing}))
    assert [check.name for check in failed if not check.passed] == [name]
    assert all(check.reason for check in failed if not check.passed)


def test_what_is_absent_fails_what_expects_it(make_answer: Callable[..., Answer]) -> None:
    bare = make_answer("没有写明。", abstained=True, intent=Intent.OUT_OF_SCOPE)
    expected = Expectation.model_validate(
        {"quote": "甲", "document": "a", "status": "draft", "contact": "乙", "partner": "丙", "conflict": True}
    )
    assert not any(check.passed for check in check_answer(bare, expected))


def test_the_wrong_figure_of_the_question_is_not_contained(full_answer: Answer) -> None:
    (check,) = check_answer(full_answer, Expectation(contains_all=("60万元",)))
    assert not check.passed


def test_contacts_are_searched_for_what_must_not_be_given(make_answer: Callable[..., Answer]) -> None:
    answer = make_answer("请联系。", contacts=(Contact(None, "12345678-90", None, "本答复", None),))
    expected = Expectation(excludes=("12345678",), answer_excludes=("12345678",))
    excluded, only_answer = check_answer(answer, expected)
    assert not excluded.passed
    assert only_answer.passed


def test_a_reference_alone_checks_nothing(make_answer: Callable[..., Answer]) -> None:
    assert check_answer(make_answer("甲"), Expectation(reference="乙")) == ()
