"""What managers do with a record: publish, send back, edit, close, merge; each step is one transaction.

Who decides on a record has read it as it stood at some event: ``seen`` is the number of its newest one then. What was
changed since is not decided on unread, and of two managers the second is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection, func, select, update

from bot.errors import MarketError
from bot.market.batch import Batch
from bot.market.consent_log import pair_bounds, read_interests
from bot.market.contacts import NO_CONTACT, UNSTORABLE, checked_contact, read_contacts
from bot.market.desk_listing import title_groups, twins
from bot.market.fields import Place, fields_in, kind_of
from bot.market.merged import MERGE, MERGED, survivors
from bot.market.publishing import Publishing, assessed, keep_assessed, passed_through_gate, revised
from bot.market.quality import QualityReport, Verdict
from bot.market.records import CloseReason, Interest, Need, Offer, State, same_owner
from bot.market.writing import MarketWriting
from bot.store.tables import interests, receipts, record_events
from bot.types import Match, PrivateContact, RecordKind, Standing

#: The action in the log of a record sent back to its owner.
SEND_BACK = "send_back"
LONGEST_NOTE = 500
_MOST_TWINS = 20
#: Changes read at once by who follows the log.
_STRETCH = 200

Beside = Callable[[Connection], None]


class Managing(Publishing):
    """The managers' side of a record's life."""

    def own_contact(self, kind: RecordKind, record_id: str) -> PrivateContact:
        """The private contact left with a record itself, for the desk."""
        return self.store.private_contacts(kind, [record_id]).get(record_id, NO_CONTACT)

    def newest_event(self, kind: RecordKind, record_id: str) -> int:
        """The number of what happened to a record last; 0 for an unknown one."""
        with self.database.read() as connection:
            return _newest_event(connection, kind, record_id)

    def move(
        self,
        kind: RecordKind,
        record_id: str,
        target: State,
        *,
        actor: str,
        reason: CloseReason | None = None,
        note: str = "",
        seen: int | None = None,
    ) -> Need | Offer:
        """Pass a need or offer to another state; raises :class:`MarketError` when that is not allowed."""
        note = _checked_note(note)
        with self.store.writing(actor) as writing:
            _check_unchanged(writing, kind, record_id, seen)
            return writing.move(kind, record_id, target, reason=reason, note=note)

    def release(self, kind: RecordKind, record_id: str, *, actor: str, seen: int | None = None) -> Need | Offer:
        """Publish what waits for moderation, or a draft that passes the gate; raises :class:`MarketError` otherwise."""
        with self.store.writing(actor) as writing:
            _check_unchanged(writing, kind, record_id, seen)
            if writing.record(kind, record_id).state is State.CHECKED:
                return writing.move(kind, record_id, State.PUBLISHED)
            report = passed_through_gate(writing, kind, record_id)
            if report.verdict is Verdict.HOLD:
                raise MarketError(
                    "没有过质量关，没有发布", value=f"{report.total} 分", remedy="；".join(report.improve[:3])
                )
            return writing.record(kind, record_id)

    def send_back(
        self, kind: RecordKind, record_id: str, reason: str, *, actor: str, seen: int | None = None
    ) -> Need | Offer:
        """Give what waits for moderation back to its owner, who reads ``reason`` under the receipt."""
        reason = _checked_note(reason)
        if not reason:
            raise MarketError("没有写退回的原因", remedy="写明要补什么，登记人凭回执看到")
        with self.store.writing(actor) as writing:
            _check_unchanged(writing, kind, record_id, seen)
            record = writing.record(kind, record_id)
            if record.state is not State.CHECKED:
                raise MarketError("这条记录没有在等审核", value=record.state.label, remedy="看最新的状态再决定")
            return writing.move(kind, record_id, State.DRAFT, note=reason, action=SEND_BACK)

    def returned_for(self, record: Need | Offer) -> str:
        """Why a draft was sent back to its owner; empty where it was not, or was sent again since."""
        if record.state is not State.DRAFT:
            return ""
        moved = (
            each for each in reversed(self.store.events(kind_of(record), record.id)) if each.to_state != each.from_state
        )
        last = next(moved, None)
        return last.reason if last is not None and last.action == SEND_BACK else ""

    def edit(
        self,
        kind: RecordKind,
        record_id: str,
        values: Mapping[str, str],
        *,
        contact: PrivateContact | None = None,
        actor: str,
        seen: int | None = None,
    ) -> QualityReport:
        """Change a record for its owner, with the checks of the page; see :meth:`Publishing.revise`.

        A published record that no longer passes the gate goes back to draft; nothing is published by it.
        """
        contact = checked_contact(contact) if contact is not None else None
        with self.store.writing(actor) as writing:
            _check_unchanged(writing, kind, record_id, seen)
            record = revised(kind, writing.record(kind, record_id), values)
            if contact is not None:
                writing.set_contacts(kind, {record_id: contact})
            report = assessed(writing, record)
            keep_assessed(writing, record, report, action="edit")
            return report

    def near(self, record: Need | Offer, k: int) -> tuple[Match, ...]:
        """Records of the same kind that are most like a record, on file or not."""
        return self.matcher.neighbours(record, k)

    # --- one thing registered twice -------------------------------------------------------------------

    def twins(self, record: Need | Offer) -> tuple[str, ...]:
        """Ids of other records, not closed, with the owner and title of ``record``."""
        with self.database.read() as connection:
            return twins(connection, kind_of(record), record, _MOST_TWINS)

    def title_groups(self, kind: RecordKind, limit: int) -> list[tuple[str, ...]]:
        """Ids of records, not closed, that share owner and title: a group each, ``limit`` at most."""
        with self.database.read() as connection:
            return title_groups(connection, kind, limit)

    def merged_into(self, kind: RecordKind, record_id: str) -> str:
        """The id of the record that took this one in, or of the one that took that in; empty where none did."""
        with self.database.read() as connection:
            return survivors(connection, kind, [record_id]).get(record_id, "")

    def merge(
        self,
        kind: RecordKind,
        kept_id: str,
        merged_id: str,
        *,
        take: Collection[str],
        take_contact: bool,
        seen: tuple[int, int],
        actor: str,
        beside: Beside,
    ) -> Need | Offer:
        """Make one record of two of one owner: the fields named in ``take`` come from the merged one, which is closed.

        Its receipts open the kept one, its wishes for a partner are the kept one's; what was agreed to is asked for
        anew, as it was agreed for another text. ``beside`` is done within the transaction. Raises
        :class:`MarketError` for records of two owners, and where one was changed after it was read.
        """
        if kept_id == merged_id:
            raise MarketError("这是同一条记录", value=kept_id, remedy="选两条记录来合并")
        with self.store.writing(actor) as writing:
            for record_id, event in zip((kept_id, merged_id), seen, strict=True):
                _check_unchanged(writing, kind, record_id, event)
            kept, merged = writing.record(kind, kept_id), writing.record(kind, merged_id)
            _check_one(kept, merged)
            _take_over_contact(writing, kind, (kept_id, merged_id), take=take_contact)
            _take_over_content(writing, actor, kept, merged, take)
            _lead_on(writing, kind, kept_id, merged_id)
            writing.move(kind, merged_id, State.CLOSED, reason=CloseReason.DUPLICATE, note=kept_id, action=MERGED)
            beside(writing.connection)
            return writing.record(kind, kept_id)

    # --- following what changes -----------------------------------------------------------------------

    def revision(self) -> int:
        """The number of the newest event of all."""
        return self.store.revision()

    def changes_after(self, revision: int) -> tuple[tuple[int, RecordKind, str], ...]:
        """What changed after ``revision``: event, kind and id, oldest first, a stretch at a time."""
        events = record_events.c
        query = select(events.id, events.kind, events.record_id).where(events.id > revision)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(events.id).limit(_STRETCH)).all()
        return tuple((row[0], RecordKind(row[1]), row[2]) for row in rows)


def _newest_event(connection: Connection, kind: RecordKind, record_id: str) -> int:
    events = record_events.c
    query = select(func.max(events.id)).where(events.record_id == record_id, events.kind == kind.value)
    return connection.execute(query).scalar() or 0


def _check_unchanged(writing: MarketWriting, kind: RecordKind, record_id: str, seen: int | None) -> None:
    if seen is not None and _newest_event(writing.connection, kind, record_id) != seen:
        raise MarketError(
            "这条记录刚刚有了变化，您看到的不是最新的，没有保存", value=record_id, remedy="刷新页面看过最新内容再做决定"
        )


def _checked_note(note: str) -> str:
    """A remark for the log, without outer white space; raises :class:`MarketError` for what cannot be kept."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE or UNSTORABLE.search(note):
        raise MarketError("说明太长或有读不出的字符", value=note[:20], remedy=f"用不超过 {LONGEST_NOTE} 个字写明")
    return note


