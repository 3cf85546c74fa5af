"""``bot market``: import, template, samples, list, show, requests, check, preview, publish, close, move, export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.commands.batches import DONE, SOME_FAILED, WRONG_USE
from bot.errors import UsageError
from bot.market.records import CloseReason, State
from bot.serialization import to_line
from bot.settings import PROGRAM, load_settings
from bot.types import RecordKind

if TYPE_CHECKING:
    from bot.market.importing import ImportReport
    from bot.market.quality import QualityReport
    from bot.market.service import Market

app = typer.Typer(help="需求、成果和机构：导入、检查、发布、导出。", no_args_is_help=True)

KindOption = Annotated[RecordKind, typer.Option("--kind", help="needs 需求、offers 成果、organisations 机构")]
FileArgument = Annotated[Path, typer.Argument(help="CSV、XLSX 或 JSONL 文件")]
IdArgument = Annotated[str, typer.Argument(help="记录编号")]
ActorOption = Annotated[str, typer.Option("--by", help="经办人，记入变更记录")]


@app.command("import")
def import_records(
    file: FileArgument,
    kind: KindOption,
    publish: Annotated[bool, typer.Option("--publish", help="可信的批量数据：不过质量关，直接发布")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="有一行不对就全不导入")] = False,
    source: Annotated[str, typer.Option("--source", help="这份名单的来源；不写就看是哪份名单的改动稿")] = "",
    data: DataOption = None,
    by: ActorOption = "import",
    as_json: JsonOption = False,
) -> None:
    """导入文件；不对的行逐行说明，其余照常入库。"""

    def run() -> int:
        from bot.market.importing import ImportStage

        market = _market(data)
        with _Progress(ImportStage.CHECKING.label) as checked, _Progress(ImportStage.WRITING.label) as written:
            report = market.import_records(
                file,
                kind,
                actor=by,
                publish=publish,
                all_or_nothing=all_or_nothing,
                source=source,
                progress=lambda stage, *told: (checked if stage is ImportStage.CHECKING else written)(*told),
            )
        if kind is not RecordKind.ORGANISATION and (report.added or report.updated):
            with _Progress("建立匹配索引") as told:
                market.build_index(told)
        return _tell_import(report, as_json)

    raise typer.Exit(guarded(run))


@app.command("samples")
def samples(
    remove: Annotated[bool, typer.Option("--remove", help="全部结束，不再参与匹配")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """载入一组虚构的示例需求和成果（标明“示例”），用来试用匹配和引荐。"""

    def run() -> int:
        market = _market(data)
        if remove:
            removed = market.remove_samples()
            if as_json:
                print(to_line(asdict(removed)))
            else:
                print(f"已结束 {removed.closed} 条示例" + _listed("，已登记合同、不能结束的：", removed.kept))
            return SOME_FAILED if removed.kept else DONE
        report = market.load_samples()
        with _Progress("建立匹配索引") as told:
            market.build_index(told)
        return _tell_import(report, as_json)

    raise typer.Exit(guarded(run))


@app.command("template")
def template(file: Annotated[Path, typer.Argument(help="写到哪个文件（.csv 或 .xlsx）")], kind: KindOption) -> None:
    """写出一份可填写的模板。"""

    def run() -> int:
        from bot.market.exporting import write_template

        write_template(kind, file)
        print(f"已写出模板：{file}", file=sys.stderr)
        return DONE

    raise typer.Exit(guarded(run))


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="写到哪个文件（.csv 或 .xlsx）")],
    kind: KindOption,
    public: Annotated[
        bool, typer.Option("--public", help="对外用：只要已公开的，隐去不宜公开的字句，不带单位和来源")
    ] = False,
    data: DataOption = None,
) -> None:
    """导出记录；公式一类的内容会被中和，保密记录不带单位。不加 --public 的只供内部使用。"""

    def run() -> int:
        if public and kind is RecordKind.ORGANISATION:
            raise UsageError("机构没有对外的名单", value=kind.value, remedy="用于 needs 或 offers")
        market = _market(data)
        count = market.export_public(kind, file) if public else market.export(kind, file)
        print(f"已导出 {count} 条{kind.label}：{file}", file=sys.stderr)
        return DONE

    raise typer.Exit(guarded(run))


@app.command("list")
def list_records(
    kind: KindOption,
    state: Annotated[State | None, typer.Option("--state", help="只看某个状态")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多几条")] = 50,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出记录。"""

    def run() -> int:
        if state is not None and kind is RecordKind.ORGANISATION:
            raise UsageError("机构没有状态", value=state.value, remedy="去掉 --state")
        page = _market(data).records(kind, states=[state] if state else (), limit=limit)
        for record in page.records:
            standing = getattr(record, "state", None)
            if as_json:
                print(to_line(asdict(record)))
            else:
                print(f"{record.id}\t{standing.label if standing else ''}\t{record.title}")
        if page.total > len(page.records):
            print(f"共 {page.total} 条，只列出 {len(page.records)} 条（--limit）", file=sys.stderr)
        return DONE

    raise typer.Exit(guarded(run))


