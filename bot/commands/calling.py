"""How the program was called: what was typed wrongly is told in Chinese, a next step names the folders of this call."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from typer import Abort
from typer.core import TyperCommand, TyperGroup

from bot.commands.misuse import help_in_chinese, misuse_told
from bot.settings import PROGRAM

#: Options that a next step has to be given as well: without them it works on other folders.
_FOLDERS = ("--data", "--corpus")
_NAMED = re.compile(r"(?P<program>(?:python -m )?\bbot )?(?<![\w/.-])(?P<words>[a-z]+(?: [a-z]+)?)(?![\w/.-])")
_HELP = "--help"
_CANCELLED = 1

AnyCommand = TyperCommand | TyperGroup


@dataclass(frozen=True, slots=True)
class _Call:
    """The command line in hand: the whole program and what was typed."""

    program: AnyCommand
    typed: tuple[str, ...]

    def folders(self) -> Iterator[tuple[str, str]]:
        """Each folder that was named, with its option."""
        for at, word in enumerate(self.typed):
            name, sign, value = word.partition("=")
            if name in _FOLDERS and (sign or at + 1 < len(self.typed)):
                yield name, value if sign else self.typed[at + 1]


_CALL: ContextVar[_Call | None] = ContextVar("call", default=None)


def as_given(text: str) -> str:
    """``text`` with every command of this program as it has to be typed: whole, and with the folders of this call."""
    call = _CALL.get()
    return text if call is None else _NAMED.sub(lambda found: _whole(found, call), text)


def _whole(found: re.Match[str], call: _Call) -> str:
    words, command = _resolved(call.program, found["words"].split())
    if not words or isinstance(command, TyperGroup):
        return found[0]
    # Two words alone name a command as well, where they can be typed as they stand; one is just a word.
    if not found["program"] and (len(words) == 1 or any(_is_needed(each) for each in command.params)):
        return found[0]
    known = {name for each in command.params for name in each.opts}
    folders = [f"{name} {shlex.quote(value)}" for name, value in call.folders() if name in known]
    rest = found["words"].split()[len(words) :]
    return " ".join([PROGRAM, *words, *folders, *rest])


def _is_needed(parameter: Any) -> bool:
    return bool(parameter.required and parameter.param_type_name == "argument")


def _resolved(program: AnyCommand, typed: Sequence[str]) -> tuple[list[str], AnyCommand]:
    """The words that name a command, and that command; none name the whole program."""
    words: list[str] = []
    command = program
    for word in typed:
        inner = command.commands.get(word) if isinstance(command, TyperGroup) else None
        if not isinstance(inner, TyperCommand | TyperGroup):
            break
        words, command = [*words, word], inner
    return words, command


class Group(TyperGroup):
    """The whole program; what is wrong with a command line is told on stderr in Chinese, the exit code is 2."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and end the process with the exit code."""
        typed = tuple(sys.argv[1:] if args is None else args)
        call = _Call(self, typed)
        words, command = _resolved(call.program, typed)
        if _HELP in typed or isinstance(command, TyperGroup):
            help_in_chinese(call.program)
        before = _CALL.set(call)
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except Abort:
            print("没有做：输入中断了。", file=sys.stderr)
            code = _CANCELLED
        except Exception as error:
            told = misuse_told(error, command, words, typed)
            if told is None:
                raise
            sys.stderr.write(told)
            code = 2
        finally:
            _CALL.reset(before)
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code
