"""``bot serve``: the chat page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.ask import guarded
from bot.settings import load_settings


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹")] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器")] = False,
) -> None:
    """打开对话页面。"""

    def run() -> int:
        from bot.assistant import Assistant
        from bot.web.app import serve as serve_page
        from bot.web.edge.logs import write_logs

        settings = load_settings(host=host, port=port, data_dir=data)
        write_logs(settings.data_dir, settings.serving.log)
        assistant = Assistant.open(settings)
        assistant.warm_up()
        serve_page(assistant, settings, open_browser)
        return 0

    raise typer.Exit(guarded(run))
