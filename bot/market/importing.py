"""Bulk import: a row goes in whole or not at all; wrong rows are told with their number and reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import cast

from bot.errors import EntryError
from bot.market.batch import Change
from bot.market.cells import CellError, parse_cell
from bot.market.fields import FIELDS, RECORDS, FieldType
from bot.market.intake.arrivals import Arrival, Saved
from bot.market.intake.columns import column_names, is_serial
from bot.market.intake.former import changed_hands
from bot.market.intake.grids import ANY_ROWS
from bot.market.intake.lineage import Claim, Judgement, Sender, judge
from bot.market.intake.origins import Origin
from bot.market.intake.parsing import (
    BROKEN,
    FailedRow,
    Intake,
    ParsedRow,
    SheetReport,
    check_columns,
    parse_tables,
)
from bot.market.intake.saving import Saving
from bot.market.merged import survivors
from bot.market.quality import Verdict, assess, forbidden_findings
from bot.market.records import (
    OPEN_STATES,
    AnyRecord,
    Confidentiality,
    Need,
    Offer,
    Organisation,
)
from bot.market.rowfile import MAX_UNPACKED_BYTES, read_tables
from bot.market.store import MarketStore
from bot.types import RecordKind

__all__ = ["FailedRow", "HeldRecord", "ImportReport", "SheetReport", "TextRow", "import_file", "text_rows"]

#: Rows made ready at a time: large enough to be fast, small enough for steady progress.
BATCH = 1_000
#: Progress of looking through rows is told after so many.
_TOLD_AFTER = 50
_NAMED_RECORDS = 10


class ImportStage(StrEnum):
    """What an import is at: rows are looked through, then made ready and written.

    Both are told row by row outside of any transaction; the transaction itself is short.
    """

    CHECKING = "checking"
    WRITING = "writing"

    @property
    def label(self) -> str:
        """The stage as people read it."""
        return {"checking": "核对每一行", "writing": "写入"}[self.value]


#: Called with (stage, rows done, rows in all); whatever it raises ends the import with nothing saved.
Progress = Callable[[ImportStage, int, int], None]


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A published record whose new content the quality gate holds back; it is a draft again."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; the counts are records.

    ``notes`` are what staff should know of the file (what was left out, kept aside, could not be read),
    ``sheets`` the tables of a workbook that were read, ``source`` is what the list is called from now on.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: tuple[FailedRow, ...] = ()
    held: tuple[HeldRecord, ...] = ()
    notes: tuple[str, ...] = ()
    sheets: tuple[SheetReport, ...] = ()
    source: str = ""


def import_file(
    store: MarketStore,
    path: Path,
    kind: RecordKind,
    *,
    actor: str,
    publish: bool = False,
    all_or_nothing: bool = False,
    source: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Import ``path``: look through its rows one by one, then save them.

    All rows that can be saved are saved in one transaction, with their owners: killed at any moment, an import has
    done everything or nothing. What is written is worked out before it (:mod:`bot.market.intake.saving`), so that
    others wait for it as shortly as can be.
    Columns that the file lacks keep their old values on update. A record is only updated
    by the list that brought it; ``source`` names that list, else its rows tell (:mod:`bot.market.intake.lineage`).
    Raises :class:`MarketError`, with nothing changed, when the file cannot be used at all.
    """
    sender = Sender.of(path, source)
    tell = progress or silent
    intake, prepared = prepared_rows(store, path, kind, sender, tell, gate=not publish)
    failed = intake.failed
    saver = _Saver(store, kind, sender)
    if not (failed and all_or_nothing):
        saver.save(prepared, actor, tell, publish=publish, whole=all_or_nothing)
    return ImportReport(
        added=saver.counts[Change.ADDED],
        updated=saver.counts[Change.UPDATED],
        unchanged=saver.counts[Change.UNCHANGED],
        failed=tuple(sorted((*failed, *saver.failed), key=lambda row: row.row)),
        held=tuple(saver.held),
        notes=(*intake.notes, *saver.notes()),
        sheets=tuple(intake.sheets),
        source=sender.label,
    )


def silent(_stage: ImportStage, _done: int, _total: int) -> None:
    """For who wants to hear nothing."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row as it was written: entries by field name (contacts among them), or why it cannot be read.

    ``aside`` are the cells of columns that no field takes.
    """

    number: int
    entries: Mapping[str, str]
    problem: str = ""
    aside: Mapping[str, str] = field(default_factory=dict)


