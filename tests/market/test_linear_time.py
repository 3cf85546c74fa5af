"""Whatever is told, reading it takes time that grows with its length, not with its square."""

import pytest

from bot.market.comparing import compared
from bot.market.exclusions import excluded_in, excluded_terms, states, wanted_text
from bot.market.framing import content_of, subject_of
from bot.market.gate_terms import read_periods, read_places
from bot.market.records import Need, Offer
from bot.text.measures import read_measures
from tests.support.spent import least_spent

pytestmark = pytest.mark.slow

LENGTH, TIMES = 10_000, 4
UNITS = [
    "一",
    "不",
    "5",
    "5mm",
    "（",
    "不要",
    "除了",
    "不，",
    "−5~",
    "每",
    "5/",
    "从5%",
    "零下",
    "、",
    " ",
    "和",
    "上海市",
    "2027年",
]


def _read(text: str) -> None:
    read_measures(text)
    excluded_in(text), excluded_terms(text), wanted_text(text), states(text, "机器人"), states(text, text[:1])
    content_of(text), subject_of(text), read_places(text), read_periods(text)
    compared(Need(id="", title="甲", indicators=text), Offer(id="", title="乙", description=text[:400]))


@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_text_takes_no_sixteen_times_the_time(unit):
    _read(unit)
    short = least_spent(lambda: _read(unit * (LENGTH // len(unit))))
    long = least_spent(lambda: _read(unit * (TIMES * LENGTH // len(unit))), 2)
    # Half a second more than linear would be is room for chance; a square needs much more.
    assert long <= 2 * TIMES * short + 0.5
