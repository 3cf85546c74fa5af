from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import QuestionError
from bot.evaluation.cases import Case
from bot.evaluation.metrics import Rate, measure
from bot.evaluation.results import saved
from bot.evaluation.rouge import rouge_l
from bot.evaluation.run import CaseResult, RunReport, run_cases
from bot.types import Answer, Status, StatusNote, Turn

Make = Callable[..., Answer]
MakeCase = Callable[..., Case]


@pytest.fixture
def report(make_answer: Make, make_case: MakeCase, document_text: Callable[[str], str]) -> RunReport:
    draft = (StatusNote("甲", Status.DRAFT, None, None),)
    answers = {
        "right refusal": make_answer("没有写明。", abstained=True),
        "missed refusal": make_answer("有。", intent="smalltalk"),
        "false refusal": make_answer("没有写明。", abstained=True),
        "right answer": make_answer("有。", intent="smalltalk", statuses=draft),
        "wrong figure": make_answer("有 5 万元。", intent="smalltalk"),
    }
    cases = [
        make_case("right refusal", tags=("a",), abstained=True),
        make_case("missed refusal", tags=("a",), abstained=True),
        make_case("false refusal", tags=("b",), abstained=False, reference="有的"),
        make_case("right answer", tags=("b", "c"), abstained=False, status="draft"),
        make_case("wrong figure", tags=("c",), abstained=False, status="draft", reference="有 5 万元"),
        make_case("error", tags=("d",), abstained=False),
    ]
    by_turn = iter(cases)

    def ask(turn: Turn) -> Answer:
        case = next(by_turn)
        assert turn == case.turn
        if case.id == "error":
            raise QuestionError("问题太长", value=3)
        return answers[case.id]

    return run_cases(cases, ask, document_text)


def test_a_case_passes_only_when_all_holds(report: RunReport) -> None:
    assert [result.passed for result in report.results] == [True, False, False, True, False, False]
    wrong, error = report.results[4:]
    assert any("5" in reason for reason in wrong.reasons)
    assert error.answer is None
    assert "问题太长" in error.reasons[0]


def test_the_figures_staff_watch(report: RunReport) -> None:
    metrics = measure([saved(result) for result in report.results])
    assert metrics.passed == Rate(2, 6)
    assert [(item.tag, item.rate) for item in metrics.by_tag] == [
        ("a", Rate(1, 2)),
        ("b", Rate(1, 2)),
        ("c", Rate(1, 2)),
        ("d", Rate(0, 1)),
    ]
    assert metrics.right_refusals == Rate(1, 2)
    assert metrics.false_refusals == Rate(1, 4)
    assert metrics.status == Rate(1, 2)
    assert (metrics.wrong_figures, metrics.broken_rules, metrics.errors) == (1, 1, 1)
    assert metrics.rouge_l == pytest.approx((rouge_l("没有写明。", "有的") + rouge_l("有5万元。", "有5万元")) / 2)


def test_a_share_has_its_interval() -> None:
    # Wilson (1927) for 8 of 10: 0.4902 to 0.9433.
    assert Rate(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Rate(0, 0).interval is None
    low, high = Rate(20, 20).interval or (0.0, 0.0)
    assert high == 1.0
    assert low == pytest.approx(0.8389, abs=1e-4)


def test_nothing_to_count_has_no_share() -> None:
    metrics = measure(())
    assert metrics.passed.share is None
    assert metrics.rouge_l is None


def test_an_error_of_ours_is_not_hidden(make_case: MakeCase, document_text: Callable[[str], str]) -> None:
    def broken(turn: Turn) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_cases([make_case("a", abstained=True)], broken, document_text)


def test_each_result_is_told_as_it_comes(
    make_answer: Make, make_case: MakeCase, document_text: Callable[[str], str]
) -> None:
    told: list[CaseResult] = []
    cases = [make_case("a", abstained=True), make_case("b", abstained=True)]
    answer = make_answer("没有。", abstained=True)
    report = run_cases(cases, lambda turn: answer, document_text, on_result=told.append)
    assert tuple(told) == report.results


@pytest.mark.parametrize(
    ("text", "reference", "score"),
    [
        ("最高 50 万元[1]", "最高50万元", 1.0),
        ("甲乙", "丙丁", 0.0),
        ("", "甲", 0.0),
        ("甲乙丙丁", "甲丁", (1 + 1.44) * 0.5 * 1.0 / (1.0 + 1.44 * 0.5)),
    ],
)
def test_rouge_l_by_hand(text: str, reference: str, score: float) -> None:
    assert rouge_l(text, reference) == pytest.approx(score)


@pytest.mark.parametrize(
    ("text", "fields", "expect", "counted"),
    [
        ("2019年有 20 家。", {}, {"contains_all": ["31家"]}, 1),
        ("有 20 家。", {}, {"contains_any": ["31家", "三十一家"]}, 1),
        ("有 31 家。", {}, {"contains_all": ["31家"]}, 0),
        ("有很多家。", {}, {"contains_all": ["31家"]}, 0),
        ("有 20 家。", {}, {"contains_all": ["开园"]}, 0),
        ("没有写明20家。", {"abstained": True}, {"contains_all": ["31家"]}, 0),
    ],
)
def test_figures_told_instead_of_the_one_asked_for_are_counted(
    make_answer: Make,
    make_case: MakeCase,
    text: str,
    fields: dict[str, object],
    expect: dict[str, object],
    counted: int,
) -> None:
    answer = make_answer(text, **fields)
    result = CaseResult(make_case("a", **expect), answer)
    assert measure([saved(result)]).other_figures == counted
