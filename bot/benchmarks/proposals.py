"""What is proposed and what is not: ``python -m bot.benchmarks.proposals CASES.yaml``.

The file holds made-up markets (offers and needs) with wishes, each with the ids of the records that truly
fit, often none. Measured are precision and recall of what is proposed, and how often nothing is proposed
where nothing fits; by half (``look`` is what was looked at while the levels were set) and by tag.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.errors import UsageError
from bot.market.matching import MatchResult
from bot.market.records import Need, Offer
from bot.market.service import Market
from bot.settings import load_settings
from bot.types import RecordKind

#: Gates of the made-up records are judged as of this day.
TODAY = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """Something sought; ``told`` is a text, a record, or the id of a record on file (of ``side``)."""

    id: str
    half: str
    told: str | Need | Offer
    side: RecordKind | None
    seeks: RecordKind | None
    fits: frozenset[str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseMarket:
    """A made-up market and what is sought in it."""

    name: str
    records: tuple[Need | Offer, ...]
    wishes: tuple[Wish, ...]


@dataclass(slots=True)
class Totals:
    """Counts over wishes: proposals right, wrong and missed; wishes with and without a fit."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    with_fit: int = 0
    found: int = 0
    first: int = 0
    without_fit: int = 0
    abstained: int = 0
    by_tag: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Share of what is proposed that fits."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of what fits that is proposed."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def abstention(self) -> float:
        """Share of the wishes without a fit for which nothing is proposed."""
        return self.abstained / max(self.without_fit, 1)

    def add(self, wish: Wish, result: MatchResult) -> None:
        """Count one wish."""
        proposed = {match.id for match in result.proposed}
        self.right += len(proposed & wish.fits)
        self.wrong += len(proposed - wish.fits)
        self.missed += len(wish.fits - proposed)
        good = bool(proposed & wish.fits) if wish.fits else not proposed
        if wish.fits:
            self.with_fit += 1
            self.found += good
            self.first += bool(result.matches) and result.matches[0].id in wish.fits
        else:
            self.without_fit += 1
            self.abstained += good
        self.by_tag.update((tag, bool(wish.fits), good) for tag in wish.tags)


def read_markets(path: Path) -> tuple[CaseMarket, ...]:
    """The markets of ``path``. Raises :class:`UsageError` when they cannot be read."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(_market(each) for each in content)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise UsageError("匹配用例读不了", value=path, tried=str(error), remedy="写法见文件开头") from error


def _market(content: Mapping[str, Any]) -> CaseMarket:
    offers = [Offer(**record_values(each)) for each in content["offers"]]
    needs = [Need(**record_values(each)) for each in content["needs"]]
    return CaseMarket(content["name"], (*offers, *needs), tuple(map(_wish, content["wishes"])))


def record_values(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record of a case file is made with; its id is empty where the file gives none."""
    return {"id": "", **record, "fields": tuple(record.get("fields", ()))}


def _wish(content: Mapping[str, Any]) -> Wish:
    side = next((kind for kind in (RecordKind.NEED, RecordKind.OFFER) if kind.value[:-1] in content), None)
    value = content["text"] if side is None else content[side.value[:-1]]
    told = value if isinstance(value, str) else (Need if side is RecordKind.NEED else Offer)(**record_values(value))
    seeks = RecordKind(content["seeks"]) if "seeks" in content else None
    return Wish(content["id"], content["half"], told, side, seeks, frozenset(content["fits"]), tuple(content["tags"]))


@contextmanager
def opened(case: CaseMarket) -> Iterator[Market]:
    """A market in a folder of its own with the records of ``case`` published."""
    with tempfile.TemporaryDirectory() as data:
        market = Market(load_settings(environment={}, data_dir=Path(data)), today=lambda: TODAY)
        for kind in (Offer, Need):
            market.keep_trusted([record for record in case.records if isinstance(record, kind)], actor="benchmark")
        try:
            yield market
        finally:
            market.close()


def ask(market: Market, wish: Wish, k: int = 10) -> MatchResult:
    """Match a wish as its teller would."""
    if wish.side is RecordKind.NEED:
        return market.matcher.match_need(wish.told, k)  # type: ignore[arg-type]  # a need or an id
    if wish.side is RecordKind.OFFER:
        return market.matcher.match_offer(wish.told, k)  # type: ignore[arg-type]  # an offer or an id
    return market.matcher.match_text(str(wish.told), k, kind=wish.seeks)


def measure(answers: Iterable[tuple[Wish, MatchResult]]) -> dict[str, Totals]:
    """Totals of each half."""
    totals: dict[str, Totals] = {}
    for wish, result in answers:
        totals.setdefault(wish.half, Totals()).add(wish, result)
    return totals


def run(path: Path) -> None:
    """Match every wish and print the totals."""
    answers: list[tuple[Wish, MatchResult]] = []
    for case in read_markets(path):
        with opened(case) as market:
            answers += [(wish, ask(market, wish)) for wish in case.wishes]
    for half, totals in measure(answers).items():
        sys.stdout.write(
            f"{half}: precision {totals.precision:.3f}, recall {totals.recall:.3f} of what is proposed;"
            f" found {totals.found} and ranked first {totals.first} of {totals.with_fit} with a fit;"
            f" nothing proposed for {totals.abstained} of {totals.without_fit} without\n"
        )
        for line in _by_tag(totals):
            sys.stdout.write(f"    {line}\n")


def _by_tag(totals: Totals) -> Sequence[str]:
    lines = []
    for tag, with_fit in sorted({(tag, with_fit) for tag, with_fit, _ in totals.by_tag}):
        good, bad = totals.by_tag[tag, with_fit, True], totals.by_tag[tag, with_fit, False]
        lines.append(f"{tag:10} {'found' if with_fit else 'abstained':10} {good}/{good + bad}")
    return lines


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m bot.benchmarks.proposals CASES.yaml")
    run(Path(sys.argv[1]))
