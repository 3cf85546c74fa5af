"""What was found last comes first, in the order in which it was found, whatever the clock said meanwhile."""

import pytest
from sqlalchemy import update

from bot.pipeline.duplicates import Duplicates
from bot.pipeline.proposals import Proposals, Scope
from bot.pipeline.tables import proposals as table
from bot.types import RecordKind
from tests.pipeline.conftest import submitted

NEED, OFFER = RecordKind.NEED, RecordKind.OFFER
CLOCKS = {
    "set back": ("2026-03-02", "2025-01-26"),
    "ahead": ("2027-04-06", "2026-03-02"),
    "right": ("2026-03", "2026-04"),
}


@pytest.fixture(params=CLOCKS)
def wall(request, monkeypatch):
    """Sets the wall clock to what it says first, or then."""
    days = CLOCKS[request.param]

    def set_to(number):
        for module in ("proposals", "duplicates"):
            monkeypatch.setattr(f"bot.pipeline.{module}.utc_now", lambda: f"{days[number]}T08:00:00.000000Z")

    return set_to


def test_a_new_pair_is_the_first_of_the_list(market, wall):
    proposals = Proposals(market)
    offer = submitted(market, OFFER, owner="示例乙").record.id
    found = []
    for number, title in enumerate(("矿井轴流风机降噪", "矿井轴流风机的降噪需求")):
        wall(number)
        found.insert(0, (submitted(market, title=title, owner=f"示例{number}").record.id, offer))
        assert proposals.follow()
    pairs = proposals.listed("经理甲", Scope.ALL).pairs
    assert [(each.need_id, each.offer_id) for each in pairs] == found


def test_likely_duplicates_found_last_are_the_first_of_the_list(market, wall):
    duplicates, found = Duplicates(market), []
    for number, title in enumerate(("矿井轴流风机降噪", "古琴面板修复工艺")):
        wall(number)
        first, second = (submitted(market, title=title, owner="示例甲").record for _ in range(2))
        assert duplicates.of(second)
        found.insert(0, tuple(sorted((first.id, second.id))))
    assert [(each.one_id, each.other_id) for each in duplicates.listed()] == found


def test_pairs_of_one_record_are_listed_the_nearest_first(market):
    proposals = Proposals(market)
    for number, title in enumerate(("轴流风机仿生叶片降噪技术", "矿井轴流风机降噪的消声叶片")):
        submitted(market, OFFER, owner=f"示例所{number}", title=title)
    need = submitted(market).record
    pairs = sorted((need.id, each.id) for each in proposals.of(need).proposed)
    with market.database.write() as connection:
        for likeness, (_, offer) in enumerate(pairs):
            connection.execute(update(table).where(table.c.offer_id == offer).values(likeness=likeness))
    listed = proposals.listed("甲", Scope.ALL).pairs
    assert len(pairs) == 2 and [(each.need_id, each.offer_id) for each in listed] == pairs[::-1]
