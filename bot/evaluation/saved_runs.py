"""Runs as JSON lines: how they are taken elsewhere, and how older programs kept them below the data folder.

Their home is the database (:mod:`bot.evaluation.run_store`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from bot.errors import UsageError
from bot.evaluation.results import SavedResult

FOLDER = "evaluations"
SUFFIX = ".jsonl"
REMEDY = "先运行 python -m bot evaluate 存下一次，再用 --against 指明它的名字或路径"


def to_lines(results: Iterable[SavedResult]) -> str:
    """``results`` one a line."""
    return "".join(result.model_dump_json(exclude_defaults=True) + "\n" for result in results)


def run_file(name: str, data_dir: Path) -> Path | None:
    """The file of a run, by its path or by the name that an older program gave it, with or without the ending."""
    folder = data_dir / FOLDER
    named = (folder / name, folder / f"{name}{SUFFIX}") if Path(name).name == name else ()
    return next((path for path in (Path(name), *named) if path.is_file()), None)


def file_names(data_dir: Path) -> tuple[str, ...]:
    """The names of the runs that older programs kept, newest first."""
    return tuple(sorted((path.stem for path in (data_dir / FOLDER).glob(f"*{SUFFIX}")), reverse=True))


def load_run(path: Path) -> tuple[SavedResult, ...]:
    """The results of a run in its order. Raises :class:`UsageError` naming a bad line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("测试结果读不出来", value=path, tried=str(error), remedy=REMEDY) from None
    results = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            results.append(SavedResult.model_validate(json.loads(line)))
        except (ValueError, ValidationError, RecursionError):
            where = f"{path} 第 {number} 行"
            raise UsageError("不是一次测试的结果", value=where, remedy=REMEDY) from None
    return tuple(results)
