"""Why a file is not read, in words a user can act on."""

from __future__ import annotations

import errno
import re
import signal
from dataclasses import dataclass

from bot.errors import DocumentError

_OTHER_FORMAT = "换一种格式另存，或移出该文件夹"
_SPLIT = "拆成几个文件或只留文字，或移出该文件夹"
#: Parsers put whole files into their messages.
_LONGEST_WORDS = 300
#: How libraries in C and C++ say it through errors of their own.
_NO_MEMORY = re.compile(r"bad[_ ]alloc|(?:cannot|could not|failed to|unable to) allocate|out of memory", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A :class:`DocumentError` as it travels between processes."""

    message: str
    value: str | None = None
    tried: str = ""
    remedy: str = ""

    def error(self) -> DocumentError:
        return DocumentError(self.message, value=self.value, tried=self.tried, remedy=self.remedy)


TOO_MUCH_MEMORY = Refusal("读取占用内存过多", remedy=_SPLIT)
_TOO_DEEP = Refusal("文件的结构嵌套太深", remedy=_OTHER_FORMAT)


def too_slow(seconds: float) -> Refusal:
    return Refusal(f"读取超时（{seconds:g} 秒）", remedy=_SPLIT)


def died(exit_code: int) -> Refusal:
    """The process ended while it read the file; ``exit_code`` as :attr:`subprocess.Popen.returncode`."""
    if exit_code >= 0:
        return Refusal(f"读取程序异常退出（退出码 {exit_code}）", remedy=_OTHER_FORMAT)
    remedy = _OTHER_FORMAT
    if exit_code == -getattr(signal, "SIGKILL", 9):
        # Nobody but the system kills a worker that the reader did not kill itself.
        remedy = f"多半是机器的内存不够，关掉占内存的程序再试；或{_SPLIT}"
    return Refusal(f"读取程序异常退出（信号 {-exit_code}）", remedy=remedy)


def refusal_of(error: BaseException) -> Refusal:
    """Why a file is not read whose reading raised ``error``."""
    if isinstance(error, DocumentError):
        value = None if error.value is None else _clean(str(error.value))
        return Refusal(_clean(error.message), value, _clean(error.tried), _clean(error.remedy))
    if ran_out_of_memory(error):
        return TOO_MUCH_MEMORY
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    return Refusal(f"读取时出错（{type(error).__name__}：{_words(error)}）", remedy=_OTHER_FORMAT)


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether ``error``, or an error it came from, says so."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, MemoryError) or getattr(cause, "errno", None) == errno.ENOMEM:
            return True
        if _NO_MEMORY.search(_said(cause)):
            return True
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return False


def _words(error: BaseException) -> str:
    words = " ".join(_said(error).split())
    return _clean(words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…")


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an error of somebody's library may fail to say what it is
        return ""


def _clean(text: str) -> str:
    """``text`` without halves of characters, which no report can be written with."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
