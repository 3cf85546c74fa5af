"""Records files: JSON lines, plain or compressed.

One record a line: ``{"q": question, "c": passage, "a": [start, end] or null, "src": source}``; ``p`` is
read like ``c``.
"""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from bot.errors import UsageError
from bot.training.records import AnswerSpan, Record, Source


def read_records(paths: Iterable[Path]) -> tuple[Record, ...]:
    """All records of the files in order.

    Raises :class:`UsageError` naming file and line when a line is no record or its span lies outside.
    """
    return tuple(record for path in paths for record in _records(path))


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write ``records`` and return how many there were; the folder is made when missing."""
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_text(path, "wt") as lines:
        for record in records:
            span = None if record.answer is None else [record.answer.start, record.answer.end]
            row = {"q": record.question, "c": record.passage, "a": span, "src": record.source.value}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_rows(path: Path) -> Iterator[Any]:
    """The JSON value of every line. Raises :class:`UsageError` when the file is missing or a line is not JSON."""
    with open_text(path, "rt") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise UsageError(
                    "不是 JSON 行", value=f"{path} 第 {number} 行", tried=str(error), remedy="重新生成这个文件"
                ) from error


def open_text(path: Path, mode: str) -> TextIO:
    """A UTF-8 text file; ``.gz`` and ``.xz`` are packed. Raises :class:`UsageError` when it is not there."""
    if "r" in mode and not path.is_file():
        raise UsageError("找不到文件", value=path, tried="按命令行给出的路径打开", remedy="检查路径")
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, mode, encoding="utf-8"))
    if path.suffix == ".xz":
        return cast(TextIO, lzma.open(path, mode, encoding="utf-8"))
    return cast(TextIO, path.open(mode, encoding="utf-8"))


def _records(path: Path) -> Iterator[Record]:
    for number, row in enumerate(read_rows(path), 1):
        try:
            yield _record(row)
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(
                "不是训练记录",
                value=f"{path} 第 {number} 行",
                tried=f"按 q、c（或 p）、a、src 读取：{error!r}",
                remedy="用 collect 重新生成",
            ) from error


def _record(row: Any) -> Record:
    passage = row["c"] if "c" in row else row["p"]
    span = None
    if row.get("a") is not None:
        start, end = row["a"]
        if not 0 <= start < end <= len(passage):
            raise ValueError(f"span {start}:{end} of {len(passage)} characters")
        span = AnswerSpan(start, end)
    return Record(row["q"], passage, span, Source(row["src"]))
