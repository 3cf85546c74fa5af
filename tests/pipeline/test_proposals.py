"""A new record is matched at once and its best pairs shown to whoever looks after either side, until they are seen."""

import pytest

from bot.market.records import CloseReason, State
from bot.pipeline.case_files import CaseFiles
from bot.pipeline.proposals import Proposals, Scope
from bot.types import RecordKind
from tests.pipeline.conftest import GOOD_OFFER, submitted

NEED, OFFER = RecordKind.NEED, RecordKind.OFFER


@pytest.fixture
def proposals(market):
    return Proposals(market)


@pytest.fixture
def pair(market):
    return submitted(market).record.id, submitted(market, OFFER, owner="示例乙").record.id


def listed(proposals, reader="经理甲", scope=Scope.ALL, unseen=True):
    return [(each.need_id, each.offer_id) for each in proposals.listed(reader, scope, unseen=unseen).pairs]


def test_a_published_record_is_matched_and_seen_once_by_each(market, proposals, pair):
    assert proposals.follow() is True
    assert listed(proposals) == [pair]
    assert proposals.unseen("经理甲", Scope.ALL) == 1
    proposals.see([pair], "经理甲")
    proposals.see([pair], "经理甲")
    assert listed(proposals) == [] and listed(proposals, unseen=False) == [pair]
    assert listed(proposals, "经理乙") == [pair]


def test_mine_are_those_of_either_side_that_i_look_after(market, proposals, pair):
    cases = CaseFiles(market.database)
    proposals.follow()
    assert listed(proposals, scope=Scope.MINE) == [] and listed(proposals, scope=Scope.NOBODYS) == [pair]
    cases.take(OFFER, pair[1], by="经理甲")
    assert listed(proposals, scope=Scope.MINE) == [pair] and listed(proposals, scope=Scope.NOBODYS) == []
    assert listed(proposals, "经理乙", Scope.MINE) == []
    cases.hand_on(OFFER, pair[1], "经理乙", by="经理甲", holder="经理甲")
    assert listed(proposals, "经理乙", Scope.MINE) == [pair]


def test_nothing_is_computed_before_the_list_is_opened_and_a_submission_never_waits(
    market, proposals, pair, monkeypatch
):
    def never(*_, **__):
        raise AssertionError("a visitor waited for a match")

    monkeypatch.setattr(type(market), "matches_of", never)
    submitted(market, title="另一条矿井风机降噪需求")
    assert listed(proposals) == []


def test_what_is_closed_is_not_shown(market, proposals, pair):
    proposals.follow()
    market.move(NEED, pair[0], State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
    assert listed(proposals) == [] and proposals.unseen("经理甲", Scope.ALL) == 0


def test_a_change_that_ends_the_match_takes_the_pair_away(market, proposals, pair):
    proposals.follow()
    other = {
        **GOOD_OFFER,
        "title": "古琴面板修复工艺",
        "description": "传统大漆修复，已修复古琴12张，音质评测恢复到九成。",
    }
    market.edit(OFFER, pair[1], other, actor="t")
    assert proposals.follow() is True and listed(proposals) == []


def test_many_at_once_are_taken_in_by_and_by_and_none_twice(market, proposals, pair):
    more = [submitted(market, title=f"矿井风机降噪需求第{n}条", owner=f"示例{n}").record.id for n in range(4)]
    rounds = 0
    while not proposals.follow(seconds=0):
        rounds += 1
        assert rounds < 40
    assert rounds >= 3
    assert {need for need, _ in listed(proposals)} <= {pair[0], *more}
    assert len(listed(proposals)) == len(set(listed(proposals))) >= 2


def test_stopped_between_two_records_it_goes_on_where_it_was(market, proposals, pair, monkeypatch):
    real, calls = type(market).matches_of, []

    def once(self, record, k):
        calls.append(record.id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, record, k)

    monkeypatch.setattr(type(market), "matches_of", once)
    with pytest.raises(KeyboardInterrupt):
        proposals.follow()
    monkeypatch.setattr(type(market), "matches_of", real)
    assert proposals.follow() is True
    assert listed(proposals) == [pair]


def test_opening_a_record_keeps_its_pairs(market, proposals, pair):
    best = proposals.of(market.need(pair[0]))
    assert [match.id for match in best.proposed] == [pair[1]]
    assert listed(proposals) == [pair]
