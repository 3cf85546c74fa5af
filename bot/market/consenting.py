"""Interest and consent of the two owners of a pair: told, asked, answered, withdrawn; each step one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import Connection

from bot.errors import ConsentError, MarketError, UsageError
from bot.market.consent_log import consent_history, pair_bounds, pairings, read_interests, states
from bot.market.consents import (
    WHOLE_SCOPE,
    Consent,
    ConsentChannel,
    ConsentScope,
    ConsentStanding,
    ConsentState,
    ConsentStep,
    Pairing,
    require_consents,
)
from bot.market.fields import kind_of
from bot.market.parties import read_party
from bot.market.parts import OWNER_ACTOR
from bot.market.previewing import Previewing
from bot.market.records import Interest, Need, Offer, Party, Side, State
from bot.market.writing import MarketWriting, fetch_records
from bot.store.tables import interests
from bot.types import RecordKind, Standing

#: One side may say again what it seeks, not flood the other.
MOST_INTERESTS = 5
MAX_ANSWER = 2_000
_MAX_TEXT = 500
_UNREADABLE = re.compile(r"[\x00-\x08\ud800-\udfff]")
#: A side that said no, or took its yes back, is not asked again by the other side's mere interest.
_ASKED_BY_INTEREST = frozenset({ConsentStanding.NOT_ASKED, ConsentStanding.EXPIRED, ConsentStanding.LAPSED})
#: Where a side has a yes to take back, in force or not.
_HAS_A_YES = frozenset({ConsentStanding.GIVEN, ConsentStanding.EXPIRED, ConsentStanding.LAPSED})


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where both sides of a pair stand that agreed, and who is behind either, for the desk."""

    state: ConsentState
    parties: Mapping[Side, Party]

    @property
    def told(self) -> Mapping[Side, Party]:
        """The parties as far as their owners agreed to be told of."""
        return {
            side: party if self.state.covers(side, ConsentScope.CONTACT) else replace(party, contact=None)
            for side, party in self.parties.items()
        }


