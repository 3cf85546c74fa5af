"""Questions that are measured with and so are never trained on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bot.errors import UsageError
from bot.training.records import Record
from bot.training.sources import open_text, read_rows

_NOT_WORD = re.compile(r"\W")


def folded(question: str) -> str:
    """A question without marks and white space, in lower case: what makes two questions the same one."""
    return _NOT_WORD.sub("", question).lower()


def read_questions(paths: Iterable[Path]) -> frozenset[str]:
    """The folded questions listed in files.

    ``.jsonl`` files (also packed) hold objects with ``question``; any other file one question a line.
    Raises :class:`UsageError` when a file is missing or an object has no question.
    """
    return frozenset(question for path in paths for question in _questions(path)) - {""}


def without_questions(records: Iterable[Record], excluded: frozenset[str]) -> tuple[Record, ...]:
    """The records whose folded question is not in ``excluded`` (folded questions)."""
    return tuple(record for record in records if folded(record.question) not in excluded)


def _questions(path: Path) -> list[str]:
    if ".jsonl" not in path.suffixes:
        with open_text(path, "rt") as lines:
            return [folded(line) for line in lines]
    try:
        return [folded(row["question"]) for row in read_rows(path)]
    except (KeyError, TypeError) as error:
        raise UsageError(
            "没有 question 字段", value=path, tried=repr(error), remedy="每行一个带 question 的对象"
        ) from error
