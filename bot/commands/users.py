"""``bot user``: accounts of the desk. A password is typed unseen or read from a file, never an argument."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.accounts.records import Role
from bot.commands.ask import DataOption, guarded
from bot.commands.batches import DONE
from bot.commands.calling import as_given
from bot.errors import UsageError
from bot.settings import PROGRAM, load_settings

if TYPE_CHECKING:
    from bot.accounts.accounts import Accounts

app = typer.Typer(help="工作台的用户：添加、列出、改密码、移除。没有默认用户。", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="用户名")]
PasswordFileOption = Annotated[Path | None, typer.Option("--password-file", help="从文件第一行读密码；不给就现场输入")]
_ACTOR = "shell"


@app.command("add")
def add(
    name: NameArgument,
    role: Annotated[list[Role], typer.Option("--role", help="manager 技术经理人、staff 工作人员；可写两次")],
    password_file: PasswordFileOption = None,
    data: DataOption = None,
) -> None:
    """添加一个用户。"""

    def run() -> int:
        user = _accounts(data).add(name, _password(password_file), role, by=_ACTOR)
        print(f"已添加 {user.name}：{'、'.join(sorted(each.label for each in user.roles))}")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("list")
def list_users(data: DataOption = None) -> None:
    """列出用户和角色。"""

    def run() -> int:
        users = _accounts(data).listed()
        for user in users:
            print(f"{user.name}  {'、'.join(sorted(each.label for each in user.roles))}  {user.created_at[:10]} 添加")
        if not users:
            print(as_given(f"还没有用户。用 {PROGRAM} user add 用户名 --role manager 添加。"))
        return DONE

    raise typer.Exit(guarded(run))


@app.command("password")
def password(name: NameArgument, password_file: PasswordFileOption = None, data: DataOption = None) -> None:
    """改密码；此人的登录全部结束。"""

    def run() -> int:
        _accounts(data).change_password(name, _password(password_file), by=_ACTOR)
        print(f"已改密码：{name}")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("remove")
def remove(name: NameArgument, data: DataOption = None) -> None:
    """移除一个用户；此人的登录全部结束，留下的记录不变。"""

    def run() -> int:
        _accounts(data).remove(name, by=_ACTOR)
        print(f"已移除 {name}")
        return DONE

    raise typer.Exit(guarded(run))


def _password(file: Path | None) -> str:
    if file is None:
        return str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次"))
    try:
        return file.read_text(encoding="utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("密码文件读不了", value=file, tried=str(error), remedy="给一个 UTF-8 文本文件") from None


def _accounts(data: Path | None) -> Accounts:
    from bot.accounts.accounts import Accounts
    from bot.store.database import shared_database

    return Accounts(shared_database(load_settings(data_dir=data).resolved_database_url))
