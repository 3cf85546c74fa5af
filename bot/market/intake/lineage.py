"""Whose list is it: the one that brought a record before, perhaps renamed or corrected, or another one.

A record is only ever updated by the list that brought it. A named source is taken at its word. Otherwise the rows
tell: the same identifier with the same name speaks for one list, another name and another owner against it. Where a
file lies counts as a hint, no more: two offices fill in one template under one name.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.market.intake.former import changed_hands
from bot.market.intake.origins import Origin, alike, size
from bot.market.records import AnyRecord, Organisation, named_id
from bot.market.store import MarketStore
from bot.types import RecordKind

_HASH = 12
_NAMED, _LISTED = "name-", "list-"
_MADE = {RecordKind.NEED: "need", RecordKind.OFFER: "offer", RecordKind.ORGANISATION: "org"}
#: So many rows tell two lists apart that were sent under one file name.
_TELLING_ROWS = 50
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """A file as a source: where it lies, its name, and the name its importer gives the source, if any."""

    place: str
    label: str
    name: str = ""

    @classmethod
    def of(cls, path: Path, name: str = "") -> Sender:
        """The sender of the file at ``path``."""
        return cls(_hashed(str(path.resolve())), name.strip() or path.name, name.strip())


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row says of itself; ``id`` is empty where its list has no identifiers."""

    id: str
    title: str
    owner: str

    @property
    def likeness(self) -> str:
        """A short form of name and owner, the same for the same row in a renamed list."""
        return _hashed(folded_text(self.title), folded_text(self.owner))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The record a row is: its id, the source on file (``None`` for a new record), or why it must not be saved.

    ``twin`` is a record of another source with the same name and owner, of which this one may be a second copy.
    """

    id: str
    source: str
    expected: str | None
    problem: str = ""
    twin: str = ""


def folded_text(text: str) -> str:
    """``text`` without case, width and white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def judge(store: MarketStore, kind: RecordKind, claims: Sequence[Claim], sender: Sender) -> list[Judgement]:
    """For every row the record it is; a row of another list's record is refused."""
    return _Court(store, kind, claims, sender).judgements()


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]


@dataclass(slots=True)
class _Evidence:
    """What the rows say that meet the records of one source."""

    shared: int = 0
    agreeing: int = 0
    contradicting: int = 0
    bare: int = 0
    at_this_place: bool = False


@dataclass(slots=True)
class _File:
    """What is on file of the records that the rows may be."""

    records: dict[str, AnyRecord] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def source(self, record_id: str) -> str:
        origin = self.origins.get(record_id)
        return origin.source if origin else UNKNOWN


