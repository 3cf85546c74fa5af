"""``bot bench``: what the desk's bench keeps, from the shell: runs, reports, comparison, cases, the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.commands.batches import DONE, SOME_FAILED
from bot.serialization import to_line
from bot.settings import PROGRAM, Settings, load_settings

if TYPE_CHECKING:
    from bot.evaluation.case_store import CaseStore
    from bot.evaluation.run_store import RunStore
    from bot.store.database import Database

app = typer.Typer(help="测试台：跑过的测试、报告、比较、留着的用例。", no_args_is_help=True)

_SHELL = "命令行"
RunArgument = Annotated[str, typer.Argument(help="哪一次测试：名字、编号，或旧的 .jsonl")]


def _opened(data: Path | None) -> tuple[Settings, Database]:
    from bot.store.database import shared_database

    settings = load_settings(data_dir=data)
    return settings, shared_database(settings.resolved_database_url)


def _runs(data: Path | None) -> tuple[Settings, RunStore]:
    from bot.evaluation.run_store import RunStore

    settings, database = _opened(data)
    return settings, RunStore(database)


def _cases(data: Path | None) -> CaseStore:
    from bot.evaluation.case_store import CaseStore

    return CaseStore(_opened(data)[1])


@app.command("runs")
def runs(data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出跑过的测试，新的在前。"""

    def run() -> int:
        from bot.evaluation.saved_runs import file_names

        settings, kept = _runs(data)
        found = kept.newest()
        for each in found:
            state = "" if each.finished else f"  还差 {each.total - each.done} 条"
            told = {
                "number": each.number, "run": each.name, "cases": each.total, "passed": each.passed,
                "finished": each.finished, "version": each.circumstances.version, "mode": each.circumstances.mode,
                "started_at": each.started_at, "by": each.by,
            }  # fmt: skip
            print(to_line(told) if as_json else f"{each.number}  {each.name}  {each.passed}/{each.total}{state}")
        older = file_names(settings.data_dir)
        if older and not as_json:
            print(f"旧程序留下的：{'、'.join(older)}")
        if not found and not older and not as_json:
            print("还没有跑过测试。")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("report")
def report(
    name: RunArgument,
    file: Annotated[Path, typer.Argument(help="写到哪里：.html、.xlsx 或 .jsonl")],
    against: Annotated[str | None, typer.Option("--against", help="与哪一次相比")] = None,
    data: DataOption = None,
) -> None:
    """把一次测试写成报告：一个不引用外部的 HTML，或 xlsx。"""

    def run() -> int:
        from bot.errors import UsageError
        from bot.evaluation.comparison import compare
        from bot.evaluation.finding import results_named
        from bot.evaluation.report_files import write_report

        settings, kept = _runs(data)
        found = kept.named(name)
        if found is None:
            raise UsageError("没有这次测试", value=name, remedy=f"用 {PROGRAM} bench runs 看名字和编号")
        results = kept.results(found.number)
        comparison = None if against is None else compare(results_named(against, kept, settings.data_dir), results)
        write_report(file, found, results, comparison, against or "")
        print(f"已写入 {file}")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("compare")
def compare_command(
    before: RunArgument, after: RunArgument, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """逐条比较两次测试：哪些变错、变对、改了措辞。"""

    def run() -> int:
        from bot.evaluation.comparison import compare
        from bot.evaluation.finding import results_named
        from bot.evaluation.report import changes_object, readable_changes

        settings, kept = _runs(data)
        pair = [results_named(name, kept, settings.data_dir) for name in (before, after)]
        found = compare(*pair)
        print(to_line(changes_object(found, before)) if as_json else readable_changes(found, before))
        return DONE

    raise typer.Exit(guarded(run))


@app.command("verdict")
def verdict_command(data: DataOption = None) -> None:
    """待启用的版本测得怎样；有变错的、没测完的，退出码为 1。"""

    def run() -> int:
        from bot.evaluation.gate import Standing, verdict

        settings, database = _opened(data)
        found = verdict(database, settings)
        print(found.sentence)
        return DONE if found.clear or found.standing is Standing.NOTHING_WAITS else SOME_FAILED

    raise typer.Exit(guarded(run))


@app.command("import")
def import_cases(
    file: Annotated[Path, typer.Argument(help="用例文件：.yaml 或 .xlsx")],
    replacing: Annotated[bool, typer.Option("--replace", help="覆盖同名的用例")] = False,
    data: DataOption = None,
) -> None:
    """把文件里的用例收进工作台；有一处错就一条也不收。"""

    def run() -> int:
        from bot.errors import UsageError
        from bot.evaluation.case_files import read_case_file

        try:
            content = file.read_bytes()
        except OSError as error:
            raise UsageError("用例文件打不开", value=file, tried=str(error.strerror), remedy="检查路径和权限") from None
        cases = read_case_file(content, file.name)
        done = _cases(data).take_in(cases, by=_SHELL, source=file.name[-100:], replacing=replacing)
        print(f"新增 {len(done.added)} 条，覆盖 {len(done.replaced)} 条，没有变的 {len(done.unchanged)} 条。")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("export")
def export_cases(
    file: Annotated[Path, typer.Argument(help="写到哪里：.yaml 或 .xlsx")],
    tag: Annotated[str | None, typer.Option("--tag", help="只要有这个标签的")] = None,
    data: DataOption = None,
) -> None:
    """把工作台里的用例写成文件，停用的也在里面。"""

    def run() -> int:
        from bot.errors import UsageError
        from bot.evaluation.case_files import SHEET_ENDING, YAML_ENDINGS, to_sheet, to_yaml

        ending = file.suffix.lower()
        if ending not in (SHEET_ENDING, *YAML_ENDINGS):
            raise UsageError("不认识的用例文件", value=file.name, remedy="用 .yaml 或 .xlsx")
        cases = [kept.case for kept in _cases(data).listed(tag)]
        try:
            file.write_bytes(to_sheet(cases) if ending == SHEET_ENDING else to_yaml(cases).encode())
        except OSError as error:
            raise UsageError("用例写不下来", value=file, tried=str(error.strerror), remedy="检查磁盘和权限") from None
        print(f"已写入 {len(cases)} 条：{file}")
        return DONE

    raise typer.Exit(guarded(run))
