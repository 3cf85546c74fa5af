"""Frozen records of the market: organisations, needs, offers, and the states they pass through.

Text fields hold what was told, word for word; an empty string means that nothing was stated. Dates
are ISO strings. Nothing here is a contact: those are kept apart (:class:`bot.types.PrivateContact`) and leave
the desk only after both sides agreed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import MarketError
from bot.types import PrivateContact, RecordKind, Standing

#: Behind the name of an organisation that is known only by its own word.
DECLARED_MARK = "（自报）"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRecord:
    """What needs and offers share. ``id`` is unique within its kind; ``trl`` values are 1–9.

    ``historic`` marks a record known from a past publication; it is shown as such and not proposed.
    ``sample`` marks a made-up record (示例). ``published_at`` is kept when a record is closed, so that
    what was never public stays unseen.
    """

    id: str
    title: str
    description: str = ""
    fields: tuple[str, ...] = ()
    region: str = ""
    cooperation: str = ""
    exclusions: str = ""
    confidentiality: Confidentiality = Confidentiality.OPEN
    owner_id: str | None = None
    as_of: str | None = None
    historic: bool = False
    sample: bool = False
    source: str = ""
    state: State = State.DRAFT
    close_reason: CloseReason | None = None
    published_at: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it: published, not taken back for rework, not withdrawn by its owner."""
        if self.published_at is None or self.state in (State.DRAFT, State.CHECKED):
            return False
        return not (self.state is State.CLOSED and self.close_reason is CloseReason.WITHDRAWN)

    @property
    def standing(self) -> Standing:
        """Open to be proposed, historic, or closed."""
        if self.historic:
            return Standing.HISTORIC
        return Standing.OPEN if self.state in OPEN_STATES else Standing.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(MarketRecord):
    """需求/榜单: ``title`` 名称, ``description`` 要解决的问题; money and time as they were told."""

    indicators: str = ""
    current_state: str = ""
    budget: str = ""
    funder: str = ""
    deadline: str = ""
    ip_ownership: str = ""
    solver_conditions: str = ""
    solver_region: str = ""
    trl_required: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(MarketRecord):
    """成果/能力: ``description`` the problem it solves, ``benefit`` the gain over today's way."""

    benefit: str = ""
    trl: int | None = None
    trl_evidence: str = ""
    ip_status: str = ""
    missing: str = ""
    price: str = ""
    available_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """机构: the public side of an organisation; ``source`` says where the profile comes from."""

    id: str
    title: str
    kind: str = ""
    region: str = ""
    fields: tuple[str, ...] = ()
    description: str = ""
    source: str = ""
    as_of: str | None = None
    sample: bool = False

    @property
    def name(self) -> str:
        """The organisation's name (``title`` is what every record calls its name)."""
        return self.title

    @property
    def shown_name(self) -> str:
        """The name with a mark behind it when nobody verified it."""
        return self.title + (DECLARED_MARK if is_declared(self.id) else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """One change of one record; ``changes`` are (field, before, after), texts cut for reading."""

    id: int
    kind: RecordKind
    record_id: str
    at: str
    actor: str
    action: str
    from_state: State | None = None
    to_state: State | None = None
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's value before and after, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """One side says it wants to talk; the three answers a broker needs."""

    need_id: str
    offer_id: str
    side: Side
    cooperation_sought: str
    unclear: str = ""
    introduction: str = ""
    at: str = ""
    actor: str = ""


class Side(StrEnum):
    """The two sides of an introduction."""

    NEED_OWNER = "need_owner"
    OFFER_OWNER = "offer_owner"

    @property
    def label(self) -> str:
        """The side as people read it."""
        return {"need_owner": "需求方", "offer_owner": "成果方"}[self.value]


AnyRecord = Need | Offer | Organisation


@dataclass(frozen=True, slots=True)
class Party:
    """Who is behind a record: its organisation, and the private contact that counts for it."""

    organisation: Organisation | None
    contact: PrivateContact | None = None


_DECLARED, _NAMED = "self-", "org-"


def _named_hash(name: str) -> str:
    return hashlib.sha256(name.strip().encode()).hexdigest()[:12]


def named_id(name: str) -> str:
    """The id of an organisation that staff name in a file: the same name always gives the same id."""
    return _NAMED + _named_hash(name)


def declared_id(name: str) -> str:
    """The id of an organisation known only by its own word."""
    return _DECLARED + _named_hash(name)


def is_declared(organisation_id: str) -> bool:
    """Whether an organisation is known only by its own word."""
    return organisation_id.startswith(_DECLARED)


def same_owner(one: str | None, other: str | None) -> bool:
    """Whether two owner ids stand for one organisation, as far as ids tell."""
    if one is None or other is None:
        return False
    return one.removeprefix(_DECLARED).removeprefix(_NAMED) == other.removeprefix(_DECLARED).removeprefix(_NAMED)


def known_same_owner(need: Need, offer: Offer) -> bool:
    """Whether both are of one organisation, as far as may be said.

    Beside a confidential record a name that its teller just wrote down proves nothing and asks everything:
    anybody could find out an owner by registering under one name after the other.
    """
    if not same_owner(need.owner_id, offer.owner_id):
        return False
    hidden = Confidentiality.CONFIDENTIAL in (need.confidentiality, offer.confidentiality)
    return not (hidden and any(is_declared(owner) for owner in (need.owner_id, offer.owner_id) if owner))
