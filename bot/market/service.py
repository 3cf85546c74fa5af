"""The market as one object: records, quality gate, receipts, matching — what page and desk use."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np

from bot.encoder import Floats, Passage, PassageVectors, load_embedder
from bot.encoder.cache import CachedEmbedder
from bot.errors import EmbedderMissing, MarketError
from bot.market.consents import ConsentState, consent_state
from bot.market.drafting import start_draft
from bot.market.fields import MAX_LINE, kind_of
from bot.market.importing import record_from_values
from bot.market.market_index import MarketIndex
from bot.market.masking import Door, Preview, own_names, preview, public
from bot.market.matching import Matcher, MatchResult
from bot.market.quality import QualityReport, Verdict, assess
from bot.market.receipts import issue_receipt, receipt_record
from bot.market.records import (
    OPEN_STATES,
    CloseReason,
    Confidentiality,
    Interest,
    Need,
    Offer,
    Organisation,
    Party,
    State,
    declared_id,
)
from bot.market.redaction import CONTACT_KINDS, scan, without_contacts
from bot.market.store import MarketStore
from bot.market.taxonomy import load_taxonomy
from bot.market.vectors import RecordVectors
from bot.market.wishes import recognise
from bot.settings import Settings
from bot.store.database import shared_database
from bot.types import PrivateContact, RecordKind, Standing

#: The action in the log of a wish left for a technology manager.
HAND_OVER = "hand_over"
NO_CONTACT = PrivateContact()
_HANDED_TITLE = 40
#: One side may say again what it seeks, not flood the other.
MOST_INTERESTS = 5
MAX_ANSWER = 2_000
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
#: States in which the owner may still change the content.
_REVISABLE = frozenset({State.DRAFT, State.CHECKED, *OPEN_STATES})
#: Who is written into the log when the owner of a record acts without an account.
OWNER_ACTOR = "owner"


class WordsOnly:
    """Stands in where no embedding model is on the machine: matching then rests on words alone."""

    fingerprint = "words-only"
    dimension = 1

    def embed_query(self, text: str) -> Floats:
        """``(1,)``, zero."""
        return np.zeros(1, dtype=np.float32)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Zeros."""
        zero = np.zeros(1, dtype=np.float32)
        return [PassageVectors(zero, np.zeros((len(each.sentences), 1), dtype=np.float32)) for each in passages]


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a submitted record; ``receipt`` is shown once and kept nowhere in the clear."""

    record: Need | Offer
    report: QualityReport
    receipt: str


class Market:
    """Everything about needs and offers behind one door. The constructor does no I/O."""

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self._settings, self._today = settings, today

    @property
    def on_file(self) -> bool:
        """Whether there may be records: a database file that was never made holds none."""
        url = self._settings.resolved_database_url
        if not url.startswith("sqlite:///"):
            return True
        return Path(url.removeprefix("sqlite:///")).exists()

    @cached_property
    def store(self) -> MarketStore:
        """The records."""
        return MarketStore(shared_database(self._settings.resolved_database_url))

    @cached_property
    def index(self) -> MarketIndex:
        """The search structure; follows the store by itself."""
        folder = self._settings.data_dir / "market"
        return MarketIndex(folder, self.store, _vectors(self._settings), load_taxonomy())

    @cached_property
    def matcher(self) -> Matcher:
        """Finds counterparts."""
        return Matcher(self.store, self.index, load_taxonomy(), self._today)

    @cached_property
    def door(self) -> Door:
        """Shows records to others."""
        return Door(self.store)

    def need(self, need_id: str) -> Need:
        """The need as it is on file, for its owner and the desk; raises :class:`MarketError` when there is none."""
        return self.store.need(need_id)

    def offer(self, offer_id: str) -> Offer:
        """The offer as it is on file, for its owner and the desk; raises :class:`MarketError` when there is none."""
        return self.store.offer(offer_id)

    def organisation(self, organisation_id: str) -> Organisation:
        """The organisation; raises :class:`MarketError` when there is none."""
        return self.store.organisation(organisation_id)

    def party(self, record: Need | Offer) -> Party:
        """Who is behind a record; a contact left with the record itself goes before its organisation's.

        Never to be told to the other side before both agreed: see :meth:`consent_state`.
        """
        own = self.store.private_contacts(kind_of(record), [record.id]).get(record.id)
        if record.owner_id is None:
            return Party(None, own)
        shared = self.store.private_contacts(RecordKind.ORGANISATION, [record.owner_id])
        return Party(self.store.organisation(record.owner_id), own or shared.get(record.owner_id))

    def consent_state(self, need_id: str, offer_id: str) -> ConsentState:
        """What either side of a pair has said to being introduced, as far as it still counts."""
        return consent_state(self.store, need_id, offer_id)

    def public_record(self, kind: RecordKind, record_id: str) -> Need | Offer:
        """A need or offer as anybody may see it.

        Raises :class:`MarketError` for any other id, known or not: whether a draft exists is nobody's business.
        """
        record = self.store.find(kind, record_id) if kind is not RecordKind.ORGANISATION and record_id else None
        if not isinstance(record, (Need, Offer)) or not record.is_public:
            raise MarketError(
                f"没有这条{kind.label}，或者它没有发布", value=record_id, remedy="核对编号，或用一段话查找"
            )
        return self.door.public_all([record])[0]

    def newest(self, limit: int) -> tuple[tuple[Need | Offer, ...], int]:
        """The ``limit`` needs and offers published last, newest first, and how many are published in all."""
        pages = [self.store.newest(kind, limit) for kind in (RecordKind.NEED, RecordKind.OFFER)]
        told = [[cast("Need | Offer", record) for record in page.records] for page in pages]
        records = [record for each in told for record in self.door.public_all(each)]
        records.sort(key=lambda record: record.published_at or "", reverse=True)
        return tuple(records[:limit]), sum(page.total for page in pages)

    def owner_shown(self, record: Need | Offer) -> str:
        """The owner's name as the public may read it; empty when it is confidential or not on file."""
        if record.owner_id is None or record.confidentiality is Confidentiality.CONFIDENTIAL:
            return ""
        owner = self.store.find(RecordKind.ORGANISATION, record.owner_id)
        return public(owner.shown_name) if isinstance(owner, Organisation) else ""

    def matches_of(self, record: Need | Offer, k: int) -> MatchResult:
        """The counterparts of a record, on file or not."""
        if isinstance(record, Need):
            return self.matcher.match_need(record, k)
        return self.matcher.match_offer(record, k)

    def assess_form(
        self, kind: RecordKind, values: Mapping[str, str], *, owner: str = "", contact: PrivateContact = NO_CONTACT
    ) -> QualityReport:
        """The quality gate's view of a form that is not saved; raises :class:`MarketError` like submitting it."""
        contact = checked_contact(contact)
        record = cast("Need | Offer", record_from_values(kind, {**values, "id": "draft"}))
        return assess(record, tuple(name for name in (owner.strip(), contact.name) if name))

    def preview(self, record: Need | Offer) -> Preview:
        """A record, on file or not, as others will see it, and what is left out; for its owner."""
        return self.door.preview(record)

    def preview_form(
        self, kind: RecordKind, values: Mapping[str, str], *, owner: str = "", contact: PrivateContact = NO_CONTACT
    ) -> Preview:
        """A form that is not saved as others would see it; raises :class:`MarketError` like submitting it."""
        contact = checked_contact(contact)
        record = cast("Need | Offer", record_from_values(kind, {**values, "id": "draft"}))
        organisation = Organisation(id=declared_id(owner), title=owner.strip()) if owner.strip() else None
        shown = organisation is not None and record.confidentiality is Confidentiality.OPEN
        names = own_names(organisation, [contact])
        return preview(record, names, organisation.shown_name if organisation is not None and shown else "")

    def assess(self, record: Need | Offer) -> QualityReport:
        """The quality gate's view of a record, on file or not."""
        return assess(record, self._owner_names(record))

    def submit(
        self,
        kind: RecordKind,
        values: Mapping[str, str],
        *,
        owner: str,
        contact: PrivateContact = NO_CONTACT,
        actor: str = OWNER_ACTOR,
    ) -> Submission:
        """Save a new record from form values, publish it when it passes the gate, and give a receipt.

        ``owner`` is what its teller says: nobody has verified it, and it never stands for an organisation
        that staff put on file. ``contact`` is kept apart and private. Raises :class:`MarketError` naming
        the wrong field; nothing is saved then.
        """
        contact = checked_contact(contact)
        record = self._new(kind, values, owner, actor)
        # The receipt first: one without a record opens nothing, a record without one is nobody's.
        receipt = issue_receipt(self.store, kind, record.id)
        self.store.save(record, actor=actor, action="submit", contact=contact)
        report = self.publish(kind, record.id, actor=actor)
        return Submission(self._record(kind, record.id), report, receipt)

    def hand_over(
        self, told: str, *, owner: str = "", contact: PrivateContact = NO_CONTACT, actor: str = OWNER_ACTOR
    ) -> Submission:
        """Leave a wish as it was told for a technology manager to look after; nothing is published.

        Raises :class:`MarketError` when nothing is told or nobody could be answered.
        """
        if not told.strip():
            raise MarketError("没有写要找什么", remedy="用一两句话说明需求或成果")
        if not (contact.phone.strip() or contact.email.strip()):
            raise MarketError("没有留下联系办法", remedy="填电话或邮箱，技术经理人才能回复您")
        contact = checked_contact(contact)
        draft = start_draft(told, recognise(told) or RecordKind.NEED, today=self._today())
        assert draft is not None  # a kind is given
        values = {"title": told.strip()[:_HANDED_TITLE], "description": told.strip(), **draft.as_form()}
        public = without_contacts(values["title"]), without_contacts(values["description"])
        values["title"], values["description"] = public
        record = self._new(draft.kind, values, owner or draft.owner, actor)
        receipt = issue_receipt(self.store, draft.kind, record.id)
        self.store.save(record, actor=actor, action=HAND_OVER, contact=contact)
        return Submission(record, self.assess(record), receipt)

    def handed_over(self) -> tuple[Need | Offer, ...]:
        """The wishes left for a technology manager that are still drafts, oldest first."""
        found: list[Need | Offer] = []
        for kind in (RecordKind.NEED, RecordKind.OFFER):
            records = self.store.get_many(kind, self.store.with_action(kind, HAND_OVER))
            found += [cast("Need | Offer", record) for record in records]
        return tuple(record for record in found if record.state is State.DRAFT)

    def _new(self, kind: RecordKind, values: Mapping[str, str], owner: str, actor: str) -> Need | Offer:
        record_id = values.get("id", "").strip() or _new_id(kind)
        record = cast("Need | Offer", record_from_values(kind, {**values, "id": record_id}))
        if self.store.find(kind, record_id) is not None:
            raise MarketError("这个编号已经有了", value=record_id, remedy="换一个编号，或凭回执修改原记录")
        owner_id = self._declared(owner, actor)
        return replace(record, owner_id=owner_id, as_of=record.as_of or self._today().isoformat())

    def _declared(self, owner: str, actor: str) -> str | None:
        """The id of an organisation known only by its own word; ``None`` without a name."""
        name = " ".join(owner.split())
        if not name:
            return None
        if len(name) > MAX_LINE or _UNSTORABLE.search(name):
            raise MarketError("单位名称太长或有无法存储的字符", value=name[:40], remedy="填写单位全称")
        if any(finding.kind in CONTACT_KINDS for finding in scan(name)):
            # The name is public; the value is not repeated.
            raise MarketError("单位名称里有联系方式", remedy="单位一栏只写名称，电话、微信、邮箱填在“联系方式”里")
        declared = Organisation(id=declared_id(name), title=name, source="单位自报，未经核实")
        self.store.save(declared, actor=actor, action="submit")
        return declared.id

    def revise(
        self,
        receipt: str,
        values: Mapping[str, str],
        *,
        contact: PrivateContact | None = None,
        actor: str = OWNER_ACTOR,
    ) -> Submission:
        """Change the record a receipt opens, and its contact where one is given; the gate decides anew.

        A published record that no longer passes goes back to draft. One that others already look at
        (有意向 and later) is changed only when it still passes; raises :class:`MarketError` otherwise.
        """
        kind, before = self.claim(receipt)
        if contact is not None:
            checked_contact(contact)
        whole = {"title": before.title, **values, "id": before.id}
        parsed = record_from_values(kind, whole)
        changed = {name: getattr(parsed, name) for name in values if name not in ("id", "owner_id")}
        record = replace(before, **changed)
        if record.state not in _REVISABLE:
            raise MarketError(
                f"这条{kind.label}现在不能修改", value=record.state.label, remedy="请联系技术经理人，或另外登记一条"
            )
        report = self.assess(record)
        if report.verdict is Verdict.HOLD and record.state not in (State.DRAFT, State.CHECKED, State.PUBLISHED):
            raise MarketError(
                "已经有人对这条记录有意向，修改后的内容没有过质量关，没有保存",
                tried=f"{report.total} 分",
                remedy="；".join(report.improve[:3]),
            )
        self.store.save(record, actor=actor, action="revise")
        if contact is not None:
            self.store.set_contacts(kind, {record.id: checked_contact(contact)}, actor=actor)
        if record.state in (State.PUBLISHED, State.CHECKED) and report.verdict is Verdict.HOLD:
            self.store.move(kind, record.id, State.DRAFT, actor=actor, note="修改后未过质量关")
        report = self.publish(kind, record.id, actor=actor)
        return Submission(self._record(kind, record.id), report, receipt)

    def claim(self, receipt: str) -> tuple[RecordKind, Need | Offer]:
        """The record that a receipt opens; raises :class:`MarketError` when there is none."""
        kind, record_id = receipt_record(self.store, receipt)
        return kind, self._record(kind, record_id)

    def withdraw(self, receipt: str, *, actor: str = OWNER_ACTOR) -> Need | Offer:
        """Close the record a receipt opens, for its owner; its contact is deleted."""
        kind, record = self.claim(receipt)
        reason = CloseReason.WITHDRAWN
        moved = self.store.move(kind, record.id, State.CLOSED, actor=actor, reason=reason)
        self.store.set_contacts(kind, {record.id: NO_CONTACT}, actor=actor)
        return cast("Need | Offer", moved)

    def contact_of(self, receipt: str) -> PrivateContact:
        """The private contact kept with the record a receipt opens, for its owner."""
        kind, record = self.claim(receipt)
        return self.store.private_contacts(kind, [record.id]).get(record.id, NO_CONTACT)

    def publish(self, kind: RecordKind, record_id: str, *, actor: str) -> QualityReport:
        """Take a draft through the quality gate: published when it passes, else it stays a draft."""
        record = self._record(kind, record_id)
        report = self.assess(record)
        if record.state not in (State.DRAFT, State.CHECKED) or report.verdict is Verdict.HOLD:
            return report
        points = "、".join(f"{score.criterion.label} {score.points}" for score in report.scores)
        if record.state is State.DRAFT:
            self.store.move(kind, record_id, State.CHECKED, actor=actor, note=f"{report.total} 分（{points}）")
        self.store.move(kind, record_id, State.PUBLISHED, actor=actor)
        return report

    def express_interest(self, interest: Interest, *, actor: str = OWNER_ACTOR) -> Interest:
        """Keep one side's interest in a pair; published records of the pair pass to 有意向.

        Raises :class:`MarketError` when either record is unknown or no longer open.
        """
        interest = _checked_interest(interest)
        pair = ((RecordKind.NEED, interest.need_id), (RecordKind.OFFER, interest.offer_id))
        for kind, record_id in pair:
            record = self._record(kind, record_id)
            if record.standing is not Standing.OPEN:
                raise MarketError(
                    f"这条{kind.label}已不接受意向",
                    value=f"{record_id}（{'历史记录' if record.historic else record.state.label}）",
                    remedy="只能对已发布、仍在寻找伙伴的记录表达意向",
                )
        told = self.store.list_interests(need_id=interest.need_id, offer_id=interest.offer_id)
        if sum(each.side is interest.side for each in told) >= MOST_INTERESTS:
            raise MarketError("您已经对这条记录表达过意向", remedy="等对方答复，或请技术经理人跟进")
        kept = self.store.record_interest(replace(interest, actor=actor))
        for kind, record_id in pair:
            if self._record(kind, record_id).state is State.PUBLISHED:
                self.store.move(kind, record_id, State.INTEREST, actor=actor, note=f"{interest.side.label}有意向")
        return kept

    def _record(self, kind: RecordKind, record_id: str) -> Need | Offer:
        return self.store.need(record_id) if kind is RecordKind.NEED else self.store.offer(record_id)

    def _owner_names(self, record: Need | Offer) -> tuple[str, ...]:
        kind = kind_of(record)
        contacts = [self.store.private_contacts(kind, [record.id]).get(record.id)]
        names = []
        if record.owner_id is not None:
            owner = self.store.find(RecordKind.ORGANISATION, record.owner_id)
            names.append(owner.title if owner else "")
            contacts.append(
                self.store.private_contacts(RecordKind.ORGANISATION, [record.owner_id]).get(record.owner_id)
            )
        names += [contact.name for contact in contacts if contact is not None]
        return tuple(name for name in names if name)