def _check_one(kept: Need | Offer, merged: Need | Offer) -> None:
    for record in (kept, merged):
        if record.state is State.CLOSED:
            raise MarketError("已结束的记录不能合并", value=record.id, remedy="先看它为什么结束")
    owners = kept.owner_id, merged.owner_id
    if None not in owners and owners[0] != owners[1] and not same_owner(*owners):
        # A receipt of the one would open the contact of the other.
        raise MarketError(
            "两条记录的单位不同，不能合并", value=f"{kept.id}、{merged.id}", remedy="确是同一单位时先改正单位"
        )


def _take_over_contact(writing: MarketWriting, kind: RecordKind, pair: tuple[str, str], *, take: bool) -> None:
    kept_id, merged_id = pair
    found = read_contacts(writing.connection, kind, pair)
    if take and merged_id in found:
        writing.set_contacts(kind, {kept_id: found[merged_id]})
    writing.set_contacts(kind, {merged_id: NO_CONTACT})


def _take_over_content(
    writing: MarketWriting, actor: str, kept: Need | Offer, merged: Need | Offer, take: Collection[str]
) -> None:
    kind = kind_of(kept)
    names = {spec.name for spec in fields_in(kind, Place.FORM)}
    taken = {name: getattr(merged, name) for name in take if name in names}
    if kept.owner_id is None and "owner_id" in take:
        taken["owner_id"] = merged.owner_id
    record = replace(kept, **taken)
    keep_assessed(writing, record, assessed(writing, record), action="edit")
    # Said of the record as it is now, be it a draft again.
    batch = Batch(kind, actor, MERGE)
    now = writing.record(kind, kept.id)
    batch.change(now, now, merged.id)
    batch.write(writing.connection)


