"""Running the bench for the desk: the cases kept there, asked of one index or in two ways after another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.accounts.audit import write_entry
from bot.candidates import publish_candidate, waiting_candidate
from bot.evaluation.bench import ASKING, Bench, Plan, Target
from bot.evaluation.case_store import CaseStore
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import circumstances
from bot.evaluation.errand import Errand, Step, What
from bot.evaluation.gate import verdict
from bot.evaluation.run_store import Run, RunStore
from bot.index.layout import IndexLayout
from bot.settings import LlmSettings
from bot.store.database import Database, shared_database, utc_now
from bot.work.ingesting import STAGES
from bot.work.progress import Work

#: What the cases of a run at the desk are called where no tag was chosen.
KEPT = "工作台用例"


def benching(work: Work) -> dict[str, Any]:
    """Ask the kept cases in every step of the errand; stopped or killed, it goes on with the case it had in hand.

    Gives the numbers of the runs, and the version put in force where that was asked for and nothing became wrong.
    """
    database = shared_database(work.settings.resolved_database_url)
    errand = Errand.of(work.parameters)
    runs = RunStore(database)
    bench = Bench(work.settings, runs)
    encoder = Path(errand.encoder) if errand.encoder else None
    numbers = []
    for step in errand.steps:

        def told(stage: str, done: int, total: int, label: str = step.label) -> None:
            work.progress(f"{label}：{'逐条提问' if stage == ASKING else STAGES.get(stage, stage)}", done, total)

        cases = _cases(database, errand)
        run = _begun(work, runs, errand, step, cases) or bench.begin(_plan(work, errand, step, cases), told)
        numbers.append(bench.carry_on(run, told, encoder).number)
    return {"runs": numbers, "published": _published(work, database) if errand.publish else None}


def _cases(database: Database, errand: Errand) -> tuple[Case, ...]:
    return tuple(kept.case for kept in CaseStore(database).listed(errand.tag or None, active=True))


def _plan(work: Work, errand: Errand, step: Step, cases: tuple[Case, ...]) -> Plan:
    return Plan(
        cases=cases,
        cases_from=errand.tag or KEPT,
        by=work.by,
        # A run of one tag alone says nothing of a version as a whole.
        of_kept=not errand.tag and step.target is not Target.ENCODER,
        target=step.target,
        encoder=Path(errand.encoder) if errand.encoder else None,
        offline=step.offline,
        job=work.job,
    )


def _begun(work: Work, runs: RunStore, errand: Errand, step: Step, cases: tuple[Case, ...]) -> Run | None:
    """The run of ``step`` that this work began before it was stopped, or an earlier one of the version in force."""
    offline = step.offline or not work.settings.llm.configured
    for run in runs.of_job(work.job):
        if run.target == step.target.value and (run.circumstances.mode == "offline") is offline:
            return run
    if errand.what is not What.VERSIONS or step.target is not Target.IN_FORCE:
        return None
    settings = work.settings.model_copy(update={"llm": LlmSettings()}) if offline else work.settings
    now = circumstances(settings, IndexLayout(settings.data_dir).read_pointer().version)
    found = runs.newest_of(now.index_digest, now.setting_digest)
    if found is None or found.circumstances.code != now.code:
        return None
    asked = {case.id: case for case in runs.cases(found.number)}
    return found if asked == {case.id: case for case in cases} else None


def _published(work: Work, database: Database) -> int | None:
    """The version put in force now; ``None`` when somebody has to look at what changed first."""
    waiting = waiting_candidate(work.settings)
    found = verdict(database, work.settings)
    if waiting is None or not found.clear or found.after is None or found.after.job != work.job:
        return None
    publish_candidate(work.settings, waiting.version)
    with database.write() as connection:
        write_entry(connection, work.by, "index.publish", f"version:{waiting.version}", found.sentence, utc_now())
    return waiting.version
