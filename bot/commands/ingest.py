"""``bot ingest``: bring the index in step with the corpus folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.batches import DONE, SOME_FAILED
from bot.commands.calling import as_given
from bot.errors import AssistantError
from bot.settings import PROGRAM, load_settings
from bot.types import IngestReport

NOTHING_DONE = 2
_STAGES = {"read": "读取文件", "embed": "计算向量", "lexical": "建全文索引", "ask": "试问能答的问题"}


def ingest_command(
    corpus: Annotated[Path | None, typer.Option("--corpus", help="资料文件夹（默认 corpus）")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹（默认 data）")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="全部重读重建")] = False,
    hold: Annotated[bool, typer.Option("--hold", help="建好先不启用：测试后用 index publish 启用")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="标准输出只有一行 JSON")] = False,
) -> None:
    """把资料文件夹读入索引；没有变化的文件不重读。退出码：0 全部入库，1 有文件没有入库，2 什么也没做成。"""
    raise typer.Exit(_ingested(corpus, data, rebuild=rebuild, hold=hold, as_json=as_json))


def _ingested(corpus: Path | None, data: Path | None, *, rebuild: bool, hold: bool, as_json: bool) -> int:
    from bot.ingestion import ingest
    from bot.serialization import ingest_object, to_line

    progress = _ProgressBar()
    try:
        settings = load_settings(corpus_dir=corpus, data_dir=data)
        report = ingest(settings, rebuild=rebuild, hold=hold, progress=progress)
    except AssistantError as error:
        sys.stderr.write(f"{as_given(str(error))}\n")
        return NOTHING_DONE
    except OSError as error:
        sys.stderr.write(f"读写文件出错：{error}。解决办法：检查磁盘空间和文件夹权限。\n")
        return NOTHING_DONE
    finally:
        progress.close()
    for failure in report.failed:
        sys.stderr.write(f"未入库 {failure.path}：{failure.reason}\n")
    for warning in report.warnings:
        sys.stderr.write(f"请留意 {warning}\n")
    sys.stdout.write((to_line(ingest_object(report)) if as_json else _summary(report)) + "\n")
    if not report.failed:
        return DONE
    return SOME_FAILED if report.documents else NOTHING_DONE


def _summary(report: IngestReport) -> str:
    return (
        f"入库完成：新增 {report.added}，更新 {report.updated}，未变 {report.unchanged}，移除 {report.removed}，"
        f"失败 {len(report.failed)}；共 {report.documents} 份文件、{report.chunks} 个片段，"
        f"用时 {report.seconds:.1f} 秒。"
        + (f"试出 {report.suggestions} 个能答的问题，供输入时提示。" if report.suggestions else "")
        + (as_given(f"第 {report.held} 版建好待启用：运行 {PROGRAM} index publish。") if report.held else "")
    )


class _ProgressBar:
    """One bar per stage on stderr, only where a person watches."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: object | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=_STAGES.get(stage, stage), file=sys.stderr, disable=None, leave=False)
        bar = self._bar
        if isinstance(bar, tqdm):
            bar.n = done
            bar.refresh()

    def close(self) -> None:
        """End the bar of the last stage."""
        from tqdm import tqdm

        if isinstance(self._bar, tqdm):
            self._bar.close()
        self._bar = None
