"""The keys of a case as columns and fields: their headings, and how a value is written in one box and read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from bot.evaluation.cases import Case, CasesError
from bot.types import Intent, Status

YES, NO = "是", "否"
_YES, _NO = frozenset({YES, "true", "yes", "1", "对"}), frozenset({NO, "false", "no", "0", "不"})


class EntryMistakes(CasesError):
    """Boxes that cannot be used; ``mistakes`` are pairs of a box's heading, empty for the whole, and a reason."""

    def __init__(self, mistakes: tuple[tuple[str, str], ...]) -> None:
        self.mistakes = mistakes
        told = "；".join(f"{label}：{reason}" if label else reason for label, reason in mistakes)
        super().__init__("用例写得不对", tried=told, remedy="改好再保存")


class Holds(StrEnum):
    """What a column holds: words, several of them one a line, or yes or no."""

    TEXT = "text"
    LIST = "list"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key it fills, its heading, what it holds, whether it belongs to the case or to what is expected."""

    key: str
    label: str
    holds: Holds
    of_case: bool = False
    hint: str = ""


COLUMNS = (
    Column("id", "id", Holds.TEXT, of_case=True),
    Column("question", "问题", Holds.TEXT, of_case=True),
    Column("history", "此前的问题", Holds.LIST, of_case=True),
    Column("tags", "标签", Holds.LIST, of_case=True),
    Column("abstained", "应说明没有", Holds.FLAG, hint="是：资料没有写，应当说没有写；否：应当回答"),
    Column("contains_all", "应全部包含", Holds.LIST),
    Column("contains_any", "应包含其一", Holds.LIST),
    Column("excludes", "哪里都不应出现", Holds.LIST, hint="答案、附注、联系方式、伙伴里都不应有"),
    Column("answer_excludes", "答案不应包含", Holds.LIST),
    Column("quote", "应引到的原话", Holds.TEXT),
    Column("document", "应引的文件", Holds.LIST, hint="资料文件夹里的路径，引到其一即可"),
    Column("status", "状态", Holds.LIST, hint="、".join(Status)),
    Column("contact", "应给的联系方式", Holds.TEXT),
    Column("partner", "应推荐的机构", Holds.TEXT),
    Column("meeting_place", "应提到的活动或联盟", Holds.LIST),
    Column("intent", "意图", Holds.TEXT, hint="、".join(Intent)),
    Column("corrected", "应有纠正", Holds.FLAG),
    Column("conflict", "应有分歧", Holds.FLAG),
    Column("reference", "参考答案", Holds.TEXT, hint="只量 ROUGE-L，不算对错"),
)


def entries_of(case: Case) -> dict[str, str]:
    """What stands in every box of ``case``, by key; keys that it leaves out are missing."""
    told = case.model_dump(mode="json", exclude_defaults=True)
    flat = {**told, **told.pop("expect")}
    return {column.key: _written(column, flat[column.key]) for column in COLUMNS if column.key in flat}


def read_entry(column: Column, words: str) -> Any:
    """What ``words`` in a box of ``column`` mean; raises :class:`ValueError` telling what to write instead."""
    if column.holds is Holds.FLAG:
        said = words.strip().lower()
        if said not in _YES | _NO:
            raise ValueError(f"写“是”或“否”，不写就是不管；现在是“{words.strip()[:20]}”")
        return said in _YES
    return _list(words) if column.holds is Holds.LIST else words


def case_of(entries: Mapping[str, str]) -> Case:
    """The case that the boxes tell; blank ones are left out. Raises :class:`EntryMistakes`."""
    content: dict[str, Any] = {"expect": {}}
    wrong: dict[str, str] = {}
    for column in COLUMNS:
        words = entries.get(column.key, "").replace("\r", "")
        if not words.strip():
            continue
        try:
            value = read_entry(column, words)
        except ValueError as error:
            wrong[column.label] = str(error)
            continue
        (content if column.of_case else content["expect"])[column.key] = value
    made: Case | None = None
    try:
        made = Case.model_validate(content)
    except ValidationError as error:
        for label, reason in reasons(error):
            wrong.setdefault(label, reason)
    if wrong or made is None:
        raise EntryMistakes(tuple(wrong.items()))
    return made


def reasons(error: ValidationError) -> list[tuple[str, str]]:
    """What is wrong as (heading, reason); the heading is empty where it is no single box."""
    labels = {column.key: column.label for column in COLUMNS}
    found = []
    for each in error.errors(include_input=False):
        key = next((str(part) for part in reversed(each["loc"]) if str(part) in labels), "")
        found.append((labels.get(key, ""), _reason(each)))
    return found


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] in ("missing", "string_too_short", "too_short"):
        return "不能为空"
    if error["type"] in ("enum", "literal_error"):
        return f"只能是 {error.get('ctx', {}).get('expected', '')}"
    return str(error["msg"]).removeprefix("Value error, ")


def _list(words: str) -> list[str]:
    if not words.startswith("["):
        return [line.strip() for line in words.split("\n") if line.strip()]
    try:
        read = json.loads(words)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, list) or not all(isinstance(each, str) for each in read):
        raise ValueError('一行写一个；以“[”开头的要写成 ["甲", "乙"]')
    return read


def _written(column: Column, value: Any) -> str:
    if column.holds is Holds.FLAG:
        return YES if value else NO
    if column.holds is Holds.TEXT:
        return str(value)
    return _lines(value)


def _lines(values: Sequence[str]) -> str:
    """One a line where that says it; else as JSON writes a list."""
    plain = all(each.strip() == each and "\n" not in each for each in values) and not values[0].startswith("[")
    return "\n".join(values) if plain else json.dumps(list(values), ensure_ascii=False)
