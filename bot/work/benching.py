"""Running the bench for the desk: the cases kept there, asked of one index or of two after another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.accounts.audit import write_entry
from bot.candidates import publish_candidate, waiting_candidate
from bot.evaluation.bench import ASKING, Bench, Plan, Target
from bot.evaluation.case_store import CaseStore
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import circumstances
from bot.evaluation.gate import verdict
from bot.evaluation.run_store import Run, RunStore
from bot.index.layout import IndexLayout
from bot.settings import LlmSettings, Settings
from bot.store.database import shared_database, utc_now
from bot.work.ingesting import STAGES
from bot.work.progress import Work

#: What the cases of a run at the desk are called where no tag was chosen.
KEPT = "工作台用例"


def benching(work: Work) -> dict[str, Any]:
    """Ask the kept cases of every target in turn; stopped or killed, it goes on with the case it had in hand.

    Parameters: ``targets`` (in order), ``tag``, ``offline``, ``encoder`` (a folder), ``publish`` (put the waiting
    version in force when nothing became wrong). Gives the numbers of the runs, and the version put in force.
    """
    database = shared_database(work.settings.resolved_database_url)
    runs = RunStore(database)
    bench = Bench(work.settings, runs)
    encoder = Path(work.parameters["encoder"]) if work.parameters.get("encoder") else None
    numbers = []
    for target in (Target(each) for each in work.parameters["targets"]):

        def told(stage: str, done: int, total: int, label: str = target.label) -> None:
            work.progress(f"{label}：{'逐条提问' if stage == ASKING else STAGES.get(stage, stage)}", done, total)

        run = _begun(work, runs, target) or bench.begin(_plan(work, CaseStore(database), target, encoder), told)
        numbers.append(bench.carry_on(run, told, encoder).number)
    return {"runs": numbers, "published": _published(work) if work.parameters.get("publish") else None}


def _begun(work: Work, runs: RunStore, target: Target) -> Run | None:
    """The run that this work began before it was stopped; else one of the version in force that serves to compare."""
    own = next((run for run in runs.of_job(work.job) if run.target == target.value), None)
    if own is not None or target is not Target.IN_FORCE or len(work.parameters["targets"]) == 1:
        return own
    settings = _asked(work)
    now = circumstances(settings, IndexLayout(settings.data_dir).read_pointer().version)
    found = runs.newest_of(now.index_digest, now.setting_digest)
    database = shared_database(work.settings.resolved_database_url)
    fits = found is not None and found.circumstances.code == now.code
    return (
        found
        if found is not None and fits and _same(runs.cases(found.number), _cases(work, CaseStore(database)))
        else None
    )


def _plan(work: Work, cases: CaseStore, target: Target, encoder: Path | None) -> Plan:
    tag = work.parameters.get("tag") or ""
    return Plan(
        cases=_cases(work, cases),
        cases_from=tag or KEPT,
        by=work.by,
        # A run of one tag alone says nothing of a version as a whole.
        of_kept=not tag and target is not Target.ENCODER,
        target=target,
        encoder=encoder,
        offline=bool(work.parameters.get("offline")),
        job=work.job,
    )


def _cases(work: Work, cases: CaseStore) -> tuple[Case, ...]:
    return tuple(kept.case for kept in cases.listed(work.parameters.get("tag") or None, active=True))


def _same(asked: Sequence[Case], now: Sequence[Case]) -> bool:
    return {case.id: case for case in asked} == {case.id: case for case in now}


def _asked(work: Work) -> Settings:
    offline = {"llm": LlmSettings()} if work.parameters.get("offline") else {}
    return work.settings.model_copy(update=offline)


def _published(work: Work) -> int | None:
    """The version put in force now; ``None`` when somebody has to look at what changed first."""
    database = shared_database(work.settings.resolved_database_url)
    waiting = waiting_candidate(work.settings)
    found = verdict(database, work.settings)
    if waiting is None or not found.clear or found.after is None or found.after.job != work.job:
        return None
    publish_candidate(work.settings, waiting.version)
    with database.write() as connection:
        write_entry(connection, work.by, "index.publish", f"version:{waiting.version}", found.sentence, utc_now())
    return waiting.version
