"""Starting a worker: a process of its own, so that work in hand slows nobody's answers and outlives the server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from bot.jobs.board import JobBoard
from bot.jobs.records import Job, JobKind
from bot.settings import PROJECT_ROOT, Settings, private_json


class JobStarter:
    """Puts work on ``board`` and starts its worker. The constructor does no I/O."""

    def __init__(self, board: JobBoard, settings: Settings) -> None:
        self.board, self._settings = board, settings

    def start(self, kind: JobKind, title: str, parameters: Mapping[str, Any], *, by: str) -> Job:
        """Ask for work and start it; raises :class:`bot.errors.JobError` while work of that kind is going on."""
        return self._started(self.board.ask(kind, title, parameters, by=by))

    def resume(self, number: int) -> Job:
        """Start work once more that ended early."""
        return self._started(self.board.again(number))

    def _started(self, job: Job) -> Job:
        # Settings go by the standard input: neither the list of processes nor a file shows a key. A session of its
        # own: the work goes on when the server is stopped.
        command = [sys.executable, "-m", "bot", "job", str(job.id)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT_ROOT), os.environ.get("PYTHONPATH", "")])},
        )
        assert process.stdin is not None
        process.stdin.write(private_json(self._settings).encode())
        process.stdin.close()
        threading.Thread(target=self._watched, args=(process, job.id), name=f"job-{job.id}", daemon=True).start()
        return job

    def _watched(self, process: subprocess.Popen[bytes], number: int) -> None:
        code = process.wait()
        if code:
            self.board.fail_if_left(number, f"做这项工作的程序意外结束（{code}）。可以点“继续”再做")
