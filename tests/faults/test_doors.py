"""No text at its limit holds a door up: a generous bound of processor time, far below what back-tracking takes."""

import pytest

from bot.benchmarks.doors import UNITS
from bot.market.drafting import start_draft
from bot.questions.masking import masked
from bot.types import RecordKind
from tests.support.spent import within

#: The doors take up to half a second at most; what went back over itself took 3 to 18.
MOST_SECONDS = 2.0
DOORS = {
    "talk": (4_000, lambda text: start_draft(text, RecordKind.NEED)),
    "kept question": (2_000, masked),
}


@pytest.mark.parametrize("unit", ["一", "十", " ", "1.", "（", "—", "\u200b"])
@pytest.mark.parametrize("door", DOORS)
def test_no_text_holds_a_door_up(door, unit):
    assert unit in UNITS.values()
    limit, take = DOORS[door]
    text = ("我们想找做涂层的合作单位，联系人王五，电话" + unit * limit)[:limit]
    with within(MOST_SECONDS):
        take(text)
