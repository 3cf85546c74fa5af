"""A run as a file that can be handed on: one HTML file that needs nothing else, a workbook, or JSON lines."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.errors import UsageError
from bot.evaluation.case_sheets import write_words
from bot.evaluation.comparison import Comparison, Kind
from bot.evaluation.marking import Marked, marked
from bot.evaluation.metrics import Metrics, Rate, measure
from bot.evaluation.report import chance_line, interval_text
from bot.evaluation.results import SavedResult
from bot.evaluation.run_store import Run
from bot.evaluation.saved_runs import to_lines
from bot.evaluation.summary import facts, watched

TEMPLATE = "report.html"
ENDINGS = (".html", ".xlsx", ".jsonl")
_COMPARED = (Kind.WRONG, Kind.RIGHT, Kind.REWORDED)


def checked_report(path: Path) -> None:
    """Raise :class:`UsageError` for a file that no report can be written to, before minutes are spent."""
    if path.suffix.lower() not in ENDINGS:
        raise UsageError("不认识的报告格式", value=path.name, remedy="用 .html、.xlsx 或 .jsonl")
    if not path.parent.is_dir():
        raise UsageError("没有这个文件夹", value=path.parent, remedy="先建好再写")


def write_report(
    path: Path, run: Run, results: Sequence[SavedResult], comparison: Comparison | None = None, against: str = ""
) -> None:
    """Write the report in the format of ``path``'s ending. Raises :class:`UsageError` where it cannot be written."""
    checked_report(path)
    kinds = {
        ".html": lambda: html_report(run, results, comparison, against).encode(),
        ".xlsx": lambda: sheet_report(run, results, comparison, against),
        ".jsonl": lambda: to_lines(results).encode(),
    }
    try:
        path.write_bytes(kinds[path.suffix.lower()]())
    except OSError as error:
        raise UsageError("报告写不下来", value=path, tried=str(error.strerror), remedy="检查磁盘和权限") from None


def html_report(
    run: Run, results: Sequence[SavedResult], comparison: Comparison | None = None, against: str = ""
) -> str:
    """One HTML file: its style is inside, it has no script and fetches nothing."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(
        run=run,
        facts=facts(run),
        rows=_rows(measure(results)),
        watched=watched(measure(results)),
        results=results,
        failed=[result for result in results if not result.passed],
        against=against,
        chance=chance_line(comparison) if comparison is not None else "",
        changes=_changes(comparison),
    )


def _rows(metrics: Metrics) -> list[tuple[str, str, str, str]]:
    rates = [*((each.tag, each.rate) for each in metrics.by_tag), ("全部", metrics.passed)]
    return [(name, f"{rate.hits}/{rate.total}", _percent(rate), interval_text(rate)) for name, rate in rates]


def _percent(rate: Rate) -> str:
    return "" if rate.share is None else f"{rate.share:.1%}"


def _changes(comparison: Comparison | None) -> list[tuple[str, list[Marked]]]:
    if comparison is None:
        return []
    return [(kind.label, [marked(change) for change in comparison.of(kind)]) for kind in _COMPARED]


def sheet_report(
    run: Run, results: Sequence[SavedResult], comparison: Comparison | None = None, against: str = ""
) -> bytes:
    """A workbook: the run and its scores, every case, and what changed; words of documents stay words."""
    book = Workbook()
    first: Any = book.active
    first.title = "得分"
    scores = [("标签", "通过/全部", "通过率", "95% 区间"), *_rows(measure(results)), ()]
    _fill(first, [*scores, *watched(measure(results)), (), *facts(run)], (28, 40, 14, 18))
    head = ("id", "问题", "标签", "通过", "结果", "答案", "未通过的原因", "依据的文件", "毫秒")
    rows = [
        (
            each.id,
            "\n".join((*each.history, each.question)),
            "\n".join(each.tags),
            "是" if each.passed else "否",
            each.outcome,
            each.answer,
            "\n".join(each.reasons),
            "\n".join(each.cited),
            "" if each.elapsed_ms is None else f"{each.elapsed_ms:.0f}",
        )
        for each in results
    ]
    _fill(book.create_sheet("逐条"), [head, *rows], (20, 40, 14, 8, 12, 60, 50, 30, 8))
    if comparison is not None:
        told = [
            ("变化", "id", "问题", f"前（{against}）", "后"),
            *_changed_rows(comparison),
            (),
            (chance_line(comparison),),
        ]
        _fill(book.create_sheet("变化"), told, (20, 20, 40, 60, 60))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _changed_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    found = sorted(comparison.changes, key=lambda change: list(Kind).index(change.kind))
    return [
        (
            change.kind.label,
            change.id,
            change.question,
            "" if change.before is None else change.before.answer,
            "" if change.after is None else change.after.answer,
        )
        for change in found
    ]


def _fill(sheet: Any, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for number, row in enumerate(rows, 1):
        for place, words in enumerate(row, 1):
            cell = sheet.cell(number, place)
            write_words(cell, words)
            if number == 1:
                cell.font = Font(bold=True)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
