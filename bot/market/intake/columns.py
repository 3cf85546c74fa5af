"""Column names to fields: what a column is called in a list, which one identifies, which one only counts rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.market.fields import CONTACT_FIELDS, FIELDS, FieldSpec, FieldType
from bot.types import RecordKind

#: Traditional forms of characters in column names, for files from Hong Kong or Taiwan.
_TRADITIONAL = str.maketrans(
    "編號稱領術問題標現狀預時權歸條區級單機構來歷記錄簡介紹類聯繫電話郵",
    "编号称领术问题标现状预时权归条区级单机构来历记录简介绍类联系电话邮",
)
#: A column that counts the rows of its list: in every list there is a 1, so it names no record.
_SERIAL = frozenset({"序号", "序", "行号", "顺序号", "项次", "no", "no.", "№", "#", "serial"})
#: What lists call the identifier of a record, beside the names of its field.
_IDENTIFIERS = {
    RecordKind.NEED: ("需求编号", "榜单编号", "项目编号", "课题编号"),
    RecordKind.OFFER: ("成果编号", "技术编号", "项目编号", "能力编号"),
    RecordKind.ORGANISATION: ("机构编号", "单位编号", "企业编号"),
}
#: Units that lists write into the name of a column, and its cells then leave out.
_UNITS = frozenset({"元", "千元", "万元", "百万元", "亿元", "%", "天", "日", "周", "个月", "月", "年"})
_UNIT = re.compile(r"[(（]\s*(?:单位\s*[:：]\s*)?([^()（）]{1,6})\s*[)）]")
_BARE_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """The names under which the fields of one kind stand in a list."""

    specs: tuple[FieldSpec, ...]
    fields: dict[str, FieldSpec]
    identifiers: frozenset[str]

    def spec(self, column: str) -> FieldSpec | None:
        """The field of a column; ``None`` for one that is unknown or only counts rows."""
        return None if is_serial(column) else self.fields.get(folded(column))

    def identifies(self, column: str) -> bool:
        """Whether lists use this name for the identifier of a record."""
        return folded(column) in self.identifiers

    def known(self, column: str) -> str:
        """The name of the field that a column stands for, the identifier's among them; empty for an unknown one."""
        spec = self.spec(column)
        if spec is not None:
            return spec.name
        return "id" if self.identifies(column) else ""

    def assigned(self, columns: Sequence[str]) -> dict[str, FieldSpec]:
        """The field of every column that has one; another name of the identifier counts where its own is absent."""
        found = {column: spec for column in columns if (spec := self.spec(column)) is not None}
        if not any(spec.type is FieldType.ID for spec in found.values()):
            identifier = next(spec for spec in self.specs if spec.type is FieldType.ID)
            also = next((column for column in columns if self.identifies(column)), None)
            if also is not None:
                found[also] = identifier
        return found


@cache
def column_names(kind: RecordKind) -> ColumnNames:
    """The names that lists of ``kind`` use."""
    specs = FIELDS[kind] + CONTACT_FIELDS
    fields = {name: spec for spec in specs for name in map(folded, (spec.name, spec.label, *spec.aliases))}
    return ColumnNames(specs, fields, frozenset(map(folded, _IDENTIFIERS[kind])))


def folded(name: str) -> str:
    """A column name without case, width, white space, and remarks like （必填） or *."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_TRADITIONAL)
    return re.sub(r"\(.*?\)|[\s*_:]", "", text)


def is_serial(column: str) -> bool:
    """Whether a column only counts the rows of its list."""
    return folded(column) in _SERIAL


def with_unit(column: str, spec: FieldSpec, cell: str) -> str:
    """``cell`` with the unit that its column's name gives, where it is a bare number.

    >>> with_unit("预算（万元）", next(s for s in FIELDS[RecordKind.NEED] if s.name == "budget"), "50")
    '50万元'
    """
    if spec.type not in (FieldType.LINE, FieldType.TEXT) or not _BARE_NUMBER.fullmatch(cell.strip()):
        return cell
    found = _UNIT.search(column)
    unit = found.group(1).strip() if found else ""
    return cell.strip() + unit if unit in _UNITS else cell
