"""Test cases read from YAML; a mistake is told with the case's id and its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.errors import UsageError
from bot.types import Intent, Status, Turn

#: A case file is read whole; larger than this it is not one.
MAX_FILE_BYTES = 10_000_000
REMEDY = "按用例格式改正：{id, question, history?, tags, expect}"


class CasesError(UsageError):
    """A case file cannot be used."""


def _listed(value: Any) -> Any:
    """A single value written without brackets is a list of one."""
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_listed)]
Statuses = Annotated[tuple[Status, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Strict):
    """What an answer must be. A list is one alternative each, but for ``contains_all`` and excludes.

    ``contains_*`` and ``answer_excludes`` look at the answer, ``excludes`` at notes and contacts too;
    ``quote`` must stand in a citation's quote; ``contact``, ``partner`` and ``meeting_place`` name one that
    is offered. ``excludes`` covers offered partners and meeting places too.
    ``corrected`` and ``conflict`` say whether there is any, and hold both ways.
    ``reference`` is only measured (ROUGE-L), never passed or failed.
    """

    abstained: bool | None = None
    contains_all: Texts = ()
    contains_any: Texts = ()
    excludes: Texts = ()
    answer_excludes: Texts = ()
    quote: str | None = None
    document: Texts = ()
    status: Statuses = ()
    contact: str | None = None
    partner: str | None = None
    meeting_place: Texts = ()
    intent: Intent | None = None
    corrected: bool | None = None
    conflict: bool | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> Expectation:
        if not self.model_dump(exclude_defaults=True):
            raise ValueError("没有写明任何期望")
        return self


class Case(_Strict):
    """One question with what is expected of its answer."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    history: Texts = ()
    tags: Annotated[Texts, Field(min_length=1)]
    expect: Expectation

    @property
    def turn(self) -> Turn:
        """What the assistant is asked."""
        return Turn(self.question, self.history)


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    content: dict[str, Any]

    @property
    def name(self) -> str:
        name = self.content.get("id")
        # What is no word may be a list that holds itself many times over.
        return name if isinstance(name, str) and name else "（没有 id）"


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases of ``path`` in file order.

    Raises :class:`CasesError` naming the case and the line: unreadable YAML, an unknown or repeated
    key, a value of the wrong kind, an id used twice, or no case at all.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CasesError("用例文件过大", value=path, remedy=f"拆成小于 {MAX_FILE_BYTES} 字节的文件")
        content = path.read_bytes()
    except OSError as error:
        raise CasesError("用例文件打不开", value=path, tried=str(error.strerror), remedy="检查路径和权限") from None
    return read_cases(content, str(path))


def read_cases(content: bytes, name: str) -> tuple[Case, ...]:
    """The cases of a YAML file called ``name``, as :func:`load_cases`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CasesError("用例文件不是 UTF-8 文本", value=name, tried=str(error), remedy="另存为 UTF-8") from None
    try:
        entries = _entries(name, text)
    except RecursionError:
        raise CasesError("YAML 写法有误：一层套一层，太深", value=name, remedy=REMEDY) from None
    cases = tuple(_case(name, entry) for entry in entries)
    if not cases:
        raise CasesError("用例文件里没有用例", value=name, remedy=REMEDY)
    seen: dict[str, int] = {}
    for case, entry in zip(cases, entries, strict=True):
        if case.id in seen:
            tried = f"第 {seen[case.id]} 行已有同名用例"
            raise CasesError("用例 id 重复", value=_place(name, entry), tried=tried, remedy="换一个 id")
        seen[case.id] = entry.line
    return cases


def _entries(name: str, text: str) -> list[_Entry]:
    """The list's items; every scalar stays text, so that 200333 and 2025-05-28 need no quotes."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name} 第 {mark.line + 1} 行" if mark else name
        raise CasesError("YAML 写法有误", value=where, tried=str(error), remedy=REMEDY) from None
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise CasesError("用例文件应是一个列表", value=name, remedy="每条用例以“- id: …”开头")
    return [_entry(name, node) for node in root.value]


def _entry(name: str, node: yaml.Node) -> _Entry:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise CasesError("用例应是一组“键: 值”", value=f"{name} 第 {line} 行", remedy=REMEDY)
    _refuse_repeated_keys(name, node)
    try:
        content = yaml.BaseLoader("").construct_document(node)
    except yaml.YAMLError as error:
        raise CasesError("YAML 写法有误", value=f"{name} 第 {line} 行", tried=str(error), remedy=REMEDY) from None
    return _Entry(line, content)


def _refuse_repeated_keys(name: str, node: yaml.MappingNode, *, deeper: bool = True) -> None:
    """YAML lets a later key silently replace an earlier one: an expectation would vanish.

    A case has mappings two deep; what an alias repeats below is of the wrong kind anyway.
    """
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            where = f"{name} 第 {key.start_mark.line + 1} 行"
            raise CasesError("键应是一个词", value=where, remedy=REMEDY)
        if key.value in seen:
            where = f"{name} 第 {key.start_mark.line + 1} 行“{key.value}”"
            raise CasesError("同一条里键重复", value=where, remedy="合并成一处")
        seen.add(key.value)
        if isinstance(value, yaml.MappingNode) and deeper:
            _refuse_repeated_keys(name, value, deeper=False)


def _case(name: str, entry: _Entry) -> Case:
    try:
        return Case.model_validate(entry.content)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "整条"
        tried = f"{key}：{first['msg']}"
        raise CasesError("用例有误", value=_place(name, entry), tried=tried, remedy=REMEDY) from None


def _place(name: str, entry: _Entry) -> str:
    return f"{entry.name}（{name} 第 {entry.line} 行）"
