"""政策体检: programmes against what a firm tells of itself, condition by condition.

Nothing is promised that no document says: a condition is met, not met, or not stated, and a programme
whose conditions are not on file is told to be just that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.catalogue.models import Catalogue, Condition, Dimension, Programme
from bot.text.status import NOT_YET
from bot.types import Status


class Outcome(StrEnum):
    """How a condition stands."""

    MET = "满足"
    NOT_MET = "不满足"
    NOT_STATED = "文件未写明"
    NOT_TOLD = "您未填写"


class NextStep(StrEnum):
    """What to do next with a programme; groups of the report, in this order."""

    ASK_BODY = "可以向负责单位了解"
    TELL_MORE = "补充情况后再判断"
    WAIT = "还不能申请：计划中、建设中或草案"
    NOT_FITTING = "按文件写明的条件不符合"
    CLOSED = "已过期、已被替代或已结束"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a firm tells of itself; an empty field is not told."""

    region: str = ""
    industry: str = ""
    size: str = ""
    qualifications: tuple[str, ...] = ()
    need: str = ""

    def told(self, dimension: Dimension) -> tuple[str, ...]:
        """The words told for one dimension."""
        value = {
            Dimension.REGION: self.region,
            Dimension.INDUSTRY: self.industry,
            Dimension.SIZE: self.size,
        }.get(dimension, "")
        if dimension is Dimension.QUALIFICATION:
            return self.qualifications
        if dimension is Dimension.APPLICANT:
            return tuple(word for word in (self.size, *self.qualifications) if word)
        return (value,) if value else ()


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition with its outcome and the quote it rests on (none where nothing is stated)."""

    condition: str
    outcome: Outcome
    document_id: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeResult:
    """One programme of the report."""

    programme: Programme
    next_step: NextStep
    conditions: tuple[ConditionResult, ...]
    serves_need: bool


def check_eligibility(catalogue: Catalogue, profile: Profile) -> tuple[ProgrammeResult, ...]:
    """Every programme that may serve the need told (all, when none is), grouped by next step."""
    results = list(_results(catalogue, profile))
    order = list(NextStep)
    return tuple(sorted(results, key=lambda result: (order.index(result.next_step), not result.serves_need)))


def _results(catalogue: Catalogue, profile: Profile) -> Iterator[ProgrammeResult]:
    for programme in catalogue.programmes:
        serves = serves_need(programme, profile.need)
        if profile.need and not serves:
            continue
        conditions = tuple(_conditions(catalogue, programme, profile))
        yield ProgrammeResult(programme, _next_step(programme, conditions), conditions, serves)


def serves_need(programme: Programme, need: str) -> bool:
    """Whether a programme's card names the need, by its lay words, kind or name."""
    if not need:
        return False
    words = (*programme.needs, programme.kind.value, programme.name, *programme.aliases)
    return any(word in need or need in word for word in words)


def _conditions(catalogue: Catalogue, programme: Programme, profile: Profile) -> Iterator[ConditionResult]:
    dimensions = {condition.dimension for condition in programme.conditions}
    if Dimension.REGION not in dimensions:
        yield ConditionResult("地区", _region_outcome(catalogue, profile))
    for condition in programme.conditions:
        yield ConditionResult(
            condition.value,
            _outcome(condition, profile),
            condition.document or programme.document,
            condition.quote,
        )
    if not programme.conditions:
        yield ConditionResult("申报条件", Outcome.NOT_STATED)


def _region_outcome(catalogue: Catalogue, profile: Profile) -> Outcome:
    """A firm elsewhere is outside the region these documents speak for; inside, nothing is promised."""
    scope = catalogue.scope
    if not profile.region:
        return Outcome.NOT_TOLD
    if not scope.region:
        return Outcome.NOT_STATED
    names = (scope.region, *scope.region_aliases)
    inside = any(name in profile.region or profile.region in name for name in names)
    return Outcome.NOT_STATED if inside else Outcome.NOT_MET


def _outcome(condition: Condition, profile: Profile) -> Outcome:
    told = profile.told(condition.dimension)
    if not told:
        return Outcome.NOT_TOLD
    if not condition.accepts:
        return Outcome.NOT_STATED
    met = any(accepted in word or word in accepted for word in told for accepted in condition.accepts)
    return Outcome.MET if met else Outcome.NOT_MET


def _next_step(programme: Programme, conditions: tuple[ConditionResult, ...]) -> NextStep:
    status = programme.status.value
    if status in (Status.EXPIRED, Status.SUPERSEDED, Status.COMPLETED):
        return NextStep.CLOSED
    if status in NOT_YET:
        return NextStep.WAIT
    outcomes = {result.outcome for result in conditions}
    if Outcome.NOT_MET in outcomes:
        return NextStep.NOT_FITTING
    return NextStep.TELL_MORE if Outcome.NOT_TOLD in outcomes else NextStep.ASK_BODY
