"""What a record's page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.market.consents import Pairing
from bot.market.matching import MatchResult
from bot.market.quality import QualityReport
from bot.market.records import Need, Offer, Party, RecordEvent
from bot.pipeline.case_files import CaseEntry, Ref
from bot.pipeline.duplicates import LikelyDuplicate
from bot.types import Match, RecordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything that the page shows; ``seen`` is the number of the record's newest event."""

    record: Need | Offer
    kind: RecordKind
    seen: int
    party: Party
    keeper: str
    managers: tuple[str, ...]
    returned_for: str
    merged_into: str
    quality: QualityReport
    matches: MatchResult
    neighbours: tuple[Match, ...]
    duplicates: tuple[LikelyDuplicate, ...]
    pairings: tuple[Pairing, ...]
    titles: Mapping[Ref, str]
    entries: tuple[CaseEntry, ...]
    events: tuple[RecordEvent, ...]
