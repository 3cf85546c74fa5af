"""A run by its name, whichever way it is kept: in the database, or as JSON lines."""

from __future__ import annotations

from pathlib import Path

from bot.errors import UsageError
from bot.evaluation.results import SavedResult
from bot.evaluation.run_store import RunStore
from bot.evaluation.saved_runs import REMEDY, file_names, load_run, run_file

_NAMED = 5


def results_named(name: str, runs: RunStore, data_dir: Path) -> tuple[SavedResult, ...]:
    """The results of the run of that name or number, or of a file of JSON lines by its path or name.

    Raises :class:`UsageError` listing the newest runs when there is none.
    """
    run = runs.named(name)
    if run is not None:
        return runs.results(run.number)
    file = run_file(name, data_dir)
    if file is not None:
        return load_run(file)
    newest = [*(run.name for run in runs.newest(_NAMED)), *file_names(data_dir)][:_NAMED]
    raise UsageError("没有这次测试", value=name, tried=f"已有：{'、'.join(newest) or '无'}", remedy=REMEDY)
