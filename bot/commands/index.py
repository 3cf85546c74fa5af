"""``bot index``: the version that an ingest with ``--hold`` left waiting."""

from __future__ import annotations

import sys

import typer

from bot.commands.ask import DataOption, guarded
from bot.commands.batches import DONE
from bot.errors import UsageError
from bot.settings import INGEST, load_settings

app = typer.Typer(help="建好待启用的资料库版本：查看、启用、丢弃。", no_args_is_help=True)


@app.command("show")
def show(data: DataOption = None) -> None:
    """看有没有待启用的版本。"""

    def run() -> int:
        from bot.candidates import waiting_candidate

        found = waiting_candidate(load_settings(data_dir=data))
        print("没有待启用的版本。" if found is None else f"第 {found.version} 版待启用。")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("publish")
def publish(data: DataOption = None) -> None:
    """启用待启用的版本。"""

    def run() -> int:
        from bot.candidates import publish_candidate, waiting_candidate

        settings = load_settings(data_dir=data)
        found = waiting_candidate(settings)
        if found is None:
            raise UsageError("没有待启用的版本", remedy=f"先运行 {INGEST} --hold")
        for warning in publish_candidate(settings, found.version):
            sys.stderr.write(f"请留意 {warning}\n")
        print(f"已启用第 {found.version} 版。")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("discard")
def discard(data: DataOption = None) -> None:
    """丢弃待启用的版本，继续用现在的。"""

    def run() -> int:
        from bot.candidates import discard_candidate

        discard_candidate(load_settings(data_dir=data))
        print("已丢弃，继续用现在的版本。")
        return DONE

    raise typer.Exit(guarded(run))
