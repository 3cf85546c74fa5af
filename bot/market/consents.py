"""What the two owners of a pair said to being introduced, and what of it still counts.

Everything said is an event: asked, given, refused, withdrawn. Events are ordered by their number in the one log of
record events, never by a clock. A yes ends with a change of either record's content, with its term, and with a
withdrawal. Whatever was said ends when either record is closed or gets another owner.

Wall time is used for two things: people read when something was said, and the last day of a yes is counted from the
day it was given. Both are what the clock showed then. A yes given while the clock had been set back bears too early a
day and so ends early rather than late. That is on purpose: a yes that ended early can be asked for again, while
contacts handed on after its term cannot be taken back. For the same reason a yes given while the clock was ahead counts
as no younger than what came after it (see :func:`side_consent`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.errors import ConsentError
from bot.market.records import Interest, Side


class ConsentStep(StrEnum):
    """What happened: a side was asked, or it answered."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The step as people read it."""
        return {"asked": "征询", "given": "同意", "refused": "不同意", "withdrawn": "撤回同意"}[self.value]


class ConsentChannel(StrEnum):
    """How it was said. ``UNSTATED`` stands only in rows of an older program."""

    PAGE = "page"
    PHONE = "phone"
    MAIL = "mail"
    WRITTEN = "written"
    UNSTATED = "unstated"

    @property
    def label(self) -> str:
        """The channel as people read it."""
        labels = {"page": "页面（凭回执码）", "phone": "电话", "mail": "邮件", "written": "书面", "unstated": "未写明"}
        return labels[self.value]


class ConsentScope(StrEnum):
    """What a yes covers, always towards the other side of this one pair."""

    NAME = "name"
    CONTACT = "contact"

    @property
    def label(self) -> str:
        """The scope as people read it."""
        return {"name": "告知单位名称", "contact": "转交联系方式"}[self.value]


#: What is asked for unless less is said.
WHOLE_SCOPE = (ConsentScope.NAME, ConsentScope.CONTACT)


class ConsentStanding(StrEnum):
    """Where one side stands now."""

    NOT_ASKED = "not_asked"
    PENDING = "pending"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """The standing as people read it."""
        return _STANDINGS[self]


