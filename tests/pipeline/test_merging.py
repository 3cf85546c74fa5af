"""Two registrations of one thing become one; what belonged to the other leads to it; or it is remembered that not."""

import pytest
from sqlalchemy import select, text

from bot.accounts.audit import AuditTrail
from bot.errors import MarketError, PipelineError
from bot.market.consents import WHOLE_SCOPE, ConsentStanding
from bot.market.records import CloseReason, Interest, Need, Offer, Organisation, Side, State
from bot.pipeline.case_files import CaseFiles
from bot.pipeline.duplicates import Choice, Duplicates, Grounds
from bot.pipeline.tables import case_entries, case_keepers, likely_duplicates
from bot.store.tables import audit_entries
from bot.types import PrivateContact, RecordKind
from tests.pipeline.conftest import CONTACT, GOOD, OTHER_PHONE, PHONE, stopped_everywhere, submitted

NEED, OFFER = RecordKind.NEED, RecordKind.OFFER


@pytest.fixture
def duplicates(market):
    return Duplicates(market)


@pytest.fixture
def two(market):
    """The same need left twice, the second with a wish of its own to an offer and a yes."""
    kept = submitted(market)
    merged = submitted(market, contact=PrivateContact(name="另一示例人", phone=OTHER_PHONE), budget="不超过80万元")
    market.store.save_many([Offer(id="o1", title="仿生叶片")], actor="t", publish=True)
    want = Interest(
        need_id=merged.record.id, offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可", unclear="能下井吗"
    )
    market.express_interest(want, consent=WHOLE_SCOPE)
    return kept, merged


def seen(market, *ids):
    return tuple(market.newest_event(NEED, each) for each in ids)


def merge(duplicates, market, kept, merged, by="经理甲", **choices):
    ids = kept.record.id, merged.record.id
    duplicates.merge(NEED, *ids, choices=choices, seen=seen(market, *ids), by=by)


def test_the_same_owner_and_title_is_found_whatever_its_state(market, duplicates, two):
    kept, merged = two
    (found,) = duplicates.of(market.need(kept.record.id))
    assert {found.one_id, found.other_id} == {kept.record.id, merged.record.id}
    assert found.grounds is Grounds.SAME_TITLE
    assert duplicates.waiting() == 1 and duplicates.listed()[0].one_id == found.one_id


def test_nearly_the_same_words_of_one_owner_are_found_and_another_need_is_not(market, duplicates):
    first = submitted(market)
    near = submitted(market, title="矿井轴流风机的降噪", description=GOOD["description"].replace("超过95", "高于95"))
    far = submitted(market, title="矿井轴流风机轴承寿命预测", description="轴承平均9个月损坏，需要提前2周预警。")
    found = {each.other_than(first.record.id) for each in duplicates.of(market.need(first.record.id))}
    assert near.record.id in found and far.record.id not in found


AGAIN = (
    (
        "锅炉烟气脱硝催化剂再生",
        "催化剂三年失活，整体更换贵，想就地再生。",
        "脱硝催化剂失活再生",
        "烟气脱硝的催化剂用三年就没活性，换新太贵，想再生。",
    ),
    (
        "仓储机器人电池换电",
        "AGV充电占用时间三成，想自动换电。",
        "AGV自动换电站",
        "机器人充电要占三成时间，想做自动换电。",
    ),
    (
        "桥梁拉索锈蚀检测",
        "拉索外有套管，看不见锈蚀，需无损检测。",
        "斜拉索内部锈蚀无损检测",
        "套管包着看不到里面锈没锈，要无损的办法。",
    ),
    ("食用菌菌棒自动接种", "人工接种污染率8%，想自动化。", "菌棒接种自动化", "接菌种靠人，8%会污染，想用机器做。"),
    (
        "车间油雾净化",
        "机加工油雾超标，静电净化器易脏。",
        "机加工车间油雾治理",
        "机床油雾浓度超标，现用的静电净化器脏得快。",
    ),
)
SIBLINGS = (
    (
        "离心风机叶轮降噪",
        "离心风机噪声102分贝，希望降到90分贝。",
        "轴流风机叶轮降噪",
        "轴流风机噪声98分贝，希望降到85分贝。",
    ),
    ("锂电池低温充电加热", "零下20度充电慢，想给电池包加热。", "锂电池高温散热", "夏天电池包温度到60度，想改散热。"),
    ("苹果采后分级设备", "按大小和颜色给苹果分级。", "柑橘采后分级设备", "按大小和糖度给柑橘分级。"),
    (
        "污水厂曝气节能控制",
        "曝气耗电占六成，想按氨氮调风量。",
        "污水厂加药节能控制",
        "除磷加药靠经验，想按磷酸盐调药量。",
    ),
    (
        "铸铁件打磨机器人",
        "人工打磨毛刺粉尘大，想用机器人打磨铸铁件。",
        "铸铝件打磨机器人",
        "铸铝件飞边薄，想用机器人去飞边。",
    ),
)


