"""Rates over a run that staff watch: by tag, refusals both ways, status, figures, ROUGE-L."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.intervals import share_interval
from bot.evaluation.invariants import Rule
from bot.evaluation.results import SavedResult


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``total``; ``share`` is ``None`` when there is nothing to count."""

    hits: int
    total: int

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the share."""
        return share_interval(self.hits, self.total)


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


def measure(results: Sequence[SavedResult]) -> Metrics:
    """The figures of a run's ``results``; tags in the order they first appear.

    What a run of an older program did not keep is not counted.
    """
    tags = dict.fromkeys(tag for result in results for tag in result.tags)
    by_tag = [TagRate(tag, _rate([r for r in results if tag in r.tags], _passed)) for tag in tags]
    scores = [result.rouge_l for result in results if result.rouge_l is not None]
    return Metrics(
        passed=_rate(results, _passed),
        by_tag=tuple(by_tag),
        right_refusals=_rate([r for r in results if _expects(r, refusal=True)], _refused),
        false_refusals=_rate([r for r in results if _expects(r, refusal=False)], _refused),
        status=_rate([r for r in results if r.status_right is not None], lambda r: bool(r.status_right)),
        wrong_figures=sum(Rule.FIGURE in result.rules for result in results),
        other_figures=sum(result.other_figures for result in results),
        broken_rules=sum(bool(result.rules) for result in results),
        errors=sum(bool(result.error) for result in results),
        rouge_l=sum(scores) / len(scores) if scores else None,
    )


def _rate(results: Sequence[SavedResult], holds: Callable[[SavedResult], bool]) -> Rate:
    return Rate(_count(results, holds), len(results))


def _count(results: Iterable[SavedResult], holds: Callable[[SavedResult], bool]) -> int:
    return sum(holds(result) for result in results)


def _expects(result: SavedResult, *, refusal: bool) -> bool:
    return result.expect is not None and result.expect.abstained is refusal


def _passed(result: SavedResult) -> bool:
    return result.passed


def _refused(result: SavedResult) -> bool:
    return bool(result.abstained)
