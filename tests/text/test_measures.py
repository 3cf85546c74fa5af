from decimal import Decimal

import pytest

from bot.text.measures import read_measures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("零下20℃", "−20℃"),
        ("-20℃", "负20摄氏度"),
        ("0.3秒", "300ms"),
        ("5μm", "0.005毫米"),
        ("25MPa", "250bar"),
        ("30吨/天", "每天30吨"),
        ("260Wh/kg", "260瓦时每千克"),
        ("1200W/(m·K)", "1200W/mK"),
        ("30毫克每升", "30mg/L"),
        ("半小时", "30分钟"),
        ("九成", "90%"),
        ("两成五", "25%"),
        ("15万次", "150000次"),
        ("8～12μm", "8至12微米"),
        ("-40℃～85℃", "-40~85℃"),
        ("0.2兆瓦", "200kW"),
        ("不超过5毫米", "≤5mm"),
    ],
)
def test_one_value_in_two_spellings(one, other):
    (first,), (second,) = read_measures(one), read_measures(other)
    assert (first.low, first.high, first.dimension) == (second.low, second.high, second.dimension)
    assert first.low is not None or first.high is not None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("不低于80%", 80, None),
        ("≥80%", 80, None),
        ("80%以上", 80, None),
        ("达到80%以上", 80, None),
        ("达到80%", 80, 80),
        ("低于80%", None, 80),
        ("80%以内", None, 80),
        ("70%-80%", 70, 80),
        ("70至80%", 70, 80),
        ("约80%", 80, 80),
    ],
)
def test_bounds_and_ranges(text, low, high):
    (measure,) = read_measures(text)
    assert (measure.low, measure.high) == (low, high)
    assert measure.bounded is (low is None or high is None)


@pytest.mark.parametrize("text", ["1998年建厂", "员工300人", "2家企业", "第3项", "电话021-52564588", "C语言", "5G网络"])
def test_what_measures_nothing_is_left_out(text):
    assert read_measures(text) == ()


def test_a_dash_joins_values_and_stands_before_negative_ones():
    (joined,) = read_measures("5-8毫米")
    assert (joined.low, joined.high) == (Decimal("0.005"), Decimal("0.008"))
    (below,) = read_measures("温度-8℃")
    assert below.low == below.high == -8
    assert below.text == "-8℃"


def test_precision_better_than_a_value_is_a_bound_of_its_own():
    (measure,) = read_measures("精度优于0.1毫米")
    assert measure.bounded and measure.point == Decimal("0.0001")


def test_two_dimensions_are_told_apart():
    kinds = [measure.dimension for measure in read_measures("含水率30%，处理量20吨/天，功率5kW，用电5kWh")]
    assert len(set(kinds)) == 4
