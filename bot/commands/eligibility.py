"""``bot eligibility``: 政策体检, programmes against what a firm tells of itself, printable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.catalogue.eligibility import ProgrammeResult

CAVEAT = "本结果只对照文件写明的条件，不代表符合申报资格；没有写明的以主管部门答复为准。"


def eligibility(
    region: Annotated[str, typer.Option(help="注册或办公所在地")] = "",
    industry: Annotated[str, typer.Option(help="行业")] = "",
    size: Annotated[str, typer.Option(help="规模，如 小微企业")] = "",
    qualification: Annotated[list[str] | None, typer.Option(help="资质，如 专精特新；可写多次")] = None,
    need: Annotated[str, typer.Option(help="想解决什么，如 贷款、租房、找伙伴")] = "",
    data: DataOption = None,
    as_json: JsonOption = False,
    output: Annotated[Path | None, typer.Option("--output", help="写成可打印的 Markdown 文件")] = None,
) -> None:
    """政策体检：逐条对照文件写明的条件，不作承诺。"""

    def run() -> int:
        from bot.assistant import Assistant
        from bot.catalogue.eligibility import Profile, check_eligibility
        from bot.serialization import to_line

        assistant = Assistant.open(load_settings(data_dir=data))
        profile = Profile(region, industry, size, tuple(qualification or ()), need)
        results = check_eligibility(assistant.catalogue, profile)
        if as_json:
            print(to_line({"results": [_object(result) for result in results], "note": CAVEAT}))
            return 0
        report = "\n".join(_lines(results))
        if output is not None:
            output.write_text(report + "\n", encoding="utf-8")
            print(f"已写出 {output}")
        else:
            print(report)
        return 0

    raise typer.Exit(guarded(run))


def _object(result: ProgrammeResult) -> dict[str, Any]:
    return {
        "programme_id": result.programme.id,
        "name": result.programme.name,
        "status": result.programme.status.value,
        "next_step": result.next_step,
        "conditions": [asdict(condition) for condition in result.conditions],
    }


def _lines(results: tuple[ProgrammeResult, ...]) -> Iterator[str]:
    from bot.text.status import STATUS_WORDS

    yield "# 政策体检"
    yield ""
    yield CAVEAT
    if not results:
        yield ""
        yield "资料中没有写明与所填需求对应的支持事项。"
    for step, group in groupby(results, key=lambda result: result.next_step):
        yield ""
        yield f"## {step}"
        for result in group:
            programme = result.programme
            yield ""
            yield f"### {programme.name}（{STATUS_WORDS[programme.status.value]}）"
            yield f"{programme.summary.value}"
            for condition in result.conditions:
                quote = f"——“{condition.quote}”（{condition.document_id}）" if condition.quote else ""
                yield f"- {condition.condition}：{condition.outcome}{quote}"
