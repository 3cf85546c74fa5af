"""A command typed wrongly, in the form of the project's errors: what was given, what was tried, what to type."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from typer import BadParameter, TyperException
from typer.core import TyperCommand, TyperGroup

from bot.errors import UsageError
from bot.settings import PROGRAM

AnyCommand = TyperCommand | TyperGroup
#: Of a long line the beginning is told.
_LONGEST_TRIED = 300


def misuse_told(error: Exception, command: AnyCommand, words: Sequence[str], typed: Sequence[str]) -> str | None:
    """The line to be written of ``error``, empty where the help was shown instead; ``None``: it is no misuse.

    ``words`` are those of ``typed`` that name ``command``.
    """
    if not isinstance(error, TyperException):
        return None
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    message, value, remedy = _read(error, command, words, typed)
    path = " ".join((PROGRAM, *words))
    tried = f"{PROGRAM} {shlex.join(typed)}"
    tried = tried if len(tried) <= _LONGEST_TRIED else f"{tried[:_LONGEST_TRIED]}…"
    remedy = "；".join(part for part in (remedy, f"用法见 {path} --help") if part)
    return f"{UsageError(message, value=value, tried=tried, remedy=remedy)}\n"


def _read(
    error: TyperException, command: AnyCommand, words: Sequence[str], typed: Sequence[str]
) -> tuple[str, str, str]:
    """Message, value and remedy of what the library raised; it says more in attributes than in its English words."""
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        return "没有这个选项", option, _meant(option, [name for each in command.params for name in each.opts])
    if option is not None:
        # Raised for a flag with a value, and for an option without one.
        flag = any(option in (*each.opts, *each.secondary_opts) and _is_flag(each) for each in command.params)
        return ("这个选项不带值", option, "去掉“=”和后面的") if flag else ("这个选项后面要写值", option, "")
    if isinstance(error, BadParameter) and error.param is not None:
        name, about = _name(error.param), _help(error.param)
        if error.__cause__ is None:
            return f"缺少 {name}", about, _wanted(error.param) or f"补上 {name}"
        return f"{name} 写得不对", _given(error.__cause__), _wanted(error.param) or about
    if isinstance(command, TyperGroup):
        unknown = next((each for each in typed[len(words) :]), "")
        return "没有这个命令", unknown, _meant(unknown, list(command.commands))
    extra = error.message.partition("(")[2].rstrip(")")
    return "多出来的内容", extra, "话里有空格就加上引号"


def _meant(given: str, known: list[str]) -> str:
    close = get_close_matches(given, known, n=3)
    return f"您是不是要 {'、'.join(close)}" if close else ""


def _is_flag(parameter: Any) -> bool:
    return bool(getattr(parameter, "is_flag", False))


def _name(parameter: Any) -> str:
    """The option, or the argument by its name in the usage line."""
    return str(parameter.opts[0] if parameter.param_type_name == "option" else f"“{parameter.name}”")


def _help(parameter: Any) -> str:
    return str(getattr(parameter, "help", None) or "")


def _given(cause: BaseException) -> str:
    """The value that was refused."""
    found = cause.errors()[0] if hasattr(cause, "errors") else {}
    return str(found.get("input", ""))


def _wanted(parameter: Any) -> str:
    """What may stand there: one of some words, or a number within limits."""
    kind = parameter.type_descriptor
    if kind.choices is not None:
        return f"可选：{'、'.join(str(getattr(each, 'value', each)) for each in kind.choices)}"
    least, most = kind.parameter_info.min, kind.parameter_info.max
    if kind.annotation is not int:
        return ""
    return "给一个整数" if least is None or most is None else f"给 {least} 到 {most} 之间的整数"


def help_in_chinese(program: AnyCommand) -> None:
    """Have the headings of the library's help in Chinese. Its module is imported only where help is shown."""
    from typer import Context, rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = "参数", "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING, rich_utils.DEFAULT_STRING = "（必填）", "（默认 {}）"
    for each in _all(program):
        each.options_metavar = "[选项]"
        if isinstance(each, TyperGroup):
            each.subcommand_metavar = "命令 [参数]…"
        option = each.get_help_option(Context(each))
        if option is not None:
            option.help = "看用法"


def _all(program: AnyCommand) -> Iterator[AnyCommand]:
    yield program
    for each in program.commands.values() if isinstance(program, TyperGroup) else ():
        if isinstance(each, TyperCommand | TyperGroup):
            yield from _all(each)
