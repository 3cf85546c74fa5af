"""How far matters have come, counted: of the published records how many were matched, introduced, met, agreed.

Made-up records (示例) and historic ones are left out. A pair counts for both of its records; a record stands at the
furthest stage that any of its pairs reached, even where that pair ended later. Beside the shares stand what others
report of themselves, to be read with care: they count other things.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.introductions.stages import PairProgress, PairStage, pair_stages
from bot.market.records import CloseReason, Need, Offer, State
from bot.market.service import Market
from bot.market.state_log import StateChange
from bot.types import RecordKind

#: The stages that a funnel shows after publication, in order.
SHOWN_STAGES = (PairStage.MATCHED, PairStage.INTRODUCED, PairStage.MET, PairStage.AGREED)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What somebody else reports: ``share`` of ``what``, as ``source`` says."""

    share: float
    what: str
    source: str


#: Inpart on its submissions; InnoMatch (Shanghai) on 2,676 needs in three years; 科易网 on 449,565 achievements.
ANCHORS = (
    Anchor(0.15, "提交的成果有引荐", "Inpart（自述，约 15%）"),
    Anchor(339 / 2676, "需求对接成功", "InnoMatch 全球技术供需对接平台（三年 2676 条需求、339 条）"),
    Anchor(10_784 / 449_565, "成果签约", "科易网（449565 项成果、10784 项）"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """So many records reached a stage, and what share of the published ones that is (0 to 1; ``None`` of none)."""

    label: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Stay:
    """How long records stood at a state: stays that ended, their days in the middle and at nine tenths; who stands."""

    state: State
    ended: int
    median_days: float | None
    long_days: float | None
    standing: int


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    """Everything the page of figures shows; ``funnels`` by kind of record."""

    funnels: Mapping[RecordKind, tuple[Step, ...]]
    stays: tuple[Stay, ...]
    closings: tuple[tuple[CloseReason, int], ...]
    pairs_ended: tuple[tuple[CloseReason, int], ...]


def pipeline_figures(market: Market, today: date, since: date | None = None) -> PipelineFigures:
    """The figures of records first published on or after ``since``; of all without it."""
    counted = {kind: _counted(market, kind) for kind in (RecordKind.NEED, RecordKind.OFFER)}
    changes = [each for each in market.state_changes() if each.kind in counted and each.record_id in counted[each.kind]]
    published = _published(changes, since)
    pairs = [each for each in pair_stages(market) if not _of_samples(each, counted)]
    closings = Counter(
        record.close_reason
        for kind, records in counted.items()
        for record_id, record in records.items()
        if record.close_reason is not None and record_id in published[kind]
    )
    mine = [
        each
        for each in pairs
        if each.need_id in published[RecordKind.NEED] or each.offer_id in published[RecordKind.OFFER]
    ]
    ended = Counter(each.ended_for for each in mine if each.ended_for is not None)
    return PipelineFigures(
        {kind: funnel(published[kind], _furthest(pairs, kind)) for kind in counted},
        stays([each for each in changes if each.record_id in published[each.kind]], today),
        tuple(closings.most_common()),
        tuple(ended.most_common()),
    )


def funnel(published: Iterable[str], furthest: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps from published on; ``furthest`` is the position in :class:`PairStage` that a record reached."""
    ids = set(published)
    total = len(ids)
    steps = [Step("已发布", total, 1.0 if total else None)]
    order = list(PairStage)
    for stage in SHOWN_STAGES:
        count = sum(furthest.get(each, -1) >= order.index(stage) for each in ids)
        steps.append(Step(stage.label, count, count / total if total else None))
    return tuple(steps)


def stays(changes: Sequence[StateChange], today: date) -> tuple[Stay, ...]:
    """How long records stood where, of passages in the order of the log."""
    lasted: dict[State, list[int]] = {}
    standing: Counter[State] = Counter()
    entered: dict[tuple[RecordKind, str], StateChange] = {}
    for each in changes:
        before = entered.get((each.kind, each.record_id))
        if before is not None:
            # A clock set back makes no stay shorter than none.
            lasted.setdefault(before.state, []).append(max(0, (each.day - before.day).days))
        entered[each.kind, each.record_id] = each
    for last in entered.values():
        standing[last.state] += 1
    return tuple(
        Stay(state, len(days), _median(days), _nine_tenths(days), standing[state])
        for state in State
        if (days := lasted.get(state, [])) or standing[state]
    )


def _median(days: Sequence[int]) -> float | None:
    return statistics.median(days) if days else None


def _nine_tenths(days: Sequence[int]) -> float | None:
    if len(days) < 2:
        return float(days[0]) if days else None
    return statistics.quantiles(days, n=10, method="inclusive")[-1]


def _counted(market: Market, kind: RecordKind) -> dict[str, Need | Offer]:
    records = (each for each in market.all_records(kind) if isinstance(each, Need | Offer))
    return {each.id: each for each in records if not each.sample and not each.historic}


def _published(changes: Iterable[StateChange], since: date | None) -> dict[RecordKind, set[str]]:
    """The records that were ever published, first on or after ``since``."""
    first: dict[tuple[RecordKind, str], date] = {}
    for each in changes:
        if each.state is State.PUBLISHED:
            first.setdefault((each.kind, each.record_id), each.day)
    found: dict[RecordKind, set[str]] = {RecordKind.NEED: set(), RecordKind.OFFER: set()}
    for (kind, record_id), day in first.items():
        if since is None or day >= since:
            found[kind].add(record_id)
    return found


def _of_samples(pair: PairProgress, counted: Mapping[RecordKind, Mapping[str, object]]) -> bool:
    return pair.need_id not in counted[RecordKind.NEED] and pair.offer_id not in counted[RecordKind.OFFER]


def _furthest(pairs: Iterable[PairProgress], kind: RecordKind) -> dict[str, int]:
    """How far the furthest pair of each record came; that a pair ended is no stage it reached."""
    order = list(PairStage)
    found: dict[str, int] = {}
    for pair in pairs:
        record_id = pair.need_id if kind is RecordKind.NEED else pair.offer_id
        reached = [order.index(each.stage) for each in pair.reached if each.stage is not PairStage.ENDED]
        found[record_id] = max([found.get(record_id, -1), *reached])
    return found
