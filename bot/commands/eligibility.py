"""``bot eligibility``: 政策体检, programmes against what a firm tells of itself, printable."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.catalogue.eligibility import Checkup, ProgrammeResult


def eligibility(
    region: Annotated[str, typer.Option(help="注册或办公所在地，如 街镇、园区、地址")] = "",
    industry: Annotated[str, typer.Option(help="行业")] = "",
    size: Annotated[str, typer.Option(help="规模或类型，如 小微企业、三十来人")] = "",
    qualification: Annotated[list[str] | None, typer.Option(help="资质，如 专精特新；可写多次")] = None,
    need: Annotated[str, typer.Option(help="想解决什么，如 贷款、租房、找伙伴")] = "",
    about: Annotated[str, typer.Option(help="其他情况，如 2019年成立，去年营收四千万，博士两名")] = "",
    data: DataOption = None,
    as_json: JsonOption = False,
    output: Annotated[Path | None, typer.Option("--output", help="写成文件：.md、.docx 或 .pdf")] = None,
) -> None:
    """政策体检：逐条对照文件写明的条件，不作承诺。"""

    def run() -> int:
        from bot.assistant import Assistant
        from bot.catalogue.eligibility import Profile, check_eligibility
        from bot.catalogue.eligibility.files import report_file
        from bot.catalogue.eligibility.report import markdown, report, source_name
        from bot.serialization import to_line

        assistant = Assistant.open(load_settings(data_dir=data))
        profile = Profile(region, industry, size, tuple(qualification or ()), need, about)
        checkup = check_eligibility(assistant.catalogue, profile, date.today())
        if as_json:
            print(to_line(checkup_object(checkup)))
            return 0
        told = report(assistant.catalogue, checkup, lambda document: source_name(assistant.document(document)))
        if output is not None:
            output.write_bytes(report_file(told, output.suffix.lower()))
            print(f"已写出 {output}")
        else:
            print(markdown(told), end="")
        return 0

    raise typer.Exit(guarded(run))


def checkup_object(checkup: Checkup) -> dict[str, Any]:
    """A check as the contract lays down."""
    from bot.catalogue.eligibility.report import CAVEAT
    from bot.catalogue.eligibility.understood import understood

    return {
        "results": [result_object(result) for result in checkup.results],
        "note": CAVEAT,
        "date": checkup.today.isoformat(),
        "understood": [
            {"entry": each.entry, "typed": each.typed, "meanings": each.meanings, "unclear": each.unclear}
            for each in understood(checkup.firm)
        ],
    }


def result_object(result: ProgrammeResult) -> dict[str, Any]:
    """A programme's result as the contract lays down."""
    return {
        "programme_id": result.programme.id,
        "name": result.programme.name,
        "status": result.programme.status.value,
        "next_step": result.next_step,
        "verdict": result.verdict,
        "conditions": [
            {
                "condition": each.condition,
                "outcome": each.outcome,
                "document_id": each.document_id,
                "quote": each.quote,
                "why": each.why,
            }
            for each in result.conditions
        ],
    }
