"""How sure a count of cases is: intervals and tests by SciPy."""

from __future__ import annotations

#: 95 of 100 such intervals hold the true share.
CONFIDENCE = 0.95


def share_interval(hits: int, total: int) -> tuple[float, float] | None:
    """The 95% interval of Wilson (1927) for the share that ``hits`` of ``total`` stands for; ``None`` of nothing."""
    if not total:
        return None
    # Loaded when asked for: it takes most of a second.
    from scipy.stats import binomtest

    interval = binomtest(hits, total).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def change_chance(became_right: int, became_wrong: int) -> float:
    """The exact p-value of McNemar's test: how likely so uneven a count of changes is when neither side is better.

    It is the two-sided binomial test of the cases that changed; 1 when none did.
    """
    if not became_right + became_wrong:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(became_wrong, became_right + became_wrong, 0.5).pvalue)