def _checked_interest(interest: Interest) -> Interest:
    """``interest`` without outer white space; raises :class:`MarketError` when it says nothing, or too much."""
    parts = {name: getattr(interest, name).strip() for name in ("cooperation_sought", "unclear", "introduction")}
    if not parts["cooperation_sought"]:
        raise MarketError("没有写希望怎样合作", remedy="用一句话写明，例如许可、联合研发、委托开发")
    if any(len(value) > MAX_ANSWER for value in parts.values()):
        raise MarketError("写得太长", remedy=f"每项不超过 {MAX_ANSWER} 个字")
    return replace(interest, **parts)


def checked_contact(contact: PrivateContact) -> PrivateContact:
    """``contact`` without outer white space; raises :class:`MarketError` for what cannot be stored."""
    parts = {name: " ".join(getattr(contact, name).split()) for name in ("name", "phone", "email", "note")}
    for value in parts.values():
        if len(value) > MAX_LINE or _UNSTORABLE.search(value):
            raise MarketError("联系方式太长或有无法存储的字符", value=value[:20], remedy="照实填写电话或邮箱")
    return PrivateContact(**parts)


def _new_id(kind: RecordKind) -> str:
    prefix = "need" if kind is RecordKind.NEED else "offer"
    return f"{prefix}-{secrets.token_hex(5)}"


def _vectors(settings: Settings) -> RecordVectors:
    try:
        embedder = load_embedder(settings.embedding)
    except EmbedderMissing:
        return RecordVectors(WordsOnly())
    cache_bytes = settings.embedding.cache_megabytes * 1024 * 1024
    return RecordVectors(CachedEmbedder(embedder, settings.embedding_cache, cache_bytes))
