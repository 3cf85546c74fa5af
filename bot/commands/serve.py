"""``bot serve``: the page, the desk and the interfaces at one address."""

from __future__ import annotations

import errno
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.ask import guarded
from bot.errors import CorpusError, UsageError
from bot.settings import PROGRAM, Settings, load_settings


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
        from bot.web.edge.logs import write_logs

        settings = load_settings(host=host, port=port, data_dir=data)
        check_address(settings)
        settings = _with_documents_of_ones_own(settings)
        write_logs(settings.data_dir, settings.serving.log)
        assistant = Assistant.open(settings)
        assistant.warm_up()
        serve_page(assistant, settings, open_browser)
        return 0

    raise typer.Exit(guarded(run))


def check_address(settings: Settings) -> None:
    """Try to listen, before minutes are spent on models; raises :class:`UsageError` with what stands against it."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except socket.gaierror as error:
            raise UsageError("找不到这个主机名", value=host, tried=str(error.strerror), remedy=_HERE) from None
        except OSError as error:
            message, remedy = _refused(error, family, host)
            raise UsageError(message, value=f"{host}:{port}", tried=str(error.strerror), remedy=remedy) from None


_HERE = f"只给本机用：{PROGRAM} serve --host 127.0.0.1；给别的机器用：{PROGRAM} serve --host 0.0.0.0"


def _refused(error: OSError, family: socket.AddressFamily, host: str) -> tuple[str, str]:
    """What a refusal to listen means, and what to type instead."""
    if error.errno == errno.EADDRNOTAVAIL:
        return "这不是这台机器的地址", _HERE
    if error.errno in (errno.EACCES, errno.EPERM):
        return "没有权限用这个端口", f"用 1024 以上的端口：{PROGRAM} serve --port 7860"
    if error.errno == errno.EADDRINUSE:
        with socket.socket(family) as free:
            free.bind((host, 0))
            other = free.getsockname()[1]
        return "端口已被占用", f"{PROGRAM} serve --port {other}，或停掉占用它的程序"
    return "页面无法在这个地址启动", _HERE


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
