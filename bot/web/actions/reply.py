"""What an action gives back to the page."""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

from bot.errors import UsageError
from bot.types import RecordKind
from bot.web.markup import EMPTY, Html, tag, text

#: What a form sent: values by entry name.
Fields: TypeAlias = Mapping[str, str]

Choice = TypeVar("Choice", bound=StrEnum)
_WINDOW = re.compile(r"[0-9a-f]{32,64}")


@dataclass(frozen=True, slots=True)
class Download:
    """A file for the visitor to keep."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """The file's type by its name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Reply:
    """Markup for the target of the action, or a file; ``failed`` keeps the form as it is."""

    html: Html = EMPTY
    download: Download | None = None
    failed: bool = False

    def as_json(self) -> dict[str, object]:
        """The reply as the page's script reads it; a file travels in base 64, so that it needs no address."""
        content: dict[str, object] = {"html": self.html, "failed": self.failed}
        if self.download is not None:
            encoded = b64encode(self.download.content).decode("ascii")
            content |= {"name": self.download.name, "type": self.download.media_type, "content": encoded}
        return content


def problem(words: str, entry: str = "") -> Reply:
    """A sentence that says what went wrong, and what to do; ``entry`` is the name of the form's entry it is about."""
    return Reply(tag("p", text(words), class_="problem", role="alert", data_entry=entry or None), failed=True)


def chosen(choices: type[Choice], value: str) -> Choice:
    """The choice of that value; raises :class:`UsageError` for any other."""
    try:
        return choices(value)
    except ValueError:
        allowed = "、".join(choice.value for choice in choices)
        raise UsageError("没有这个选项", value=value[:40], remedy=f"可选：{allowed}") from None


def window_key(fields: Fields) -> str:
    """The random key of the window that sent a form, so that sending it again is no second time; else empty."""
    key = fields.get("window", "")
    return key if _WINDOW.fullmatch(key) else ""


def market_kind(value: str) -> RecordKind:
    """Need or offer; raises :class:`UsageError` for anything else."""
    kind = chosen(RecordKind, value)
    if kind is RecordKind.ORGANISATION:
        raise UsageError("没有这个选项", value=value, remedy="可选：needs、offers")
    return kind
