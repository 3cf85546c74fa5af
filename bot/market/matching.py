"""Rank the counterparts of a need, an offer or a text; say how good they are, and why.

The topical score adds BM25 over characters and pairs (title and body weighed apart, idf squared), the
cosine of the embedding and the likeness of technology fields. Gates stand apart from it. A level is read
from the score by thresholds calibrated on labelled data (see :data:`LEVEL_THRESHOLDS`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError
from bot.market.gates import check_gates
from bot.market.market_index import MarketIndex, Shelves
from bot.market.quality import public_text
from bot.market.reasons import PairSet, Sides, explain, public
from bot.market.records import Confidentiality, Need, Offer, is_declared
from bot.market.shelf import Floats, Rows, Shelf, term_query
from bot.market.store import MarketStore
from bot.market.taxonomy import Taxonomy
from bot.types import PROPOSE_AT, Match, MatchParts, NextStep, RecordKind, Standing

#: Weights beside a lexical score of about 1 for a near-equal title. Measured on the development half
#: (75 needs): the lexical part carries the ranking, more of the others takes away.
DENSE_WEIGHT = 0.08
FIELD_WEIGHT = 0.015
#: Lowest score of levels 2, 3 and 4, calibrated on 2,593 pairs graded 1–4 by technology-transfer staff.
#: They tell how much two records speak of the same thing; whether a technology works, whether money and
#: people fit, or whether a partner is willing, they cannot tell.
LEVEL_THRESHOLDS = (0.04, 0.11, 0.22)
#: Candidates scored in full on a large shelf; a ranking asked for beyond half of them is complete.
_CANDIDATES = 2_000
_SMALL_SHELF = 5_000
_MAX_HISTORIC = 3
_MAX_K = 1_000_000

NOTHING_FITS = "库里没有合适的伙伴"
#: Behind the name of an owner whom nobody verified.
DECLARED_MARK = "（自报）"


@dataclass(frozen=True, slots=True)
class MatchResult:
    """``matches`` is the ranking of open records up to ``k``; ``historic`` is shown, never proposed."""

    abstained: bool
    matches: tuple[Match, ...]
    historic: tuple[Match, ...] = ()

    @property
    def proposed(self) -> tuple[Match, ...]:
        """The matches to put before a user."""
        return tuple(match for match in self.matches if match.proposed)

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        """What is offered instead when nothing fits."""
        return (NextStep.REGISTER, NextStep.WIDEN, NextStep.HAND_OVER) if self.abstained else ()


@dataclass(frozen=True, slots=True)
class _Scores:
    """Already weighted parts of the scores of ``rows``; all ``(n,)``, in the same order."""

    rows: Rows
    lexical: Floats
    dense: Floats
    fields: Floats

    @property
    def total(self) -> Floats:
        return self.lexical + self.dense + self.fields

    def best(self, allowed: NDArray[np.bool_], k: int) -> list[int]:
        """Positions of the ``k`` best allowed scores, best first, earlier rows first among equals."""
        total = self.total
        positions = np.flatnonzero(allowed)
        if len(positions) > k:
            positions = np.sort(positions[np.argpartition(-total[positions], k - 1)[:k]])
        return [int(position) for position in positions[np.argsort(-total[positions], kind="stable")]]

    def parts(self, position: int) -> MatchParts:
        return MatchParts(*(float(part[position]) for part in (self.lexical, self.dense, self.fields)))


class Matcher:
    """Finds counterparts on file. Safe to share between threads; the constructor does no I/O."""

    def __init__(
        self,
        store: MarketStore,
        index: MarketIndex,
        taxonomy: Taxonomy,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._store, self._index, self._taxonomy, self._today = store, index, taxonomy, today

    def match_need(self, need: Need | str, k: int = 10) -> MatchResult:
        """The offers for a need (a record or the id of one); raises MarketError for an unknown id."""
        need = self._store.need(need) if isinstance(need, str) else need
        return self._match(need, RecordKind.OFFER, k)

    def match_offer(self, offer: Offer | str, k: int = 10) -> MatchResult:
        """The needs for an offer (a record or the id of one); raises MarketError for an unknown id."""
        offer = self._store.offer(offer) if isinstance(offer, str) else offer
        return self._match(offer, RecordKind.NEED, k)

    def match_text(self, text: str, k: int = 10) -> MatchResult:
        """Offers and needs for free text, merged by score."""
        if not text.strip():
            raise UsageError("没有写要找什么", remedy="用一两句话说明需求或成果")
        title, _, rest = text.strip().partition("\n")
        results = [
            self._match(Need(id="", title=title, description=rest), RecordKind.OFFER, k),
            self._match(Offer(id="", title=title, description=rest), RecordKind.NEED, k),
        ]
        return MatchResult(
            all(result.abstained for result in results),
            _merged([result.matches for result in results], k),
            _merged([result.historic for result in results], _MAX_HISTORIC),
        )

    def _match(self, record: Need | Offer, target: RecordKind, k: int) -> MatchResult:
        if not 1 <= k <= _MAX_K:
            raise UsageError("条数不对", value=k, remedy=f"给 1 到 {_MAX_K:,} 之间的整数")
        shelves = self._index.current()
        shelf = shelves.of(target)
        scores = self._scores(record, shelf, k)
        explained = _Explainer(record, target, shelves, self._taxonomy, self._today())
        open_rows = shelf.open[scores.rows]
        past_rows = ~open_rows & (scores.total >= LEVEL_THRESHOLDS[PROPOSE_AT - 2])
        best, past = scores.best(open_rows, k), scores.best(past_rows, _MAX_HISTORIC)
        found = self._matches([*best, *past], scores, shelf, explained)
        matches = tuple(match for match in found if match.standing is Standing.OPEN)
        historic = tuple(match for match in found if match.standing is not Standing.OPEN)
        return MatchResult(not any(match.proposed for match in matches), matches, historic)

    def _scores(self, record: Need | Offer, shelf: Shelf, k: int) -> _Scores:
        body = public_text(record).partition("\n")[2]
        complete = shelf.rows <= _SMALL_SHELF or k > _CANDIDATES // 2
        query = term_query(record.title, body)
        lexical, own = shelf.lexical(query, max(shelf.rows, 1) if complete else _CANDIDATES)
        # Without a shared word no match reaches a level worth proposing: on a large shelf only what
        # shares words is looked at.
        rows = np.flatnonzero(shelf.live if complete else shelf.live & (lexical > 0))
        vector = self._index.embed(record.title, body)
        fields = self._taxonomy.vector(record.title, body, record.fields)
        return _Scores(
            rows,
            lexical[rows] / np.float32(own),
            np.maximum(shelf.cosine(vector, rows), 0) * np.float32(DENSE_WEIGHT),
            shelf.field_likeness(fields, rows) * np.float32(FIELD_WEIGHT),
        )

    def _matches(self, positions: Sequence[int], scores: _Scores, shelf: Shelf, explained: _Explainer) -> list[Match]:
        kind = explained.target
        ids = [shelf.ids[scores.rows[position]] for position in positions]
        found = {record.id: record for record in self._store.get_many(kind, ids)}
        owners = self._owners(list(found.values()))
        matches = []
        for position, record_id in zip(positions, ids, strict=True):
            record = found.get(record_id)
            # Taken off the market a moment ago: the next call will not see it at all.
            if isinstance(record, (Need, Offer)) and record.published_at is not None:
                matches.append(explained.match(record, scores.parts(position), owners))
        return matches

    def _owners(self, records: Sequence[object]) -> dict[str, str]:
        ids = {
            record.owner_id
            for record in records
            if isinstance(record, (Need, Offer))
            and record.owner_id is not None
            and record.confidentiality is Confidentiality.OPEN
        }
        found = self._store.get_many(RecordKind.ORGANISATION, sorted(ids)) if ids else ()
        return {record.id: record.title + (DECLARED_MARK if is_declared(record.id) else "") for record in found}


class _Explainer:
    """Turns a scored record into a match, with gates and reasons."""

    def __init__(
        self, record: Need | Offer, target: RecordKind, shelves: Shelves, taxonomy: Taxonomy, today: date
    ) -> None:
        self._record, self.target, self._taxonomy, self._today = record, target, taxonomy, today
        self._text = public_text(record)
        self._idf = functools.cache(shelves.of(target).term_idf)
        self._pairs = PairSet(self._text)

    def match(self, other: Need | Offer, parts: MatchParts, owners: Mapping[str, str]) -> Match:
        score = parts.lexical + parts.dense + parts.fields
        text = public_text(other)
        if isinstance(self._record, Need) and isinstance(other, Offer):
            gates = check_gates(self._record, other, self._today)
            sides = Sides(self._record.title, self._text, other.title, text)
        else:
            assert isinstance(self._record, Offer) and isinstance(other, Need)  # the other direction
            gates = check_gates(other, self._record, self._today)
            sides = Sides(other.title, text, self._record.title, self._text)
        open_owner = other.confidentiality is Confidentiality.OPEN and other.owner_id is not None
        return Match(
            kind=self.target,
            id=other.id,
            title=public(other.title),
            score=score,
            level=level_of(score),
            parts=parts,
            reasons=explain(sides, self._pairs, self._idf, self._taxonomy),
            gates=gates,
            standing=other.standing,
            owner=owners.get(other.owner_id or "", "") if open_owner else "",
            region=other.region,
            as_of=other.as_of,
            sample=other.sample,
        )


def level_of(score: float) -> int:
    """The level 1–4 of a score.

    >>> level_of(0.0)
    1
    """
    return 1 + sum(score >= threshold for threshold in LEVEL_THRESHOLDS)


def _merged(results: Sequence[tuple[Match, ...]], k: int) -> tuple[Match, ...]:
    every = [match for matches in results for match in matches]
    return tuple(sorted(every, key=lambda match: -match.score)[:k])