def test_what_is_told_twice_is_found_and_its_siblings_mostly_are_not(market, duplicates):
    market.store.save_many([Organisation(id="g1", title="示例甲公司")], actor="t")
    told = [*AGAIN, *SIBLINGS]
    for number, (first, why, second, how) in enumerate(told):
        pair = (("a", first, why), ("b", second, how))
        made = [Need(id=f"{side}{number}", title=t, description=d, owner_id="g1") for side, t, d in pair]
        market.store.save_many(made, actor="t", publish=True)
    found = [
        any(each.other_than(f"a{number}") == f"b{number}" for each in duplicates.of(market.need(f"a{number}")))
        for number in range(len(told))
    ]
    assert sum(found[: len(AGAIN)]) >= 4 and sum(found[len(AGAIN) :]) <= 1


def test_what_is_merged_leads_to_the_kept_one(market, duplicates, two):
    kept, merged = two
    CaseFiles(market.database).take(NEED, merged.record.id, by="经理乙")
    CaseFiles(market.database).note(NEED, merged.record.id, "打过电话", by="经理乙")
    duplicates.of(market.need(kept.record.id))
    merge(duplicates, market, kept, merged, budget=Choice.OTHER, contact=Choice.KEPT)
    record, gone = market.need(kept.record.id), market.need(merged.record.id)
    assert record.budget == "不超过80万元" and record.indicators == GOOD["indicators"]
    assert (gone.state, gone.close_reason) == (State.CLOSED, CloseReason.DUPLICATE)
    assert market.claim(merged.receipt)[1].id == record.id == market.claim(kept.receipt)[1].id
    assert market.party(record).contact == CONTACT
    contact = market.party(gone).contact
    assert contact is None or contact.empty
    (pairing,) = market.pairings(record)
    assert pairing.offer_id == "o1" and pairing.interests[0].unclear == "能下井吗"
    assert record.state is State.INTEREST
    # A yes was given to the other text: it is asked for anew.
    assert pairing.consents.need_owner.standing is not ConsentStanding.GIVEN
    assert market.merged_into(NEED, gone.id) == record.id and market.merged_into(NEED, record.id) == ""
    assert duplicates.waiting() == 0
    cases = CaseFiles(market.database)
    assert cases.keeper(NEED, record.id) == "经理乙", "whoever looked after it still does"
    assert any(each.text == "打过电话" for each in cases.entries(NEED, record.id))
    (entry,) = [each for each in AuditTrail(market.database).all() if each.action == "record.merge"]
    assert entry.user_name == "经理甲" and gone.id in entry.subject + entry.detail
    assert PHONE not in entry.detail and OTHER_PHONE not in entry.detail


def test_the_other_contact_is_kept_where_it_is_chosen(market, duplicates, two):
    merge(duplicates, market, *two, contact=Choice.OTHER)
    assert market.party(market.need(two[0].record.id)).contact.phone == OTHER_PHONE