class Consenting(Previewing):
    """What ties a need and an offer."""

    def consent_state(self, need_id: str, offer_id: str) -> ConsentState:
        """Where both sides of a pair stand: the same for either owner and the desk."""
        with self.database.read() as connection:
            return self.state_within(connection, need_id, offer_id)

    def consent_history(self, need_id: str, offer_id: str) -> tuple[Consent, ...]:
        """Everything said in a pair, oldest first; for the desk."""
        with self.database.read() as connection:
            return consent_history(connection, need_id, offer_id)

    def record_consent(self, consent: Consent, *, seen: int | None = None) -> ConsentState:
        """Put on record what a side was asked or answered, and return where the pair stands then.

        ``seen`` is :attr:`ConsentState.changed` as it was when the answer was read: a yes to a record that was changed
        since is refused. Raises :class:`MarketError` for an unknown or closed record, :class:`UsageError` when
        something is missing, :class:`ConsentError` when the step makes no sense where the side stands.
        """
        consent = checked(consent)
        with self.store.writing(consent.actor) as writing:
            self.put_on_record(writing, consent, seen)
            return self.state_within(writing.connection, consent.need_id, consent.offer_id)

    def express_interest(
        self, interest: Interest, *, consent: tuple[ConsentScope, ...] = (), actor: str = OWNER_ACTOR
    ) -> Interest:
        """Keep one side's interest in a pair; with a scope of ``consent`` its yes too. The other side is asked.

        Published records of the pair pass to 有意向. Raises :class:`MarketError` when either record is unknown or no
        longer open.
        """
        interest = _checked_interest(interest)
        pair = (interest.need_id, interest.offer_id)
        with self.store.writing(actor) as writing:
            records = _open_records(writing, interest)
            parted = pair_bounds(writing.connection, [pair])[pair].parted
            told = read_interests(writing.connection, interests.c.need_id == pair[0], interests.c.offer_id == pair[1])
            if sum(each.side is interest.side and event >= parted for each, event in told) >= MOST_INTERESTS:
                raise MarketError("您已经对这条记录表达过意向", remedy="等对方答复，或请技术经理人跟进")
            kept = writing.record_interest(interest)
            self._follow_up(writing, interest, consent, actor)
            for record in records:
                if record.state is State.PUBLISHED:
                    note = f"{interest.side.label}有意向"
                    writing.move(kind_of(record), record.id, State.INTEREST, note=note)
        return kept

    def pairings(self, record: Need | Offer) -> tuple[Pairing, ...]:
        """Every pair that ever tied a record to another, with what its owners said; the linked ones first."""
        with self.database.read() as connection:
            found = pairings(connection, kind_of(record), record.id, self._today(), self._settings.consent_days)
        return tuple(sorted(found, key=lambda each: not each.linked))

    def counterparts(self, record: Need | Offer) -> tuple[str, ...]:
        """Ids of the other side's records that an interest, a waiting question or a yes in force ties to a record."""
        return tuple(
            each.offer_id if isinstance(record, Need) else each.need_id for each in self.pairings(record) if each.linked
        )

    def agreed_parties(self, need_id: str, offer_id: str) -> Mapping[Side, Party]:
        """Who is behind both records of a pair, as far as both owners agreed to be told of.

        Raises :class:`ConsentError` unless both consents are in force: this is the only way for names and contacts to
        leave the desk.
        """
        return self.agreement(need_id, offer_id).told

    def agreement(self, need_id: str, offer_id: str) -> Agreement:
        """Where a pair stands and who is behind it, read at one moment; raises like :meth:`agreed_parties`."""
        with self.database.read() as connection:
            return self._agreement(connection, need_id, offer_id)

    def check_joint(self, need_id: str, offer_id: str, text: str) -> None:
        """Raise :class:`ConsentError` where a joint text of a pair may not be shown, or not any more.

        Both consents must be in force, and who agreed to be named alone must not have a contact in ``text``.
        """
        with self.database.read() as connection:
            self.check_joint_within(connection, need_id, offer_id, text)

    def check_joint_within(self, connection: Connection, need_id: str, offer_id: str, text: str) -> None:
        """:meth:`check_joint` within the caller's transaction."""
        agreement = self._agreement(connection, need_id, offer_id)
        state = agreement.state
        for side, party in agreement.parties.items():
            contact = party.contact
            reaches = (contact.phone, contact.email) if contact is not None else ()
            if any(each and each in text for each in reaches) and not state.covers(side, ConsentScope.CONTACT):
                raise ConsentError(
                    f"{side.label}现在只同意告知名称，信里有联系方式，不能再用",
                    remedy="重新起草，新的一份不含联系方式",
                )

    def _agreement(self, connection: Connection, need_id: str, offer_id: str) -> Agreement:
        state = self.state_within(connection, need_id, offer_id)
        require_consents(state)
        need = fetch_records(connection, RecordKind.NEED, [need_id])[need_id]
        offer = fetch_records(connection, RecordKind.OFFER, [offer_id])[offer_id]
        parties = {
            Side.NEED_OWNER: read_party(connection, cast(Need, need)),
            Side.OFFER_OWNER: read_party(connection, cast(Offer, offer)),
        }
        return Agreement(state, parties)

    def state_within(self, connection: Connection, need_id: str, offer_id: str) -> ConsentState:
        """:meth:`consent_state` within the caller's transaction."""
        pair = (need_id, offer_id)
        return states(connection, [pair], self._today(), self._settings.consent_days)[pair]

    def put_on_record(self, writing: MarketWriting, consent: Consent, seen: int | None = None) -> Consent | None:
        """Append ``consent`` where it makes sense; ``None`` where it says what stands already."""
        records = (
            writing.record(RecordKind.NEED, consent.need_id),
            writing.record(RecordKind.OFFER, consent.offer_id),
        )
        state = self.state_within(writing.connection, consent.need_id, consent.offer_id)
        standing = state.of(consent.side).standing
        if consent.step in (ConsentStep.ASKED, ConsentStep.GIVEN):
            _check_not_closed(records)
        if consent.step is ConsentStep.GIVEN and seen is not None and state.changed > seen:
            raise ConsentError("记录刚刚改过，您看到的是改前的内容，没有记录同意", remedy="先看改后的内容，再答复")
        if consent.step is ConsentStep.WITHDRAWN and standing not in _HAS_A_YES:
            if standing is ConsentStanding.WITHDRAWN:
                return None
            raise ConsentError("没有可以撤回的同意", value=standing.label, remedy="不愿引荐时，记为不同意")
        if consent.step is ConsentStep.ASKED and standing is ConsentStanding.GIVEN:
            raise ConsentError(f"{consent.side.label}已经同意，不用再征询", remedy="等另一方答复，或写双方引荐")
        return writing.record_consent(consent)

    def _follow_up(
        self, writing: MarketWriting, interest: Interest, scope: tuple[ConsentScope, ...], actor: str
    ) -> None:
        """The yes that came with an interest, and the question to the other side."""
        told = Consent(
            need_id=interest.need_id,
            offer_id=interest.offer_id,
            side=interest.side,
            step=ConsentStep.GIVEN,
            channel=ConsentChannel.PAGE,
            said_by=interest.side.label,
            actor=actor,
            scope=scope,
        )
        if scope:
            self.put_on_record(writing, checked(told))
        other = Side.OFFER_OWNER if interest.side is Side.NEED_OWNER else Side.NEED_OWNER
        state = self.state_within(writing.connection, interest.need_id, interest.offer_id)
        if state.of(other).standing in _ASKED_BY_INTEREST:
            asked = replace(told, side=other, step=ConsentStep.ASKED, scope=WHOLE_SCOPE)
            self.put_on_record(writing, checked(asked))


