"""The one place where the test bench speaks up before a version is put in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.web.desk.context import Desk


@dataclass(frozen=True, slots=True)
class BenchVerdict:
    """What a bench run of a waiting version came to: ``told`` in a sentence, ``address`` of the comparison."""

    passed: bool
    told: str
    address: str = ""


#: Asked with the number of a waiting version; ``None`` where it was not run. The bench puts its own function here.
Verdicts = Callable[[Desk, int], BenchVerdict | None]
_ASKED: list[Verdicts] = []


def judged_by(verdicts: Verdicts) -> None:
    """Have ``verdicts`` be asked before a version is published; the last one given counts."""
    _ASKED[:] = [verdicts]


def bench_verdict(desk: Desk, version: int) -> BenchVerdict | None:
    """What the bench says of the waiting ``version``; ``None`` where it was not run, or there is no bench."""
    return _ASKED[0](desk, version) if _ASKED else None
