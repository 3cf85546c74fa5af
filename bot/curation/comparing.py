"""What putting a waiting version in force would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.curation.shelf import Picture, Resting, resting_on
from bot.jobs.records import Job
from bot.types import FailedDocument


@dataclass(frozen=True, slots=True)
class VersionChange:
    """Documents and records added, updated and removed by a waiting version, each in order of the ids.

    ``orphaned`` are records in force whose document goes; ``failed`` and ``warnings`` are what the ingest told.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    records_added: tuple[str, ...]
    records_updated: tuple[str, ...]
    records_removed: tuple[str, ...]
    orphaned: tuple[Resting, ...]
    failed: tuple[FailedDocument, ...] = ()
    warnings: tuple[str, ...] = ()


def compared(old: Picture, new: Picture, job: Job | None = None) -> VersionChange:
    """What ``new`` changes of ``old``; ``job`` is the ingest that built it, where one is known."""
    shared = old.hashes.keys() & new.hashes.keys()
    before, after = dict(_records(old)), dict(_records(new))
    removed = tuple(sorted(old.hashes.keys() - new.hashes.keys()))
    result = job.result if job is not None else {}
    return VersionChange(
        tuple(sorted(new.hashes.keys() - old.hashes.keys())),
        tuple(sorted(name for name in shared if old.hashes[name] != new.hashes[name])),
        removed,
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        tuple(sorted(before.keys() - after.keys())),
        tuple(each for name in removed for each in resting_on(old.catalogue, name)),
        tuple(FailedDocument(each["path"], each["reason"]) for each in result.get("failed", ())),
        tuple(map(str, result.get("warnings", ()))),
    )


def building_job(jobs: Sequence[Job], version: int) -> Job | None:
    """Which of ``jobs`` (the newest first) built ``version``."""
    return next((each for each in jobs if each.result.get("held") == version), None)


def _records(picture: Picture) -> Iterable[tuple[str, object]]:
    """Every record of the catalogue under the file and the id that people know it by."""
    catalogue = picture.catalogue
    for file, records in (
        ("programmes.yaml", catalogue.programmes),
        ("contacts.yaml", catalogue.contacts),
        ("organisations.yaml", catalogue.organisations),
        ("needs.yaml", catalogue.needs),
    ):
        yield from ((f"{file}：{record.id}", record) for record in records)
    yield from ((f"thesaurus.yaml：{'、'.join(group.words[:3])}", group) for group in catalogue.thesaurus)
    yield "scope.yaml", catalogue.scope
