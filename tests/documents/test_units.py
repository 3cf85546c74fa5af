"""The tree of a document: what hangs on what."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.blocks import Block
from bot.documents.corpus import CorpusFile
from bot.documents.load import load_document
from bot.documents.tables import GridCell
from bot.documents.units import hang_units
from bot.types import Document, UnitKind

MEASURES = """南樟区创业贷款贴息办法
第一章 总则
第一条 为支持创业，制定本办法。
第二章 对象
第二条 申请人应当符合下列条件：
（一）在本区注册；
（二）具备下列之一：
1. 营业满一年；
2. 带动就业三人。
（三）无失信记录。
第三条 有下列情形之一的，不予贴息：
（一）逾期未还；
（二）挪作他用。
附则自公布之日起施行。
办理材料包括：
（一）申请表；
（二）贷款合同。
以上材料一式两份。"""


def document(tmp_path: Path, text: str, name: str = "a.txt") -> Document:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_document(CorpusFile(name, tmp_path / name, "hash"))


def parents(found: Document) -> dict[str, str | None]:
    """The beginning of every unit with the beginning of what it hangs on."""
    told = [found.text[unit.start : unit.end][:6] for unit in found.units]
    return {told[place]: None if unit.parent is None else told[unit.parent] for place, unit in enumerate(found.units)}


def test_items_hang_on_their_lead_in_and_plain_text_ends_a_list(tmp_path: Path) -> None:
    found = parents(document(tmp_path, MEASURES))
    assert found["第二条 申请"] == "第二章 对象"
    assert found["（一）在本区"] == found["（二）具备下"] == found["（三）无失信"] == "第二条 申请"
    assert found["1. 营业满"] == found["2. 带动就"] == "（二）具备下"
    assert found["（一）逾期未"] == found["（二）挪作他"] == "第三条 有下"
    assert found["（一）申请表"] == found["（二）贷款合"] == "办理材料包括"
    assert found["以上材料一式"] != "办理材料包括"


def test_units_are_the_lines_of_the_text_and_markers_begin_them(tmp_path: Path) -> None:
    found = document(tmp_path, MEASURES)
    assert [found.text[unit.start : unit.end] for unit in found.units] == found.text.split("\n")
    for unit in found.units:
        assert found.text[unit.start : unit.end].startswith(unit.marker)
    assert [unit.marker for unit in found.units if unit.kind is UnitKind.ITEM][:4] == [
        "第一章",
        "第一条",
        "第二章",
        "第二条",
    ]


def test_a_salutation_leads_nothing_in(tmp_path: Path) -> None:
    found = document(tmp_path, "关于申报的通知\n各有关单位：\n一、时间\n即日起受理。\n二、地点\n服务大厅。")
    assert parents(found)["一、时间"] is None
    assert parents(found)["即日起受理。"] == "一、时间"


def test_rows_hang_on_their_caption_or_on_what_introduces_the_table(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        "# 标准\n\n各档标准如下表：\n\n| 类别 | 金额 | 年限 |\n|---|---|---|\n| 甲 | 5万元 | 1年 |\n| 乙 | 3万元 | 2年 |\n",
        "a.md",
    )
    rows = [unit for unit in found.units if unit.kind is UnitKind.ROW]
    assert len(rows) == 2 and len({row.parent for row in rows}) == 1
    lead = found.units[rows[0].parent or 0]
    assert found.text[lead.start : lead.end] == "各档标准如下表："
    assert [(cell.headers, cell.text) for cell in rows[1].cells] == [
        (("类别",), "乙"),
        (("金额",), "3万元"),
        (("年限",), "2年"),
    ]
    assert isinstance(GridCell("x"), GridCell)


def test_a_note_hangs_on_what_refers_to_it() -> None:
    blocks = [
        Block(UnitKind.PARAGRAPH, "企业[1]可以申请。"),
        Block(UnitKind.PARAGRAPH, "其他规定。"),
        Block(UnitKind.NOTE, "[1] 指中小企业。", marker="[1]"),
        Block(UnitKind.NOTE, "[2] 没有提到。", marker="[2]"),
    ]
    assert [unit.parent for unit in hang_units(blocks)] == [None, None, 0, None]


KINDS = st.sampled_from(
    ["一、总则", "（一）条件：", "（二）材料", "1. 甲；", "2. 乙。", "正文一段。", "材料如下：", "第三条 规定"]
)


@given(st.lists(KINDS, max_size=25))
def test_a_parent_stands_before_and_never_in_a_circle(lines: list[str]) -> None:
    units = hang_units([Block(UnitKind.PARAGRAPH, line) for line in lines])
    assert len(units) == len(lines)
    for place, unit in enumerate(units):
        assert unit.parent is None or 0 <= unit.parent < place


@pytest.mark.parametrize("marker", ["（{}）", "{}. "])
def test_a_long_list_hangs_on_one_lead_in(marker: str) -> None:
    numerals = "一二三四五六七八九" if "（" in marker else "123456789"
    lines = ["申请时提交下列材料：", *[marker.format(each) + "材料说明；" for each in numerals]]
    units = hang_units([Block(UnitKind.PARAGRAPH, line) for line in lines])
    assert {unit.parent for unit in units[1:]} == {0}