def text_rows(
    path: Path, kind: RecordKind, *, max_unpacked: int = MAX_UNPACKED_BYTES, most_rows: int = ANY_ROWS
) -> tuple[TextRow, ...]:
    """The rows of ``path`` by field name, for callers that save them one by one.

    A sheet or text of more than ``most_rows`` rows is refused before all are read.
    Raises :class:`MarketError` when the file cannot be used at all.
    """
    names = column_names(kind)
    file = read_tables(path, names, max_unpacked=max_unpacked, most_rows=most_rows)
    if not file.tables:
        check_columns(file.expected, names)
    rows = []
    for table in file.tables:
        if table.columns:
            check_columns(table.columns, names)
        for row in table.rows:
            assigned = names.assigned(tuple(row.cells))
            fault = next((row.faults[column] for column in assigned if column in row.faults), "")
            broken = next((spec.label for column, spec in assigned.items() if BROKEN in row.cells[column]), "")
            problem = row.problem or fault or (f"“{broken}”里有读不出的字节，请改正" if broken else "")
            entries = {spec.name: row.cells[column] for column, spec in assigned.items() if not problem}
            rest = {each: cell for each, cell in row.cells.items() if each not in assigned and not is_serial(each)}
            rows.append(TextRow(row.number, entries, problem, {each: cell for each, cell in rest.items() if cell}))
    return tuple(rows)


def prepared_rows(
    store: MarketStore, path: Path, kind: RecordKind, sender: Sender, tell: Progress, *, gate: bool = False
) -> tuple[Intake, list[Prepared]]:
    """What ``path`` holds, and of its rows those that may be saved; the others are told in the intake.

    With ``gate`` the rows say whether the quality gate would hold them back.
    """
    tell(ImportStage.CHECKING, 0, 0)
    intake = parse_tables(read_tables(path, column_names(kind)), column_names(kind))
    tell(ImportStage.CHECKING, 0, len(intake.rows))
    judged = _judged(store, kind, intake.rows, sender, intake.failed)
    prepared = []
    for number, row in enumerate(_prepared(store, kind, judged, intake.failed), 1):
        if row is not None:
            prepared.append(replace(row, worse=_worse(row)) if gate else row)
        if number % _TOLD_AFTER == 0 or number == len(judged):
            tell(ImportStage.CHECKING, number, len(judged))
    return intake, prepared


@dataclass(frozen=True, slots=True)
class _Judged:
    """A row and the record it is."""

    row: ParsedRow
    judgement: Judgement


