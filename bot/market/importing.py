"""Bulk import: a row goes in whole or not at all; wrong rows are told with their number and reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.errors import MarketError
from bot.market.batch import Change
from bot.market.cells import CellError, parse_cell
from bot.market.fields import CONTACT_FIELDS, FIELDS, FieldSpec, FieldType
from bot.market.quality import Verdict, assess, forbidden_findings
from bot.market.records import AnyRecord, Confidentiality, Need, Offer, Organisation, State, is_declared, named_id
from bot.market.rowfile import MAX_UNPACKED_BYTES, RawRow, RowFile, read_rows
from bot.market.rows import RECORDS
from bot.market.store import MarketStore
from bot.types import PrivateContact, RecordKind

#: Rows saved in one transaction: large enough to be fast, small enough for steady progress.
BATCH = 1_000
#: Traditional forms of characters in column names, for files from Hong Kong or Taiwan.
_TRADITIONAL = str.maketrans(
    "編號稱領術問題標現狀預時權歸條區級單機構來歷記錄簡介紹類聯繫電話郵",
    "编号称领术问题标现状预时权归条区级单机构来历记录简介绍类联系电话邮",
)


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that did not go in; ``row`` is its number in the file."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A published record whose new content the quality gate holds back; it is a draft again."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; the counts are records."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: tuple[FailedRow, ...] = ()
    held: tuple[HeldRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A row that passed: the values of the columns it has, by field name."""

    number: int
    values: dict[str, Any]
    owner: str
    contact: dict[str, str]

    @property
    def id(self) -> str:
        return str(self.values["id"])


