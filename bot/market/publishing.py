"""A record from its first words to its withdrawal, by its owner: every step is one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import cast

from bot.errors import MarketError
from bot.market.contacts import NO_CONTACT, checked_contact, checked_unit
from bot.market.drafting import start_draft
from bot.market.fields import kind_of
from bot.market.importing import record_from_values
from bot.market.parties import names_behind
from bot.market.parts import OWNER_ACTOR
from bot.market.previewing import Previewing
from bot.market.quality import QualityReport, Verdict, assess
from bot.market.receipts import issue_receipt, opened_record, receipt_record
from bot.market.records import OPEN_STATES, CloseReason, Need, Offer, Organisation, State, declared_id
from bot.market.redaction import without_contacts
from bot.market.writing import MarketWriting
from bot.store.receipt_codes import codes_for
from bot.types import PrivateContact, RecordKind

#: The action in the log of a wish left for a technology manager.
HAND_OVER = "hand_over"
_HANDED_TITLE = 40
#: States in which the owner may still change the content.
_REVISABLE = frozenset({State.DRAFT, State.CHECKED, *OPEN_STATES})


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a submitted record; ``receipt`` is kept nowhere in the clear.

    ``again``: it had been kept before, when the same was sent the first time.
    """

    record: Need | Offer
    report: QualityReport
    receipt: str
    again: bool = False


