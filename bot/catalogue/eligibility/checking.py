"""All programmes that may serve a firm, each decided once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.catalogue.eligibility.deciding import Judge
from bot.catalogue.eligibility.firm import Firm, Profile
from bot.catalogue.eligibility.outcomes import ConditionResult, NextStep, Outcome, ProgrammeResult, Verdict
from bot.catalogue.models import Catalogue, Dimension, Programme
from bot.text.status import NOT_YET
from bot.types import Status

#: A programme of these can no longer be applied for.
OVER = (Status.EXPIRED, Status.SUPERSEDED, Status.COMPLETED)
#: What is told to be unstated where no document says it.
REGION, CONDITIONS = "地区", "申报条件"
_PARTS = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True, slots=True)
class Checkup:
    """One check: the firm as understood, the day it was made, and every programme compared, grouped by next step."""

    firm: Firm
    today: date
    results: tuple[ProgrammeResult, ...]


def check_eligibility(catalogue: Catalogue, profile: Profile, today: date) -> Checkup:
    """Every programme that may serve the need told (all, when none is), grouped by next step."""
    judge = Judge.of(catalogue)
    firm = judge.understand(profile, today)
    order = list(NextStep)
    results = sorted(
        _results(judge, firm), key=lambda result: (order.index(result.next_step), result.verdict is not Verdict.MAY_FIT)
    )
    return Checkup(firm, today, tuple(results))


def serves_need(programme: Programme, need: str) -> bool:
    """Whether a programme's card names one of the needs told, by its lay words, kind or name."""
    words = (*programme.needs, programme.kind.value, programme.name, *programme.aliases)
    wanted = [part for part in _PARTS.split(need) if part]
    return any(word in part or (len(part) > 1 and part in word) for part in wanted for word in words)


def _results(judge: Judge, firm: Firm) -> Iterator[ProgrammeResult]:
    need = firm.profile.need.strip()
    for programme in judge.catalogue.programmes:
        serves = serves_need(programme, need)
        if need and not serves:
            continue
        conditions = tuple(_conditions(judge, programme, firm))
        step = _next_step(programme, conditions)
        yield ProgrammeResult(programme, step, conditions, serves, _verdict(step, conditions))


def _conditions(judge: Judge, programme: Programme, firm: Firm) -> Iterator[ConditionResult]:
    if Dimension.REGION not in {condition.dimension for condition in programme.conditions}:
        # No document asks for a place here, so none is asked for.
        yield ConditionResult(REGION, Outcome.NOT_STATED)
    for condition in programme.conditions:
        decision = judge.decide(condition, firm)
        source = condition.document or programme.document
        yield ConditionResult(condition.value, decision.outcome, source, condition.quote, decision.why, condition)
    if not programme.conditions:
        yield ConditionResult(CONDITIONS, Outcome.NOT_STATED)


def _next_step(programme: Programme, conditions: tuple[ConditionResult, ...]) -> NextStep:
    status = programme.status.value
    if status in OVER:
        return NextStep.CLOSED
    if status in NOT_YET:
        return NextStep.WAIT
    outcomes = {result.outcome for result in conditions}
    if Outcome.NOT_MET in outcomes:
        return NextStep.NOT_FITTING
    return NextStep.TELL_MORE if Outcome.NOT_TOLD in outcomes else NextStep.ASK_BODY


def _verdict(step: NextStep, conditions: tuple[ConditionResult, ...]) -> Verdict:
    if step is NextStep.CLOSED:
        return Verdict.CLOSED
    if step is NextStep.WAIT:
        return Verdict.NOT_OPEN
    if step is NextStep.NOT_FITTING:
        return Verdict.DOES_NOT_FIT
    compared = [each for each in conditions if each.stated and each.stated.dimension is not Dimension.OTHER]
    met = bool(compared) and all(each.outcome is Outcome.MET for each in compared)
    return Verdict.MAY_FIT if met else Verdict.CANNOT_TELL