def import_file(
    store: MarketStore,
    path: Path,
    kind: RecordKind,
    *,
    actor: str,
    publish: bool = False,
    all_or_nothing: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import ``path``; ``progress`` is told (rows done, rows in all).

    Columns that the file lacks keep their old values on update. Raises :class:`MarketError`, with
    nothing changed, when the file cannot be used at all (unreadable, unknown columns).
    """
    names = _column_names(kind)
    parsed, failed = _parse_rows(_checked_rows(path, kind, names).rows, kind, names)
    prepared = _prepare(store, kind, parsed, failed)
    if failed and all_or_nothing:
        return ImportReport(failed=tuple(failed))
    saver = _Saver(store, kind, actor, publish)
    size = max(len(prepared), 1) if all_or_nothing else BATCH
    for start in range(0, len(prepared), size):
        saver.save(prepared[start : start + size])
        if progress:
            progress(min(start + size, len(prepared)), len(prepared))
    return ImportReport(
        added=saver.counts[Change.ADDED],
        updated=saver.counts[Change.UPDATED],
        unchanged=saver.counts[Change.UNCHANGED],
        failed=tuple(failed),
        held=tuple(saver.held),
    )


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row as it was written: entries by field name (contacts among them), or why it cannot be read."""

    number: int
    entries: Mapping[str, str]
    problem: str = ""


def text_rows(path: Path, kind: RecordKind, *, max_unpacked: int) -> tuple[TextRow, ...]:
    """The rows of ``path`` by field name, for callers that save them one by one.

    Raises :class:`MarketError` when the file cannot be used at all.
    """
    names = _column_names(kind)
    rows = []
    for row in _checked_rows(path, kind, names, max_unpacked).rows:
        unknown = next((column for column in row.cells if _folded(column) not in names), None)
        problem = row.problem or (f"不认识的列“{unknown[:40]}”" if unknown is not None else "")
        entries = {names[_folded(column)].name: cell for column, cell in row.cells.items() if not problem}
        rows.append(TextRow(row.number, entries, problem))
    return tuple(rows)


def _column_names(kind: RecordKind) -> dict[str, FieldSpec]:
    return {name: spec for spec in _specs(kind) for name in map(_folded, (spec.name, spec.label, *spec.aliases))}


def _checked_rows(
    path: Path, kind: RecordKind, names: dict[str, FieldSpec], max_unpacked: int = MAX_UNPACKED_BYTES
) -> RowFile:
    file = read_rows(
        path, lambda columns: sum(_folded(column) in names for column in columns), max_unpacked=max_unpacked
    )
    if file.columns:
        _check_columns(file.columns, names, _specs(kind))
    return file


def _specs(kind: RecordKind) -> tuple[FieldSpec, ...]:
    return FIELDS[kind] + CONTACT_FIELDS


def _folded(name: str) -> str:
    """A column name without case, width, white space, and remarks like （必填） or *."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_TRADITIONAL)
    return re.sub(r"\(.*?\)|[\s*_:]", "", folded)


def _known_columns(specs: Sequence[FieldSpec]) -> str:
    return "、".join(f"{spec.label}（{spec.name}）" for spec in specs)


def _check_columns(columns: Sequence[str], names: dict[str, FieldSpec], specs: Sequence[FieldSpec]) -> None:
    unknown = [column[:40] for column in columns if column and _folded(column) not in names]
    if unknown:
        raise MarketError("有不认识的列", value="、".join(unknown), remedy=f"可用的列：{_known_columns(specs)}")
    fields = [names[_folded(column)].name for column in columns if column]
    twice = sorted({field for field in fields if fields.count(field) > 1})
    if twice:
        raise MarketError("同一项有两列", value="、".join(twice), remedy="每项只留一列")
    missing = [spec for spec in specs if spec.required and spec.name not in fields]
    if missing:
        raise MarketError("缺少必要的列", value=_known_columns(missing), remedy="加上这些列，可先下载模板")


def _parse_rows(
    rows: Sequence[RawRow], kind: RecordKind, names: dict[str, FieldSpec]
) -> tuple[list[_Parsed], list[FailedRow]]:
    parsed: list[_Parsed] = []
    failed: list[FailedRow] = []
    first_seen: dict[str, int] = {}
    for row in rows:
        try:
            made = _parse_row(row, kind, names)
            if made.id in first_seen:
                raise CellError(f"编号“{made.id}”与第 {first_seen[made.id]} 行重复")
            first_seen[made.id] = row.number
            parsed.append(made)
        except CellError as problem:
            failed.append(FailedRow(row.number, str(problem)))
    return parsed, failed


def _parse_row(row: RawRow, kind: RecordKind, names: dict[str, FieldSpec]) -> _Parsed:
    if row.problem:
        raise CellError(row.problem)
    values: dict[str, Any] = {}
    for column, cell in row.cells.items():
        spec = names.get(_folded(column))
        if spec is None:
            raise CellError(f"不认识的列“{column[:40]}”，可用的列：{_known_columns(_specs(kind))}")
        if spec.name in values:
            raise CellError(f"“{spec.label}”写了两次")
        values[spec.name] = parse_cell(spec, cell)
    for spec in _specs(kind):
        if spec.required and not values.get(spec.name):
            raise CellError(f"缺少“{spec.label}”")
    owner = values.pop("owner_id", None)
    if owner == "":
        values["owner_id"] = None
    contact = {
        spec.name.removeprefix("contact_"): values.pop(spec.name) for spec in CONTACT_FIELDS if spec.name in values
    }
    return _Parsed(row.number, values, owner or "", contact)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A row with the record it makes, before its owner is known by id."""

    row: _Parsed
    record: AnyRecord


def _prepare(store: MarketStore, kind: RecordKind, rows: Sequence[_Parsed], failed: list[FailedRow]) -> list[_Prepared]:
    """The records of ``rows``, merged with what is on file; what may not be public is refused here."""
    prepared = []
    for start in range(0, len(rows), BATCH):
        page = rows[start : start + BATCH]
        known = {record.id: record for record in store.get_many(kind, [row.id for row in page])}
        for row in page:
            before = known.get(row.id)
            record = RECORDS[kind](**row.values) if before is None else replace(before, **row.values)
            kinds = _forbidden(store, record, row)
            if kinds:
                failed.append(FailedRow(row.number, f"保密记录的公开文字里有{kinds}，请删去"))
            else:
                prepared.append(_Prepared(row, record))
    failed.sort(key=lambda item: item.row)
    return prepared


def _forbidden(store: MarketStore, record: AnyRecord, row: _Parsed) -> str:
    if isinstance(record, Organisation) or record.confidentiality is not Confidentiality.CONFIDENTIAL:
        return ""
    known = store.find(RecordKind.ORGANISATION, record.owner_id) if record.owner_id else None
    names = [name for name in (row.owner, known.title if known else "", row.contact.get("name", "")) if name]
    return "、".join(dict.fromkeys(finding.kind.label for finding in forbidden_findings(record, names)))


class _Saver:
    """Saves prepared rows batch by batch, with their owners and private contacts."""

    def __init__(self, store: MarketStore, kind: RecordKind, actor: str, publish: bool) -> None:
        self._store, self._kind, self._actor, self._publish = store, kind, actor, publish
        self.counts = dict.fromkeys(Change, 0)
        self.held: list[HeldRecord] = []

    def save(self, batch: Sequence[_Prepared]) -> None:
        names = {item.row.owner for item in batch if item.row.owner}
        owners = resolve_owners(self._store, names, self._actor) if names else {}
        records = [_owned(item, owners) for item in batch]
        changes = self._store.save_many(records, actor=self._actor, action="import", publish=self._publish)
        for change, record in zip(changes, records, strict=True):
            self.counts[change] += 1
            if change is Change.UPDATED and not self._publish:
                self._hold_if_worse(record)
        self._drop_contacts(batch, records)
        self._keep_contacts([item.row for item in batch if any(item.row.contact.values())])

    def _drop_contacts(self, batch: Sequence[_Prepared], records: Sequence[AnyRecord]) -> None:
        """A record that passes to another owner does not take the old one's contact along."""
        passed = [
            record.id
            for item, record in zip(batch, records, strict=True)
            if getattr(item.record, "owner_id", None) not in (None, getattr(record, "owner_id", None))
        ]
        if passed:
            none = dict.fromkeys(passed, PrivateContact())
            self._store.set_contacts(self._kind, none, actor=self._actor)

    def _hold_if_worse(self, record: AnyRecord) -> None:
        """A published record that was changed passes the gate again, or goes back to draft."""
        if isinstance(record, Organisation) or record.state is not State.PUBLISHED:
            return
        report = assess(record)
        if report.verdict is Verdict.HOLD:
            reason = f"质量 {report.total} 分：" + "；".join(report.improve[:3])
            self._store.move(self._kind, record.id, State.DRAFT, actor=self._actor, note=reason)
            self.held.append(HeldRecord(record.id, reason))

    def _keep_contacts(self, rows: Sequence[_Parsed]) -> None:
        if rows:
            known = self._store.private_contacts(self._kind, [row.id for row in rows])
            contacts = {row.id: replace(known.get(row.id, PrivateContact()), **row.contact) for row in rows}
            self._store.set_contacts(self._kind, contacts, actor=self._actor)


def _owned(item: _Prepared, owners: dict[str, str]) -> AnyRecord:
    if isinstance(item.record, Organisation) or not item.row.owner:
        return item.record
    return replace(item.record, owner_id=owners[item.row.owner])


def resolve_owners(store: MarketStore, owners: set[str], actor: str) -> dict[str, str]:
    """Organisation ids for ``owners`` (ids or names); an unknown name becomes an organisation."""
    ids = {record.id for record in store.get_many(RecordKind.ORGANISATION, owners)}
    found = store.organisations_by_name(owners - ids)
    named = {name: record.id for name, record in found.items() if not is_declared(record.id)}
    unknown = sorted(owners - ids - set(named))
    made = [Organisation(id=named_id(name), title=name) for name in unknown]
    store.save_many(made, actor=actor, action="import")
    return {
        **{owner: owner for owner in ids},
        **named,
        **{record.title: record.id for record in made},
    }


def record_from_values(kind: RecordKind, values: dict[str, str]) -> Need | Offer | Organisation:
    """A record from form values by field name; raises :class:`MarketError` naming the wrong field."""
    specs = {spec.name: spec for spec in FIELDS[kind] if spec.type is not FieldType.OWNER}
    try:
        parsed = {name: parse_cell(specs[name], value) for name, value in values.items() if name in specs}
    except CellError as problem:
        raise MarketError("这一项填得不对", value=str(problem), remedy="改正后再提交") from None
    missing = [spec.label for spec in specs.values() if spec.required and not parsed.get(spec.name)]
    if missing:
        raise MarketError("还缺必填项", value="、".join(missing), remedy="补上后再提交")
    return RECORDS[kind](**parsed)
