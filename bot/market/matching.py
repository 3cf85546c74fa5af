"""Rank the counterparts of a need, an offer or a text; say how good they are, and why.

The score ranks: BM25 over characters and pairs (title and body weighed apart, idf squared), the cosine of the
embedding and the likeness of technology fields. Whether a record is good enough to be proposed is judged
apart from it (:mod:`bot.market.judging`), and so are the gates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError
from bot.market.evidence import searched_text
from bot.market.exclusions import wanted_text
from bot.market.fields import kind_of
from bot.market.framing import content_of, subject_of
from bot.market.judging import Judge, Judged, Sought
from bot.market.market_index import MarketIndex
from bot.market.masking import Door, public
from bot.market.records import Confidentiality, Need, Offer, Organisation
from bot.market.shelf import Shelf, term_query
from bot.market.store import MarketStore
from bot.market.taxonomy import Taxonomy
from bot.market.wishes import checked_length
from bot.search.vectors import Floats, Rows
from bot.types import PROPOSE_AT, Match, MatchParts, NextStep, RecordKind, Standing

#: Weights beside a lexical score of about 1 for a near-equal title. Measured on the development half (75 needs):
#: a cosine counts for 0.4 to 1 alike (nDCG@10 0.738 to 0.742, words alone 0.70); more of the fields takes away.
DENSE_WEIGHT = 0.5
FIELD_WEIGHT = 0.015
#: Share of the technology fields in nearness by meaning, where words are not asked for.
_FIELDS_IN_NEARNESS = 0.25
#: Candidates scored in full on a large shelf, at least and at most: none of the first ten of 75 needs among 100,000
#: offers comes from beyond 150. A ranking asked for beyond half of the most is complete.
_CANDIDATES, _MOST_CANDIDATES = 400, 2_000
_SMALL_SHELF = 5_000
#: The best of the ranking are judged, however few are asked for: whether anything fits does not hang on ``k``.
_JUDGED = 20
_MAX_HISTORIC = 3
_MOST_FELLOWS = 3
#: Of 81 looked-at wishes for offers four are taken for offers themselves; from this share on one is, and of two told
#: offers one is left open.
_SURELY_OFFERED = 0.75
_MAX_K = 1_000_000

_Ranked = TypeVar("_Ranked", Match, Judged)
_Values = TypeVar("_Values", float, Floats)

NOTHING_FITS = "库里没有合适的伙伴"


@dataclass(frozen=True, slots=True)
class MatchResult:
    """``matches`` is the ranking of open records up to ``k``; ``historic`` is shown, never proposed.

    ``abstained``: nothing on file is good enough. After a widened search ``matches`` holds the nearest records
    that are *not* proposed, those first that only a gate keeps back. ``fellows`` are of the wish's own side, who seek
    (or offer) the same: told of, never proposed.
    """

    abstained: bool
    matches: tuple[Match, ...]
    historic: tuple[Match, ...] = ()
    fellows: tuple[Match, ...] = ()

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

    def best(self, allowed: NDArray[np.bool_], k: int) -> list[int]:
        """Positions of the ``k`` best allowed scores, best first, earlier rows first among equals."""
        return _best(self.lexical + self.dense + self.fields, allowed, k)

    def nearest(self, allowed: NDArray[np.bool_], k: int) -> list[int]:
        """Positions of the ``k`` allowed rows nearest by meaning and field, whatever the words."""
        return _best(_nearness(self.dense, self.fields), allowed, k)

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
        self._door = Door(store)

    def match_need(self, need: Need | str, k: int = 10, *, widened: bool = False) -> MatchResult:
        """The offers for a need (a record or the id of one); raises MarketError for an unknown id."""
        need = self._store.need(need) if isinstance(need, str) else need
        return self._match(_sought(need), RecordKind.OFFER, k, widened)

    def match_offer(self, offer: Offer | str, k: int = 10, *, widened: bool = False) -> MatchResult:
        """The needs for an offer (a record or the id of one); raises MarketError for an unknown id."""
        offer = self._store.offer(offer) if isinstance(offer, str) else offer
        return self._match(_sought(offer), RecordKind.NEED, k, widened)

    def match_text(
        self,
        text: str,
        k: int = 10,
        *,
        kind: RecordKind | None = None,
        widened: bool = False,
        fellows: bool = False,
    ) -> MatchResult:
        """Offers and needs for free text, merged by score; only records of ``kind`` where it is given.

        ``widened`` gives the nearest by field and meaning that are not proposed instead; ``fellows`` tells beside
        records of ``kind`` of those of the other kind that say the same as the text.
        """
        if not text.strip():
            raise UsageError("没有写要找什么", remedy="用一两句话说明需求或成果")
        checked_length(text)
        if kind is RecordKind.ORGANISATION:
            raise UsageError("只能找需求或成果", value=kind.label, remedy="kind 用 needs 或 offers，或者不写")
        kinds = (RecordKind.OFFER, RecordKind.NEED) if kind is None else (kind,)
        results = [self._match(_as_told(text, each), each, k, widened) for each in kinds]
        if kind is not None:
            return replace(results[0], fellows=self._fellows(text, kind.counterpart) if fellows else ())
        matches = [match for result in results for match in result.matches]
        past = [match for result in results for match in result.historic]
        return MatchResult(
            all(result.abstained for result in results),
            tuple(sorted(matches, key=_by_nearness)[:k]) if widened else _foremost(matches, k),
            _foremost(past, _MAX_HISTORIC),
        )

    def neighbours(self, record: Need | Offer, k: int) -> tuple[Match, ...]:
        """Records of the same kind that are most like ``record``, on file or not; its own is not among them."""
        own = kind_of(record)
        shelf = self._index.current().of(own)
        title, body = record.title, searched_text(record)
        scores, judge = self._scored(Sought(record, title, body), own, shelf, k + 1, fellows=True)
        best = scores.best(shelf.live[scores.rows], k + 1)
        judged = [each for each in self._judged(best, scores, shelf, judge) if each.record.id != record.id]
        return self._told(sorted(judged, key=lambda each: -each.score)[:k], judge)

    def _fellows(self, text: str, own: RecordKind) -> tuple[Match, ...]:
        """Open records of the kind that ``text`` itself is, as like it as what is proposed, the nearest first."""
        shelf = self._index.current().of(own)
        sought = _as_told(text, own)
        scores, judge = self._scored(sought, own, shelf, _MOST_FELLOWS, fellows=True)
        judged = self._judged(scores.best(shelf.open[scores.rows], _JUDGED), scores, shelf, judge)
        alike = [each for each in judged if each.level >= PROPOSE_AT]
        return self._told(sorted(alike, key=lambda each: -each.score)[:_MOST_FELLOWS], judge)

    def _match(self, sought: Sought, target: RecordKind, k: int, widened: bool) -> MatchResult:
        if not 1 <= k <= _MAX_K:
            raise UsageError("条数不对", value=k, remedy=f"给 1 到 {_MAX_K:,} 之间的整数")
        shelf = self._index.current().of(target)
        scores, judge = self._scored(sought, target, shelf, None if widened else k)
        open_rows = shelf.open[scores.rows]
        best, past = scores.best(open_rows, max(k, _JUDGED)), scores.best(~open_rows, _JUDGED)
        judged = self._judged([*best, *past], scores, shelf, judge)
        still_open = [each for each in judged if each.record.standing is Standing.OPEN]
        gone = [each for each in judged if each.record.standing is not Standing.OPEN and each.level >= PROPOSE_AT]
        abstained = not any(each.proposed for each in still_open)
        if widened:
            near = scores.nearest(open_rows, k + len(still_open))
            still_open += self._judged([position for position in near if position not in best], scores, shelf, judge)
            chosen = sorted((each for each in still_open if not each.proposed), key=_by_nearness)[:k]
        else:
            chosen = list(_foremost(still_open, k))
        matches = self._told([*chosen, *gone[:_MAX_HISTORIC]], judge)
        return MatchResult(abstained, matches[: len(chosen)], matches[len(chosen) :])

    def _scored(
        self, sought: Sought, target: RecordKind, shelf: Shelf, k: int | None, *, fellows: bool = False
    ) -> tuple[_Scores, Judge]:
        """The scores of what may come among the best ``k``, or (``None``) of all rows; and who judges them."""
        complete = k is None or k > _MOST_CANDIDATES // 2 or shelf.rows <= _SMALL_SHELF
        query = term_query(sought.title, sought.body)
        lexical, own = shelf.lexical(query, max(shelf.rows, 1) if complete else max(_CANDIDATES, 2 * (k or 0)))
        # Without a shared word no match reaches a level worth proposing: on a large shelf only what
        # shares words is looked at.
        rows = np.flatnonzero(shelf.live if complete else shelf.live & (lexical > 0))
        vector = self._index.sought(sought.title, sought.body)
        fields = self._taxonomy.vector(sought.title, sought.body, sought.record.fields)
        scores = _Scores(
            rows,
            lexical[rows] / np.float32(own),
            np.maximum(shelf.cosine(vector, rows), 0) * np.float32(DENSE_WEIGHT),
            shelf.field_likeness(fields, rows) * np.float32(FIELD_WEIGHT),
        )
        nearness = self._index.nearness(vector, shelf)
        today = self._today()
        return scores, Judge(sought, target, shelf.rarity, nearness, self._taxonomy, today, fellows=fellows)

    def _judged(self, positions: Sequence[int], scores: _Scores, shelf: Shelf, judge: Judge) -> list[Judged]:
        ids = [shelf.ids[scores.rows[position]] for position in positions]
        found = [record for record in self._store.get_many(judge.target, ids) if isinstance(record, (Need, Offer))]
        # Taken off the market a moment ago: the next call will not see it at all.
        shown = {each.id: each for each in self._door.public_all([record for record in found if record.is_public])}
        judged = []
        for position, record_id in zip(positions, ids, strict=True):
            record = shown.get(record_id)
            if record is not None:
                parts = scores.parts(position)
                judged.append(judge.judged(record, parts, parts.dense / DENSE_WEIGHT))
        return judged

    def _told(self, judged: Sequence[Judged], judge: Judge) -> tuple[Match, ...]:
        owner_ids = {
            each.record.owner_id
            for each in judged
            if each.record.owner_id is not None and each.record.confidentiality is Confidentiality.OPEN
        }
        found = self._store.get_many(RecordKind.ORGANISATION, sorted(owner_ids)) if owner_ids else ()
        owners = {record.id: public(record.shown_name) for record in found if isinstance(record, Organisation)}
        return tuple(judge.told(each, owners) for each in judged)


class Reads(Protocol):
    """What tells needs from offers in running text."""

    def sought_by(self, text: str) -> RecordKind | None:
        """The kind of record that would answer a text, if it tells a wish."""

    def message(self, text: str) -> tuple[object, float]:
        """What a text is, and the share (0–1) of that beside all else it could be."""


def looked_for(text: str, reads: Reads) -> RecordKind | None:
    """The kind of record that ``text`` looks for; ``None`` when it cannot be told: both are then shown, apart.

    Most who write here need something: a text has to be told for an offer more surely than for a need.
    """
    kind = reads.sought_by(text)
    unsure = kind is RecordKind.NEED and reads.message(text)[1] < _SURELY_OFFERED
    return None if unsure else kind


def _sought(record: Need | Offer) -> Sought:
    """What a record looks for: of a need, not what it excludes."""
    title, body = record.title, searched_text(record)
    return (
        Sought(record, wanted_text(title), wanted_text(body))
        if isinstance(record, Need)
        else Sought(record, title, body)
    )


def _as_told(text: str, target: RecordKind) -> Sought:
    """A told wish as the record it would be, sought without the words that frame it."""
    title, _, rest = text.strip().partition("\n")
    record = (Need if target is RecordKind.OFFER else Offer)(id="", title=title, description=rest)
    subject, whole = subject_of(wanted_text(text.strip()))
    return Sought(record, _told_words(content_of(subject)), _told_words(content_of(whole)))


def _told_words(text: str) -> str:
    """``text`` without the marks and blanks that words left out of it leave behind."""
    return " ".join(part for part in text.split() if any(character.isalnum() for character in part))


def _best(values: Floats, allowed: NDArray[np.bool_], k: int) -> list[int]:
    positions = np.flatnonzero(allowed)
    if len(positions) > k:
        positions = np.sort(positions[np.argpartition(-values[positions], k - 1)[:k]])
    return [int(position) for position in positions[np.argsort(-values[positions], kind="stable")]]


def _foremost(ranked: Sequence[_Ranked], k: int) -> tuple[_Ranked, ...]:
    """The ``k`` best by score, best first; what is proposed is not cut off for what is not."""
    first = sorted(ranked, key=lambda each: (not each.proposed, -each.score))[:k]
    return tuple(sorted(first, key=lambda each: -each.score))


def _nearness(dense: _Values, fields: _Values) -> _Values:
    return dense / DENSE_WEIGHT + fields * (_FIELDS_IN_NEARNESS / FIELD_WEIGHT)


def _by_nearness(match: Match | Judged) -> tuple[bool, float]:
    """Orders what only a gate keeps back before the rest, and the rest by meaning and field."""
    return match.level < PROPOSE_AT, -_nearness(match.parts.dense, match.parts.fields)
