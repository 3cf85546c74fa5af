"""Rows of a table as a table: with the header, whole where it is small, in one piece."""

from __future__ import annotations

import pytest

from bot.types import (
    Answer,
    Citation,
    Document,
    DocumentMetadata,
    Intent,
    SourceKind,
    TextKind,
    Unit,
    UnitCell,
    UnitKind,
)
from bot.web import rendering
from bot.web.conversation import Exchange
from bot.web.evidence import gather
from bot.web.tables import cited_tables, rows_in
from bot.web.texts import CHINESE

LINES = (
    "各类补助如下：",
    "类别：甲；金额（万元）：30",
    "类别：乙；金额（万元）：5",
    "类别：丙<b>；金额（万元）：12",
    "完。",
)


def _document(lines: tuple[str, ...] = LINES) -> Document:
    units: list[Unit] = []
    start = 0
    for line in lines:
        parts = [part.split("：") for part in line.split("；")] if line.startswith("类别") else []
        cells = tuple(UnitCell((name,), value) for name, value in parts)
        kind = UnitKind.ROW if cells else UnitKind.PARAGRAPH
        units.append(Unit(kind, start, start + len(line), table=0 if cells else None, cells=cells))
        start += len(line) + 1
    return Document("t.md", "\n".join(lines), "0", DocumentMetadata("示例补助表"), units=tuple(units))


@pytest.fixture
def document() -> Document:
    return _document()


def _cited(document: Document, marker: int, *lines: str) -> Citation:
    start = document.text.index(lines[0])
    end = document.text.index(lines[-1]) + len(lines[-1])
    quote = document.text[start:end]
    return Citation(
        marker, document.id, "示例补助表", None, "", start, end, quote, None, None, None,
        SourceKind.OFFICIAL, TextKind.VERBATIM,
    )  # fmt: skip


def _rendered(document: Document, text: str, *citations: Citation, emphasis: tuple[str, ...] = ()) -> str:
    answer = Answer("问", "问", Intent.POLICY, False, text, citations=citations, emphasis=emphasis)
    evidence = gather(citations, lambda _: document)
    return rendering.exchange(Exchange(1, "问", answer, evidence, finished=True), CHINESE)


def test_a_cited_row_has_its_header_and_the_whole_table_is_a_click_away(document, parse):
    written = _rendered(document, f"{LINES[2]}[1]", _cited(document, 1, LINES[2]))
    parsed = parse(written)
    assert parsed.tags.count("table") == 2 and parsed.tags.count("th") == 4
    first, whole = written.split("整张表（3 行）")
    assert "<td>乙</td><td>5</td>" in first and "<td>甲</td>" not in first
    assert "<td>甲</td>" in whole and '<tr class="cited"><td>乙</td>' in whole
    assert LINES[2] not in parse(first).text


def test_a_whole_table_is_sorted_by_its_headers(document, parse):
    written = _rendered(document, "\n".join(LINES[:4]) + "[1]", _cited(document, 1, *LINES[:4]))
    parsed = parse(written)
    assert parsed.tags.count("table") == 1 and "整张表" not in parsed.text
    assert ("data-sort", "1") in parsed.attributes and ("aria-sort", "none") in parsed.attributes
    assert ("title", "按“金额（万元）”排序") in parsed.attributes
    assert parsed.text.count("复制表格") == 1
    assert "b" not in parsed.tags and "丙<b>" in parsed.text


def test_one_row_is_not_sorted(document):
    written = _rendered(document, f"{LINES[2]}[1]", _cited(document, 1, LINES[2])).split("整张表")[0]
    assert "data-sort" not in written


def test_rows_that_come_one_by_one_with_their_caption_make_one_table(document, parse):
    text = f"{LINES[0]}\n{LINES[1]}[1]\n{LINES[0]}\n{LINES[3]}[2]"
    written = _rendered(document, text, _cited(document, 1, *LINES[:2]), _cited(document, 2, LINES[3]))
    shown = written.split("整张表")[0]
    assert parse(shown).tags.count("table") == 1 and parse(shown).text.count(LINES[0]) == 1
    assert "<td>甲</td>" in shown and "[1]" in shown and "[2]" in shown


def test_what_was_asked_for_stands_out_in_its_cell(document):
    written = _rendered(document, f"{LINES[1]}[1]", _cited(document, 1, LINES[1]), emphasis=("30",))
    assert '<td><strong class="asked nowrap">30</strong></td>' in written


def test_text_that_is_no_row_stays_text(document, parse):
    written = _rendered(document, "完。[1]", _cited(document, 1, "完。"))
    assert "table" not in parse(written).tags and "完。" in written


def test_rows_are_those_of_the_cited_stretch(document):
    start = document.text.index(LINES[4])
    assert cited_tables(document, start, start + 1) == ()
    (table,) = cited_tables(document, 0, len(document.text))
    assert table.heads == ("类别", "金额（万元）") and table.rows[0] == ("甲", "30")
    assert rows_in([LINES[1], LINES[2], "完。"], [table]) == (table, (0, 1))
    assert rows_in(["完。", LINES[1]], [table]) is None


def test_a_row_without_a_value_leaves_its_cell_empty():
    (table,) = cited_tables(_document(("类别：甲；金额：3", "类别：乙")), 0, 5)
    assert table.rows == (("甲", "3"), ("乙", ""))


def test_a_large_table_is_not_unfolded():
    lines = tuple(f"类别：类{number}；金额：{number}" for number in range(40))
    document = _document(lines)
    assert "整张表" not in _rendered(document, f"{lines[3]}[1]", _cited(document, 1, lines[3]))
