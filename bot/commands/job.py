"""``bot job``: the worker of long work asked for at the desk; its settings come by the standard input."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.commands.ask import guarded
from bot.commands.batches import DONE, SOME_FAILED
from bot.settings import Settings


def job(number: Annotated[int, typer.Argument(help="工作编号")]) -> None:
    """做工作台交办的一项长工作（由程序自己启动）。"""

    def run() -> int:
        from bot.jobs.records import JobState
        from bot.work.worker import run_job

        done = run_job(number, Settings.model_validate_json(sys.stdin.read()))
        return DONE if done.state in (JobState.DONE, JobState.STOPPED) else SOME_FAILED

    raise typer.Exit(guarded(run))
