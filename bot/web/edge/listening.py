"""The address that the site answers at, and what stands against it."""

from __future__ import annotations

import errno
import socket

from bot.errors import UsageError
from bot.settings import PROGRAM, Settings

_HERE = f"只给本机用：{PROGRAM} serve --host 127.0.0.1；给别的机器用：{PROGRAM} serve --host 0.0.0.0"


def bound(settings: Settings) -> socket.socket:
    """A socket at the address of ``settings``; raises :class:`UsageError` with what stands against it."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        if isinstance(error, socket.gaierror):
            raise UsageError("找不到这个主机名", value=host, tried=str(error.strerror), remedy=_HERE) from None
        message, remedy = _refused(error, family, host)
        raise UsageError(message, value=f"{host}:{port}", tried=str(error.strerror), remedy=remedy) from None
    return made


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
        return "端口已被占用", f"{PROGRAM} serve --port {other}（或设 BOT_PORT={other}），或停掉占用它的程序"
    return "页面无法在这个地址启动", _HERE
