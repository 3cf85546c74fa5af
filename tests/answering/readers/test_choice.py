"""Which of several siblings a question asks for, and what is about another level or year."""

from __future__ import annotations

import pytest

from bot.answering.readers.choice import IN_RANGE, SINGLE, chosen_sibling, speaks_of_another, telling_shares

AGES = ("未满25周岁的学徒，补贴2万元；", "满25周岁至未满40周岁的学徒，补贴3万元；", "40周岁以上的学徒，补贴1万元。")
AMOUNTS = (
    "合同金额5万元以下的，由镇里审核；",
    "合同金额超过5万元、不超过20万元的，由区里审核；",
    "合同金额超过20万元的，由专家评审。",
)
CRAFTS = ("绘画作品每幅八十元；", "书法作品每幅六十元；", "剪纸作品每幅四十元。")


@pytest.mark.parametrize(
    ("question", "texts", "place"),
    [
        ("我今年33岁，能拿多少", AGES, 1),
        ("学徒19周岁给多少", AGES, 0),
        ("学徒五十二岁给多少", AGES, 2),
        ("合同做了3万元，谁来审核", AMOUNTS, 0),
        ("合同做了12万，谁来审核", AMOUNTS, 1),
        ("合同做了一百万元，谁来审核", AMOUNTS, 2),
    ],
)
def test_the_item_is_chosen_in_whose_range_a_figure_of_the_question_lies(
    question: str, texts: tuple[str, ...], place: int
) -> None:
    assert chosen_sibling(question, texts) == place
    assert telling_shares(question, texts)[place] >= IN_RANGE
    assert max(telling_shares(question, texts, ranges=False)) < IN_RANGE


@pytest.mark.parametrize(
    ("question", "place"), [("装裱绘画要多少钱", 0), ("书法作品的价钱", 1), ("剪纸装裱每幅多少", 2)]
)
def test_the_item_with_the_telling_word_is_chosen(question: str, place: int) -> None:
    assert chosen_sibling(question, CRAFTS) == place


@pytest.mark.parametrize("text", ["书法作品和绘画作品分开装裱", "书画一起装裱"])
def test_nothing_is_chosen_where_two_hold_as_much(text: str) -> None:
    assert chosen_sibling(text, CRAFTS) is None


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("作品每幅多少元", CRAFTS),
        ("营业执照丢了怎么补", CRAFTS),
        ("学徒能补贴多少", AGES),
        ("合同做了12个月", AMOUNTS),
        ("合同有12台", AMOUNTS),
        ("", CRAFTS),
    ],
)
def test_nothing_is_chosen_where_nothing_tells(question: str, texts: tuple[str, ...]) -> None:
    assert telling_shares(question, texts) == [0.0, 0.0, 0.0]
    assert chosen_sibling(question, texts) is None


@pytest.mark.parametrize("texts", [(), ("书法作品每幅六十元；",)])
def test_a_single_text_is_not_chosen_from(texts: tuple[str, ...]) -> None:
    assert chosen_sibling("书法作品多少钱", texts) is None


def test_a_figure_outweighs_the_words() -> None:
    texts = ("本区户籍、满60周岁的居民：免费", "外来务工人员、未满60周岁：每次十元")
    assert chosen_sibling("外来务工人员今年66岁收费吗", texts) == 0


def test_a_word_in_one_tells_more_than_a_word_in_two() -> None:
    shares = telling_shares("木雕、竹编", ("木雕", "竹编", "竹编"))
    assert shares[0] > 2 * shares[1] == 2 * shares[2] > 0 and shares[0] + shares[1] == pytest.approx(1)


def test_a_single_character_tells_less_than_a_number() -> None:
    character, number = telling_shares("甲 7", ("甲", "7"))
    assert character / number == pytest.approx(SINGLE) and character < number


@pytest.mark.parametrize(
    ("question", "place"), [("第1批有哪些工坊", 1), ("第11批有哪些工坊", 0), ("第111批有哪些工坊", None)]
)
def test_numbers_count_whole(question: str, place: int | None) -> None:
    assert chosen_sibling(question, ("第11批工坊名单", "第1批工坊名单")) == place


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("二级工匠给多少", "三级工匠补贴1万元"),
        ("三等奖奖多少", "二等奖奖5千元"),
        ("一档的标准", "二档每月六百元"),
        ("二类工坊", "一类工坊免租"),
        ("五星工坊", "三星工坊名单"),
        ("第12期学员", "第2期学员名单"),
        ("十二级工匠给多少", "3 级工匠补贴1万元"),
        ("第三届集市", "第四届集市在河边举行"),
        ("2031年的名额", "2032年名额20个"),
        ("二〇三一年的名额", "2032年3月公布名额"),
    ],
)
def test_another_level_or_year_is_spoken_of(question: str, text: str) -> None:
    assert speaks_of_another(question, text) and speaks_of_another(text, question)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("二级工匠给多少", "2级工匠补贴1万元"),
        ("十二级工匠给多少", "12 级工匠补贴1万元"),
        ("二级工匠给多少", "二级、三级工匠都有补贴"),
        ("二级工匠给多少", "二等奖之外的工匠"),
        ("二级工匠给多少", "工匠补贴1万元"),
        ("工匠给多少", "三级工匠补贴1万元"),
        ("2031年的名额", "2031年、2032年的名额"),
        ("二〇三一年的名额", "2031年5月公布"),
        ("2031年的名额", "3月5日截止"),
        ("3月5日截止吗", "4月6日截止"),
        ("2031年二级工匠", "2031年工匠名单"),
    ],
)
def test_the_same_or_no_level_or_year_is_none_other(question: str, text: str) -> None:
    assert not speaks_of_another(question, text)


@pytest.mark.parametrize(("question", "text"), [("第115期学员", "第15期学员名单"), ("第115期学员", "第215期学员名单")])
def test_levels_count_whole(question: str, text: str) -> None:
    assert speaks_of_another(question, text)
