"""``bot key``: keys of other programs; ``bot mcp``: the tools for an agent on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.ask import DataOption, guarded
from bot.commands.batches import DONE
from bot.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.api.access import ApiKeys

app = typer.Typer(help="其他程序的密钥：发放、列出、作废。", no_args_is_help=True)


@app.command("add")
def add(name: Annotated[str, typer.Argument(help="给哪个程序用")], data: DataOption = None) -> None:
    """发一个新密钥；只显示这一次。"""

    def run() -> int:
        print(_keys(data).issue(name))
        return DONE

    raise typer.Exit(guarded(run))


@app.command("list")
def list_keys(data: DataOption = None) -> None:
    """列出发过的密钥（不含密钥本身）。"""

    def run() -> int:
        for key in _keys(data).listed():
            ended = f"，{key.revoked_at[:10]} 作废" if key.revoked_at else ""
            print(f"{key.id}  {key.name}  {key.created_at[:10]} 发放{ended}")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("revoke")
def revoke(key_id: Annotated[int, typer.Argument(help="密钥编号")], data: DataOption = None) -> None:
    """作废一个密钥，立即生效。"""

    def run() -> int:
        _keys(data).revoke(key_id)
        print(f"已作废 {key_id}")
        return DONE

    raise typer.Exit(guarded(run))


def mcp(data: DataOption = None) -> None:
    """在标准输入输出上提供 MCP 工具，供本机的智能体使用。"""

    def run() -> int:
        from bot.api.tools import tool_server
        from bot.assistant import Assistant

        tool_server(Assistant.open(load_settings(data_dir=data))).run("stdio")
        return DONE

    raise typer.Exit(guarded(run))


def _keys(data: Path | None) -> ApiKeys:
    from bot.api.access import ApiKeys
    from bot.store.database import shared_database

    return ApiKeys(shared_database(load_settings(data_dir=data).resolved_database_url))
