"""Records that may be one thing registered twice: offered for merging, merged, or remembered as two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, update

from bot.accounts.audit import write_entry
from bot.errors import PipelineError
from bot.market.fields import kind_of
from bot.market.records import Need, Offer, same_owner
from bot.market.service import Market
from bot.pipeline.case_files import lead_on
from bot.pipeline.inserting import insert_new, next_number
from bot.pipeline.tables import likely_duplicates
from bot.store.database import utc_now
from bot.types import PROPOSE_AT, RecordKind

PAGE_SIZE = 50
#: How much more alike than unrelated records (0–1) two of one owner, or of an unknown one, must be, beside sharing the
#: words of a match worth proposing. Of 15 needs told twice 14 are above, of 15 other needs of the same firms one.
NEAR_AT = 0.65
_NEIGHBOURS = 6
_GROUPS = 200
_KINDS = (RecordKind.NEED, RecordKind.OFFER)


class Grounds(StrEnum):
    """Why two records may be one."""

    SAME_TITLE = "same_title"
    NEAR = "near"

    @property
    def label(self) -> str:
        """The grounds as people read them."""
        return {"same_title": "单位和名称相同", "near": "内容很接近"}[self.value]


class Decision(StrEnum):
    """What was decided; ``OPEN`` while nobody did."""

    OPEN = ""
    MERGED = "merged"
    DIFFERENT = "different"


class Choice(StrEnum):
    """Whose value the kept record has after merging."""

    KEPT = "kept"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """Two records of a kind, ``one_id`` before ``other_id``; ``likeness`` in per cent.

    ``found_at`` is read off the wall clock and orders only what an older program found.
    """

    kind: RecordKind
    one_id: str
    other_id: str
    grounds: Grounds
    likeness: int
    found_at: str

    def other_than(self, record_id: str) -> str:
        """The other one."""
        return self.other_id if record_id == self.one_id else self.one_id


class Duplicates:
    """Likely duplicates on record. The constructor does no I/O."""

    def __init__(self, market: Market) -> None:
        self._market = market

    # --- finding --------------------------------------------------------------------------------------

    def of(self, record: Need | Offer) -> tuple[LikelyDuplicate, ...]:
        """What ``record`` may be a duplicate of and nobody decided on, looked for anew."""
        kind = kind_of(record)
        found = {each: (Grounds.SAME_TITLE, 100) for each in self._market.twins(record)}
        for match in self._market.near(record, _NEIGHBOURS):
            near = match.basis.likeness >= NEAR_AT and match.level >= PROPOSE_AT
            if near and match.id not in found and self._may_be_of_one_owner(record, match.id):
                found[match.id] = (Grounds.NEAR, min(round(match.basis.likeness * 100), 99))
        self._keep(kind, record.id, found)
        mine = or_(likely_duplicates.c.one_id == record.id, likely_duplicates.c.other_id == record.id)
        return self._read(self._waiting().where(likely_duplicates.c.kind == kind.value, mine))

    def sweep(self) -> None:
        """Look for records that share owner and title, all over."""
        for kind in _KINDS:
            for first, *others in self._market.title_groups(kind, _GROUPS):
                self._keep(kind, first, dict.fromkeys(others, (Grounds.SAME_TITLE, 100)))

    def _may_be_of_one_owner(self, record: Need | Offer, other_id: str) -> bool:
        other = self._market.find(kind_of(record), other_id)
        owners = record.owner_id, getattr(other, "owner_id", None)
        return None in owners or owners[0] == owners[1] or same_owner(*owners)

    def _keep(self, kind: RecordKind, record_id: str, found: Mapping[str, tuple[Grounds, int]]) -> None:
        if not found:
            return
        with self._market.database.write() as connection:
            place = {"found_at": utc_now(), "number": next_number(connection, likely_duplicates)}
            for other, (grounds, likeness) in found.items():
                one_id, other_id = sorted((record_id, other))
                row = {
                    "kind": kind.value,
                    "one_id": one_id,
                    "other_id": other_id,
                    "grounds": grounds.value,
                    "likeness": likeness,
                    **place,
                    "decision": Decision.OPEN.value,
                }
                insert_new(connection, likely_duplicates, row)

    # --- what waits -----------------------------------------------------------------------------------

    def waiting(self) -> int:
        """How many pairs nobody decided on."""
        with self._market.database.read() as connection:
            return connection.execute(select(func.count()).select_from(self._waiting().subquery())).scalar_one()

    def listed(self, page: int = 1) -> tuple[LikelyDuplicate, ...]:
        """The pairs that nobody decided on, the newest first."""
        table = likely_duplicates.c
        order = (table.number.desc(), table.found_at.desc(), table.one_id, table.other_id)
        return self._read(self._waiting().order_by(*order).limit(PAGE_SIZE).offset((max(page, 1) - 1) * PAGE_SIZE))

    def _waiting(self) -> Select[tuple[object, ...]]:
        table = likely_duplicates
        live = or_(*(and_(table.c.kind == kind.value, *self._live(kind)) for kind in _KINDS))
        return select(table).where(table.c.decision == Decision.OPEN.value, live)

    def _live(self, kind: RecordKind) -> tuple[ColumnElement[bool], ...]:
        ids, table = self._market.unclosed_ids(kind), likely_duplicates
        return table.c.one_id.in_(ids), table.c.other_id.in_(ids)

    def _read(self, query: Select[tuple[object, ...]]) -> tuple[LikelyDuplicate, ...]:
        with self._market.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        told = ("one_id", "other_id", "likeness", "found_at")
        return tuple(
            LikelyDuplicate(
                kind=RecordKind(row["kind"]), grounds=Grounds(row["grounds"]), **{name: row[name] for name in told}
            )
            for row in rows
        )

    # --- deciding -------------------------------------------------------------------------------------

    def different(self, kind: RecordKind, one: str, other: str, *, by: str) -> None:
        """Remember that two records are not one; they are not offered again."""
        with self._market.database.write() as connection:
            if not _decide(connection, kind, (one, other), Decision.DIFFERENT, by):
                raise PipelineError("没有这样一对可能重复的记录", value=f"{one}、{other}", remedy="刷新重复列表")
            write_entry(connection, by, "duplicate.different", f"{kind.value}:{one}", other, utc_now())

    def merge(
        self,
        kind: RecordKind,
        kept_id: str,
        merged_id: str,
        *,
        choices: Mapping[str, Choice],
        seen: tuple[int, int],
        by: str,
    ) -> Need | Offer:
        """Make one record of two: see :meth:`Market.merge`; ``choices`` by field, ``contact`` among them.

        The case file follows, the decision and the trail are written in the same transaction.
        """
        take = [name for name, choice in choices.items() if choice is Choice.OTHER]

        def beside(connection: Connection) -> None:
            lead_on(connection, kind, kept_id, merged_id)
            _decide(connection, kind, (kept_id, merged_id), Decision.MERGED, by)
            write_entry(connection, by, "record.merge", f"{kind.value}:{kept_id}", merged_id, utc_now())

        return self._market.merge(
            kind,
            kept_id,
            merged_id,
            take=take,
            take_contact="contact" in take,
            seen=seen,
            actor=by,
            beside=beside,
        )


def _decide(connection: Connection, kind: RecordKind, pair: Sequence[str], decision: Decision, by: str) -> bool:
    table, (one, other) = likely_duplicates, sorted(pair)
    named = (table.c.kind == kind.value, table.c.one_id == one, table.c.other_id == other)
    values = {"decision": decision.value, "decided_by": by, "decided_at": utc_now()}
    return connection.execute(update(table).where(*named).values(**values)).rowcount == 1
