"""The sample records that come with the program: made up, marked 示例, loaded and taken away on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import MarketError
from bot.market.fields import field_spec
from bot.market.importing import ImportReport, Progress, import_file
from bot.market.records import AnyRecord, CloseReason, Organisation, State, allowed_transitions
from bot.market.rowfile import read_rows
from bot.market.store import MarketStore
from bot.types import RecordKind

FOLDER = Path(__file__).resolve().parent / "samples"
#: Who is written into the log.
SAMPLES_ACTOR = "samples"
#: Owners before what they own.
_KINDS = (RecordKind.ORGANISATION, RecordKind.NEED, RecordKind.OFFER)


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """How many samples were closed; ``kept`` are the ids of those that no longer can be (已登记)."""

    closed: int
    kept: tuple[str, ...] = ()


def sample_file(kind: RecordKind) -> Path:
    """The file with the samples of ``kind``, in the columns of the import template."""
    return FOLDER / f"{kind.value}.csv"


def load_samples(store: MarketStore, progress: Progress | None = None) -> ImportReport:
    """Import and publish every sample; those closed before are published again.

    Raises :class:`MarketError`, with nothing changed, when somebody registered a record under a sample's id.
    """
    stored = list(_stored(store))
    for kind, record in stored:
        if not record.sample:
            raise MarketError(
                f"示例要用的编号已经登记了别的{kind.label}",
                value=record.id,
                remedy="换一个数据文件夹（--data）再载入示例",
            )
    for kind, record in stored:
        if not isinstance(record, Organisation) and record.state is State.CLOSED:
            store.move(kind, record.id, State.DRAFT, actor=SAMPLES_ACTOR, note="重新载入示例")
    reports = [
        import_file(store, sample_file(kind), kind, actor=SAMPLES_ACTOR, publish=True, progress=progress)
        for kind in _KINDS
    ]
    return ImportReport(
        added=sum(report.added for report in reports),
        updated=sum(report.updated for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        failed=tuple(row for report in reports for row in report.failed),
    )


def remove_samples(store: MarketStore) -> RemovalReport:
    """Close every sample that is on file; the organisations behind them stay, marked 示例."""
    closed, kept = 0, []
    for kind, record in _stored(store):
        if isinstance(record, Organisation) or not record.sample or record.state is State.CLOSED:
            continue
        if State.CLOSED not in allowed_transitions(record.state):
            kept.append(record.id)
            continue
        reason = CloseReason.WITHDRAWN
        store.move(kind, record.id, State.CLOSED, actor=SAMPLES_ACTOR, reason=reason, note="移除示例")
        closed += 1
    return RemovalReport(closed, tuple(kept))


def _stored(store: MarketStore) -> Iterator[tuple[RecordKind, AnyRecord]]:
    """What is on file under the ids of the samples."""
    for kind in _KINDS:
        column = field_spec(kind, "id").label
        rows = read_rows(sample_file(kind), len).rows
        for record in store.get_many(kind, [row.cells[column] for row in rows]):
            yield kind, record
