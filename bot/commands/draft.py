"""``bot draft``: a need or offer told in plain words becomes a draft; nothing is saved."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.commands.ask import DataOption, guarded, offline_settings
from bot.commands.batches import DONE
from bot.settings import load_settings


def draft(
    told: Annotated[str, typer.Argument(help="用大白话说的需求或成果")],
    offline: Annotated[bool, typer.Option("--offline", help="只用规则，不用模型服务")] = False,
    data: DataOption = None,
) -> None:
    """把一段话整理成需求或成果草稿，列出还缺什么；不保存。"""

    def run() -> int:
        from bot.assistant import Assistant
        from bot.market.drafting import next_question, preview

        assistant = Assistant(offline_settings(load_settings(data_dir=data), offline))
        drafted = assistant.draft_record(told)
        print(preview(drafted.draft))
        for item in drafted.left_out:
            print(f"未写入：{item}", file=sys.stderr)
        question = next_question(drafted.draft)
        if question is not None:
            print(f"接下来请补充：{question.text}")
        return DONE

    raise typer.Exit(guarded(run))
