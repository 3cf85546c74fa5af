"""Measure the checker of summaries: honest sentences let through, false ones kept out.

``python -m bot.benchmarks.grounding FILE... [--failures]``

Only the code is measured, as if a second reading by a model said yes to everything. The files' own headers say
how their sentences were made.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import BaseModel, ConfigDict

from bot.answering.model.summarising import SummaryUnit, WrittenSentence, traced_sentences
from bot.types import Status

#: No more than this share of the false sentences may be let through.
MOST_LET_THROUGH = 0.05


class _Unit(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    title: str = ""
    date: str | None = None
    status: Status = Status.UNKNOWN


class _Cited(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    cites: tuple[int, ...] = (0,)


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid")
    half: str
    units: tuple[_Unit, ...]
    question: str = ""
    honest: tuple[_Cited | str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    groups: tuple[_Group, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence with its verdict; ``kind`` is empty for an honest one, ``half`` the set it is counted in."""

    half: str
    text: str
    kind: str
    shown: bool

    @property
    def right(self) -> bool:
        """An honest sentence shown, or a false one not."""
        return self.shown != bool(self.kind)


def judge_file(path: Path) -> Iterator[Judged]:
    """Every sentence of a file over all the units of its group."""
    for group in _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).groups:
        units = [SummaryUnit(unit.text, unit.title, unit.date, unit.status) for unit in group.units]
        for honest in group.honest:
            cited = _Cited(text=honest) if isinstance(honest, str) else honest
            yield Judged(group.half, cited.text, "", _shown(cited.text, cited.cites, units))
        for kind, text in group.wrong:
            yield Judged(group.half, text, kind, _shown(text, (0,), units))


def _shown(text: str, cites: Sequence[int], units: Sequence[SummaryUnit]) -> bool:
    written = WrittenSentence(text=text, units=tuple(place + 1 for place in cites))
    return bool(traced_sentences((written,), units))


def main(
    paths: Annotated[list[Path], typer.Argument(help="句子文件")],
    failures: Annotated[bool, typer.Option("--failures", help="列出判错的句子")] = False,
) -> None:
    """Print how many are shown by set and by kind of falsehood; 1 when too many false ones are."""
    judged = [item for path in paths for item in judge_file(path)]
    out = sys.stdout
    for half in dict.fromkeys(item.half for item in judged):
        honest = [item for item in judged if item.half == half and not item.kind]
        wrong = [item for item in judged if item.half == half and item.kind]
        out.write(f"{half:9} honest shown {_rate(honest)}   false shown {_rate(wrong)}\n")
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        if item.kind:
            by_kind[item.kind].append(item)
    out.writelines(f"  {kind:18} shown {_rate(items)}\n" for kind, items in sorted(by_kind.items()))
    if failures:
        out.writelines(f"{item.half} {item.kind or 'lost'}: {item.text}\n" for item in judged if not item.right)
    wrong = [item for item in judged if item.kind]
    raise typer.Exit(0 if sum(item.shown for item in wrong) <= MOST_LET_THROUGH * len(wrong) else 1)


def _rate(items: list[Judged]) -> str:
    shown = sum(item.shown for item in items)
    return f"{shown}/{len(items)} ({shown / len(items):.0%})" if items else "none"


if __name__ == "__main__":
    typer.run(main)
