"""Which item of a list a follow-up means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numerals import to_chinese
from bot.understanding.follow_ups import ITEM_CHARACTERS, Ordinal, listed_items, ordinal_in


@pytest.mark.parametrize(
    ("question", "text", "number"),
    [
        ("第二个是谁办的？", "第二个", 2),
        ("第十项呢", "第十项", 10),
        ("那第3条要什么材料", "第3条", 3),
        ("第12家在哪里", "第12家", 12),
        ("第 四 款呢", "第 四 款", 4),
        ("第一种怎么报名", "第一种", 1),
        ("第五份、第六名", "第五份", 5),
        ("第七位师傅", "第七位", 7),
        ("前者要什么条件", "前者", 1),
        ("头一个怎么办", "头一个", 1),
        ("后者呢", "后者", 2),
    ],
)
def test_a_question_names_a_place_in_a_list(question: str, text: str, number: int) -> None:
    assert ordinal_in(question) == Ordinal(text, number)
    assert text in question


@pytest.mark.parametrize(
    "question", ["巧手券怎么申请？", "第一年补多少", "二个人能申请吗", "第一步做什么", "第123条", "第", ""]
)
def test_other_questions_name_none(question: str) -> None:
    assert ordinal_in(question) is None


@pytest.mark.parametrize("mark", "个项条款家种份名位")
@given(number=st.integers(1, 10))
def test_any_measure_word_and_both_spellings_will_do(mark: str, number: int) -> None:
    for spelling in (str(number), to_chinese(number)):
        assert ordinal_in(f"第{spelling}{mark}呢") == Ordinal(f"第{spelling}{mark}", number)


@pytest.mark.parametrize("question", ["第十二个呢", "第二十项呢"])
def test_spelt_numbers_above_ten_name_a_place_too(question: str) -> None:
    assert ordinal_in(question) is not None


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ("有下列几种：\n- 巧手券：每年六百元[1]\n- 青篾贷：最高五万元[2]", ("巧手券", "青篾贷")),
        ("（一）报名表；\n（二）作品照片。", ("报名表", "作品照片")),
        ("(1) 报名表\n(2) 照片", ("报名表", "照片")),
        ("1. 报名表，一式两份\n2. 照片", ("报名表", "照片")),
        ("1、报名表\n12、照片", ("报名表", "照片")),
        ("一、范围\n二、时间", ("范围", "时间")),
        ("3）照片[3][4]", ("照片",)),
        ("- 《竹编办法》\n- “巧手券”", ("竹编办法", "巧手券")),
        ("第一条是一般规定。\n正文一段，没有列表。", ()),
        ("", ()),
    ],
)
def test_the_items_of_an_answer_are_named_by_their_beginnings(answer: str, items: tuple[str, ...]) -> None:
    assert listed_items(answer) == items


def test_a_long_item_is_named_by_its_first_words() -> None:
    (name,) = listed_items(f"- {'篾' * 60}")
    assert name == "篾" * ITEM_CHARACTERS


def test_a_line_that_begins_with_a_decimal_is_no_item() -> None:
    assert listed_items("1.5倍以内的部分不收费") == ()
