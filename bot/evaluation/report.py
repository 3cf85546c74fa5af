"""A run as people read it, and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from bot.evaluation.comparison import Change, Comparison, Kind
from bot.evaluation.metrics import Metrics, Rate, measure
from bot.evaluation.results import SavedResult
from bot.evaluation.summary import watched

#: Longer answers are cut in the list of changes.
SHOWN_CHARACTERS = 100


def readable_report(results: Sequence[SavedResult]) -> str:
    """Rates by tag with 95% intervals, what staff watch, then each failing case with its reasons."""
    metrics = measure(results)
    return "\n".join(
        [*_table(metrics), "", *(f"{name}：{value}" for name, value in watched(metrics)), *_failures(results)]
    )


def readable_changes(comparison: Comparison, name: str) -> str:
    """What changed since the run ``name``: became wrong first, then right, then reworded."""
    lines = [f"与 {name} 相比："]
    lines += [f"  {kind.label} {comparison.count(kind)} 条" for kind in Kind if comparison.count(kind)] or [
        "  没有变化"
    ]
    if comparison.count(Kind.WRONG) + comparison.count(Kind.RIGHT):
        lines.append(f"  {chance_line(comparison)}")
    for kind in (Kind.WRONG, Kind.RIGHT, Kind.REWORDED):
        for change in comparison.of(kind):
            lines += [f"[{kind.label}] {change.id}", *_sides(change)]
    return "\n".join(lines)


def chance_line(comparison: Comparison) -> str:
    """What the changes say of which run is better, in one honest sentence."""
    right, wrong = comparison.count(Kind.RIGHT), comparison.count(Kind.WRONG)
    told = f"变对 {right}、变错 {wrong}（同样的 {comparison.shared} 条里）：若两次其实一样好，"
    return f"{told}出现这样或更悬殊的差别的机会是 {comparison.chance:.3f}（McNemar 精确检验）"


def report_object(results: Sequence[SavedResult], run: str) -> dict[str, Any]:
    """The whole run for ``--json``: its figures by name, then every result."""
    metrics = measure(results)
    return {
        "run": run,
        "cases": metrics.passed.total,
        "passed": metrics.passed.hits,
        "interval": metrics.passed.interval,
        "by_tag": {item.tag: _rate_object(item.rate) for item in metrics.by_tag},
        "right_refusals": _rate_object(metrics.right_refusals),
        "false_refusals": _rate_object(metrics.false_refusals),
        "status": _rate_object(metrics.status),
        "wrong_figures": metrics.wrong_figures,
        "other_figures": metrics.other_figures,
        "broken_rules": metrics.broken_rules,
        "errors": metrics.errors,
        "rouge_l": metrics.rouge_l,
        "results": [result.model_dump(mode="json", exclude={"expect"}) for result in results],
    }


def changes_object(comparison: Comparison, name: str) -> dict[str, Any]:
    """What changed since the run ``name``, for ``--json``."""
    told = {kind.value: [change.id for change in comparison.of(kind)] for kind in Kind}
    return {"against": name, **told, "shared": comparison.shared, "mcnemar_p": comparison.chance}


def _table(metrics: Metrics) -> Iterator[str]:
    width = max([_columns("全部"), *(_columns(item.tag) for item in metrics.by_tag)])
    yield f"{_padded('标签', width)}  通过/全部   通过率  95% 区间"
    for name, rate in [
        *((item.tag, item.rate) for item in metrics.by_tag),
        ("全部", metrics.passed),
    ]:
        yield f"{_padded(name, width)}  {rate.hits:>4}/{rate.total:<4}  {_percent(rate):>7}  {interval_text(rate)}"


def _failures(results: Sequence[SavedResult]) -> Iterator[str]:
    failing = [result for result in results if not result.passed]
    if failing:
        yield ""
        yield f"未通过 {len(failing)} 条："
    for result in failing:
        yield from _failure(result)


def _failure(result: SavedResult) -> Iterator[str]:
    yield f"✗ {result.id}  {result.question}"
    yield from (f"    {reason}" for reason in result.reasons)


def _sides(change: Change) -> Iterator[str]:
    for label, side in (("前", change.before), ("后", change.after)):
        if side is not None:
            yield f"    {label}：{_cut(side)}"
    if change.after is not None:
        yield from (f"    {reason}" for reason in change.after.reasons)


def _cut(result: SavedResult) -> str:
    flat = " ".join(result.answer.split())
    return flat if len(flat) <= SHOWN_CHARACTERS else f"{flat[:SHOWN_CHARACTERS]}…"


def _rate_object(rate: Rate) -> dict[str, Any]:
    return {"hits": rate.hits, "total": rate.total, "share": rate.share, "interval": rate.interval}


def _percent(rate: Rate) -> str:
    return "—" if rate.share is None else f"{rate.share:.1%}"


def interval_text(rate: Rate) -> str:
    """The interval of a rate as people read it; empty of nothing."""
    interval = rate.interval
    return "" if interval is None else f"{interval[0]:.1%}–{interval[1]:.1%}"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))
