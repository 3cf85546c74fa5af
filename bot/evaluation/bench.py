"""Asking cases so that nothing asked is lost: a run is begun, gone on with after any stop, and finished."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot import lexicon
from bot.answering.offline import THESAURUS
from bot.answering.planner import OPTIONAL_READERS
from bot.assistant import Assistant
from bot.candidates import waiting_candidate
from bot.errors import UsageError
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import circumstances
from bot.evaluation.results import saved
from bot.evaluation.run import run_cases
from bot.evaluation.run_store import Run, RunStore
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.settings import EmbeddingSettings, LlmSettings, Settings

#: The stage of asking, among those of :func:`bot.ingestion.ingest`.
ASKING = "cases"
FOLDER = "bench"

Progress = Callable[[str, int, int], None]


class Target(StrEnum):
    """Which index is asked."""

    IN_FORCE = "in_force"
    WAITING = "waiting"
    ENCODER = "encoder"

    @property
    def label(self) -> str:
        """The target as people read it."""
        return {"in_force": "现用的版本", "waiting": "待启用的版本", "encoder": "另一个编码器"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is to be; ``encoder`` is the folder of the other encoder where ``target`` is one."""

    cases: Sequence[Case]
    cases_from: str
    by: str
    of_kept: bool = False
    target: Target = Target.IN_FORCE
    encoder: Path | None = None
    offline: bool = False
    without: tuple[str, ...] = ()
    job: int | None = None


class Bench:
    """Runs cases and keeps them in ``runs``. The constructor does no I/O."""

    def __init__(self, settings: Settings, runs: RunStore, today: Callable[[], date] = date.today) -> None:
        self._settings, self._runs, self._today = settings, runs, today

    def begin(self, plan: Plan, progress: Progress) -> Run:
        """Put a run on record; another encoder has its own index built first, below ``data_dir/bench``.

        Raises :class:`UsageError` without cases, without a waiting version where it is to be asked, or for an unknown
        part to leave out; :class:`SearchIndexError` where there is no index.
        """
        check_parts(plan.without)
        settings = self._asked_with(plan.target, plan.offline, plan.encoder)
        if plan.target is Target.ENCODER:
            # The needs that a corpus tells go into a database of its own: the market is not touched.
            ingest(settings.model_copy(update={"database_url": ""}), progress=progress)
        told = circumstances(
            settings, self._version(settings, plan.target), without=plan.without, day=self._today().isoformat()
        )
        return self._runs.begin(
            plan.cases,
            told,
            cases_from=plan.cases_from,
            of_kept=plan.of_kept,
            target=plan.target.value,
            by=plan.by,
            job=plan.job,
        )

    def carry_on(self, run: Run, progress: Progress, encoder: Path | None = None) -> Run:
        """Ask the cases that are left of ``run`` and finish it; what was answered before counts.

        ``progress`` may raise to stop. Raises :class:`UsageError` when index, settings or program are others than
        when the run began: answers of two kinds make no run.
        """
        if run.finished:
            return run
        target = Target(run.target)
        settings = self._asked_with(target, run.circumstances.mode == "offline", encoder)
        self._check_same(run, settings)
        lexicon.leave_out(name for name in run.circumstances.without if name in lexicon.names())
        assistant = Assistant.open(settings, run.circumstances.without, run.circumstances.version)
        done = run.done
        for place, case in self._runs.pending(run.number):
            progress(ASKING, done, run.total)
            started = time.perf_counter()
            report = run_cases([case], assistant.ask, lambda document_id: assistant.document(document_id).text)
            self._runs.record(run.number, place, saved(report.results[0]), time.perf_counter() - started)
            done += 1
        finished = self._runs.finish(run.number)
        progress(ASKING, finished.done, finished.total)
        return finished

    def _asked_with(self, target: Target, offline: bool, encoder: Path | None) -> Settings:
        settings = self._settings
        if offline:
            settings = settings.model_copy(update={"llm": LlmSettings()})
        if target is not Target.ENCODER:
            return settings
        if encoder is None:
            raise UsageError("没有写明用哪个编码器", remedy="给出编码器的文件夹")
        return with_encoder(settings, encoder)

    def _version(self, settings: Settings, target: Target) -> int:
        if target is not Target.WAITING:
            return IndexLayout(settings.data_dir).read_pointer().version
        candidate = waiting_candidate(settings)
        if candidate is None:
            raise UsageError("没有待启用的版本", remedy="先导入资料，或改测现用的版本")
        return candidate.version

    def _check_same(self, run: Run, settings: Settings) -> None:
        began = run.circumstances
        now = circumstances(settings, began.version, without=began.without)
        for name, was, found in (
            ("索引", began.index_digest, now.index_digest),
            ("设置", began.setting_digest, now.setting_digest),
            ("程序", began.code, now.code),
        ):
            if was != found:
                raise UsageError(
                    "这次测试不能接着跑：答案会是两种情况下的",
                    value=run.name,
                    tried=f"{name}在开始之后变了",
                    remedy="重新跑一次；已有的答案仍可查看",
                )


def with_encoder(settings: Settings, encoder: Path) -> Settings:
    """``settings`` with another encoder and an index of its own for it; market and questions stay as they are."""
    if not encoder.is_dir():
        raise UsageError("没有这个编码器文件夹", value=encoder, remedy="写 sentence-transformers 模型的文件夹")
    own = hashlib.sha256(str(encoder.resolve()).encode()).hexdigest()[:12]
    return settings.model_copy(
        update={
            "data_dir": settings.data_dir / FOLDER / own,
            "embedding": EmbeddingSettings(model=str(encoder.resolve()), threads=settings.embedding.threads),
            "database_url": settings.resolved_database_url,
        }
    )


def check_parts(without: Sequence[str]) -> None:
    """Raise :class:`UsageError` for a part that cannot be left out."""
    parts = {*lexicon.names(), *OPTIONAL_READERS, THESAURUS}
    for name in without:
        if name not in parts:
            raise UsageError("没有这个可以不用的部分", value=name, remedy=f"可选：{'、'.join(sorted(parts))}")
