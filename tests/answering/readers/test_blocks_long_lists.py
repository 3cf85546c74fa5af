"""What is told of lists and sections that are too long to be told whole, where several things are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.readers.blocks import GROUP_CHARACTERS, LIST_CHARACTERS, Block, BlockKind, item_block, whole_block
from bot.answering.readers.tree import unit_text
from bot.types import Document
from tests.support.loaded import found_in, loaded, place_of, sentences_of

FILLER = "各工坊按季度报送进展，由文化馆汇总后公布。"
#: More than is told of a list.
LONG = FILLER * (LIST_CHARACTERS // len(FILLER) + 1)
HEADS = ("建好十间工坊。", "办好二十场夜课！", "开办三次市集。")


def block_of(document: Document, words: str, limit: int = LIST_CHARACTERS) -> Block | None:
    return whole_block(found_in(document, words), sentences_of(document, words), limit)


def section(folder: Path, *paragraphs: str) -> Document:
    body = "\n\n".join(paragraphs)
    text = f"# 工坊工作报告\n\n一年来的工作情况报告如下文。\n\n## 主要做法\n\n{body}\n\n## 下一步\n\n一是再建工坊。\n"
    return loaded(folder, text, "报告.md")


# --- a heading over 一是, 二是 ---------------------------------------------------------------------


def test_a_heading_comes_with_the_sentences_that_one_two_three_begin(tmp_path: Path) -> None:
    document = section(
        tmp_path, f"今年起步。一是建工坊，共十间。{FILLER}二是办夜课；每周三晚。", LONG, "三是开市集！又一句。"
    )
    block = block_of(document, "主要做法")
    assert block is not None and block.kind is BlockKind.LIST and block.series == 3 and block.several
    assert block.items == () and not block.cut
    assert block.text.split("\n") == ["主要做法", "一是建工坊，共十间。", "二是办夜课；每周三晚。", "三是开市集！"]
    assert all(document.text[each.start : each.end] in document.text for each in block.passages)


@pytest.mark.parametrize(
    "body", ["一是建工坊；二是办夜课；三是开市集。", "做了三件事：一是建工坊；二是办夜课；三是开市集。"]
)
def test_a_series_may_be_one_sentence_and_follow_a_colon(tmp_path: Path, body: str) -> None:
    block = block_of(section(tmp_path, body, LONG), "主要做法")
    assert block is not None and block.series == 3
    assert block.text.split("\n") == ["主要做法", "一是建工坊；", "二是办夜课；", "三是开市集。"]


def test_a_series_goes_on_past_ten(tmp_path: Path) -> None:
    numbers = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
    block = block_of(section(tmp_path, *(f"{each}是做第{each}件事。{FILLER * 8}" for each in numbers)), "主要做法")
    assert block is not None and block.series == 12
    assert block.text.split("\n")[1:] == [f"{each}是做第{each}件事。" for each in numbers]


def test_a_space_before_a_number_is_passed_over(tmp_path: Path) -> None:
    document = section(tmp_path, "一是建工坊。 二是办夜课。", LONG)
    assert "。 二是" in document.text
    block = block_of(document, "主要做法")
    assert block is not None and block.text == "主要做法\n一是建工坊。\n二是办夜课。"


@pytest.mark.parametrize(
    "body",
    [
        "一是建工坊。",
        "二是建工坊。三是办夜课。",
        "一是建工坊。三是办夜课。",
        "二是建工坊。一是办夜课。",
        "一是建工坊。二是办夜课。一是开市集。二是收尾。",
        "一是建工坊。二是办夜课。二是开市集。",
        "第一是建工坊。第二是办夜课。",
        "建工坊。办夜课。",
    ],
)
def test_numbers_that_do_not_run_from_one_are_no_series(tmp_path: Path, body: str) -> None:
    block = block_of(section(tmp_path, body, LONG), "主要做法")
    assert block is not None and block.kind is BlockKind.SECTION and block.series == 0 and not block.several
    assert block.text == f"主要做法\n{body}"


def test_a_series_ends_with_its_section(tmp_path: Path) -> None:
    document = section(tmp_path, f"一是建工坊。二是办夜课。{LONG}")
    ahead = block_of(document, "主要做法")
    assert ahead is not None and ahead.text == "主要做法\n一是建工坊。\n二是办夜课。"
    after = block_of(document, "下一步")
    assert after is not None and after.kind is BlockKind.SECTION and after.text == "下一步\n一是再建工坊。"


def test_a_section_that_fits_is_told_whole_whatever_it_counts(tmp_path: Path) -> None:
    block = block_of(section(tmp_path, f"一是建工坊。二是办夜课。{FILLER}"), "主要做法")
    assert block is not None and block.kind is BlockKind.SECTION and block.series == 0
    assert block.text == f"主要做法\n一是建工坊。二是办夜课。{FILLER}"


@pytest.mark.parametrize("limit", [GROUP_CHARACTERS, 20])
def test_where_one_thing_is_asked_for_a_series_is_not_told(tmp_path: Path, limit: int) -> None:
    block = block_of(section(tmp_path, "一是建工坊。二是办夜课。", LONG), "主要做法", limit)
    assert block is not None and block.kind is BlockKind.SECTION and block.series == 0
    assert block.text == "主要做法\n一是建工坊。二是办夜课。"


# --- a lead-in over long items ---------------------------------------------------------------------


@pytest.fixture
def tasks(tmp_path: Path) -> Document:
    items = "".join(f"（{number}）{head}{FILLER * 30}\n" for number, head in zip("一二三", HEADS, strict=True))
    rest = f"第二条 工坊每年检查一次。{FILLER * 90}\n第三条 自公布之日起施行。\n"
    return loaded(tmp_path, f"工坊办法\n第一条 文化馆应当做好下列工作：\n{items}{rest}")


def test_a_long_list_is_told_by_the_first_sentence_of_each_item(tasks: Document) -> None:
    block = block_of(tasks, "下列工作")
    assert block is not None and block.kind is BlockKind.LIST and block.cut and block.several and block.series == 0
    assert block.text.split("\n") == [
        "第一条 文化馆应当做好下列工作：",
        "（一）建好十间工坊。",
        "（二）办好二十场夜课！",
        "（三）开办三次市集。",
    ]
    assert [unit_text(tasks, place)[:3] for place in block.items] == ["（一）", "（二）", "（三）"]


def test_where_one_thing_is_asked_for_the_first_item_of_a_long_list_is_told(tasks: Document) -> None:
    block = block_of(tasks, "下列工作", GROUP_CHARACTERS)
    assert block is not None and block.kind is BlockKind.ITEM and not block.cut and not block.several
    assert (
        block.text.startswith("第一条 文化馆应当做好下列工作：\n（一）建好十间工坊。各工坊")
        and "（二）" not in block.text
    )


def test_a_list_that_fits_is_not_told_by_its_heads(tmp_path: Path) -> None:
    text = "工坊办法\n第一条 文化馆应当做好下列工作：\n（一）建工坊。按季报送。\n（二）办夜课。\n第二条 自公布之日起施行。\n"
    block = block_of(loaded(tmp_path, text), "下列工作")
    assert block is not None and not block.cut and block.several and "按季报送。" in block.text


def test_a_long_list_within_a_list_of_bans_keeps_what_bans(tmp_path: Path) -> None:
    inner = "".join(f"{number}. {head}{FILLER * 30}\n" for number, head in zip("123", HEADS, strict=True))
    text = f"工坊办法\n第一条 有下列情形之一的，不予支持：\n（一）转租的；\n（二）缺下列材料之一的：\n{inner}第二条 施行。\n"
    block = block_of(loaded(tmp_path, text), "下列材料之一")
    assert block is not None and block.cut
    assert block.text.split("\n")[:3] == [
        "第一条 有下列情形之一的，不予支持：",
        "（二）缺下列材料之一的：",
        "1. 建好十间工坊。",
    ]
    assert not block.overlaps(Block(BlockKind.PARAGRAPH, block.document, block.passages[:1]))
    assert all(block.overlaps(Block(BlockKind.PARAGRAPH, block.document, (each,))) for each in block.passages[2:])


def test_an_item_without_an_end_mark_is_its_own_head_and_what_hangs_on_items_is_left_out(tmp_path: Path) -> None:
    filler = FILLER * 35
    items = f"（一）建工坊；\n（二）办下列夜课：\n1. 竹编课。{filler}\n2. 木作课。{filler}\n（三）开市集。{filler}\n"
    rest = f"第二条 工坊每年检查一次。{FILLER * 90}\n"
    document = loaded(tmp_path, f"工坊办法\n第一条 文化馆应当做好下列工作：\n{items}{rest}")
    block = block_of(document, "下列工作")
    assert block is not None and block.cut
    assert block.text.split("\n")[1:] == ["（一）建工坊；", "（二）办下列夜课：", "（三）开市集。"]
    assert len(block.items) == 3


def test_one_long_item_is_told_as_the_item_it_is(tmp_path: Path) -> None:
    document = loaded(
        tmp_path, f"工坊办法\n第一条 文化馆应当做好下列工作：\n（一）建工坊。{LONG}\n第二条 每年检查一次。{LONG}\n"
    )
    block = block_of(document, "下列工作")
    assert block is not None and block.kind is BlockKind.ITEM and not block.cut
    assert block.text.startswith("第一条 文化馆应当做好下列工作：\n（一）建工坊。各工坊")


def test_heads_that_are_too_long_together_are_not_told(tmp_path: Path) -> None:
    clause = FILLER.replace("。", "，") * 20
    items = "".join(f"（{number}）做第{number}件事，{clause}如此。\n" for number in "一二三四")
    rest = f"第二条 工坊每年检查一次。{FILLER * 90}\n第三条 {LONG}\n"
    block = block_of(loaded(tmp_path, f"工坊办法\n第一条 做好下列工作：\n{items}{rest}"), "下列工作")
    assert block is not None and block.kind is BlockKind.ITEM and not block.cut and "（二）" not in block.text


# --- what is told already --------------------------------------------------------------------------


def test_heads_overlap_with_each_of_their_items_and_not_with_their_lead_in(tasks: Document) -> None:
    heads = block_of(tasks, "下列工作")
    assert heads is not None
    for words in ("建好十间", "办好二十场", "开办三次"):
        item = item_block(tasks, place_of(tasks, words))
        assert heads.overlaps(item) and item.overlaps(heads)
    lead = replace(heads, passages=heads.passages[:1], cut=False)
    assert not heads.overlaps(lead) and not lead.overlaps(heads)
    assert not heads.overlaps(item_block(replace(tasks, id="另一份"), place_of(tasks, "建好十间")))


def test_a_series_overlaps_with_what_any_of_its_sentences_stands_in(tmp_path: Path) -> None:
    document = section(tmp_path, f"今年起步。{FILLER}", f"一是建工坊。{LONG}", f"二是办夜课。{FILLER}", LONG)
    series = block_of(document, "主要做法")
    assert series is not None and series.series == 2
    for words, shared in (("一是建", True), ("二是办", True), ("今年起步", False), ("下一步", False)):
        other = block_of(document, words)
        assert other is not None and series.overlaps(other) is other.overlaps(series) is shared
    heading = Block(BlockKind.PARAGRAPH, document, series.passages[:1])
    assert not series.overlaps(heading)


def test_of_a_list_with_the_lists_around_it_only_its_own_stretch_counts(tasks: Document) -> None:
    heads = block_of(tasks, "下列工作")
    assert heads is not None
    lead, *firsts = heads.passages
    whole = Block(BlockKind.LIST, tasks, (lead, firsts[0], firsts[1]))
    first = Block(BlockKind.ITEM, tasks, (firsts[0],))
    assert not whole.overlaps(first) and replace(whole, cut=True).overlaps(first)
    assert replace(whole, series=2).overlaps(first)


def test_an_answer_that_is_cut_is_one_stretch(tmp_path: Path) -> None:
    text = f"# 问答\n\n### 交什么？\n\n提交申请表。\n\n{LONG}\n\n### 到哪里交？\n\n一楼。\n"
    document = loaded(tmp_path, text, "问答.md")
    answer, below = block_of(document, "交什么"), block_of(document, "提交申请表")
    assert answer is not None and answer.cut and len(answer.passages) == 1 and not answer.several
    assert below is not None and answer.overlaps(below) and answer.overlaps(answer)


@pytest.mark.parametrize(
    ("items", "series", "several"), [((), 0, False), ((3,), 1, False), ((3, 4), 0, True), ((), 2, True)]
)
def test_two_items_or_sentences_are_several(
    items: tuple[int, ...], series: int, several: bool, tasks: Document
) -> None:
    assert Block(BlockKind.LIST, tasks, (), items, series=series).several is several
