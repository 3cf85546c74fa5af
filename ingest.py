"""Bring the index in step with the corpus folder: ``python ingest.py [--corpus DIR] [--data DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.errors import AssistantError
from bot.ingestion import ingest
from bot.serialization import ingest_object, to_line
from bot.settings import load_settings
from bot.types import IngestReport

DONE, SOME_FAILED, NOTHING_DONE = 0, 1, 2
_STAGES = {"read": "读取文件", "embed": "计算向量", "lexical": "建全文索引", "ask": "试问能答的问题"}


def main(arguments: list[str] | None = None) -> int:
    """Run an ingest; returns the exit code (0 done, 1 some files failed, 2 nothing could be done)."""
    options = _parser().parse_args(arguments)
    progress = _ProgressBar()
    try:
        settings = load_settings(corpus_dir=options.corpus, data_dir=options.data)
        report = ingest(settings, rebuild=options.rebuild, hold=options.hold, progress=progress)
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
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
    sys.stdout.write((to_line(ingest_object(report)) if options.json else _summary(report)) + "\n")
    if not report.failed:
        return DONE
    return SOME_FAILED if report.documents else NOTHING_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="把资料文件夹读入索引；没有变化的文件不重读。")
    parser.add_argument("--corpus", type=Path, help="资料文件夹（默认 corpus）")
    parser.add_argument("--data", type=Path, help="数据文件夹（默认 data）")
    parser.add_argument("--rebuild", action="store_true", help="全部重读重建")
    parser.add_argument("--hold", action="store_true", help="建好先不启用：测试后用 bot index publish 启用")
    parser.add_argument("--json", action="store_true", help="标准输出只有一行 JSON")
    return parser


def _summary(report: IngestReport) -> str:
    return (
        f"入库完成：新增 {report.added}，更新 {report.updated}，未变 {report.unchanged}，移除 {report.removed}，"
        f"失败 {len(report.failed)}；共 {report.documents} 份文件、{report.chunks} 个片段，"
        f"用时 {report.seconds:.1f} 秒。"
        + (f"试出 {report.suggestions} 个能答的问题，供输入时提示。" if report.suggestions else "")
        + (f"第 {report.held} 版建好待启用：运行 bot index publish。" if report.held else "")
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


if __name__ == "__main__":
    sys.exit(main())
