"""Batch files (JSON lines) in, JSON lines out; a bad line fails alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.calling import as_given
from bot.errors import AssistantError, UsageError
from bot.serialization import to_line

#: Exit codes of the contract.
DONE, SOME_FAILED, WRONG_USE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of a batch file: its number, its fields, or what is wrong with it."""

    number: int
    fields: Mapping[str, Any]
    problem: str = ""


def read_batch(path: Path) -> tuple[BatchLine, ...]:
    """All lines of a JSON-lines file. Raises :class:`UsageError` when it cannot be read at all."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("批量文件读不了", value=path, tried=str(error), remedy="给出 UTF-8 的 JSON 行文件") from None
    lines = tuple(_lines(content))
    if not lines:
        raise UsageError("批量文件是空的", value=path, remedy="每行写一个 JSON 对象")
    return lines


def _lines(content: str) -> Iterator[BatchLine]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as error:
            yield BatchLine(number, {}, f"不是 JSON：{error.msg}")
            continue
        if isinstance(fields, dict):
            yield BatchLine(number, fields)
        else:
            yield BatchLine(number, {}, "不是 JSON 对象")


def run_batch(path: Path, handle: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> int:
    """Print one object per line of ``path``, in order; returns the exit code."""
    code = DONE
    for line in read_batch(path):
        problem = line.problem
        if not problem:
            try:
                print(to_line(handle(line.fields)), flush=True)
                continue
            except AssistantError as error:
                problem = as_given(str(error))
        code = SOME_FAILED
        print(f"第{line.number}行：{problem}", file=sys.stderr)
        print(to_line({"id": line.fields.get("id"), "error": problem}), flush=True)
    return code


def text_field(fields: Mapping[str, Any], name: str) -> str:
    """A text of a batch line. Raises :class:`UsageError` when it is missing or no text."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise UsageError(f"缺少文字字段 {name}", value=fields.get("id"), remedy=f'写成 {{"{name}": "…"}}')
    return value
