"""Correcting by hand what a document says of itself: its front matter, the one place ingest reads corrections from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import PurePosixPath

from bot.documents.front_matter import FrontMatter, split_front_matter
from bot.errors import DocumentError

#: Formats that have front matter.
WITH_FRONT_MATTER = frozenset({".txt", ".md", ".markdown"})
LABELS = {
    "title": "标题",
    "issuer": "发文机关",
    "document_number": "文号",
    "date": "日期",
    "status": "状态",
    "source": "来源网址",
    "kind": "来源类别",
    "text": "原文还是整理",
    "addressee": "主送",
    "valid_until": "有效期至",
    "superseded_by": "被谁代替",
}
KEYS = tuple(each.name for each in fields(FrontMatter))


def takes_front_matter(name: str) -> bool:
    """Whether a file of that name can carry front matter."""
    return PurePosixPath(name).suffix.lower() in WITH_FRONT_MATTER


def matter_of(data: bytes) -> dict[str, str]:
    """The front matter of a text file as people write it, by key. Raises :class:`DocumentError`."""
    matter, _ = split_front_matter(_text(data))
    values = {} if matter is None else {name: getattr(matter, name) for name in KEYS}
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items() if value}


def with_matter(data: bytes, values: Mapping[str, str]) -> bytes:
    """``data`` with ``values`` as its front matter; the text below is left as it is, written as UTF-8.

    Raises :class:`DocumentError` that names the key for a value that an ingest would refuse.
    """
    import yaml

    text = _text(data)
    told = {name: " ".join(values.get(name, "").split()) for name in KEYS}
    told = {name: value for name, value in told.items() if value}
    _, body = split_front_matter(text)
    block = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=10_000) if told else ""
    head = f"---\n{block}---\n" if told else ""
    made = f"{head}{body}"
    found, _ = split_front_matter(made)
    wrong = [name for name in told if found is None or getattr(found, name) is None]
    if wrong:
        raise DocumentError("文件头的值读不回来", value=wrong[0], remedy="换一种写法")
    return made.encode()


def _text(data: bytes) -> str:
    from bot.documents.encoding import decode_warned

    return decode_warned(data).text
