"""Moments: as they are kept (ISO text in UTC, to the microsecond, sortable as text), and as people read them."""

from __future__ import annotations

from datetime import UTC, datetime


def present() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """``moment``, which knows its zone, as it is kept.

    >>> stamp(datetime(2025, 5, 28, 9, tzinfo=UTC))
    '2025-05-28T09:00:00.000000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def to_the_minute(kept: str) -> str:
    """A kept moment as lists show it.

    >>> to_the_minute("2025-05-28T09:00:00.000000Z")
    '2025-05-28 09:00'
    """
    return kept[:16].replace("T", " ")


def to_the_second(kept: str) -> str:
    """A kept moment where minutes are too coarse.

    >>> to_the_second("2025-05-28T09:00:00.000000Z")
    '2025-05-28 09:00:00'
    """
    return kept[:19].replace("T", " ")