class Publishing(Previewing):
    """What the owner of a record does with it. A process killed at any moment leaves a step whole, or no trace."""

    def submit(
        self,
        kind: RecordKind,
        values: Mapping[str, str],
        *,
        owner: str,
        contact: PrivateContact = NO_CONTACT,
        actor: str = OWNER_ACTOR,
        key: str = "",
    ) -> Submission:
        """Save a new record from form values, publish it when it passes the gate, and give a receipt.

        With moderation what passes waits, checked, for a manager to publish it.
        ``owner`` is what its teller says: nobody has verified it, and it never stands for an organisation
        that staff put on file. ``contact`` is kept apart and private. The same sent again under the teller's ``key``
        (:func:`codes_for`) is the record it was. Raises :class:`MarketError` naming the wrong field; nothing is saved
        then.
        """
        contact, record = checked_contact(contact), self._new(kind, values)
        with self.store.writing(actor) as writing:
            receipt, known = _receipt(writing, key, kind, dict(values), owner, asdict(contact))
            if known is not None:
                return Submission(known, assessed(writing, known), receipt, again=True)
            record = _registered(writing, record, owner, contact, receipt, "submit")
            report = passed_through_gate(writing, kind, record.id, waits=self.moderated)
            return Submission(writing.record(kind, record.id), report, receipt)

    def hand_over(
        self,
        told: str,
        *,
        owner: str = "",
        contact: PrivateContact = NO_CONTACT,
        actor: str = OWNER_ACTOR,
        key: str = "",
    ) -> Submission:
        """Leave a wish as it was told for a technology manager to look after; nothing is published.

        ``key`` is that of :meth:`submit`. Raises :class:`MarketError` when nothing is told or nobody could be answered.
        """
        if not told.strip():
            raise MarketError("没有写要找什么", remedy="用一两句话说明需求或成果")
        if not (contact.phone.strip() or contact.email.strip()):
            raise MarketError("没有留下联系办法", remedy="填电话或邮箱，技术经理人才能回复您")
        contact = checked_contact(contact)
        draft = start_draft(
            told, self.reader.recognise(told) or RecordKind.NEED, today=self._today(), reader=self.reader
        )
        assert draft is not None  # a kind is given
        values = {"title": told.strip()[:_HANDED_TITLE], "description": told.strip(), **draft.as_form()}
        values |= {name: without_contacts(values[name]) for name in ("title", "description")}
        record = self._new(draft.kind, values)
        with self.store.writing(actor) as writing:
            receipt, known = _receipt(writing, key, HAND_OVER, told, owner, asdict(contact))
            if known is None:
                record = _registered(writing, record, owner or draft.owner, contact, receipt, HAND_OVER)
            record = known or record
            return Submission(record, assessed(writing, record), receipt, again=known is not None)

    def handed_over(self) -> tuple[Need | Offer, ...]:
        """The wishes left for a technology manager that are still drafts, oldest first."""
        found: list[Need | Offer] = []
        for kind in (RecordKind.NEED, RecordKind.OFFER):
            records = self.store.get_many(kind, self.store.with_action(kind, HAND_OVER))
            found += [cast("Need | Offer", record) for record in records]
        return tuple(record for record in found if record.state is State.DRAFT)

    def publish(self, kind: RecordKind, record_id: str, *, actor: str) -> QualityReport:
        """Take a draft through the quality gate: published when it passes, else it stays a draft."""
        with self.store.writing(actor) as writing:
            return passed_through_gate(writing, kind, record_id)

    def claim(self, receipt: str) -> tuple[RecordKind, Need | Offer]:
        """The record that a receipt opens; raises :class:`MarketError` when there is none."""
        with self.database.read() as connection:
            kind, record_id = receipt_record(connection, receipt)
        return kind, self.store.need(record_id) if kind is RecordKind.NEED else self.store.offer(record_id)

    def contact_of(self, receipt: str) -> PrivateContact:
        """The private contact kept with the record a receipt opens, for its owner."""
        kind, record = self.claim(receipt)
        return self.store.private_contacts(kind, [record.id]).get(record.id, NO_CONTACT)

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
        (有意向 and later) is changed only when it still passes; raises :class:`MarketError` otherwise. With moderation
        a changed record waits again, and one that others look at is changed by a manager only.
        """
        contact = checked_contact(contact) if contact is not None else None
        with self.store.writing(actor) as writing:
            kind, record_id = receipt_record(writing.connection, receipt)
            before = writing.record(kind, record_id)
            record = revised(kind, before, values)
            waits = self.moderated
            if contact is not None:
                # First: the gate looks for the name of the contact in a confidential text.
                writing.set_contacts(kind, {record_id: contact})
            report = assessed(writing, record)
            if waits and record != before:
                _check_not_in_talks(record)
            keep_assessed(writing, record, report, action="revise")
            if waits and record != before and report.verdict is Verdict.PUBLISH and record.state is not State.DRAFT:
                writing.move(kind, record_id, State.DRAFT, note="修改后重新审核")
            report = passed_through_gate(writing, kind, record_id, waits=waits)
            return Submission(writing.record(kind, record_id), report, receipt)

    def withdraw(self, receipt: str, *, actor: str = OWNER_ACTOR) -> Need | Offer:
        """Close the record a receipt opens, for its owner; its contact is deleted, with what agreed to pass it on."""
        with self.store.writing(actor) as writing:
            kind, record_id = receipt_record(writing.connection, receipt)
            return writing.move(kind, record_id, State.CLOSED, reason=CloseReason.WITHDRAWN)

    def _new(self, kind: RecordKind, values: Mapping[str, str]) -> Need | Offer:
        record_id = values.get("id", "").strip() or _new_id(kind)
        record = cast("Need | Offer", record_from_values(kind, {**values, "id": record_id}))
        return replace(record, as_of=record.as_of or self._today().isoformat())


def _receipt(writing: MarketWriting, key: str, *content: object) -> tuple[str, Need | Offer | None]:
    """The receipt for what is sent under ``key``, and the record it opens already.

    What was closed since is not meant: who sends it again wants it on file again.
    """
    codes = codes_for(key, *content)
    while True:
        code = next(codes)
        opened = opened_record(writing.connection, code)
        record = writing.record(*opened) if opened else None
        if record is None or record.state is not State.CLOSED:
            return code, record


def _registered(
    writing: MarketWriting, record: Need | Offer, owner: str, contact: PrivateContact, receipt: str, action: str
) -> Need | Offer:
    """``record`` on file with its owner and contact; ``receipt`` opens it."""
    kind = RecordKind.NEED if isinstance(record, Need) else RecordKind.OFFER
    if writing.find(kind, record.id) is not None:
        raise MarketError("这个编号已经有了", value=record.id, remedy="换一个编号，或凭回执修改原记录")
    record = replace(record, owner_id=_declared(writing, owner))
    writing.save(record, action=action, contact=contact)
    issue_receipt(writing.connection, kind, record.id, receipt)
    return writing.record(kind, record.id)


def _declared(writing: MarketWriting, owner: str) -> str | None:
    """The id of an organisation known only by its own word; ``None`` without a name."""
    name = checked_unit(owner)
    if not name:
        return None
    declared = Organisation(id=declared_id(name), title=name, source="单位自报，未经核实")
    writing.save(declared, action="submit")
    return declared.id


def revised(kind: RecordKind, before: Need | Offer, values: Mapping[str, str]) -> Need | Offer:
    """``before`` with form values; raises :class:`MarketError` naming the wrong field, or where nothing may change."""
    if before.state not in _REVISABLE:
        raise MarketError(
            f"这条{kind.label}现在不能修改", value=before.state.label, remedy="请联系技术经理人，或另外登记一条"
        )
    parsed = record_from_values(kind, {"title": before.title, **values, "id": before.id})
    changed = {name: getattr(parsed, name) for name in values if name not in ("id", "owner_id")}
    return replace(before, **changed)


def _check_not_looked_at(record: Need | Offer, report: QualityReport) -> None:
    if record.state not in (State.DRAFT, State.CHECKED, State.PUBLISHED):
        raise MarketError(
            "已经有人对这条记录有意向，修改后的内容没有过质量关，没有保存",
            tried=f"{report.total} 分",
            remedy="；".join(report.improve[:3]),
        )


def _check_not_in_talks(record: Need | Offer) -> None:
    if record.state in OPEN_STATES - {State.PUBLISHED}:
        raise MarketError("已经有人对这条记录有意向，修改要先经技术经理人审核，没有保存", remedy="请联系技术经理人修改")


def keep_assessed(writing: MarketWriting, record: Need | Offer, report: QualityReport, *, action: str) -> None:
    """Save a changed record; a published one that does not pass any more goes back to draft.

    Raises :class:`MarketError` where others already look at it.
    """
    if report.verdict is Verdict.HOLD:
        _check_not_looked_at(record, report)
    writing.save(record, action=action)
    if report.verdict is Verdict.HOLD and record.state is not State.DRAFT:
        writing.move(kind_of(record), record.id, State.DRAFT, note="修改后未过质量关")


def passed_through_gate(
    writing: MarketWriting, kind: RecordKind, record_id: str, *, waits: bool = False
) -> QualityReport:
    """Publish a draft that passes the gate; where it ``waits`` it stays checked until a manager publishes it."""
    record = writing.record(kind, record_id)
    report = assessed(writing, record)
    if record.state not in (State.DRAFT, State.CHECKED) or report.verdict is Verdict.HOLD:
        return report
    points = "、".join(f"{score.criterion.label} {score.points}" for score in report.scores)
    if record.state is State.DRAFT:
        writing.move(kind, record_id, State.CHECKED, note=f"{report.total} 分（{points}）")
    if not waits:
        writing.move(kind, record_id, State.PUBLISHED)
    return report


def assessed(writing: MarketWriting, record: Need | Offer) -> QualityReport:
    """The quality gate's view of ``record`` within a transaction."""
    return assess(record, names_behind(writing.connection, record))


def _new_id(kind: RecordKind) -> str:
    prefix = "need" if kind is RecordKind.NEED else "offer"
    return f"{prefix}-{secrets.token_hex(5)}"
