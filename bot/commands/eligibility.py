"""``bot eligibility``: 政策体检, programmes against what a firm tells of itself, printable."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.catalogue.eligibility import ProgrammeResult


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
        from bot.catalogue.eligibility_report import CAVEAT, report
        from bot.serialization import to_line

        assistant = Assistant.open(load_settings(data_dir=data))
        profile = Profile(region, industry, size, tuple(qualification or ()), need)
        results = check_eligibility(assistant.catalogue, profile)
        if as_json:
            print(to_line({"results": [_object(result) for result in results], "note": CAVEAT}))
            return 0
        if output is not None:
            output.write_text(report(results), encoding="utf-8")
            print(f"已写出 {output}")
        else:
            print(report(results), end="")
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