def test_stopped_at_any_statement_both_stay_as_they_were(market, duplicates, two):
    kept, merged = two
    CaseFiles(market.database).take(NEED, merged.record.id, by="经理乙")
    duplicates.of(market.need(kept.record.id))
    names = ("needs", "receipts", "record_contacts", "record_events", "interests", "consent_events")

    def everything():
        with market.database.read() as connection:
            market_rows = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in names]
            own = (likely_duplicates, case_keepers, case_entries, audit_entries)
            return market_rows, [connection.execute(select(table)).all() for table in own]

    assert stopped_everywhere(market, lambda: merge(duplicates, market, kept, merged), everything) >= 8


def test_records_of_two_owners_are_never_one(market, duplicates):
    """A receipt of the one would open the contact of the other."""
    kept, merged = submitted(market), submitted(market, owner="示例乙")
    with pytest.raises(MarketError, match="单位"):
        merge(duplicates, market, kept, merged)
    assert market.claim(merged.receipt)[1].id == merged.record.id
    assert market.need(merged.record.id).state is State.PUBLISHED


def test_an_owner_is_taken_over_only_where_the_kept_one_names_none(market, duplicates):
    kept, merged = submitted(market, owner=""), submitted(market)
    merge(duplicates, market, kept, merged, owner_id=Choice.OTHER)
    assert market.need(kept.record.id).owner_id == merged.record.owner_id
    assert market.party(market.need(kept.record.id)).contact == CONTACT


@pytest.mark.parametrize("late", ["kept", "merged"])
def test_what_was_changed_after_it_was_read_is_not_merged(market, duplicates, two, late):
    ids = [each.record.id for each in two]
    read = seen(market, *ids)
    market.revise(two[0 if late == "kept" else 1].receipt, {**GOOD, "indicators": "降到70分贝"})
    with pytest.raises(MarketError, match="刚刚"):
        duplicates.merge(NEED, *ids, choices={}, seen=read, by="甲")
    assert {market.need(each).state for each in ids} <= {State.PUBLISHED, State.INTEREST}


def test_what_cannot_be_one_is_refused(market, duplicates, two):
    kept, merged = two
    with pytest.raises(MarketError):
        duplicates.merge(NEED, kept.record.id, kept.record.id, choices={}, seen=(0, 0), by="甲")
    with pytest.raises(MarketError):
        duplicates.merge(NEED, kept.record.id, "nothing", choices={}, seen=(0, 0), by="甲")
    with pytest.raises(MarketError):
        duplicates.merge(OFFER, kept.record.id, merged.record.id, choices={}, seen=(0, 0), by="甲")
    merge(duplicates, market, kept, merged)
    with pytest.raises(MarketError):
        merge(duplicates, market, kept, merged)
    with pytest.raises(MarketError):
        merge(duplicates, market, merged, kept)


def test_that_two_are_not_one_is_remembered(market, duplicates, two):
    ids = [each.record.id for each in two]
    duplicates.of(market.need(ids[0]))
    duplicates.different(NEED, *reversed(ids), by="经理甲")
    assert duplicates.waiting() == 0 and duplicates.of(market.need(ids[0])) == ()
    assert duplicates.of(market.need(ids[1])) == ()
    with pytest.raises(PipelineError):
        duplicates.different(NEED, ids[0], "nothing", by="甲")


def test_all_that_share_owner_and_title_are_found_without_opening_them(market, duplicates):
    market.store.save_many([Organisation(id="g1", title="示例甲公司")], actor="t")
    twins = [Need(id=f"n{n}", title=("同一题目", "别的题目")[n > 2], owner_id="g1") for n in range(4)]
    market.store.save_many([*twins, Need(id="n9", title="同一题目")], actor="t", publish=True)
    duplicates.sweep()
    pairs = {(each.one_id, each.other_id) for each in duplicates.listed()}
    assert pairs == {("n0", "n1"), ("n0", "n2")}, "each of a group beside its first"
    duplicates.sweep()
    assert duplicates.waiting() == 2
