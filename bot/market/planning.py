"""What importing a list would do, row by row, before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.market.batch import Change
from bot.market.fields import field_spec
from bot.market.importing import Prepared, Progress, prepared_rows, silent
from bot.market.intake.lineage import Sender
from bot.market.records import FieldChange, Organisation
from bot.market.rows import field_changes
from bot.market.store import MarketStore
from bot.types import RecordKind


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What a row would do; ``change`` is ``None`` where it is refused, for ``reason``. No contact stands in it.

    ``row`` is its number in the file. A note in ``reason`` of a row that goes in tells of a likely second copy.
    """

    row: int
    title: str
    change: Change | None
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Every row in the order of the file, and what staff should know of it."""

    rows: tuple[PlannedRow, ...]
    notes: tuple[str, ...] = ()


def plan_import(
    store: MarketStore, path: Path, kind: RecordKind, source: str = "", progress: Progress | None = None
) -> ImportPlan:
    """The plan of importing ``path``; raises :class:`MarketError` when the file cannot be used at all."""
    intake, prepared = prepared_rows(store, path, kind, Sender.of(path, source), progress or silent)
    owners = _owners(store, prepared)
    rows = [PlannedRow(each.row, "", None, each.reason, sheet=each.sheet) for each in intake.failed]
    rows += [_planned(kind, item, owners) for item in prepared]
    return ImportPlan(tuple(sorted(rows, key=lambda each: (each.sheet, each.row))), tuple(intake.notes))


def _owners(store: MarketStore, prepared: list[Prepared]) -> dict[str, str]:
    """Names of the organisations on file that own the records now."""
    ids = {owner for item in prepared if (owner := getattr(item.before, "owner_id", None))}
    found = store.get_many(RecordKind.ORGANISATION, sorted(ids))
    return {each.id: each.title for each in found}


def _planned(kind: RecordKind, item: Prepared, owners: dict[str, str]) -> PlannedRow:
    why = f"可能与 {item.judgement.twin} 是同一条" if item.judgement.twin else ""
    why = f"已并入 {item.into}，不改动" if item.into else why
    told = {"row": item.row.number, "title": item.row.title, "reason": why, "sheet": item.row.sheet}
    if item.into:
        return PlannedRow(change=Change.UNCHANGED, **told)  # type: ignore[arg-type]
    if item.before is None:
        return PlannedRow(change=Change.ADDED, **told)  # type: ignore[arg-type]
    changes = [each for each in field_changes(item.before, item.record) if each.field != "owner_id"]
    if not isinstance(item.before, Organisation):
        owner = owners.get(item.before.owner_id or "", "")
        if item.row.owner and item.row.owner not in (owner, item.before.owner_id):
            changes.append(FieldChange("owner_id", owner, item.row.owner))
    labelled = tuple(FieldChange(field_spec(kind, each.field).label, each.before, each.after) for each in changes)
    change = Change.UPDATED if labelled else Change.UNCHANGED
    return PlannedRow(change=change, changes=labelled, **told)  # type: ignore[arg-type]
