"""Plain text: what is a paragraph, an item, a drawn table, and what the ledger says of the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.blocks import Reason
from bot.documents.formats.plain import read_text
from bot.types import UnitKind
from tests.documents.raw_text import lost

SENTENCE = "对符合条件的项目给予不超过总投入百分之三十的补助，同一单位每年限报一项，评审结果向社会公布。"


def blocks(text: str) -> list[tuple[UnitKind, int, str, str]]:
    extract = read_text(text.encode())
    assert lost(text, extract) == ""
    return [(block.kind, block.level, block.marker, block.text) for block in extract.blocks]


def texts(text: str) -> list[str]:
    return [block[3] for block in blocks(text)]


def test_items_by_their_printed_numbers_nested() -> None:
    text = f"支持办法\n第三条 企业应当符合下列条件：\n（一）在本市注册满一年；\n1.有独立法人资格；\n2.无失信记录。\n（二）{SENTENCE}\n第四条 {SENTENCE}\n"
    items = [(level, marker) for kind, level, marker, _ in blocks(text) if kind is UnitKind.ITEM]
    assert items == [(1, "（一）"), (2, "1."), (2, "2."), (1, "（二）")]
    assert [kind for kind, *_ in blocks(text)].count(UnitKind.PARAGRAPH) == 3


def test_headings_are_no_items_and_sentences_are() -> None:
    text = f"题目\n一、总体要求\n{SENTENCE}\n二、{SENTENCE}\n"
    assert [kind for kind, *_ in blocks(text)] == [UnitKind.PARAGRAPH] * 3 + [UnitKind.ITEM]


def test_a_clause_broken_in_its_middle_is_joined_and_headings_are_not() -> None:
    clauses = "办法\n第一条 为支持企业，制定本办法。\n第二条 每家企业\n每年最高20万元。\n某市科技局\n2025年3月1日"
    assert texts(clauses) == [
        "办法",
        "第一条 为支持企业，制定本办法。",
        "第二条 每家企业每年最高20万元。",
        "某市科技局",
        "2025年3月1日",
    ]
    headed = "办法\n第一条 申报条件\n每家企业可以申报。\n第二条 支持标准\n最高20万元。"
    assert texts(headed) == headed.split("\n")


@pytest.mark.parametrize(
    "text", ["第一条 最高２０万元，比例为３０％。", "某科发〔２０２５〕１２号", "２０２５年３月１日"]
)
def test_wide_digits_stay_as_printed(text: str) -> None:
    assert texts(f"题目一行\n{text}")[-1] == text


@pytest.mark.parametrize(
    ("drawn", "rows"),
    [
        (
            "姓名\t单位\t金额\n张三\t甲局\t5万元\n李四\t乙局\t3万元",
            ["姓名：张三；单位：甲局；金额：5万元", "姓名：李四；单位：乙局；金额：3万元"],
        ),
        ("| 类别 | 标准 |\n|---|---|\n| 甲类 | 10万元 |", ["类别：甲类；标准：10万元"]),
        (
            "┌──┬──┐\n│类别│标准│\n├──┼──┤\n│甲类│10万│\n│    │元│\n├──┼──┤\n│乙类│5万元│\n└──┴──┘",
            ["类别：甲类；标准：10万元", "类别：乙类；标准：5万元"],
        ),
        ("+----+----+\n| 类别 | 标准 |\n+----+----+\n| 甲类 | 9 |\n+----+----+", ["类别：甲类；标准：9"]),
    ],
    ids=["tabs", "pipes", "box", "plus"],
)
def test_drawn_tables(drawn: str, rows: list[str]) -> None:
    found = blocks(f"申报结果\n{SENTENCE}\n{drawn}\n\n{SENTENCE}\n")
    assert [text for kind, *_, text in found if kind is UnitKind.ROW] == rows
    assert [text for kind, *_, text in found if kind is UnitKind.PARAGRAPH] == ["申报结果", SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    "line", ["联系人：\t李某", "甲|乙两类企业均可申报", "A | B 二选一", "\t缩进的一段话，不是表格。"]
)
def test_lines_that_are_no_table(line: str) -> None:
    assert all(kind is not UnitKind.ROW for kind, *_ in blocks(f"题目\n{line}\n{SENTENCE}"))


def test_pages_lose_heads_and_numbers_to_the_ledger() -> None:
    pages = [f"某某手册\n正文第{n}段，内容各不相同，说明了{n}件事情。\n- {i} -\n" for i, n in enumerate("一二三四")]
    extract = read_text("\f".join(pages).encode())
    assert [block.text[:4] for block in extract.blocks] == ["正文第一", "正文第二", "正文第三", "正文第四"]
    assert [(entry.reason, entry.where) for entry in extract.dropped[:2]] == [
        (Reason.RUNNING_HEAD, "第1页"),
        (Reason.PAGE_NUMBER, "第1页"),
    ]
    assert lost("\f".join(pages), extract) == ""


def test_a_copied_page_leaves_its_buttons() -> None:
    extract = read_text(f"当前位置：首页 > 政策\n题目\n【打印】【关闭】\n{SENTENCE}\n位置：园区三号楼".encode())
    assert [block.text for block in extract.blocks] == ["题目", SENTENCE, "位置：园区三号楼"]
    assert [entry.reason for entry in extract.dropped] == [Reason.NAVIGATION, Reason.SITE_FRAME]


def test_a_title_that_a_collapsed_line_prints_twice_is_told() -> None:
    title = "某市关于支持企业发展若干措施的通知"
    line = f"{title} {title} 某政发〔2024〕5号 各区人民政府： 　　{SENTENCE}　　一、减轻负担 {SENTENCE} 二、加大投入 {SENTENCE} 某市人民政府 2024年3月1日"
    extract = read_text(line.encode())
    assert [block.text for block in extract.blocks].count(title) == 1
    assert [(entry.reason, entry.text) for entry in extract.dropped] == [(Reason.REPEATED, title)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings(encoding: str) -> None:
    text = f"关于支持企业的通知\n{SENTENCE}\n2025-03-01\n"
    extract = read_text(text.encode(encoding))
    assert [block.text for block in extract.blocks] == text.split("\n")[:3] and extract.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("byte", [b"\xff", b"\x80\xff"])
def test_broken_bytes_are_marked_and_told(encoding: str, byte: bytes) -> None:
    lines = f"关于支持企业的通知\n{SENTENCE}\n".encode(encoding)
    extract = read_text(lines + byte + "\n第三行的话。\n".encode(encoding))
    assert [block.text for block in extract.blocks][:2] == ["关于支持企业的通知", SENTENCE]
    assert "第三行的话。" in extract.blocks[-1].text
    assert len(extract.warnings) == 1 and "第3行" in extract.warnings[0]


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("甲乙丙丁，。；：《》（）一、二123 　\t*-|│─+>首页打印第条"), max_size=40), max_size=20
    )
)
def test_no_character_vanishes(lines: list[str]) -> None:
    text = "\n".join(["题目", *lines])
    assert lost(text, read_text(text.encode())) == ""
