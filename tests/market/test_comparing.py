"""Figures demanded against figures claimed: never a verdict on different quantities."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.benchmarks.pairs import read_pairs, told
from bot.market.comparing import compared
from bot.market.records import Need, Offer

PAIRS = read_pairs(Path(__file__).parent.parent / "cases" / "both_sides_pairs.yaml")
NEED, OFFER = Need(id="", title="甲"), Offer(id="", title="乙")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_pair_is_told_as_expected(pair):
    assert [(each.about, each.given) for each in told(pair)] == [(each.about, each.expected) for each in told(pair)]


def _verdict(asked: str, offered: str):
    (comparison,) = compared(replace(NEED, indicators=asked), replace(OFFER, description=offered))
    assert comparison.asked in asked and comparison.offered in offered
    assert comparison.asked in comparison.asked_quote and comparison.offered in comparison.offered_quote
    return comparison.met


@pytest.mark.parametrize(
    ("asked", "offered", "met"),
    [
        ("零下20℃", "零下25℃可用", True),
        ("零下20℃", "零下20℃可用", True),
        ("零下20℃", "零下15℃可用", False),
        ("噪声不超过70分贝", "噪声70分贝", True),
        ("噪声不超过70分贝", "噪声71分贝", False),
        ("噪声不超过70分贝", "噪声不超过80分贝", None),
        ("噪声不超过70分贝", "噪声降低20分贝", None),
        ("噪声降低5分贝", "噪声提高6分贝", None),
        ("入口压力不低于2MPa", "出口压力3MPa", None),
        ("白天识别距离不小于3公里", "夜间识别距离4公里", None),
        ("精度不低于0.2毫米", "精度0.1毫米", True),
        ("精度不低于98%", "精度99%", True),
        ("工作温度-20~60℃", "工作温度-40~85℃", True),
        ("工作温度-20~60℃", "工作温度-40~50℃", False),
        ("粒径5-10μm", "粒径6-8μm", True),
        ("粒径5-10μm", "粒径12-15μm", False),
        ("粒径5-10μm", "粒径8-15μm", None),
        ("能耗降低30%", "传统工艺能耗高，能耗降低35%", True),
        ("收率不低于90%", "传统工艺收率95%", None),
        ("含水率降到30%以下", "含水率从80%降到25%", True),
    ],
)
def test_bounds_directions_and_quantities(asked, offered, met):
    assert _verdict(asked, offered) is met


def test_two_claims_that_disagree_are_no_verdict():
    offer = replace(OFFER, description="噪声60分贝。", benefit="噪声80分贝。")
    (comparison,) = compared(replace(NEED, indicators="噪声不超过70分贝"), offer)
    assert comparison.met is None


def test_how_things_are_is_no_demand():
    need = replace(NEED, description="每天产生含水率80%的污泥60吨，风机噪声超过100分贝，管龄超过30年。")
    assert compared(need, replace(OFFER, description="含水率30%，噪声60分贝")) == ()


def test_a_condition_of_another_figure_is_no_demand():
    need = replace(NEED, indicators="循环500次后容量保持率不低于90%，水温低于5℃时也能出苗")
    assert [each.asked for each in compared(need, OFFER)] == ["容量保持率不低于90%"]


def test_a_figure_told_twice_is_compared_once():
    need = replace(NEED, description="希望在零下20℃能用。", indicators="零下20℃")
    assert len(compared(need, OFFER)) == 1
