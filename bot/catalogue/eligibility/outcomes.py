"""How a condition and how a programme stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.catalogue.models import Condition, Programme


class Outcome(StrEnum):
    """How a condition stands."""

    MET = "满足"
    NOT_MET = "不满足"
    CANNOT_TELL = "无法判断"
    NOT_STATED = "文件未写明"
    NOT_TOLD = "您未填写"


class NextStep(StrEnum):
    """What to do next with a programme; groups of the report, in this order."""

    ASK_BODY = "可以向负责单位了解"
    TELL_MORE = "补充情况后再判断"
    WAIT = "还不能申请：计划中、建设中或草案"
    NOT_FITTING = "按文件写明的条件不符合"
    CLOSED = "已过期、已被替代或已结束"


class Verdict(StrEnum):
    """What may be said of a programme as a whole; nothing is promised."""

    MAY_FIT = "可能符合，须由受理部门审核"
    CANNOT_TELL = "无法判断，须由受理部门审核"
    NOT_OPEN = "还不能申请"
    DOES_NOT_FIT = "按文件写明的条件不符合"
    CLOSED = "已不能申请"


class Reason(StrEnum):
    """Why a condition cannot be told."""

    CONTRADICTS = "您填的内容前后不一致"
    BY_OFFICE = "须由受理部门认定"
    NOT_CERTAIN = "按您填的内容还不能确定"
    EXAMPLES_ONLY = "文件写的是优先或举例，不在其中也不等于不行"
    ONLY_OFFICE = "文件要求的是登记注册地，您填的是办公地"
    AT_THE_BOUND = "您填的数在界限上下"


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome, with its reason where the outcome does not say it all."""

    outcome: Outcome
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition with its outcome and the quote it rests on (none where nothing is stated)."""

    condition: str
    outcome: Outcome
    document_id: str | None = None
    quote: str | None = None
    why: Reason | None = None
    stated: Condition | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeResult:
    """One programme of the report: everything said of it is read from here."""

    programme: Programme
    next_step: NextStep
    conditions: tuple[ConditionResult, ...]
    serves_need: bool
    verdict: Verdict