@app.command("show")
def show(identifier: IdArgument, kind: KindOption, data: DataOption = None, as_json: JsonOption = False) -> None:
    """查看一条记录、它的全部变更、来自哪份名单、另存的列、收到的意向和双方的同意（工作台用，不要外传）。"""

    def run() -> int:
        from bot.commands.record_shown import record_lines, record_object

        market = _market(data)
        record = market.find(kind, identifier)
        if record is None:
            raise UsageError(
                f"没有这条{kind.label}",
                value=identifier,
                remedy=f"用 {PROGRAM} market list --kind {kind.value} 查看编号",
            )
        if as_json:
            print(to_line(record_object(market, kind, record)))
        else:
            print("\n".join(record_lines(market, kind, record)))
        return DONE

    raise typer.Exit(guarded(run))


@app.command("requests")
def requests(data: DataOption = None, as_json: JsonOption = False) -> None:
    """列出请技术经理人帮忙的留言：编号、标题、日期、自报的单位和联系方式。

    联系方式是私下留给经办人的：只在工作台使用，双方同意之前不要告诉别人。
    """

    def run() -> int:
        from bot.market.requests import manager_requests

        found = manager_requests(_market(data))
        for request in found:
            record = request.record
            told = {"id": record.id, "kind": request.kind.value, "title": record.title, "as_of": record.as_of}
            contact = asdict(request.contact)
            if as_json:
                print(to_line({**told, "owner": request.owner, "contact": contact}))
                continue
            print(f"{record.id}\t{request.kind.label}\t{record.title}")
            owner = f"{request.owner}（自报，未经核实）" if request.owner else "没有留单位"
            print(f"  {record.as_of or '日期不详'}  {owner}")
            print("  联系：" + "  ".join(part for part in contact.values() if part))
        if not found and not as_json:
            print("没有待处理的留言", file=sys.stderr)
        return DONE

    raise typer.Exit(guarded(run))


@app.command("check")
def check(identifier: IdArgument, kind: KindOption, data: DataOption = None, as_json: JsonOption = False) -> None:
    """按四条标准检查一条记录，说明怎样改进。"""
    _gate(identifier, kind, data, as_json, lambda market: market.assess(_record(market, kind, identifier)))


@app.command("preview")
def preview(identifier: IdArgument, kind: KindOption, data: DataOption = None, as_json: JsonOption = False) -> None:
    """发布之前看一看：别人会读到什么，哪些字句不给别人看（只给本方看）。"""

    def run() -> int:
        if kind is RecordKind.ORGANISATION:
            raise UsageError("机构没有预览", value=identifier, remedy="用于 needs 或 offers")
        market = _market(data)
        seen = market.preview(_record(market, kind, identifier))
        if as_json:
            print(to_line({"id": identifier, **asdict(seen)}))
            return DONE
        print(f"单位：{seen.owner or '（不公开）'}")
        for line in seen.lines:
            print(f"{line.label}：{line.text}")
        for each in seen.left_out:
            print(f"  不给别人看的{each.kind.label}：{each.text}")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("publish")
