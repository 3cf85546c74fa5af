"""``bot serve``: the page, the desk and the interfaces at one address."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.ask import guarded
from bot.errors import CorpusError
from bot.settings import Settings, load_settings


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="监听端口")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹")] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器")] = False,
) -> None:
    """打开对话页面。"""

    def run() -> int:
        from bot.assistant import Assistant
        from bot.web.app import serve as serve_page
        from bot.web.edge.listening import bound
        from bot.web.edge.logs import write_logs

        settings = load_settings(host=host, port=port, data_dir=data)
        # Tried before minutes are spent on models.
        bound(settings).close()
        settings = _with_documents_of_ones_own(settings)
        write_logs(settings.data_dir, settings.serving.log)
        assistant = Assistant.open(settings)
        assistant.warm_up()
        serve_page(assistant, settings, open_browser)
        return 0

    raise typer.Exit(guarded(run))


def _with_documents_of_ones_own(settings: Settings) -> Settings:
    """Documents may be changed at the desk: where they came with the program they are copied out of it first."""
    from bot.documents.own_corpus import own_corpus

    try:
        settings, told = own_corpus(settings)
    except CorpusError as error:
        # Questions are answered all the same.
        told = f"{error.message}（{error.value}）。要在工作台里改资料，先把 BOT_CORPUS_DIR 指到自己的文件夹。"
    if told:
        sys.stderr.write(f"{told}\n")
    return settings
