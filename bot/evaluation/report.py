"""A run as people read it, and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from bot.evaluation.metrics import Metrics, Rate, measure
from bot.evaluation.run import CaseResult, RunReport
from bot.evaluation.saved_runs import Change, SavedResult, saved

#: Longer answers are cut in the list of changes.
SHOWN_CHARACTERS = 100


def readable_report(report: RunReport) -> str:
    """Rates by tag, what staff watch, then each failing case with its reasons."""
    metrics = measure(report)
    return "\n".join([*_table(metrics), "", *_watched(metrics), *_failures(report)])


def readable_changes(changes: Sequence[Change], name: str) -> str:
    """What changed since the run ``name``: became wrong first, then right, then reworded."""
    groups = (
        ("变错", [change for change in changes if change.became_wrong]),
        ("变对", [change for change in changes if change.became_right]),
        ("答案有变，对错未变", [change for change in changes if _reworded(change)]),
        ("新增", [change for change in changes if change.before is None]),
        ("不再有", [change for change in changes if change.after is None]),
    )
    lines = [f"与 {name} 相比："]
    lines += [f"  {title} {len(group)} 条" for title, group in groups if group] or ["  没有变化"]
    for title, group in groups[:3]:
        for change in group:
            lines += [f"[{title}] {change.id}", *_sides(change)]
    return "\n".join(lines)


def report_object(report: RunReport, run: str) -> dict[str, Any]:
    """The whole run for ``--json``: its figures by name, then every result."""
    metrics = measure(report)
    return {
        "run": run,
        "cases": metrics.passed.total,
        "passed": metrics.passed.hits,
        "by_tag": {item.tag: _rate_object(item.rate) for item in metrics.by_tag},
        "right_refusals": _rate_object(metrics.right_refusals),
        "false_refusals": _rate_object(metrics.false_refusals),
        "status": _rate_object(metrics.status),
        "wrong_figures": metrics.wrong_figures,
        "other_figures": metrics.other_figures,
        "broken_rules": metrics.broken_rules,
        "errors": metrics.errors,
        "rouge_l": metrics.rouge_l,
        "results": [saved(result).model_dump(mode="json") for result in report.results],
    }


def changes_object(changes: Sequence[Change], name: str) -> dict[str, Any]:
    """What changed since the run ``name``, for ``--json``."""
    return {
        "against": name,
        "became_wrong": [change.id for change in changes if change.became_wrong],
        "became_right": [change.id for change in changes if change.became_right],
        "reworded": [change.id for change in changes if _reworded(change)],
        "added": [change.id for change in changes if change.before is None],
        "removed": [change.id for change in changes if change.after is None],
    }


def _table(metrics: Metrics) -> Iterator[str]:
    width = max([_columns("全部"), *(_columns(item.tag) for item in metrics.by_tag)])
    yield f"{_padded('标签', width)}  通过/全部   通过率"
    for name, rate in [
        *((item.tag, item.rate) for item in metrics.by_tag),
        ("全部", metrics.passed),
    ]:
        yield f"{_padded(name, width)}  {rate.hits:>4}/{rate.total:<4}  {_percent(rate):>7}"


def _watched(metrics: Metrics) -> Iterator[str]:
    yield f"该说没有而说了没有：{_fraction(metrics.right_refusals)}"
    yield f"该答而拒答（越少越好）：{_fraction(metrics.false_refusals)}"
    yield f"状态正确：{_fraction(metrics.status)}"
    yield f"数字无依据的用例（应为 0）：{metrics.wrong_figures}"
    yield f"给了数字却不是所问的那个（逐条看）：{metrics.other_figures}"
    yield f"违反任一必守规则的用例（应为 0）：{metrics.broken_rules}"
    if metrics.errors:
        yield f"出错的用例：{metrics.errors}"
    if metrics.rouge_l is not None:
        yield f"ROUGE-L 平均：{metrics.rouge_l:.3f}"


def _failures(report: RunReport) -> Iterator[str]:
    failing = [result for result in report.results if not result.passed]
    if failing:
        yield ""
        yield f"未通过 {len(failing)} 条："
    for result in failing:
        yield from _failure(result)


def _failure(result: CaseResult) -> Iterator[str]:
    yield f"✗ {result.case.id}  {result.case.question}"
    yield from (f"    {reason}" for reason in result.reasons)


def _reworded(change: Change) -> bool:
    both = change.before is not None and change.after is not None
    return both and not change.became_right and not change.became_wrong


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
    return {"hits": rate.hits, "total": rate.total, "share": rate.share}


def _percent(rate: Rate) -> str:
    return "—" if rate.share is None else f"{rate.share:.1%}"


def _fraction(rate: Rate) -> str:
    return f"{rate.hits}/{rate.total}（{_percent(rate)}）"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))