def publish_record(
    identifier: IdArgument,
    kind: KindOption,
    data: DataOption = None,
    by: ActorOption = "desk",
    as_json: JsonOption = False,
) -> None:
    """过质量关并发布；不合格则说明怎样改进。"""
    _gate(identifier, kind, data, as_json, lambda market: market.publish(kind, identifier, actor=by))


@app.command("close")
def close(
    identifier: IdArgument,
    kind: KindOption,
    reason: Annotated[CloseReason, typer.Option("--reason", help="结束的原因")],
    note: Annotated[str, typer.Option("--note", help="补充说明")] = "",
    data: DataOption = None,
    by: ActorOption = "desk",
) -> None:
    """结束一条记录，写明原因。"""
    _move(identifier, kind, State.CLOSED, reason, note, data, by)


@app.command("move")
def move(
    identifier: IdArgument,
    kind: KindOption,
    to: Annotated[State, typer.Option("--to", help="改到哪个状态")],
    note: Annotated[str, typer.Option("--note", help="补充说明")] = "",
    data: DataOption = None,
    by: ActorOption = "desk",
) -> None:
    """把记录改到下一个状态。"""
    _move(identifier, kind, to, None, note, data, by)


def _move(
    identifier: str,
    kind: RecordKind,
    target: State,
    reason: CloseReason | None,
    note: str,
    data: Path | None,
    by: str,
) -> None:
    def run() -> int:
        record = _market(data).move(kind, identifier, target, actor=by, reason=reason, note=note)
        print(f"{record.id} 现为：{target.label}", file=sys.stderr)
        return DONE

    raise typer.Exit(guarded(run))


def _gate(
    identifier: str,
    kind: RecordKind,
    data: Path | None,
    as_json: bool,
    judge: Callable[[Market], QualityReport],
) -> None:
    def run() -> int:
        from bot.market.quality import Verdict

        if kind is RecordKind.ORGANISATION:
            raise UsageError("机构不过质量关", value=identifier, remedy="用于 needs 或 offers")
        report = judge(_market(data))
        held = report.verdict is Verdict.HOLD
        if as_json:
            scores = [asdict(score) for score in report.scores]
            found = {"verdict": report.verdict.value, "total": report.total, "scores": scores}
            print(to_line({"id": identifier, **found}))
        else:
            print(f"{report.total} 分：{'暂缓发布' if held else '可以发布'}")
            for score in report.scores:
                print(f"  {score.criterion.label} {score.points}/5")
                for advice in score.improve:
                    print(f"    · {advice}")
        return DONE

    raise typer.Exit(guarded(run))


def _record(market: Market, kind: RecordKind, identifier: str) -> Any:
    return market.need(identifier) if kind is RecordKind.NEED else market.offer(identifier)


def _market(data: Path | None) -> Market:
    from bot.market.service import Market

    return Market(load_settings(data_dir=data))


def _listed(before: str, items: tuple[str, ...]) -> str:
    return before + "、".join(items) if items else ""


def _tell_import(report: ImportReport, as_json: bool) -> int:
    if as_json:
        print(to_line(asdict(report)))
    else:
        print(f"新增 {report.added}，更新 {report.updated}，未变 {report.unchanged}，未导入 {len(report.failed)}")
        for row in report.failed:
            print(f"  第 {row.row} 行：{row.reason}")
        for note in report.notes:
            print(f"  {note}")
        for held in report.held:
            print(f"  {held.id} 改后未过质量关，退回草稿：{held.reason}")
    if not report.failed:
        return DONE
    went_in = report.added + report.updated + report.unchanged
    return SOME_FAILED if went_in else WRONG_USE


class _Progress:
    """A bar on stderr that appears with the first step told to it."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None

    def __enter__(self) -> Callable[[int, int], None]:
        return self._told

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _told(self, done: int, total: int) -> None:
        if self._bar is None and total:
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=self._label, unit="条", file=sys.stderr)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