class _Court:
    """Weighs the rows of one file."""

    def __init__(self, store: MarketStore, kind: RecordKind, claims: Sequence[Claim], sender: Sender) -> None:
        self._store, self._kind, self._claims, self._sender = store, kind, claims, sender
        self._own = _NAMED + _hashed(folded_text(sender.name)) if sender.name else ""
        self._file = _File()
        self._alike: dict[str, list[str]] = {}
        self._titles: dict[str, int] = {}
        self._accepted: dict[str, int] = {}
        self._source = ""

    def judgements(self) -> list[Judgement]:
        """See :func:`judge`."""
        self._load(claim.id for claim in self._claims if claim.id)
        self._accepted = self._by_identifier() | self._by_likeness()
        self._source = self._own or self._best_known() or self._fresh()
        unnumbered = [claim for claim in self._claims if not claim.id]
        for claim in unnumbered:
            title = folded_text(claim.title)
            self._titles[title] = self._titles.get(title, 0) + 1
        self._load(made for claim in unnumbered for made in self._made_ids(claim))
        return [self._judgement(claim) for claim in self._claims]

    def _load(self, record_ids: Iterable[str]) -> None:
        ids = list(dict.fromkeys(record_ids))
        records = self._store.get_many(self._kind, ids)
        self._file.records |= {record.id: record for record in records}
        self._file.origins |= self._store.origins(self._kind, ids)
        owners = {owner for record in records if (owner := getattr(record, "owner_id", None))}
        found = self._store.get_many(RecordKind.ORGANISATION, sorted(owners))
        self._file.owners |= {record.id: record.title for record in found}

    # --- which sources these rows continue ------------------------------------------------------

    def _by_identifier(self) -> dict[str, int]:
        weighed: dict[str, _Evidence] = {}
        for claim in self._claims:
            record = self._file.records.get(claim.id) if claim.id else None
            if record is not None:
                self._weigh(weighed.setdefault(self._file.source(claim.id), _Evidence()), claim, record)
        return {source: each.agreeing for source, each in weighed.items() if self._continues(source, each)}

    def _weigh(self, evidence: _Evidence, claim: Claim, record: AnyRecord) -> None:
        same_title = folded_text(claim.title) == folded_text(record.title)
        bare = claim.id.isdecimal()
        another = isinstance(record, Organisation) or self._another_owner(claim, record)
        evidence.shared += 1
        evidence.bare += bare
        # In every list there is a 1: a number agrees only when name and owner do.
        evidence.agreeing += same_title and (not bare or not self._another_owner(claim, record))
        evidence.contradicting += not same_title and another
        origin = self._file.origins.get(claim.id)
        evidence.at_this_place |= origin is not None and origin.place == self._sender.place

    def _another_owner(self, claim: Claim, record: AnyRecord) -> bool:
        owner = getattr(record, "owner_id", None)
        if not claim.owner or not owner:
            return False
        return claim.owner != owner and folded_text(claim.owner) != folded_text(self._file.owners.get(owner, ""))

    def _continues(self, source: str, evidence: _Evidence) -> bool:
        if self._own and source.startswith(_NAMED):
            return source == self._own
        if evidence.agreeing * 2 >= evidence.shared:
            return True
        if not evidence.at_this_place and (source != UNKNOWN or evidence.bare):
            return False
        return evidence.agreeing > 0 or evidence.contradicting < evidence.shared

    def _by_likeness(self) -> dict[str, int]:
        wanted = [claim.likeness for claim in self._claims if not claim.id]
        with self._store.database.read() as connection:
            self._alike = alike(connection, self._kind, wanted)
            self._load({record_id for found in self._alike.values() for record_id in found})
            shared: dict[str, int] = {}
            here: set[str] = set()
            for found in self._alike.values():
                for record_id in found:
                    source = self._file.source(record_id)
                    shared[source] = shared.get(source, 0) + 1
                    if self._file.origins[record_id].place == self._sender.place:
                        here.add(source)
            accepted = {}
            for source, count in shared.items():
                if self._own and source.startswith(_NAMED):
                    fits = source == self._own
                else:
                    fits = source in here or count * 2 >= max(len(wanted), size(connection, self._kind, source))
                if fits:
                    accepted[source] = count
        return accepted

    def _best_known(self) -> str:
        known = {source: count for source, count in self._accepted.items() if source != UNKNOWN}
        return max(known, key=lambda source: known[source], default="")

    def _fresh(self) -> str:
        stem = folded_text(Path(self._sender.label).stem)
        source = _LISTED + _hashed(stem)
        with self._store.database.read() as connection:
            if not size(connection, self._kind, source):
                return source
        return _LISTED + _hashed(stem, *(claim.likeness for claim in self._claims[:_TELLING_ROWS]))

    # --- rows -----------------------------------------------------------------------------------

    def _judgement(self, claim: Claim) -> Judgement:
        record_id = claim.id or self._unnumbered_id(claim)
        record = self._file.records.get(record_id)
        if record is None:
            return Judgement(record_id, self._source, None, twin=next(iter(self._alike.get(claim.likeness, ())), ""))
        source = self._file.source(record_id)
        made_here = not claim.id and source in (UNKNOWN, self._source)
        if not made_here and source not in self._accepted:
            return Judgement(record_id, source, source, self._clash(record_id, record))
        problem = self._renamed_owner(claim, record)
        # Under a name of its own a list keeps its records together; else every record stays with its list.
        return Judgement(record_id, self._own or source or self._source, source, problem)

    def _clash(self, record_id: str, record: AnyRecord) -> str:
        origin = self._file.origins.get(record_id)
        label = f"来自“{origin.label}”" if origin and origin.label else "来源没有记下"
        return (
            f"编号“{record_id}”已是另一来源的记录“{record.title}”（{label}），没有覆盖；"
            "两份名单各编各的号时，请在编号前加上单位简称再导入"
        )

    def _renamed_owner(self, claim: Claim, record: AnyRecord) -> str:
        """An organisation that owns records does not become another one: they would change hands unseen."""
        if not isinstance(record, Organisation):
            return ""
        if not changed_hands(record, Organisation(id=record.id, title=claim.title)):
            return ""
        kinds = (RecordKind.NEED, RecordKind.OFFER)
        if not any(self._store.list_records(kind, owner_id=record.id, limit=1).total for kind in kinds):
            return ""
        return f"编号“{record.id}”在档的单位是“{record.title}”，名下有记录，不能改成“{claim.title}”；请换一个编号"

    def _made_ids(self, claim: Claim) -> tuple[str, ...]:
        """The ids a row without one may have: by its name, and by name and owner where several bear the name."""
        if self._kind is RecordKind.ORGANISATION:
            return (named_id(claim.title),)
        title, owner = folded_text(claim.title), folded_text(claim.owner)
        prefix = _MADE[self._kind]
        return f"{prefix}-{_hashed(self._source, title)}", f"{prefix}-{_hashed(self._source, title, owner)}"

    def _unnumbered_id(self, claim: Claim) -> str:
        for record_id in self._alike.get(claim.likeness, ()):
            if self._file.source(record_id) in self._accepted:
                return record_id
        simple, *owned = self._made_ids(claim)
        alone = not owned or self._titles[folded_text(claim.title)] == 1
        return simple if alone else owned[0]
