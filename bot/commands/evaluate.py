"""``bot evaluate``: ask every case of a file, print scores by tag, keep the run, compare two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.ask import guarded, offline_settings
from bot.commands.batches import DONE, SOME_FAILED
from bot.errors import UsageError
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.evaluation.cases import Case
    from bot.evaluation.run import RunReport
    from bot.settings import Settings


def evaluate_command(
    cases: Annotated[list[Path], typer.Argument(help="用例文件（YAML），可给多个")],
    against: Annotated[str | None, typer.Option("--against", help="与哪一次相比：名字或路径")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="不用模型服务，即使已配置")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹（索引、测试记录）")] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="不用这一部分再测：词表、读法或 thesaurus，可给多个")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """跑测试用例，按标签打分；有用例未通过时退出码为 1。"""

    def run() -> int:
        settings = offline_settings(load_settings(data_dir=data), offline)
        return _evaluate(cases, against, settings, as_json, tuple(without or ()))

    raise typer.Exit(guarded(run))


def _evaluate(
    paths: list[Path], against: str | None, settings: Settings, as_json: bool, without: tuple[str, ...]
) -> int:
    from bot.evaluation.report import changes_object, readable_changes, readable_report, report_object
    from bot.evaluation.saved_runs import compare_runs, find_run, load_run, save_run, saved
    from bot.serialization import to_line

    cases = _load(paths)
    # What cannot be compared is told before minutes are spent on asking.
    earlier = load_run(find_run(against, settings.data_dir)) if against else None
    report = _run(cases, settings, without)
    path = save_run(report, settings.data_dir, "-".join(path.stem for path in paths))
    now = tuple(saved(result) for result in report.results)
    changes = None if earlier is None else compare_runs(earlier, now)
    if as_json:
        content = report_object(report, path.stem)
        if changes is not None:
            content["changes"] = changes_object(changes, against or "")
        print(to_line(content))
    else:
        print(readable_report(report))
        if changes is not None:
            print(f"\n{readable_changes(changes, against or '')}")
        print(f"\n已存为 {path.stem}（{path}），下次可用 --against {path.stem} 比较")
    return DONE if all(result.passed for result in report.results) else SOME_FAILED


def _load(paths: list[Path]) -> tuple[Case, ...]:
    from bot.evaluation.cases import load_cases

    cases: dict[str, Case] = {}
    for path in paths:
        for case in load_cases(path):
            if case.id in cases:
                raise UsageError("两个文件里有同一个用例 id", value=case.id, remedy="改名后重跑")
            cases[case.id] = case
    return tuple(cases.values())


def _run(cases: tuple[Case, ...], settings: Settings, without: tuple[str, ...]) -> RunReport:
    from tqdm import tqdm

    from bot import lexicon
    from bot.answering.offline import THESAURUS
    from bot.answering.planner import OPTIONAL_READERS
    from bot.assistant import Assistant
    from bot.evaluation.run import run_cases

    parts = {*lexicon.names(), *OPTIONAL_READERS, THESAURUS}
    for name in without:
        if name not in parts:
            raise UsageError("没有这个可以不用的部分", value=name, remedy=f"可选：{'、'.join(sorted(parts))}")
    lexicon.leave_out(name for name in without if name in lexicon.names())
    assistant = Assistant.open(settings, without)
    with tqdm(total=len(cases), desc="用例", unit="条", disable=None) as progress:
        return run_cases(
            cases,
            assistant.ask,
            lambda document_id: assistant.document(document_id).text,
            on_result=lambda result: progress.update(),
        )
