"""Names that a question gives: those no document has, and those a near block does not speak of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.readers.blocks import whole_block
from bot.answering.readers.passages import FoundBlock
from bot.answering.readers.vetoes import context_text, names_missing, unknown_name
from bot.catalogue.models import Catalogue, OrganisationEntry, Programme
from bot.types import Chunk
from tests.support.loaded import found_in, loaded, sentences_of
from tests.support.understanding import understood

PAGE = """---
title: 溪桥区竹编工坊说明
---
# 溪桥区竹编工坊说明

## 巧手券

“巧手券”用于购买竹料和工具，由 BambooLab 发放，每户每年六百元。

## 夜课

每周三晚开课，面向居民。
"""
CATALOGUE = Catalogue(
    programmes=(
        Programme(
            id="voucher",
            name="竹编巧手券",
            aliases=("巧手券",),
            kind="资金",
            document="说明.md",
            status={"value": "unknown"},
            summary={"value": "用于购买竹料", "quote": "用于购买竹料和工具"},
        ),
        Programme(
            id="loan",
            name="青篾贷",
            kind="贷款贴息",
            document="说明.md",
            status={"value": "unknown"},
            summary={"value": "贷款", "quote": "面向居民"},
        ),
    ),
    organisations=(
        OrganisationEntry(
            id="lab",
            name="竹艺研究室",
            aliases=("bamboolab",),
            kind="院所",
            document="说明.md",
            profile=({"value": "发放", "quote": "由 BambooLab 发放"},),
        ),
    ),
)


@pytest.fixture
def voucher(tmp_path: Path) -> FoundBlock:
    return told(tmp_path, "每户每年六百元")


def told(folder: Path, words: str) -> FoundBlock:
    document = loaded(folder, PAGE, "说明.md")
    found = found_in(document, words)
    block = whole_block(found, sentences_of(document, words))
    assert block is not None
    return FoundBlock(block, found, found.score, 0.0)


def missing(question: str, block: FoundBlock, catalogue: Catalogue | None = None) -> bool:
    return names_missing(question, understood(question, catalogue=catalogue), block)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("澄溪市的工坊能申请吗？", "澄溪市"),
        ("临樟市今年补多少", "临樟市"),
        ("枫杨大学的老师能申请吗", "枫杨大学"),
        ("想跟甘棠学院合作", "甘棠学院"),
        ("这个城市里枫杨大学的老师能申请吗", "枫杨大学"),
    ],
)
def test_a_place_or_school_that_nothing_knows_is_an_unknown_name(question: str, name: str) -> None:
    assert unknown_name(question, lambda term: False) == name


@pytest.mark.parametrize("question", ["澄溪市的工坊能申请吗？", "枫杨大学的老师能申请吗"])
def test_a_place_or_school_that_a_document_knows_is_none(question: str) -> None:
    assert unknown_name(question, lambda term: term in ("澄溪", "枫杨")) == ""


def test_an_ending_that_the_documents_join_to_the_character_before_it_is_no_name() -> None:
    assert unknown_name("苇篾市怎么分", lambda term: term == "篾市") == ""
    assert unknown_name("苇篾市怎么分", lambda term: False) == "苇篾市"


@pytest.mark.parametrize(
    "question",
    [
        "我们城市有哪些政策",
        "哪所大学可以合作",
        "几个省可以通办",
        "全市通用吗",
        "各区一样吗",
        "这个区能申请吗",
        "本市户口有要求吗",
        "外省企业能来吗",
        "开发区的企业",
        "社区工坊怎么开",
        "老年大学在哪里报名",
        "夜市摆摊要什么手续",
        "公司要上市，有奖励吗",
        "能省多少钱",
        "重点大学毕业的",
        "县里和市里哪个给得多",
        "A大学的老师",
        "AB大学的老师",
        "沿江三镇的工坊",
        "大学",
        "工坊补多少",
        "",
    ],
)
def test_ordinary_words_are_no_unknown_names(question: str) -> None:
    assert unknown_name(question, lambda term: False) == ""


@pytest.mark.parametrize("question", ["特色小镇怎么申报", "自贸区的企业", "保税区内的仓库"])
def test_ordinary_words_with_a_rare_pair_are_no_unknown_names(question: str) -> None:
    assert unknown_name(question, lambda term: False) == ""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("“巧手券”一年多少钱", False),
        ("《竹编工坊说明》里一年多少钱", False),
        ("「巧手券」一年多少钱", False),
        ("“妙手券”一年多少钱", True),
        ("《木雕工坊说明》里一年多少钱", True),
        ('"妙手券"一年多少钱', True),
        ("「妙手券」一年多少钱", True),
        ("“巧手券”和“妙手券”哪个多", True),
        ("“篮”一年多少钱", False),
        ("妙手券一年多少钱", False),
    ],
)
def test_what_stands_in_quotation_marks_has_to_be_there(voucher: FoundBlock, question: str, expected: bool) -> None:
    assert missing(question, voucher) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("BambooLab 一年发多少", False),
        ("BAMBOOLAB 一年发多少", False),
        ("RattanLab 一年发多少", True),
        ("Bamboo 一年发多少", True),
        ("在RattanLab怎么领", True),
        ("wechat 上怎么领", False),
        ("AI 工坊一年发多少", False),
    ],
)
def test_a_latin_name_with_a_capital_has_to_be_there_whole(voucher: FoundBlock, question: str, expected: bool) -> None:
    assert missing(question, voucher) is expected


@pytest.mark.parametrize("name", ["ISO9001", "IPv6", "Craft-Lab"])
def test_a_latin_name_with_digits_or_a_hyphen_is_found_where_it_stands(tmp_path: Path, name: str) -> None:
    document = loaded(tmp_path, f"溪桥区认证补贴说明\n通过{name}认证的工坊补贴三千元。\n")
    found = found_in(document, "认证的工坊")
    block = whole_block(found, sentences_of(document, "认证的工坊"))
    assert block is not None and not missing(f"通过{name}认证补多少", FoundBlock(block, found, found.score, 0.0))


def test_a_quoted_name_beside_one_of_the_catalogue_has_to_be_there(voucher: FoundBlock) -> None:
    assert missing("巧手券和“妙手券”哪个多", voucher, CATALOGUE)


def test_a_foreign_question_names_what_it_likes(voucher: FoundBlock) -> None:
    assert not missing("How much does RattanLab pay for “tools”?", voucher)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("巧手券一年多少钱", False),
        ("竹编巧手券一年多少钱", False),
        ("竹艺研究室一年发多少", False),
        ("青篾贷一年多少钱", True),
        ("巧手券和青篾贷哪个多", True),
    ],
)
def test_any_spelling_of_a_name_of_the_catalogue_will_do(voucher: FoundBlock, question: str, expected: bool) -> None:
    assert missing(question, voucher, CATALOGUE) is expected


def test_a_name_that_only_an_earlier_question_gave_is_not_asked_for(voucher: FoundBlock) -> None:
    followed = understood("额度呢？", "青篾贷能给多少？", catalogue=CATALOGUE)
    assert followed.names and not names_missing("额度呢？", followed, voucher)


def narrow(block: FoundBlock, section: str, passage: str) -> FoundBlock:
    """``block`` found in a passage of its document under a heading, with all that is known of the document."""
    hit = block.found.hit
    start = hit.chunk.text.index(passage)
    chunk = Chunk("c", hit.chunk.document_id, 1, (section,), start, start + len(passage), passage)
    metadata = replace(hit.metadata, issuer="溪桥区文化馆", document_number="溪桥文〔2031〕6号")
    return replace(block, found=replace(block.found, hit=replace(hit, chunk=chunk, metadata=metadata)))


@pytest.mark.parametrize(
    "name", ["溪桥区竹编工坊说明", "溪桥文〔2031〕6号", "溪桥区文化馆", "夜课", "六百元", "面向居民"]
)
def test_title_number_issuer_heading_and_passage_around_a_block_count(tmp_path: Path, name: str) -> None:
    block = narrow(told(tmp_path, "每周三晚开课"), "夜课", "每户每年六百元。")
    assert not missing(f"“{name}”收费吗", block)
    assert missing("“巧手券”收费吗", block)


def test_a_block_reaches_beyond_the_passage_that_found_it(tmp_path: Path) -> None:
    block = narrow(told(tmp_path, "每周三晚开课"), "", "每周三晚开课")
    assert not missing("“面向居民”的课收费吗", block)


def test_a_block_is_read_folded(voucher: FoundBlock) -> None:
    assert "bamboolab" in context_text(voucher) and "BambooLab" not in context_text(voucher)
