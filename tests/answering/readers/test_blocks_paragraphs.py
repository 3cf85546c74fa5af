"""What is told of plain paragraphs: a short article whole, of a long paragraph whole sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.readers.blocks import (
    ARTICLE_CHARACTERS,
    PARAGRAPH_CHARACTERS,
    STRETCH_CHARACTERS,
    Block,
    whole_block,
)
from bot.types import Document
from tests.support.loaded import FOUND, found_in, loaded, sentences_of

PARAGRAPH = """溪桥区装裱说明
文化馆为居民作品提供装裱，作品须为原件，尺寸不超过一米，每人每年两幅。贴花装裱每幅八十元；加急的当天可取，旺季另议。\
作品在装裱期间由馆方保管，损坏的照价赔偿，领取时请出示回执。取件时间为工作日上午九点到十一点，节假日不取件，逾期一年未取的由馆方处理。\
作品不得涉及违法内容，不得侵犯他人权利，馆方发现的可以退回并说明理由。委托他人取件的，须带委托书和双方证件，馆方核对后登记，登记簿保存三年。\
馆方每年春节前盘点一次作品，盘点期间不收件，已经收下的作品照常保管，需要急用的请在腊月二十之前取走。
"""


def block_of(document: Document, words: str, **near: float) -> Block | None:
    return whole_block(found_in(document, words), sentences_of(document, words, near))


def told(document: Document, words: str, **near: float) -> str:
    block = block_of(document, words, **near)
    return "" if block is None else block.text


@pytest.mark.parametrize("words", ["每年检查", "向社会公布", "限期整改"])
def test_a_short_article_is_told_whole(tmp_path: Path, words: str) -> None:
    article = "第一条 工坊每年检查一次。\n检查结果向社会公布。\n不合格的限期整改。"
    document = loaded(tmp_path, f"工坊办法\n{article}\n第二条 本办法自公布之日起施行。\n")
    assert told(document, words) == article
    assert told(document, "自公布") == "第二条 本办法自公布之日起施行。"


def test_paragraphs_of_no_article_are_told_one_by_one(tmp_path: Path) -> None:
    document = loaded(tmp_path, "# 工坊说明\n\n周末全天开放。\n\n平日须预约。\n", "说明.md")
    assert told(document, "周末") == "周末全天开放。" and told(document, "平日") == "平日须预约。"


def test_of_a_long_article_the_paragraph_is_told(tmp_path: Path) -> None:
    long = "工坊应当保持整洁，工具摆放有序。" * (ARTICLE_CHARACTERS // 16 + 1)
    document = loaded(tmp_path, f"工坊办法\n第一条 {long}\n工坊不得转租。\n第二条 本办法自公布之日起施行。\n")
    assert told(document, "不得转租") == "工坊不得转租。"


def test_of_a_long_paragraph_whole_sentences_are_told(tmp_path: Path) -> None:
    document = loaded(tmp_path, PARAGRAPH)
    assert len(PARAGRAPH.split()[1]) > STRETCH_CHARACTERS > PARAGRAPH_CHARACTERS
    assert (
        told(document, "每幅八十元") == told(document, "旺季另议") == "贴花装裱每幅八十元；加急的当天可取，旺季另议。"
    )
    assert told(document, "取件时间").startswith("取件时间") and told(document, "取件时间").endswith("由馆方处理。")


@pytest.mark.parametrize(
    ("score", "joined"), [(FOUND - 0.02, True), (FOUND + 0.02, True), (FOUND - 0.05, False), (FOUND - 0.2, False)]
)
def test_a_neighbour_that_is_nearly_as_near_is_told_too(tmp_path: Path, score: float, joined: bool) -> None:
    document = loaded(tmp_path, PARAGRAPH)
    text = told(document, "旺季另议", 馆方保管=score)
    assert text.startswith("贴花装裱") and text.endswith("回执。" if joined else "旺季另议。")
    assert "作品须为原件" not in told(document, "馆方保管", 作品须为原件=FOUND)


def test_neighbours_are_told_up_to_a_length(tmp_path: Path) -> None:
    document = loaded(tmp_path, PARAGRAPH)
    near = dict.fromkeys(
        ("作品须为原件", "每幅八十元", "旺季另议", "馆方保管", "取件时间", "违法内容", "委托书", "盘点"), FOUND
    )
    for words in near:
        text = told(document, words, **near)
        assert words in text and STRETCH_CHARACTERS / 2 < len(text) <= STRETCH_CHARACTERS and text.endswith("。")


def test_what_announces_the_whole_document_is_nothing_and_leads_nothing_in(tmp_path: Path) -> None:
    filler = "评选由文化馆组织，专家从名册中随机抽取，结果公示后由区里发文确认。\n" * 9
    text = f"关于工坊评选的通知\n现将有关事项通知如下：\n一、评选范围\n全区各类手工工坊，不分行业。\n二、评选办法\n{filler}"
    document = loaded(tmp_path, text)
    assert block_of(document, "通知如下") is None
    assert told(document, "全区各类") == "全区各类手工工坊，不分行业。"