_STANDINGS = {
    ConsentStanding.NOT_ASKED: "未征询",
    ConsentStanding.PENDING: "已征询待答复",
    ConsentStanding.GIVEN: "同意",
    ConsentStanding.REFUSED: "不同意",
    ConsentStanding.WITHDRAWN: "已撤回",
    ConsentStanding.EXPIRED: "已过期",
    ConsentStanding.LAPSED: "因记录变更失效",
}
_OF_ANSWERS = {
    ConsentStep.GIVEN: ConsentStanding.GIVEN,
    ConsentStep.REFUSED: ConsentStanding.REFUSED,
    ConsentStep.WITHDRAWN: ConsentStanding.WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One event: what was said by whom on which side, how, for what, and who recorded it.

    ``evidence`` is a note for the desk. ``event`` is the place in the log of record events; ``None`` in rows of an
    older program whose place is in doubt.
    """

    need_id: str
    offer_id: str
    side: Side
    step: ConsentStep
    channel: ConsentChannel
    said_by: str
    actor: str
    scope: tuple[ConsentScope, ...] = WHOLE_SCOPE
    evidence: str = ""
    at: str = ""
    event: int | None = None


@dataclass(frozen=True, slots=True)
class PairBounds:
    """Numbers of the newest events that end what was said before them.

    ``changed`` ends a yes: content, owner, or a closing of either record. ``parted`` ends everything said: an owner
    or a closing.
    """

    changed: int = 0
    parted: int = 0


@dataclass(frozen=True, slots=True)
class SideConsent:
    """Where a side stands, the event it rests on, and the last day of a yes."""

    standing: ConsentStanding = ConsentStanding.NOT_ASKED
    rests_on: Consent | None = None
    until: date | None = None


NOTHING_SAID = SideConsent()


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Both sides of a pair; the same for either owner and the desk.

    ``changed`` is the number of the newest change of either record: who answers tells which one was read.
    """

    need_owner: SideConsent = NOTHING_SAID
    offer_owner: SideConsent = NOTHING_SAID
    changed: int = 0

    def of(self, side: Side) -> SideConsent:
        """Where ``side`` stands."""
        return self.need_owner if side is Side.NEED_OWNER else self.offer_owner

    @property
    def missing(self) -> tuple[Side, ...]:
        """The sides whose yes is not in force."""
        return tuple(side for side in Side if self.of(side).standing is not ConsentStanding.GIVEN)

    @property
    def agreed(self) -> bool:
        """Whether both sides said yes and both yeses are in force."""
        return not self.missing

    @property
    def links(self) -> bool:
        """Whether anything said ties the pair: a yes in force, or a question that waits for its answer."""
        return any(self.of(side).standing in (ConsentStanding.GIVEN, ConsentStanding.PENDING) for side in Side)

    def covers(self, side: Side, scope: ConsentScope) -> bool:
        """Whether the yes of ``side`` is in force and goes as far as ``scope``."""
        told = self.of(side)
        return told.standing is ConsentStanding.GIVEN and told.rests_on is not None and scope in told.rests_on.scope


@dataclass(frozen=True, slots=True)
class Pairing:
    """A need and an offer that somebody tied, now or before.

    ``linked`` is whether an interest, a waiting question or a yes in force still ties them.
    """

    need_id: str
    offer_id: str
    interests: tuple[Interest, ...]
    consents: ConsentState
    linked: bool


def side_consent(
    said: Sequence[Consent], bounds: PairBounds, today: date, days: int, earliest: Mapping[int, str]
) -> SideConsent:
    """Where a side stands after ``said``, oldest first.

    ``earliest`` holds for a yes given under a clock that was ahead, by its event number, the earliest time of that
    event and all later ones: it is as old as what came after it.
    """
    answer = newest_answer(said)
    newest = said[-1] if said else None
    standing, until = ConsentStanding.NOT_ASKED, None
    if answer is not None:
        standing, until = _answered(answer, bounds, today, days, earliest)
    if newest is not None and newest.step is ConsentStep.ASKED and standing is not ConsentStanding.GIVEN:
        standing = ConsentStanding.LAPSED if _ended(newest, bounds.parted) else ConsentStanding.PENDING
        return SideConsent(standing, newest)
    return SideConsent(standing, answer, until)


def newest_answer(said: Sequence[Consent]) -> Consent | None:
    """The last of ``said`` that is no question."""
    return next((each for each in reversed(said) if each.step is not ConsentStep.ASKED), None)


def _answered(
    answer: Consent, bounds: PairBounds, today: date, days: int, earliest: Mapping[int, str]
) -> tuple[ConsentStanding, date | None]:
    if answer.step is not ConsentStep.GIVEN:
        # A no without a sure place stays a no.
        parted = answer.event is not None and _ended(answer, bounds.parted)
        return (ConsentStanding.LAPSED if parted else _OF_ANSWERS[answer.step]), None
    if answer.event is None or _ended(answer, bounds.changed):
        return ConsentStanding.LAPSED, None
    given = min(answer.at, earliest.get(answer.event, answer.at))
    until = date.fromisoformat(given[:10]) + timedelta(days=days)
    return (ConsentStanding.EXPIRED if today > until else ConsentStanding.GIVEN), until


def _ended(said: Consent, bound: int) -> bool:
    return said.event is None or said.event < bound


def require_consents(state: ConsentState) -> None:
    """Raise :class:`ConsentError`, saying where each side stands, unless both sides agree."""
    if state.missing:
        told = "、".join(f"{side.label}{state.of(side).standing.label}" for side in state.missing)
        raise ConsentError(
            "双方同意没有都在效，不能写双方引荐，已写的也不能再用",
            value=told,
            remedy="先征询还没有同意的一方；双方都同意后再写",
        )
