"""The states a record passes through, the reasons it is closed for, and whether its owner is named in public."""

from __future__ import annotations

from enum import StrEnum

from bot.errors import MarketError


class State(StrEnum):
    """Where a record stands, in order; ``closed`` always carries a :class:`CloseReason`."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    INTEREST = "interest"
    INTRODUCED = "introduced"
    MET = "met"
    AGREED = "agreed"
    REGISTERED = "registered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.DRAFT: "草稿",
    State.CHECKED: "已检查",
    State.PUBLISHED: "已发布",
    State.INTEREST: "有意向",
    State.INTRODUCED: "已引荐",
    State.MET: "已对接",
    State.AGREED: "已达成",
    State.REGISTERED: "已登记",
    State.CLOSED: "已结束",
}


class CloseReason(StrEnum):
    """Why a record was closed: the codes brokers count by."""

    TOO_EARLY = "too_early"
    BENEFIT_UNCLEAR = "benefit_unclear"
    ROUTE_UNCLEAR = "route_unclear"
    DESCRIPTION_UNCLEAR = "description_unclear"
    SCIENTIFIC = "scientific"
    NO_INTEREST = "no_interest"
    NO_AGREEMENT = "no_agreement"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        """The reason as people read it."""
        return _CLOSE_LABELS[self]


_CLOSE_LABELS = {
    CloseReason.TOO_EARLY: "技术尚早",
    CloseReason.BENEFIT_UNCLEAR: "效益不清",
    CloseReason.ROUTE_UNCLEAR: "技术路线不清",
    CloseReason.DESCRIPTION_UNCLEAR: "表述不清",
    CloseReason.SCIENTIFIC: "科学依据不足",
    CloseReason.NO_INTEREST: "无人响应",
    CloseReason.NO_AGREEMENT: "未谈成",
    CloseReason.WITHDRAWN: "本方撤回",
    CloseReason.EXPIRED: "已过期",
    CloseReason.DUPLICATE: "重复登记",
}

#: Forward one step at a time; a step that fell through goes back one; a published record can be taken
#: back for rework; everything but a registered contract can be closed, and what was closed by mistake
#: starts again as a draft.
_FORWARD: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.CHECKED,),
    State.CHECKED: (State.PUBLISHED, State.DRAFT),
    State.PUBLISHED: (State.INTEREST, State.DRAFT),
    State.INTEREST: (State.INTRODUCED, State.PUBLISHED),
    State.INTRODUCED: (State.MET, State.INTEREST, State.PUBLISHED),
    State.MET: (State.AGREED, State.PUBLISHED),
    State.AGREED: (State.REGISTERED, State.PUBLISHED),
    State.REGISTERED: (),
    State.CLOSED: (State.DRAFT,),
}
#: Published and still looking for a partner.
OPEN_STATES = frozenset({State.PUBLISHED, State.INTEREST, State.INTRODUCED, State.MET})


def allowed_transitions(state: State) -> tuple[State, ...]:
    """The states a record may pass to from ``state``."""
    closable = state not in (State.REGISTERED, State.CLOSED)
    return _FORWARD[state] + ((State.CLOSED,) if closable else ())


def check_transition(current: State, target: State, reason: CloseReason | None) -> None:
    """Raise :class:`MarketError` when ``current`` may not become ``target``, or closing lacks a reason."""
    if target not in allowed_transitions(current):
        allowed = "、".join(state.label for state in allowed_transitions(current)) or "无"
        raise MarketError(
            "状态不能这样改",
            value=f"{current.label} → {target.label}",
            remedy=f"从“{current.label}”只能改为：{allowed}",
        )
    if target is State.CLOSED and reason is None:
        raise MarketError(
            "结束一条记录要写明原因",
            remedy="原因可选：" + "、".join(f"{code.value}（{code.label}）" for code in CloseReason),
        )


class Confidentiality(StrEnum):
    """Whether the owner is named in public, or only the (scanned) text is shown."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"

    @property
    def label(self) -> str:
        """The level as people read it."""
        return {"open": "公开", "confidential": "保密"}[self.value]
