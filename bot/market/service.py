"""The market as one object: records, quality gate, receipts, matching — what page and desk use."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import cast

import numpy as np

from bot.errors import EmbedderMissing, MarketError
from bot.market.importing import record_from_values, resolve_owners
from bot.market.market_index import MarketIndex
from bot.market.matching import Matcher
from bot.market.quality import QualityReport, Verdict, assess
from bot.market.receipts import issue_receipt, receipt_record
from bot.market.records import (
    CloseReason,
    Interest,
    Need,
    Offer,
    PrivateContact,
    RecordKind,
    Standing,
    State,
)
from bot.market.shelf import Floats
from bot.market.store import MarketStore
from bot.market.taxonomy import load_taxonomy
from bot.market.vectors import RecordVectors
from bot.settings import Settings
from bot.store.database import shared_database

#: Who is written into the log when the owner of a record acts without an account.
OWNER_ACTOR = "owner"


class WordsOnly:
    """Stands in where no embedding model is on the machine: matching then rests on words alone."""

    fingerprint = "words-only"

    def embed(self, texts: Sequence[str]) -> Floats:
        """``(n, 1)`` zeros."""
        return np.zeros((len(texts), 1), dtype=np.float32)


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

    @cached_property
    def store(self) -> MarketStore:
        """The records."""
        return MarketStore(shared_database(self._settings.resolved_database_url))

    @cached_property
    def index(self) -> MarketIndex:
        """The search structure; follows the store by itself."""
        folder = self._settings.data_dir / "market"
        return MarketIndex(folder, self.store, _vectors(self._settings.embedding_model), load_taxonomy())

    @cached_property
    def matcher(self) -> Matcher:
        """Finds counterparts."""
        return Matcher(self.store, self.index, load_taxonomy(), self._today)

    def assess(self, record: Need | Offer) -> QualityReport:
        """The quality gate's view of a record, on file or not."""
        return assess(record, self._owner_names(record))

    def submit(
        self,
        kind: RecordKind,
        values: dict[str, str],
        *,
        owner: str,
        contact: PrivateContact | None = None,
        actor: str = OWNER_ACTOR,
    ) -> Submission:
        """Save a new record from form values, publish it when it passes the gate, and give a receipt.

        ``contact`` (its ``organisation_id`` is filled here) is kept apart and private. Raises
        :class:`MarketError` naming the wrong field; nothing is saved then.
        """
        record_id = values.get("id", "").strip() or _new_id(kind)
        record = cast("Need | Offer", record_from_values(kind, {**values, "id": record_id}))
        if self.store.find(kind, record_id) is not None:
            raise MarketError("这个编号已经有了", value=record_id, remedy="换一个编号，或凭回执修改原记录")
        owners = resolve_owners(self.store, {owner.strip()}, actor) if owner.strip() else {}
        record = replace(record, owner_id=owners.get(owner.strip()), as_of=record.as_of or self._today().isoformat())
        self.store.save(record, actor=actor, action="submit")
        if contact is not None and record.owner_id is not None:
            self.store.set_contacts([replace(contact, organisation_id=record.owner_id)], actor=actor)
        report = self.publish(kind, record_id, actor=actor)
        return Submission(self._record(kind, record_id), report, issue_receipt(self.store, kind, record_id))

    def revise(self, receipt: str, values: dict[str, str], *, actor: str = OWNER_ACTOR) -> Submission:
        """Change the record a receipt opens; the gate decides anew."""
        kind, before = self.claim(receipt)
        whole = {"id": before.id, "title": before.title, **values}
        parsed = record_from_values(kind, {**whole, "id": before.id})
        changed = {name: getattr(parsed, name) for name in values if name not in ("id", "owner_id")}
        record = replace(before, **changed)
        self.store.save(record, actor=actor, action="revise")
        if record.state in (State.PUBLISHED, State.CHECKED):
            self.store.move(kind, record.id, State.DRAFT, actor=actor, note="内容已修改")
        report = self.publish(kind, record.id, actor=actor)
        return Submission(self._record(kind, record.id), report, receipt)

    def claim(self, receipt: str) -> tuple[RecordKind, Need | Offer]:
        """The record that a receipt opens; raises :class:`MarketError` when there is none."""
        kind, record_id = receipt_record(self.store, receipt)
        return kind, self._record(kind, record_id)

    def withdraw(self, receipt: str, *, actor: str = OWNER_ACTOR) -> Need | Offer:
        """Close the record a receipt opens, for its owner."""
        kind, record = self.claim(receipt)
        reason = CloseReason.WITHDRAWN
        moved = self.store.move(kind, record.id, State.CLOSED, actor=actor, reason=reason)
        return cast("Need | Offer", moved)

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
        pair = ((RecordKind.NEED, interest.need_id), (RecordKind.OFFER, interest.offer_id))
        for kind, record_id in pair:
            record = self._record(kind, record_id)
            if record.standing is not Standing.OPEN:
                raise MarketError(
                    f"这条{kind.label}已不接受意向",
                    value=f"{record_id}（{'历史记录' if record.historic else record.state.label}）",
                    remedy="只能对已发布、仍在寻找伙伴的记录表达意向",
                )
        kept = self.store.record_interest(replace(interest, actor=actor))
        for kind, record_id in pair:
            if self._record(kind, record_id).state is State.PUBLISHED:
                self.store.move(kind, record_id, State.INTEREST, actor=actor, note=f"{interest.side.label}有意向")
        return kept

    def _record(self, kind: RecordKind, record_id: str) -> Need | Offer:
        return self.store.need(record_id) if kind is RecordKind.NEED else self.store.offer(record_id)

    def _owner_names(self, record: Need | Offer) -> tuple[str, ...]:
        if record.owner_id is None:
            return ()
        owner = self.store.find(RecordKind.ORGANISATION, record.owner_id)
        contact = self.store.private_contacts([record.owner_id]).get(record.owner_id)
        names = (owner.title if owner else "", contact.name if contact else "")
        return tuple(name for name in names if name)


def _new_id(kind: RecordKind) -> str:
    prefix = "need" if kind is RecordKind.NEED else "offer"
    return f"{prefix}-{secrets.token_hex(5)}"


def _vectors(name: str) -> RecordVectors:
    from bot.index.embedder import StaticEmbedder, load_embedder

    try:
        embedder = load_embedder(name)
    except EmbedderMissing:
        return RecordVectors(WordsOnly(), weigh_words=False)
    return RecordVectors(embedder, weigh_words=isinstance(embedder, StaticEmbedder))
