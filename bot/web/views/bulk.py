"""Many needs or offers at once from a filled-in template: the form, and what became of each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.market.quality import QualityReport, Verdict
from bot.market.rowfile import SUFFIXES
from bot.types import RecordKind
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.telling import told as told_in
from bot.web.telling import told_problem
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_form, submit_button
from bot.web.views.fields import line_input

OUTCOME = "bulk-outcome"
#: A public page takes no more at once; staff import whole files at the command line.
MOST_ROWS = 100
#: Columns without a field that are named, and characters of a name.
_MOST_COLUMNS, _COLUMN = 20, 40


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What became of one row: a problem, or the gate's view and, once submitted, a receipt.

    One that ``waits`` passed the gate and is published by staff.
    """

    number: int
    label: str
    title: str
    problem: str = ""
    report: QualityReport | None = None
    receipt: str = ""
    waits: bool = False


def bulk_form(kind: RecordKind, texts: ViewTexts) -> Html:
    """A file, and who it is from."""
    control = tag(
        "input",
        type="file",
        name_="file",
        id="bulk-file",
        accept=",".join(SUFFIXES),
        required=True,
        data_too_large=texts.file_too_large,
    )
    form = action_form(
        "bulk",
        OUTCOME,
        tag("input", type="hidden", name_="kind", value=kind.value),
        tag("p", text(texts.bulk_hint.format(MOST_ROWS)), class_="field-hint"),
        tag("div", tag("label", text(texts.bulk_file), for_="bulk-file"), control, class_="field field-wide"),
        line_input("unit", "bulk-unit", texts.unit, placeholder=texts.unit_hint),
        tag(
            "div",
            submit_button(texts.bulk_submit),
            submit_button(texts.bulk_check, "bulk_check", main=False),
            class_="card-buttons",
        ),
        identifier="bulk-form",
    )
    outcome = tag("div", id=OUTCOME, class_="view-region", aria_live="polite")
    return tag("details", tag("summary", text(texts.bulk)), form, outcome, class_="bulk")


def bulk_table(rows: Iterable[BulkRow], aside: Sequence[str], texts: ViewTexts, *, saved: bool) -> Html:
    """The rows one by one; ``aside`` are the columns that no field takes."""
    shown = tuple(rows)
    good = sum(row.report is not None and row.report.verdict is Verdict.PUBLISH for row in shown)
    held = sum(row.report is not None and row.report.verdict is Verdict.HOLD for row in shown)
    counts = texts.bulk_done if saved else texts.bulk_checked
    heading = tag("h3", text(counts.format(good, held, len(shown) - good - held)), tabindex="-1")
    body = tag("tbody", *(_row(row, texts) for row in shown))
    keep = tag("p", text(texts.bulk_receipts), class_="hint") if saved and good + held else EMPTY
    named = "、".join(column[:_COLUMN] for column in aside[:_MOST_COLUMNS])
    left_out = tag("p", text(texts.bulk_aside.format(named)), class_="hint") if aside else EMPTY
    return join((heading, left_out, keep, tag("table", body, class_="facts bulk-rows")))


def _row(row: BulkRow, texts: ViewTexts) -> Html:
    if row.report is None:
        told = told_problem(row.problem, texts.language)
    elif row.report.verdict is Verdict.PUBLISH:
        saved = texts.waiting if row.waits else texts.published
        would = texts.would_wait if row.waits else texts.would_be_published
        told = saved if row.receipt else would
    else:
        advice = texts.list_mark.join(told_in(each, texts.language) for each in row.report.improve[:2])
        told = f"{texts.held if row.receipt else texts.would_be_held}{texts.colon}{advice}"
    cells = (texts.row.format(row.number), row.title[:60], told, row.receipt)
    return tag("tr", *(tag("td", text(cell)) for cell in cells))
