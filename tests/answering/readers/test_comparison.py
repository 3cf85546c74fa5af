"""Several things asked about in one breath: a part for each of them, about it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.readers.comparison import MAX_SIDES, sides_of
from bot.catalogue.models import Catalogue, Programme
from bot.lexicon import words
from bot.text.figures import FigureKind
from bot.understanding.asked import Asked
from bot.understanding.understanding import SURE, Part
from tests.support.understanding import understood


def programme(identifier: str, name: str, *aliases: str) -> Programme:
    return Programme(
        id=identifier,
        name=name,
        aliases=aliases,
        kind="资金",
        document="说明.md",
        status={"value": "unknown"},
        summary={"value": "用于工坊", "quote": "用于工坊"},
    )


CATALOGUE = Catalogue(
    programmes=(
        programme("tools", "巧手券"),
        programme("bamboo", "竹编巧手券"),
        programme("loan", "青篾贷", "篾匠贷款"),
        programme("class", "夜课补贴"),
        programme("rent", "工位减租"),
    )
)


def sides(question: str, asked: Asked = Asked.OTHER, confidence: float = 1.0, *history: str) -> list[str]:
    part = Part(question, asked, confidence, listed=False)
    understanding = replace(understood(question, *history, catalogue=CATALOGUE), parts=(part,))
    return [" ".join(side.query.split()) for side in sides_of(understanding)]


@pytest.mark.parametrize("word", words("each_words"))
def test_a_word_for_each_makes_one_part_per_name_with_the_others_taken_out(word: str) -> None:
    assert sides(f"巧手券和青篾贷{word}补多少？") == [f"巧手券和 {word}补多少？", f"和青篾贷{word}补多少？"]


def test_there_are_words_for_each_and_the_usual_one_is_among_them() -> None:
    assert "分别" in words("each_words") and "各是" in words("each_words")


@pytest.mark.parametrize("question", ["巧手券和青篾贷补多少？", "巧手券和青篾贷分开申请吗？", "2029年和2030年补多少？"])
def test_without_such_a_word_a_part_stays_as_it_is(question: str) -> None:
    assert sides(question) == [question]


@pytest.mark.parametrize(
    ("asked", "confidence", "split"),
    [
        (Asked.COMPARE, 1.0, True),
        (Asked.COMPARE, SURE, True),
        (Asked.COMPARE, SURE - 0.01, False),
        (Asked.LIST, 1.0, False),
    ],
)
def test_a_comparison_that_is_sure_enough_has_sides_too(asked: Asked, confidence: float, split: bool) -> None:
    question = "巧手券和青篾贷有什么区别？"
    expected = ["巧手券和 有什么区别？", "和青篾贷有什么区别？"] if split else [question]
    assert sides(question, asked, confidence) == expected


def test_years_are_sides_where_no_names_are() -> None:
    assert sides("2029年和2030年分别补多少？") == ["2029年和 分别补多少？", "和2030年分别补多少？"]
    assert sides("2029年和2030年差多少？", Asked.COMPARE) == ["2029年和 差多少？", "和2030年差多少？"]


def test_the_years_of_one_name_are_sides_and_those_of_several_names_are_not() -> None:
    assert sides("青篾贷2029年和2030年分别补多少？") == ["青篾贷2029年和 分别补多少？", "青篾贷 和2030年分别补多少？"]
    assert sides("2029年到2030年巧手券和青篾贷分别补多少？") == [
        "2029年到2030年巧手券和 分别补多少？",
        "2029年到2030年 和青篾贷分别补多少？",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "青篾贷和另一种贷款分别补多少？",
        "青篾贷分别补给谁，青篾贷分别补多少？",
        "2029年各项分别补多少？",
        "2029年上半年和2029年下半年分别补多少？",
        "这两项分别补多少？",
        "3万元和5万元分别给谁？",
    ],
)
def test_one_name_or_year_has_no_other_side(question: str) -> None:
    assert sides(question) == [question]


def test_there_are_four_sides_at_most() -> None:
    years = [f"{year}年" for year in range(2027, 2032)]
    question = f"{'、'.join(years)}分别补多少？"
    assert sides(question) == [question]
    told = sides(f"{'、'.join(years[:MAX_SIDES])}分别补多少？")
    assert MAX_SIDES == len(told) == 4
    assert all([year in side for year in years[:4]].count(True) == 1 for side in told)
    assert len(sides("巧手券、青篾贷、夜课补贴和工位减租分别补多少？")) == 4
    everything = "巧手券、青篾贷、夜课补贴、工位减租和竹编巧手券分别补多少？"
    assert sides(everything) == [everything]


def test_a_name_within_another_is_not_taken_out_of_it() -> None:
    assert sides("巧手券和竹编巧手券分别补多少？") == ["巧手券和 分别补多少？", "巧手券和竹编巧手券分别补多少？"]
    assert sides("2029年和2029年5月分别补多少？") == ["2029年和 分别补多少？", "2029年和2029年5月分别补多少？"]


def test_a_name_that_only_an_earlier_question_gave_is_no_side() -> None:
    question = "青篾贷分别补给谁？"
    history = "巧手券补多少？"
    understanding = understood("它分别补给谁？", history, catalogue=CATALOGUE)
    assert [match.name for match in understanding.names] == ["巧手券"]
    part = Part(question, Asked.OTHER, 1.0, listed=False)
    both = replace(understanding, parts=(part,), names=understood(f"巧手券：{question}", catalogue=CATALOGUE).names)
    assert len(both.names) == 2 and sides_of(both) == (part,)


def test_a_side_asks_for_what_its_part_asks_for_and_the_other_parts_stay_in_order() -> None:
    kinds = frozenset({FigureKind.MONEY})
    first = Part("怎么申请？", Asked.PROCEDURE, 0.9, listed=True)
    compared = Part(
        "巧手券和青篾贷分别补多少？", Asked.AMOUNT, 0.8, listed=False, figures=kinds, strict=True, topic="券"
    )
    last = Part("青篾贷何时截止？", Asked.DEADLINE, 0.7, listed=False)
    understanding = understood("巧手券和青篾贷分别补多少？青篾贷何时截止？", catalogue=CATALOGUE)
    told = sides_of(replace(understanding, parts=(first, compared, last)))
    assert told[0] == first and told[-1] == last
    assert [replace(side, query=compared.query) for side in told[1:3]] == [compared, compared]
    assert ["巧手券" in side.query for side in told[1:3]] == [True, False]


def test_the_longest_of_the_others_is_taken_out_first_and_case_makes_no_difference() -> None:
    one, two, three = sides("巧手券、竹编巧手券和青篾贷分别补多少？")
    assert "竹编" not in one and "竹编" in two and "竹编" not in three and "青篾贷" in three
    named = Catalogue(programmes=(programme("a", "AI夜课"), programme("b", "青篾贷")))
    part = Part("AI夜课和青篾贷分别补多少？", Asked.OTHER, 1.0, listed=False)
    understanding = replace(understood(part.query, catalogue=named), parts=(part,))
    assert [" ".join(side.query.split()) for side in sides_of(understanding)] == [
        "AI夜课和 分别补多少？",
        "和青篾贷分别补多少？",
    ]
