"""What changed between two texts."""

import pytest

from bot.text.differences import pieces_changed, words_changed
from tests.support.spent import within


def told(before, after):
    return [(each.mark, each.text) for each in words_changed(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("最高 50 万元", "最高 80 万元", [(" ", "最高 "), ("-", "50"), ("+", "80"), (" ", " 万元")]),
        ("最高50万元", "最高50万元", [(" ", "最高50万元")]),
        ("", "有", [("+", "有")]),
        ("有", "", [("-", "有")]),
        ("", "", []),
    ],
)
def test_the_words_that_differ(before, after, wanted):
    assert told(before, after) == wanted


def test_nothing_is_lost_or_made_up():
    old, new = "对联合项目，择优给予单个项目最高50万元支持。", "对合作项目，给予每个项目最高不超过80万元的支持。"
    found = words_changed(old, new)
    assert "".join(each.text for each in found if each.mark != "+") == old
    assert "".join(each.text for each in found if each.mark != "-") == new


def test_lines_that_stay_are_left_alone():
    found = pieces_changed(["甲", "金额50万元", "丙"], ["甲", "金额80万元", "丙", "丁"])
    assert [[(each.mark, each.text) for each in line] for line in found] == [
        [(" ", "甲")],
        [(" ", "金额"), ("-", "50"), ("+", "80"), (" ", "万元")],
        [(" ", "丙")],
        [("+", "丁")],
    ]


@pytest.mark.parametrize("text", ["甲" * 20_000, " " * 20_000, "1" * 20_000, "甲乙" * 10_000])
def test_long_texts_take_no_time(text):
    with within(0.5):
        words_changed(text, text[:-1] + "丁")
