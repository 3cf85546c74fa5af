"""Addresses of pairs and letters, and what forms about them send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request

from bot.errors import UsageError
from bot.web.desk.guard import ROOT

LIST, PAIRS, LETTERS = f"{ROOT}/introductions", f"{ROOT}/pairs", f"{ROOT}/letters"
_Choice = TypeVar("_Choice", bound=StrEnum)


def pair_address(need_id: str, offer_id: str) -> str:
    """The page of a pair; ids may hold anything but white space."""
    if "/" in need_id + offer_id:
        return f"{PAIRS}?{urlencode({'need': need_id, 'offer': offer_id})}"
    return f"{PAIRS}/{quote(need_id, safe='')}/{quote(offer_id, safe='')}"


def letter_address(number: int, version: int | None = None) -> str:
    """The page of a letter, at a version where one is named."""
    return f"{LETTERS}/{number}" + (f"?version={version}" if version is not None else "")


async def entries(request: Request) -> dict[str, str]:
    """What a form sent, by entry; files and repeated entries are left out."""
    sent = await request.form()
    return {name: value for name, value in sent.items() if isinstance(value, str)}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was refused: its name, what was typed, and what is wrong with it."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    problem: str = ""

    def of(self, form: str, name: str, else_: str = "") -> str:
        """What was typed into ``name`` of ``form``; ``else_`` where that form was not refused."""
        return self.values.get(name, "") if self.form == form else else_


NOTHING_TYPED = Typed()


def day_of(sent: Mapping[str, str], name: str = "day") -> date:
    """The day of a form; raises :class:`UsageError` for what is none."""
    value = sent.get(name, "").strip()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError("日期看不懂", value=value[:20], remedy="写成 2026-03-02 的样子") from None


def choice_of(choices: type[_Choice], value: str) -> _Choice:
    """The choice of that value; raises :class:`UsageError` for any other."""
    try:
        return choices(value)
    except ValueError:
        raise UsageError("没有这个选项", value=value[:40], remedy="从列表里选一个") from None


def number_of(sent: Mapping[str, str], name: str) -> int:
    """A whole number of a form; 0 for what is none."""
    value = sent.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