def _open_records(writing: MarketWriting, interest: Interest) -> tuple[Need | Offer, ...]:
    pair = ((RecordKind.NEED, interest.need_id), (RecordKind.OFFER, interest.offer_id))
    records = tuple(writing.record(kind, record_id) for kind, record_id in pair)
    for record in records:
        if record.standing is not Standing.OPEN:
            raise MarketError(
                f"这条{kind_of(record).label}已不接受意向",
                value=f"{record.id}（{'历史记录' if record.historic else record.state.label}）",
                remedy="只能对已发布、仍在寻找伙伴的记录表达意向",
            )
    return records


def _check_not_closed(records: tuple[Need | Offer, ...]) -> None:
    for record in records:
        if record.state is State.CLOSED:
            raise ConsentError(
                f"这条{kind_of(record).label}已经结束，不再征询或同意", value=record.id, remedy="换一条记录"
            )


def checked(consent: Consent) -> Consent:
    """``consent`` without outer white space; raises :class:`UsageError` when it does not say who, or too much."""
    said_by, evidence = consent.said_by.strip(), consent.evidence.strip()
    for value, name in ((said_by, "谁说的"), (evidence, "依据")):
        if len(value) > _MAX_TEXT or _UNREADABLE.search(value):
            raise UsageError(
                f"{name}写得太长或有读不出的字符", value=value[:40], remedy=f"用不超过 {_MAX_TEXT} 个字写明"
            )
    if not said_by:
        raise UsageError("要写明是谁说的", remedy="写明姓名或职务，例如“示例公司 张经理”")
    if consent.channel is ConsentChannel.UNSTATED:
        raise UsageError("要写明怎样说的", remedy="电话、邮件、书面或页面")
    if consent.step is ConsentStep.GIVEN and ConsentScope.NAME not in consent.scope:
        raise UsageError("同意引荐至少要同意告知单位名称", remedy="范围写 name，或 name 和 contact")
    return replace(consent, said_by=said_by, evidence=evidence)


def _checked_interest(interest: Interest) -> Interest:
    """``interest`` without outer white space; raises :class:`MarketError` when it says nothing, or too much."""
    parts = {name: getattr(interest, name).strip() for name in ("cooperation_sought", "unclear", "introduction")}
    if not parts["cooperation_sought"]:
        raise MarketError("没有写希望怎样合作", remedy="用一句话写明，例如许可、联合研发、委托开发")
    if any(len(value) > MAX_ANSWER for value in parts.values()):
        raise MarketError("写得太长", remedy=f"每项不超过 {MAX_ANSWER} 个字")
    return replace(interest, **parts)
