"""The YAML block at the head of a txt or md file: metadata, and no part of the clean text."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.errors import DocumentError
from bot.types import SourceKind, Status, TextKind

_BLOCK = re.compile(r"\s*^---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
#: A block that opens like a mapping; a line of dashes under a heading is none.
_MAPPING = re.compile(r"\s*(?:#.*\n\s*)*[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff -]*:(?:\s|$)")
_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of itself; ``None`` where it says nothing."""

    title: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    date: str | None = None
    status: Status | None = None
    source: str | None = None
    kind: SourceKind | None = None
    text: TextKind | None = None
    addressee: str | None = None
    valid_until: str | None = None
    superseded_by: str | None = None


_KEYS = tuple(FrontMatter.__slots__)


def split_front_matter(text: str) -> tuple[FrontMatter | None, str]:
    """The front matter of ``text``, if it opens with one, and the text after it.

    ``date`` may be a year, a month or a day (``2025``, ``2025-12``, ``2025-12-04``); ``valid_until``
    must be a day. Raises :class:`DocumentError` that names the key for unknown keys and bad values.
    """
    match = _BLOCK.match(text)
    if match is None or not _MAPPING.match(match.group(1)):
        return None, text
    return _parse(match.group(1)), text[match.end() :]


def _parse(block: str) -> FrontMatter:
    import yaml

    try:
        # Every value as it stands: no date, number or yes/no is guessed from its look.
        values = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DocumentError(
            "文件头（--- 之间的部分）读不懂", tried=first_line, remedy="按“键: 值”逐行书写，含冒号的值加引号"
        ) from None
    if not isinstance(values, dict):
        raise DocumentError("文件头（--- 之间的部分）不是“键: 值”", remedy=f"可用的键：{'、'.join(_KEYS)}")
    for key in values:
        if key not in _KEYS:
            raise DocumentError("文件头里有不认识的键", value=key, remedy=f"可用的键：{'、'.join(_KEYS)}")
    return FrontMatter(
        title=_text(values, "title"),
        issuer=_text(values, "issuer"),
        document_number=_text(values, "document_number"),
        date=_date(values, "date", whole=False),
        status=_choice(values, "status", Status),
        source=_text(values, "source"),
        kind=_choice(values, "kind", SourceKind),
        text=_choice(values, "text", TextKind),
        addressee=_text(values, "addressee"),
        valid_until=_date(values, "valid_until", whole=True),
        superseded_by=_text(values, "superseded_by"),
    )


def _text(values: dict[str, object], key: str) -> str | None:
    value = values.get(key)
    if value in (None, "null", "~"):
        return None
    if isinstance(value, dict | list):
        raise DocumentError("文件头的值应是一行文字", value=key, remedy=f"把 {key} 写成一行文字")
    return " ".join(str(value).split()) or None


def _date(values: dict[str, object], key: str, *, whole: bool) -> str | None:
    text = _text(values, key)
    if text is None:
        return None
    if not whole and _PART_DATE.fullmatch(text):
        return text
    try:
        if not _FULL_DATE.fullmatch(text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise DocumentError(
            f"文件头的 {key} 不是日期", value=text, remedy="写成 2025-05-28 的样子，不知道就不写"
        ) from None


def _choice(values: dict[str, object], key: str, choices: type[_Choice]) -> _Choice | None:
    text = _text(values, key)
    if text is None:
        return None
    try:
        return choices(text)
    except ValueError:
        allowed = "、".join(choice.value for choice in choices)
        raise DocumentError(f"文件头的 {key} 不认识", value=text, remedy=f"只能是：{allowed}") from None
