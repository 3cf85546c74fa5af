"""What a manager does for a pair, in one transaction with what its owners said; and the log of every pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, func, literal, select

from bot.market.consent_log import consents_of, read_interests, states
from bot.market.consenting import Consenting, checked
from bot.market.consents import Consent, ConsentState
from bot.market.fields import kind_of
from bot.market.records import Interest, Need, Offer, Side, State
from bot.market.tables import TABLES
from bot.market.writing import MarketWriting, fetch_records
from bot.store.tables import interests, record_events
from bot.types import RecordKind

Pair = tuple[str, str]
#: A record goes on with its pairs so far by itself; what became of it in the end its manager says.
_ON = (State.PUBLISHED, State.INTEREST, State.INTRODUCED, State.MET)
#: Shorter titles are words that stand in any sentence; more that stand in one text name nothing.
_SHORTEST_TITLE, _MOST_TITLED = 4, 50


@dataclass(frozen=True, slots=True)
class PairLog:
    """What the owners of a pair said, oldest first: interests with their places in the log, and consents."""

    need_id: str
    offer_id: str
    interests: tuple[tuple[Interest, int], ...]
    consents: tuple[Consent, ...]


class PairWriting:
    """One transaction about a pair, made by :meth:`Pairs.about_pair`."""

    def __init__(self, market: Pairs, writing: MarketWriting, pair: Pair) -> None:
        self._market, self._writing, self.pair = market, writing, pair
        self.need = cast(Need, writing.record(RecordKind.NEED, pair[0]))
        self.offer = cast(Offer, writing.record(RecordKind.OFFER, pair[1]))

    @property
    def connection(self) -> Connection:
        """The transaction, for tables that are not the market's own."""
        return self._writing.connection

    def place(self) -> int:
        """The newest number in the one log: what is written now comes after it and before the next."""
        return self.connection.execute(select(func.max(record_events.c.id))).scalar() or 0

    def mark(self, side: Side, action: str) -> int:
        """A number of its own in the log for what was done towards ``side``; its owner sees that it was."""
        return self._writing.mark_pair(side, self.pair, action)

    def state(self) -> ConsentState:
        """Where both sides stand now."""
        return self._market.state_within(self.connection, *self.pair)

    def check_joint(self, text: str) -> None:
        """Raise :class:`ConsentError` where a joint text may not be used; see :meth:`Market.check_joint`."""
        self._market.check_joint_within(self.connection, *self.pair, text)

    def record_consent(self, consent: Consent, seen: int | None = None) -> Consent | None:
        """Put on record what a side was asked or answered; see :meth:`Market.record_consent`."""
        return self._market.put_on_record(self._writing, checked(consent), seen)

    def go_on(self, target: State) -> None:
        """Pass both records forward to 已引荐 or 已对接, as far as they are on the way there."""
        for record in (self.need, self.offer):
            kind = kind_of(record)
            while record.state in _ON and _ON.index(record.state) < _ON.index(target):
                record = self._writing.move(kind, record.id, _ON[_ON.index(record.state) + 1])


class Pairs(Consenting):
    """Pairs as the desk works with them."""

    @contextmanager
    def about_pair(self, need_id: str, offer_id: str, *, actor: str) -> Iterator[PairWriting]:
        """A transaction by ``actor``: everything in it is kept, or nothing.

        Raises :class:`MarketError` for an unknown need or offer.
        """
        with self.store.writing(actor) as writing:
            yield PairWriting(self, writing, (need_id, offer_id))

    def pair_logs(self, pairs: Iterable[Pair] | None = None) -> tuple[PairLog, ...]:
        """What was said in ``pairs``, without them in every pair that an interest or a consent ever tied."""
        wanted = None if pairs is None else list(dict.fromkeys(pairs))
        with self.database.read() as connection:
            told: dict[Pair, list[tuple[Interest, int]]] = {pair: [] for pair in wanted or ()}
            said: dict[Pair, list[Consent]] = {pair: [] for pair in wanted or ()}
            needs = () if wanted is None else (interests.c.need_id.in_({need for need, _ in wanted}),)
            for interest, event in read_interests(connection, *needs):
                told.setdefault((interest.need_id, interest.offer_id), []).append((interest, event))
            for consent in consents_of(connection, wanted):
                said.setdefault((consent.need_id, consent.offer_id), []).append(consent)
        found = dict.fromkeys((*told, *said)) if wanted is None else dict.fromkeys(wanted)
        return tuple(PairLog(*pair, tuple(told.get(pair, ())), tuple(said.get(pair, ()))) for pair in found)

    def titled_in(self, text: str) -> tuple[Need | Offer, ...]:
        """Needs and offers whose whole title stands in ``text``, the longest title first; for the desk."""
        found: list[Need | Offer] = []
        with self.database.read() as connection:
            # Not LIKE: a title full of "%" would take its time.
            place = func.strpos if connection.dialect.name == "postgresql" else func.instr
            for kind in (RecordKind.NEED, RecordKind.OFFER):
                table = TABLES[kind]
                stands = place(literal(text), table.c.title) > 0
                query = select(table.c.id).where(stands, func.length(table.c.title) >= _SHORTEST_TITLE)
                ids = list(connection.execute(query.limit(_MOST_TITLED)).scalars())
                records = fetch_records(connection, kind, ids).values()
                found += (cast("Need | Offer", each) for each in records)
        return tuple(sorted(found, key=lambda each: -len(each.title)))

    def consent_states(self, pairs: Sequence[Pair]) -> Mapping[Pair, ConsentState]:
        """Where both sides of each pair stand."""
        with self.database.read() as connection:
            return states(connection, list(pairs), self._today(), self._settings.consent_days)
