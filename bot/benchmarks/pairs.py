"""Gates and compared figures of single pairs: ``python -m bot.benchmarks.pairs CASES.yaml``.

Each case holds a need, an offer, and what is to be told of them: the verdicts of some gates, and of every figure
that the need demands. A verdict on a figure that the case does not list counts as a guess.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.benchmarks.proposals import TODAY, record_values
from bot.errors import UsageError
from bot.market.comparing import compared
from bot.market.gates import check_gates
from bot.market.records import Need, Offer
from bot.types import Comparison, GateName, verdict_label


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and an offer; ``gates`` and ``figures`` hold the verdicts expected, by gate and by words asked."""

    id: str
    half: str
    need: Need
    offer: Offer
    gates: Mapping[GateName, str]
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One verdict beside the one expected; ``""`` for none."""

    pair: Pair
    about: str
    expected: str
    given: str

    @property
    def right(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.expected == self.given


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The pairs of ``path``. Raises :class:`UsageError` when they cannot be read."""
    try:
        return tuple(_pair(each) for each in yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise UsageError("成对用例读不了", value=path, tried=str(error), remedy="写法见文件开头") from error


def _pair(content: Mapping[str, Any]) -> Pair:
    return Pair(
        content["id"],
        content["half"],
        Need(**record_values(content["need"])),
        Offer(**record_values(content["offer"])),
        {GateName(name): verdict for name, verdict in content.get("gates", {}).items()},
        {each["asked"]: each["verdict"] for each in content.get("compared", ())},
    )


def told(pair: Pair, today: date = TODAY) -> Iterator[Told]:
    """Every expected verdict with the one given, then the figures told without being expected."""
    gates = {gate.name: verdict_label(gate.passed) for gate in check_gates(pair.need, pair.offer, today)}
    for name, verdict in pair.gates.items():
        yield Told(pair, name.label, verdict, gates[name])
    left = list(compared(pair.need, pair.offer))
    for asked, verdict in pair.figures.items():
        found = next((each for each in left if asked in each.asked_quote and _names(each, asked)), None)
        if found is not None:
            left.remove(found)
        yield Told(pair, asked, verdict, verdict_label(found.met) if found else "")
    for each in left:
        if each.met is not None:
            yield Told(pair, each.asked, "", verdict_label(each.met))


def _names(comparison: Comparison, asked: str) -> bool:
    return asked in comparison.asked or comparison.asked in asked


def run(path: Path) -> None:
    """Print how many verdicts are right, by half, and those that are not."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    for pair in read_pairs(path):
        for each in told(pair):
            what = "gates" if each.about in {name.label for name in GateName} else "figures"
            counts[pair.half, what, each.right] += 1
            if not each.right and pair.half == "look":
                sys.stdout.write(f"  {pair.id} {each.about}: {each.expected or '不比'} ← {each.given or '没有比'}\n")
    for half, what in sorted({(half, what) for half, what, _ in counts}):
        right, wrong = counts[half, what, True], counts[half, what, False]
        sys.stdout.write(f"{half} {what}: {right} of {right + wrong} verdicts right\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m bot.benchmarks.pairs CASES.yaml")
    run(Path(sys.argv[1]))
