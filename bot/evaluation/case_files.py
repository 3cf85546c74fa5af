"""Cases in and out of files: YAML of the case format, and workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

import yaml

from bot.evaluation.case_sheets import read_sheet, write_sheet
from bot.evaluation.cases import Case, CasesError, read_cases

#: A file handed in at the desk: YAML of this size is read in seconds.
MAX_YAML_BYTES, MAX_SHEET_BYTES = 2_000_000, 10_000_000
YAML_ENDINGS, SHEET_ENDING = (".yaml", ".yml"), ".xlsx"


def read_case_file(content: bytes, name: str) -> tuple[Case, ...]:
    """The cases of a file handed in as ``name``. Raises :class:`CasesError` with the place of what is wrong."""
    ending = PurePath(name).suffix.lower()
    name = PurePath(name).name[:100]
    if ending not in (*YAML_ENDINGS, SHEET_ENDING):
        raise CasesError("不认识的用例文件", value=name, remedy="用 .yaml 或 .xlsx")
    limit = MAX_SHEET_BYTES if ending == SHEET_ENDING else MAX_YAML_BYTES
    if len(content) > limit:
        raise CasesError("用例文件过大", value=name, remedy=f"拆成小于 {limit // 1_000_000} MB 的文件")
    return read_sheet(content, name) if ending == SHEET_ENDING else read_cases(content, name)


def to_yaml(cases: Iterable[Case]) -> str:
    """``cases`` in the case format."""
    plain = [case.model_dump(mode="json", exclude_defaults=True) for case in cases]
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)


def to_sheet(cases: Iterable[Case]) -> bytes:
    """``cases`` as a workbook."""
    return write_sheet(cases)
