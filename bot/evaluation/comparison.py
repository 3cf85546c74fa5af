"""What changed between two runs, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.evaluation.intervals import change_chance
from bot.evaluation.results import SavedResult


class Kind(StrEnum):
    """What became of a case; the order is that in which people want to know."""

    WRONG = "became_wrong"
    RIGHT = "became_right"
    REWORDED = "reworded"
    RECAST = "recast"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return {
            "became_wrong": "变错",
            "became_right": "变对",
            "reworded": "答案有变，对错未变",
            "recast": "用例改过，不比对错",
            "added": "新增",
            "removed": "不再有",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Change:
    """A case that two runs answer differently; a side is ``None`` where the run has no such case."""

    id: str
    before: SavedResult | None
    after: SavedResult | None

    @property
    def question(self) -> str:
        """What is asked, as it stands now."""
        return next((side.question for side in (self.after, self.before) if side is not None), "")

    @property
    def kind(self) -> Kind:
        """What became of the case: a verdict is compared only where the same was asked and expected."""
        if self.before is None:
            return Kind.ADDED
        if self.after is None:
            return Kind.REMOVED
        if _recast(self.before, self.after):
            return Kind.RECAST
        if self.before.passed is not self.after.passed:
            return Kind.RIGHT if self.after.passed else Kind.WRONG
        return Kind.REWORDED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side: ``shared`` cases are in both, asked and expected alike."""

    changes: tuple[Change, ...]
    shared: int

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    def count(self, kind: Kind) -> int:
        """How many changes are of that kind."""
        return len(self.of(kind))

    @property
    def changed_answers(self) -> int:
        """How many cases in both runs are answered otherwise."""
        return sum(self.count(kind) for kind in (Kind.WRONG, Kind.RIGHT, Kind.REWORDED))

    @property
    def chance(self) -> float:
        """The exact p of McNemar's test over the cases that became right or wrong."""
        return change_chance(self.count(Kind.RIGHT), self.count(Kind.WRONG))


def compare(before: Sequence[SavedResult], after: Sequence[SavedResult]) -> Comparison:
    """Cases whose answer, refusal or verdict differs, or that only one run has; newer order first."""
    old = {result.id: result for result in before}
    new = {result.id: result for result in after}
    both = [(old[key], new[key]) for key in new if key in old]
    changes = [Change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    return Comparison(
        tuple(change for change in changes if _differs(change.before, change.after)),
        sum(not _recast(*pair) for pair in both),
    )


def _recast(before: SavedResult, after: SavedResult) -> bool:
    if before.expect is None or after.expect is None:
        # A run of an older program did not keep what was expected.
        return before.question != after.question
    return _asked(before) != _asked(after)


def _asked(result: SavedResult) -> tuple[object, ...]:
    return result.question, result.history, result.expect


def _differs(before: SavedResult | None, after: SavedResult | None) -> bool:
    return before is None or after is None or _told(before) != _told(after) or _recast(before, after)


def _told(result: SavedResult) -> tuple[object, ...]:
    return result.answer, result.abstained, result.passed