def _lead_on(writing: MarketWriting, kind: RecordKind, kept_id: str, merged_id: str) -> None:
    """Have the merged record's receipts open the kept one, and its wishes be the kept one's."""
    table = receipts
    mine = (table.c.kind == kind.value, table.c.record_id == merged_id)
    writing.connection.execute(update(table).where(*mine).values(record_id=kept_id))
    own = "need_id" if kind is RecordKind.NEED else "offer_id"
    told = read_interests(writing.connection, interests.c[own] == merged_id)
    bounds = pair_bounds(writing.connection, [(each.need_id, each.offer_id) for each, _ in told])
    for interest, event in told:
        if event >= bounds[interest.need_id, interest.offer_id].parted and _still_open(writing, kind, interest):
            moved = replace(interest, need_id=kept_id) if own == "need_id" else replace(interest, offer_id=kept_id)
            writing.record_interest(moved)
            if writing.record(kind, kept_id).state is State.PUBLISHED:
                writing.move(kind, kept_id, State.INTEREST, note=f"{interest.side.label}有意向")


def _still_open(writing: MarketWriting, kind: RecordKind, interest: Interest) -> bool:
    other = interest.offer_id if kind is RecordKind.NEED else interest.need_id
    return writing.record(kind.counterpart, other).standing is Standing.OPEN
