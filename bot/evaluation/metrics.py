"""Rates over a run that staff watch: by tag, refusals both ways, status, figures, ROUGE-L."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.checks import told_text
from bot.evaluation.invariants import Rule
from bot.evaluation.run import CaseResult, RunReport
from bot.evaluation.verbatim import fold, stands_in
from bot.text.figures import parse_figures

#: ROUGE-L weighs recall over precision as the field's Chinese reading tasks do.
ROUGE_BETA = 1.2


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``total``; ``share`` is ``None`` when there is nothing to count."""

    hits: int
    total: int

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.hits / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class TagRate:
    """How many cases of one tag pass."""

    tag: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of one run.

    ``right_refusals`` are over cases that expect a refusal, ``false_refusals`` over those that expect
    an answer; ``wrong_figures`` counts cases with an untraced figure, ``other_figures`` those whose answer
    tells figures but not the one expected, ``broken_rules`` cases that break any rule;
    ``rouge_l`` (0 to 1) is the mean over cases with a reference, refusals counting as they read.
    """

    passed: Rate
    by_tag: tuple[TagRate, ...]
    right_refusals: Rate
    false_refusals: Rate
    status: Rate
    wrong_figures: int
    other_figures: int
    broken_rules: int
    errors: int
    rouge_l: float | None


def measure(report: RunReport) -> Metrics:
    """The figures of ``report``; tags in the order they first appear."""
    results = report.results
    tags = dict.fromkeys(tag for result in results for tag in result.case.tags)
    by_tag = [TagRate(tag, _rate([r for r in results if tag in r.case.tags], _passed)) for tag in tags]
    scores = [
        rouge_l(result.answer.answer, result.case.expect.reference)
        for result in results
        if result.answer is not None and result.case.expect.reference is not None
    ]
    return Metrics(
        passed=_rate(results, _passed),
        by_tag=tuple(by_tag),
        right_refusals=_rate([r for r in results if r.case.expect.abstained is True], _refused),
        false_refusals=_rate([r for r in results if r.case.expect.abstained is False], _refused),
        status=_rate([r for r in results if r.case.expect.status], _status_right),
        wrong_figures=sum(any(v.rule is Rule.FIGURE for v in result.violations) for result in results),
        other_figures=_count(results, _tells_other_figures),
        broken_rules=sum(bool(result.violations) for result in results),
        errors=sum(bool(result.error) for result in results),
        rouge_l=sum(scores) / len(scores) if scores else None,
    )


def rouge_l(text: str, reference: str) -> float:
    """Character ROUGE-L, β = 1.2; markers and white space aside. 0 when either is empty."""
    ours, theirs = "".join(fold(text).split()), "".join(fold(reference).split())
    common = _longest_common_subsequence(ours, theirs)
    if not common:
        return 0.0
    precision, recall = common / len(ours), common / len(theirs)
    weight = ROUGE_BETA**2
    return (1 + weight) * precision * recall / (recall + weight * precision)


def _longest_common_subsequence(first: str, second: str) -> int:
    row = [0] * (len(second) + 1)
    for character in first:
        diagonal = 0
        for index, other in enumerate(second, start=1):
            above = row[index]
            row[index] = diagonal + 1 if character == other else max(above, row[index - 1])
            diagonal = above
    return row[-1]


def _rate(results: Sequence[CaseResult], holds: Callable[[CaseResult], bool]) -> Rate:
    return Rate(_count(results, holds), len(results))


def _count(results: Iterable[CaseResult], holds: Callable[[CaseResult], bool]) -> int:
    return sum(holds(result) for result in results)


def _passed(result: CaseResult) -> bool:
    return result.passed


def _refused(result: CaseResult) -> bool:
    return result.answer is not None and result.answer.abstained


def _tells_other_figures(result: CaseResult) -> bool:
    answer, expected = result.answer, result.case.expect
    if answer is None or answer.abstained or not parse_figures(answer.answer):
        return False
    told = told_text(answer)
    wanted = [text for text in expected.contains_all if _has_digit(text)]
    one_of = [text for text in expected.contains_any if _has_digit(text)]
    none_of = bool(one_of) and not any(stands_in(text, told) for text in expected.contains_any)
    return none_of or any(not stands_in(text, told) for text in wanted)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _status_right(result: CaseResult) -> bool:
    return any(check.name == "status" and check.passed for check in result.checks)
