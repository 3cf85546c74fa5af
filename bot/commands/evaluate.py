"""``bot evaluate``: ask cases, print scores by tag, keep the run, compare two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import guarded
from bot.commands.batches import DONE, SOME_FAILED
from bot.errors import UsageError
from bot.settings import PROGRAM, load_settings

if TYPE_CHECKING:
    from bot.evaluation.bench import Plan
    from bot.evaluation.cases import Case
    from bot.evaluation.run_store import Run, RunStore
    from bot.settings import Settings

#: Who runs cases where nobody is signed in.
SHELL = "命令行"


def evaluate_command(
    cases: Annotated[list[Path] | None, typer.Argument(help="用例文件（YAML 或 xlsx），可给多个")] = None,
    against: Annotated[str | None, typer.Option("--against", help="与哪一次相比：名字、编号或路径")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="不用模型服务，即使已配置")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹（索引、测试记录）")] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="不用这一部分再测：词表、读法或 thesaurus，可给多个")
    ] = None,
    kept: Annotated[bool, typer.Option("--kept", help="跑工作台里留着的用例")] = False,
    tag: Annotated[str | None, typer.Option("--tag", help="只跑有这个标签的")] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="测待启用的版本，不测现用的")] = False,
    encoder: Annotated[
        Path | None, typer.Option("--encoder", help="换这个编码器再测：另建一份索引，在数据文件夹的 bench/ 下")
    ] = None,
    resume: Annotated[str | None, typer.Option("--resume", help="接着跑停下的一次：名字或编号")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="另存报告：.html、.xlsx 或 .jsonl")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """跑测试用例，按标签打分；有用例未通过时退出码为 1。随时可以中断，再用 --resume 接着跑。"""

    def run() -> int:
        from bot.evaluation.report_files import checked_report

        if report is not None:
            checked_report(report)
        settings = load_settings(data_dir=data)
        runs = _runs(settings)
        # What cannot be compared is told before minutes are spent on asking.
        earlier = None if against is None else (against, _results(against, runs, settings))
        if resume is not None:
            plan: Plan | Run = _begun(resume, runs)
        else:
            plan = _plan(settings, tuple(cases or ()), kept, tag)
            plan = _aimed(plan, offline, waiting, encoder, tuple(without or ()))
        finished = _asked(plan, settings, runs, encoder)
        return _told(finished, runs, earlier, report, as_json)

    raise typer.Exit(guarded(run))


def _runs(settings: Settings) -> RunStore:
    from bot.evaluation.run_store import RunStore
    from bot.store.database import shared_database

    return RunStore(shared_database(settings.resolved_database_url))


def _results(name: str, runs: RunStore, settings: Settings) -> Any:
    from bot.evaluation.finding import results_named

    return results_named(name, runs, settings.data_dir)


def _begun(name: str, runs: RunStore) -> Run:
    run = runs.named(name)
    if run is None:
        raise UsageError("没有这次测试", value=name, remedy=f"用 {PROGRAM} bench runs 看名字和编号")
    return run


def _plan(settings: Settings, paths: tuple[Path, ...], kept: bool, tag: str | None) -> Plan:
    from bot.evaluation.bench import Plan
    from bot.evaluation.case_store import CaseStore
    from bot.store.database import shared_database

    if kept is bool(paths):
        raise UsageError(
            "不知道跑哪些用例", remedy=f"{PROGRAM} evaluate 用例文件，或 {PROGRAM} evaluate --kept（工作台里留着的）"
        )
    if kept:
        found = CaseStore(shared_database(settings.resolved_database_url)).listed(tag, active=True)
        of = tuple(each.case for each in found)
        return Plan(cases=of, cases_from=tag or "工作台用例", by=SHELL, of_kept=not tag)
    loaded = _load(paths)
    chosen = tuple(case for case in loaded if tag is None or tag in case.tags)
    return Plan(cases=chosen, cases_from="-".join(path.stem for path in paths), by=SHELL)


def _load(paths: tuple[Path, ...]) -> tuple[Case, ...]:
    from bot.evaluation.case_files import SHEET_ENDING, read_case_file
    from bot.evaluation.cases import load_cases

    cases: dict[str, Case] = {}
    for path in paths:
        sheet = path.suffix.lower() == SHEET_ENDING and path.is_file()
        for case in read_case_file(path.read_bytes(), path.name) if sheet else load_cases(path):
            if case.id in cases:
                raise UsageError("两个文件里有同一个用例 id", value=case.id, remedy="改名后重跑")
            cases[case.id] = case
    return tuple(cases.values())


def _aimed(plan: Plan, offline: bool, waiting: bool, encoder: Path | None, without: tuple[str, ...]) -> Plan:
    from dataclasses import replace

    from bot.evaluation.bench import Target

    if waiting and encoder is not None:
        raise UsageError("--waiting 和 --encoder 只能选一个", remedy="分两次跑，再用 --against 比较")
    target = Target.WAITING if waiting else Target.ENCODER if encoder is not None else Target.IN_FORCE
    whole = plan.of_kept and not without and encoder is None
    return replace(plan, target=target, encoder=encoder, offline=offline, without=without, of_kept=whole)


def _asked(plan: Plan | Run, settings: Settings, runs: RunStore, encoder: Path | None) -> Run:
    from tqdm import tqdm

    from bot.evaluation.bench import ASKING, Bench, Plan

    bench = Bench(settings, runs)
    with tqdm(desc="用例", unit="条", disable=None) as bar:

        def told(stage: str, done: int, total: int) -> None:
            bar.set_description("用例" if stage == ASKING else stage, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        run = bench.begin(plan, told) if isinstance(plan, Plan) else plan
        try:
            return bench.carry_on(run, told, encoder)
        except KeyboardInterrupt:
            done = f"已停下，答过的留着。接着跑：{PROGRAM} evaluate --resume {run.name}"
            raise UsageError(done, value=f"{runs.run(run.number).done}/{run.total}") from None


def _told(run: Run, runs: RunStore, earlier: tuple[str, Any] | None, report: Path | None, as_json: bool) -> int:
    from bot.evaluation.comparison import compare
    from bot.evaluation.report import changes_object, readable_changes, readable_report, report_object
    from bot.evaluation.report_files import write_report
    from bot.serialization import to_line

    results = runs.results(run.number)
    changes = None if earlier is None else compare(earlier[1], results)
    name = "" if earlier is None else earlier[0]
    if as_json:
        content = report_object(results, run.name)
        if changes is not None:
            content["changes"] = changes_object(changes, name)
        print(to_line(content))
    else:
        print(readable_report(results))
        if changes is not None:
            print(f"\n{readable_changes(changes, name)}")
        print(f"\n已存为 {run.name}，下次可用 --against {run.name} 比较")
    if report is not None:
        write_report(report, run, results, changes, name)
    return DONE if all(result.passed for result in results) else SOME_FAILED
