"""Figures that a need demands against those an offer claims: met, not met, or not to be told.

Two figures are compared only where they measure the same: the same dimension, both values or both changes, the same
quantity, and the same words beside it (夜间识别距离 is not 白天识别距离). Nearness of meaning does not decide it: the
bundled encoder finds 进口压力 and 出口压力 nearer (0.88) than 检测时间 and 出结果用时 (0.51).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.market.figures_stated import Stated, claimed, demanded
from bot.market.records import Need, Offer
from bot.types import Comparison

#: How surely two figures measure one quantity: by equal words, or by words of which one side says more.
_EQUAL, _WITHIN = 1.0, 0.9
#: A precision given in per cent is a share that is right from here on, and an error below.
_SHARE_RIGHT = Decimal(50)


def compared(need: Need, offer: Offer) -> tuple[Comparison, ...]:
    """Every figure that ``need`` demands, beside what ``offer`` says of it."""
    return compare(demanded(need), claimed(offer))


def compare(demands: Sequence[Stated], claims: Sequence[Stated]) -> tuple[Comparison, ...]:
    """Each of ``demands`` beside the claim that measures the same, with its verdict."""
    return tuple(_compared(demand, claims) for demand in demands)


def _compared(demand: Stated, claims: Sequence[Stated]) -> Comparison:
    alike = [(_likeness(demand, claim), claim) for claim in claims]
    best = max((likeness for likeness, _ in alike), default=0.0)
    found = [claim for likeness, claim in alike if likeness == best and best > 0]
    if not found:
        return Comparison(demand.subject, demand.shown, "", demand.quote, "", None)
    verdicts = {_meets(demand, claim) for claim in found}
    met = verdicts.pop() if len(verdicts) == 1 else None
    return Comparison(demand.subject, demand.shown, found[0].shown, demand.quote, found[0].quote, met)


def _likeness(demand: Stated, claim: Stated) -> float:
    """How surely both measure one quantity, 0–1; 0 where they do not."""
    if demand.measure.dimension != claim.measure.dimension or demand.change != claim.change:
        return 0.0
    if demand.quantity and claim.quantity and demand.quantity.group != claim.quantity.group:
        return 0.0
    if demand.below_zero and claim.below_zero:
        return _EQUAL
    if not demand.subject or not claim.subject:
        return 0.0
    if demand.subject == claim.subject:
        return _EQUAL
    if demand.quantity is not None and claim.quantity is not None:
        return _WITHIN if _holds(demand.qualifier, claim.qualifier) else 0.0
    return _WITHIN if _holds(demand.subject, claim.subject) else 0.0


def _holds(one: str, other: str) -> bool:
    """Whether one of two descriptions is part of the other, or empty."""
    return one in other or other in one


def _meets(demand: Stated, claim: Stated) -> bool | None:
    wanted, given = demand.measure, claim.measure
    if demand.below_zero or (_better(demand) == "reach" and wanted.ranged):
        return _covers(demand, claim)
    low, high = _wanted_ends(demand)
    if low is None and high is None:
        return True if wanted.point is not None and wanted.point == given.point else None
    if _inside(given.low, low, lower=True) and _inside(given.high, high, lower=False):
        return True
    apart = (low is not None and given.high is not None and given.high < low) or (
        high is not None and given.low is not None and given.low > high
    )
    return False if apart else None


def _inside(given: Decimal | None, wanted: Decimal | None, *, lower: bool) -> bool:
    if wanted is None:
        return True
    return given is not None and (given >= wanted if lower else given <= wanted)


def _covers(demand: Stated, claim: Stated) -> bool | None:
    """Whether what is claimed reaches all that is demanded: −25℃ reaches −20℃, −40～85℃ holds −20～60℃."""
    wanted, given = demand.measure, claim.measure
    lowest = wanted.low if wanted.low is not None else wanted.high
    reached = given.low if given.low is not None else given.high
    if lowest is None or reached is None:
        return None
    if not wanted.ranged:
        return reached <= lowest
    if not given.ranged or wanted.high is None or given.high is None:
        return None
    return reached <= lowest and given.high >= wanted.high


def _better(stated: Stated) -> str:
    """``high``, ``low`` or ``reach``; empty when it is not known which way is better."""
    if stated.change:
        return "high"
    better = stated.quantity.better if stated.quantity else ""
    if not better and stated.spent and stated.measure.dimension == "time":
        return "low"
    if better == "precision":
        value = stated.measure.low if stated.measure.low is not None else stated.measure.high
        share = stated.measure.dimension == "ratio" and value is not None and value >= _SHARE_RIGHT
        return "high" if share else "low"
    return better


def _wanted_ends(demand: Stated) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest value that meets a demand; both ``None`` when the way is not known."""
    measure, better = demand.measure, _better(demand)
    if measure.ranged:
        return measure.low, measure.high
    precise = demand.quantity is not None and demand.quantity.better == "precision"
    if measure.point is None and not (precise and better == "low" and measure.low is not None):
        return measure.low, measure.high
    value = measure.low if measure.low is not None else measure.high
    return (value, None) if better == "high" else (None, value) if better == "low" else (None, None)
