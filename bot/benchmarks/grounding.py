"""Measure the grounding rules: honest rewordings let through, planted errors caught.

``python -m bot.benchmarks.grounding FILE_OR_FOLDER [--failures] [--supports]``

The file's own header says how its sentences were made and what rules cannot see. Of the errors no
threshold is at work but for ``unsupported``; every other kind is caught by an exact rule or not at all.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
import yaml
from pydantic import BaseModel, ConfigDict

from bot.answering.model.grounding import (
    Evidence,
    SentenceVerdict,
    markers_of,
    verify_english_sentence,
    verify_sentence,
    without_markers,
)
from bot.answering.model.grounding.text import support
from bot.types import Status

PASS_RATE_WANTED = 0.90


class _Quote(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    title: str = ""
    date: str | None = None
    status: Status = Status.UNKNOWN


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["honest", "planted"]
    text: str
    error: str = ""
    half: Literal["dev", "test", "fresh"] = "dev"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    evidence: dict[int, _Quote]
    sentences: tuple[_Sentence, ...]
    english: tuple[_Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence with its verdict; ``group`` is the set it is counted in."""

    group: str
    text: str
    honest: bool
    error: str
    verdict: SentenceVerdict
    support: float

    @property
    def right(self) -> bool:
        """An honest sentence let through, or a planted one caught."""
        return self.verdict.ok == self.honest


def judge_file(path: Path) -> Iterator[Judged]:
    """Every sentence of a file, judged."""
    content = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    evidence = {
        marker: Evidence(marker, f"{marker}.txt", 0, len(quote.text), quote.text, quote.title, quote.date, quote.status)
        for marker, quote in content.evidence.items()
    }
    for sentence in content.sentences:
        yield _judged(sentence, evidence, sentence.half, english=False)
    for sentence in content.english:
        yield _judged(sentence, evidence, "english", english=True)


def _judged(sentence: _Sentence, evidence: Mapping[int, Evidence], group: str, *, english: bool) -> Judged:
    verdict = (verify_english_sentence if english else verify_sentence)(sentence.text, evidence)
    quotes = [evidence[marker].text for marker in markers_of(sentence.text) if marker in evidence]
    share, _ = support(without_markers(sentence.text), quotes)
    return Judged(group, sentence.text, sentence.kind == "honest", sentence.error, verdict, share)


def main(
    path: Annotated[Path, typer.Argument(help="句子文件或其所在文件夹")],
    failures: Annotated[bool, typer.Option("--failures", help="列出判错的句子")] = False,
    supports: Annotated[bool, typer.Option("--supports", help="列出支持度分布")] = False,
) -> None:
    """Print pass and catch rates by set and by kind of error."""
    files = sorted(path.glob("paraphrases*.yaml")) if path.is_dir() else [path]
    judged = [item for file in files for item in judge_file(file)]
    out = sys.stdout
    for group in dict.fromkeys(item.group for item in judged):
        honest = [item for item in judged if item.group == group and item.honest]
        planted = [item for item in judged if item.group == group and not item.honest]
        out.write(f"{group:8} honest let through {_rate(honest)}   planted caught {_rate(planted)}\n")
    by_error: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        if not item.honest:
            by_error[item.error].append(item)
    out.writelines(f"  {error:12} {_rate(items)}\n" for error, items in by_error.items())
    if failures:
        for item in judged:
            if not item.right:
                reasons = "; ".join(f"{reason.rule}: {reason.detail}" for reason in item.verdict.reasons)
                out.write(f"{item.group} {item.error or 'honest'}: {item.text}  → {reasons or 'let through'}\n")
    if supports:
        for honest_kind in (True, False):
            shares = sorted(
                item.support
                for item in judged
                if item.honest is honest_kind and item.group == "dev" and item.error in ("", "unsupported")
            )
            out.write(f"{'honest' if honest_kind else 'unsupported'}: {[round(share, 2) for share in shares]}\n")
    good = all(item.right for item in judged if not item.honest)
    kept = [item for item in judged if item.honest]
    wanted = sum(item.right for item in kept) >= PASS_RATE_WANTED * len(kept)
    raise typer.Exit(0 if good and wanted else 1)


def _rate(items: list[Judged]) -> str:
    right = sum(item.right for item in items)
    return f"{right}/{len(items)} ({right / len(items):.0%})" if items else "none"


if __name__ == "__main__":
    typer.run(main)
