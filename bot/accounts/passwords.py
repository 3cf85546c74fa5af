"""Passwords are hashed with Argon2id by argon2-cffi, with its defaults (RFC 9106, the low-memory profile)."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import AccountError, SignInError

#: NIST SP 800-63B: at least 8, better 15 characters, no rules on their kinds; longer ones are only slow to hash.
SHORTEST, LONGEST = 10, 200
#: Passwords looked at side by side: each takes 64 MiB and a processor. Others wait for so many seconds.
_AT_ONCE, _WAIT_SECONDS = 2, 3.0
_places = threading.BoundedSemaphore(_AT_ONCE)


@functools.cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@functools.cache
def _nobody() -> str:
    """The hash of no password: an unknown name costs as much time as a wrong password."""
    return _hasher().hash("\x00")


def hashed(password: str, name: str) -> str:
    """The hash of a new ``password`` for the user ``name``; raises :class:`AccountError` for one easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError("密码太短或太长", value=f"{len(password)} 个字符", remedy=f"用 {SHORTEST}–{LONGEST} 个字符")
    if len(set(password)) < SHORTEST // 2 or name.casefold() in password.casefold():
        raise AccountError("密码太容易猜到", remedy="不要含用户名，也不要只重复几个字符")
    return _hasher().hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether ``password`` is the one behind ``stored``; ``None`` (nobody's) never fits, and takes as long."""
    try:
        _hasher().verify(stored or _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@contextmanager
def looked_at() -> Iterator[None]:
    """A place among those whose passwords are looked at. Raises :class:`SignInError` where none becomes free."""
    if not _places.acquire(timeout=_WAIT_SECONDS):
        raise SignInError("现在登录的人太多", remedy="过一会儿再试")
    try:
        yield
    finally:
        _places.release()
