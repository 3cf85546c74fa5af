"""``bot draft``: a need or offer told in plain words becomes a draft; nothing is saved."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.ask import DataOption, guarded, offline_settings
from bot.errors import UsageError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.answering.rewriting import DraftedNeed


def draft(
    told: Annotated[str, typer.Argument(help="用大白话说的需求或成果")],
    offline: Annotated[bool, typer.Option("--offline", help="只用规则，不用模型服务")] = False,
    data: DataOption = None,
) -> None:
    """把一段话整理成需求或成果草稿，列出还缺什么；不保存。"""

    def run() -> int:
        from bot.market.drafting import next_question, preview, start_draft

        settings = offline_settings(load_settings(data_dir=data), offline)
        worded = _by_model(settings, told) if settings.llm.configured else None
        if worded is not None:
            for name, field in type(worded.need).model_fields.items():
                value = getattr(worded.need, name)
                shown = "、".join(value) if isinstance(value, tuple) else value
                print(f"{str(field.description).partition('：')[0]}：{shown or '（未填）'}")
            for item in worded.left_out:
                print(f"未写入：{item}", file=sys.stderr)
            return 0
        started = start_draft(told, today=date.today())
        if started is None:
            raise UsageError("没看出是需求还是成果", value=told[:40], remedy="写明想找什么技术，或有什么成果")
        print(preview(started))
        question = next_question(started)
        if question is not None:
            print(f"接下来请补充：{question.text}")
        return 0

    raise typer.Exit(guarded(run))


def _by_model(settings: Settings, told: str) -> DraftedNeed | None:
    """The model's reading, each field checked against what was told; None when the rules must do."""
    from bot.answering.rewriting import draft_need
    from bot.llm import ModelService

    return draft_need(ModelService(settings.llm), told)
