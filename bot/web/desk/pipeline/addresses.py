"""Addresses of records and lists, and what an address asks of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote, urlencode

from fastapi import HTTPException

from bot.market.desk_listing import LONGEST_SOUGHT, RecordFilter, Sorting
from bot.market.records import State
from bot.types import RecordKind
from bot.web.desk.guard import ROOT

RECORDS = f"{ROOT}/records"
KINDS = (RecordKind.NEED, RecordKind.OFFER)
_MOST_PAGES = 10**9
_PLAIN = re.compile(r"\w[\w.~-]*")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Whose(StrEnum):
    """Whose records are listed."""

    ALL = ""
    MINE = "mine"
    NOBODYS = "nobodys"

    @property
    def label(self) -> str:
        """The choice as people read it."""
        return {"": "全部", "mine": "我负责的", "nobodys": "没有人负责的"}[self.value]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What an address asks of the list; what is no choice asks for nothing."""

    kind: RecordKind | None = None
    state: State | None = None
    whose: Whose = Whose.ALL
    words: str = ""
    field: str = ""
    region: str = ""
    owner: str = ""
    since: str = ""
    until: str = ""
    handed: bool = False
    sorting: Sorting = Sorting.UPDATED
    page: int = 1

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> ListQuery:
        """The query of an address's entries."""
        kind = choice(RecordKind, sent.get("kind", ""))
        words = {name: sent.get(name, "").strip()[:LONGEST_SOUGHT] for name in _WORDS}
        return cls(
            kind=kind if kind in KINDS else None,
            state=choice(State, sent.get("state", "")),
            whose=choice(Whose, sent.get("whose", "")) or Whose.ALL,
            handed=sent.get("handed") == "1",
            sorting=choice(Sorting, sent.get("sorting", "")) or Sorting.UPDATED,
            page=number(sent.get("page", "")) or 1,
            **words,
        )

    @property
    def filter(self) -> RecordFilter:
        """What the list is filtered by, whoever looks after the records."""
        told = {name: getattr(self, name) for name in ("kind", "state", "sorting", *_WORDS)}
        return RecordFilter(handed_over=self.handed, **told)

    @property
    def written(self) -> str:
        """The query as an address holds it, without the page."""
        told = {**asdict(self), "handed": "1" if self.handed else ""}
        kept = {name: value for name, value in told.items() if value and name != "page"}
        if self.sorting is Sorting.UPDATED:
            del kept["sorting"]
        return urlencode(kept)

    def at(self, page: int) -> str:
        """The address of another page of it."""
        return list_address(replace(self, page=page))


_WORDS = ("words", "field", "region", "owner", "since", "until")


def list_address(query: ListQuery) -> str:
    """The address of a list."""
    told = "&".join(part for part in (query.written, f"page={query.page}" if query.page > 1 else "") if part)
    return f"{RECORDS}?{told}" if told else RECORDS


def record_address(kind: RecordKind, record_id: str) -> str:
    """The page of a record, whatever its id is made of: only a plain one is safe from proxies in the path."""
    if not _PLAIN.fullmatch(record_id):
        return f"{RECORDS}/one?{urlencode({'kind': kind.value, 'id': record_id})}"
    return f"{RECORDS}/{kind.value}/{quote(record_id, safe='')}"


def edit_address(kind: RecordKind, record_id: str) -> str:
    """The form that changes a record."""
    return f"{RECORDS}/edit?{urlencode({'kind': kind.value, 'id': record_id})}"


def merge_address(kind: RecordKind, kept: str, merged: str) -> str:
    """Two records side by side; the first is to be kept."""
    return f"{RECORDS}/merge?{urlencode({'kind': kind.value, 'kept': kept, 'merged': merged})}"


def kind_of_address(value: str) -> RecordKind:
    """The kind in an address; raises HTTP 404 for any other word."""
    kind = choice(RecordKind, value)
    if kind not in KINDS:
        raise HTTPException(404, "没有这一页")
    return kind


def choice(choices: type[_Choice], value: str) -> _Choice | None:
    """The choice of that value, if there is one."""
    return choices(value) if value in {each.value for each in choices} else None


def number(value: str) -> int:
    """A whole number of an address or form; 0 for what is none."""
    return int(value) if value.isascii() and value.isdigit() and int(value[:19]) <= _MOST_PAGES else 0