def _judged(
    store: MarketStore, kind: RecordKind, rows: Sequence[ParsedRow], sender: Sender, failed: list[FailedRow]
) -> list[_Judged]:
    """The rows that may be saved; one of another source, and one that cannot be told from another, is refused."""
    claims = [Claim(row.id, row.title, row.owner) for row in rows]
    kept: list[_Judged] = []
    seen: dict[str, ParsedRow] = {}
    for row, judgement in zip(rows, judge(store, kind, claims, sender), strict=True):
        if judgement.problem:
            failed.append(row.failed(judgement.problem))
        elif judgement.id in seen:
            told = "名称和单位" if not row.id else "编号"
            failed.append(row.failed(f"{told}与{seen[judgement.id].where}相同，分不清是不是同一条；请编上号"))
        else:
            seen[judgement.id] = row
            kept.append(_Judged(row, judgement))
    return kept


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row with the record it makes, before its owner is known by id, and what is on file of it.

    ``worse`` says why the quality gate would hold the record back, where others see it now. A record that was merged
    is one with ``into`` and is left as it is.
    """

    row: ParsedRow
    judgement: Judgement
    before: AnyRecord | None
    record: AnyRecord
    worse: str = ""
    into: str = ""


def _prepared(
    store: MarketStore, kind: RecordKind, rows: Sequence[_Judged], failed: list[FailedRow]
) -> Iterator[Prepared | None]:
    """The records of ``rows``, merged with what is on file; ``None`` for one that may not be public, refused here."""
    for start in range(0, len(rows), BATCH):
        page = rows[start : start + BATCH]
        known = {record.id: record for record in store.get_many(kind, [item.judgement.id for item in page])}
        with store.database.read() as connection:
            gone = survivors(connection, kind, filter(known.get, [item.judgement.id for item in page]))
        for item in page:
            before, into = known.get(item.judgement.id), gone.get(item.judgement.id, "")
            record = _updated(kind, before, item)
            kinds = _forbidden(store, record, item.row)
            problem = f"保密记录的公开文字里有{kinds}，请删去" if kinds else ""
            if into and record != before:
                kept = store.find(kind, into)
                told = f"{into}“{kept.title}”" if kept else into
                problem = f"这条已并入 {told}，没有改动；新内容请改在那一条里，并从名单里删去这一行"
            if problem:
                failed.append(item.row.failed(problem))
            yield None if problem else Prepared(item.row, item.judgement, before, record, into=into)


def _worse(row: Prepared) -> str:
    """Why a record that others see does not pass the gate with its new content; empty when it does."""
    before, record = row.before, row.record
    if before == record or not isinstance(before, (Need, Offer)) or before.state not in OPEN_STATES:
        return ""
    report = assess(cast("Need | Offer", record))
    if report.verdict is Verdict.PUBLISH:
        return ""
    return f"质量 {report.total} 分：" + "；".join(report.improve[:3])


def _updated(kind: RecordKind, before: AnyRecord | None, item: _Judged) -> AnyRecord:
    values = dict(item.row.values)
    if before is None:
        return RECORDS[kind](id=item.judgement.id, **values)
    if getattr(before, "confidentiality", None) is Confidentiality.CONFIDENTIAL and values.get("owner_id", "") is None:
        # An export leaves the owner of a confidential record empty: an empty cell is no change of owner.
        del values["owner_id"]
    return replace(before, **values)


def _forbidden(store: MarketStore, record: AnyRecord, row: ParsedRow) -> str:
    if isinstance(record, Organisation) or record.confidentiality is not Confidentiality.CONFIDENTIAL:
        return ""
    known = store.find(RecordKind.ORGANISATION, record.owner_id) if record.owner_id else None
    names = [name for name in (row.owner, known.title if known else "", row.contact.get("name", "")) if name]
    return "、".join(dict.fromkeys(finding.kind.label for finding in forbidden_findings(record, names)))


class _Saver:
    """Makes arrivals of prepared rows, has them saved, and counts what became of them."""

    def __init__(self, store: MarketStore, kind: RecordKind, sender: Sender) -> None:
        self._store, self._kind, self._sender = store, kind, sender
        self.counts = dict.fromkeys(Change, 0)
        self.held: list[HeldRecord] = []
        self.failed: list[FailedRow] = []
        self._handed: list[str] = []
        self._twins: list[str] = []
        self._gone: list[str] = []

    def save(self, rows: Sequence[Prepared], actor: str, tell: Progress, *, publish: bool, whole: bool) -> None:
        """Save ``rows``, all of them or none; those that were merged into others are left as they are."""
        going = [item for item in rows if not item.into]
        merged = len(rows) - len(going)
        self.counts[Change.UNCHANGED] += merged
        self._gone += [f"{item.judgement.id} → {item.into}" for item in rows if item.into]
        arrivals = [self._arrival(item) for item in going]
        batches = [arrivals[start : start + BATCH] for start in range(0, len(arrivals), BATCH)]
        told = partial(tell, ImportStage.WRITING)
        told(0, len(rows))
        saving = Saving(
            self._store,
            self._kind,
            batches,
            actor=actor,
            publish=publish,
            whole=whole,
            tell=lambda ready: told(merged + ready, len(rows)),
        )
        for item, saved in zip(going, saving.save(), strict=True):
            self._count(item, saved)

    def _count(self, item: Prepared, saved: Saved) -> None:
        if saved.change is None:
            self.failed.append(item.row.failed("核对之后有人改了这条记录，没有覆盖，请再导入一次"))
            return
        self.counts[saved.change] += 1
        if item.judgement.twin:
            self._twins.append(f"{saved.record.id} 与 {item.judgement.twin}")
        if changed_hands(item.before, saved.record):
            self._handed.append(saved.record.id)
        if saved.held:
            self.held.append(HeldRecord(saved.record.id, item.worse))

    def notes(self) -> tuple[str, ...]:
        """What staff should know of records that changed hands, and of those that other lists have too."""
        told = (
            (self._handed, "条记录换了所属单位，原单位的联系方式、同意和回执已作废"),
            (self._twins, "条与另一来源的记录名称、单位相同，可能是同一条"),
            (self._gone, "条已并入别的记录，没有改动"),
        )
        return tuple(f"{len(records)} {what}：{_listed(records)}" for records, what in told if records)

    def _arrival(self, item: Prepared) -> Arrival:
        row, judgement = item.row, item.judgement
        likeness = Claim(row.id, row.title, row.owner).likeness
        origin = Origin(judgement.source, self._sender.place, likeness, self._sender.label, row.aside)
        expected, before = judgement.expected, item.before
        return Arrival(
            item.record, origin, row.contact, expected, before, row.keeps_aside, owner=row.owner, worse=item.worse
        )


def _listed(records: Sequence[str]) -> str:
    return "、".join(records[:_NAMED_RECORDS]) + ("等" if len(records) > _NAMED_RECORDS else "")


def record_from_values(kind: RecordKind, values: dict[str, str]) -> Need | Offer | Organisation:
    """A record from form values by field name; raises :class:`EntryError` naming the wrong field."""
    specs = {spec.name: spec for spec in FIELDS[kind] if spec.type is not FieldType.OWNER}
    parsed = {}
    for name in (each for each in values if each in specs):
        try:
            parsed[name] = parse_cell(specs[name], values[name])
        except CellError as problem:
            raise EntryError("这一项填得不对", entry=name, value=str(problem), remedy="改正后再提交") from None
    missing = [spec for spec in specs.values() if spec.required and not parsed.get(spec.name)]
    if missing:
        labels = "、".join(spec.label for spec in missing)
        raise EntryError("还缺必填项", entry=missing[0].name, value=labels, remedy="补上后再提交")
    return RECORDS[kind](**parsed)
