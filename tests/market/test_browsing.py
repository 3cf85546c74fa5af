"""The public list by kind, field, place, date and standing: what is filtered is what anybody may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.errors import UsageError
from bot.market.browsing import PAGE_SIZE, PERIODS, ListingFilter
from bot.market.fields import kind_of
from bot.market.records import CloseReason, Confidentiality, Need, Offer, Organisation, State
from bot.market.tables import TABLES
from bot.market.taxonomy import load_taxonomy
from bot.text.places import places_in
from bot.types import PrivateContact, RecordKind, Standing
from tests.market.conftest import TODAY

REGIONS = ("江苏苏州", "上海", "苏州", "浙江杭州", "", "不限")
TITLES = ("锂电池低温快充", "污水处理膜材料", "古琴修复", "机器人视觉检测", "小麦育种")
AGES = (0, 29, 30, 31, 90, 91, 365, 366)
FIELDS = ("新能源与电力", "节能环保", "新材料", "机器人与自动化", "农业与种植")
PLACES = ("江苏", "苏州", "上海", "浙江", "杭州")


def record(number: int, kind: type[Need | Offer], **values) -> Need | Offer:
    title, region = TITLES[number % len(TITLES)], REGIONS[number // 2 % len(REGIONS)]
    return kind(**{"id": f"r{number:03}", "title": f"示例{title}{number}", "region": region, **values})


def published(market, number: int, at: str, kind: RecordKind) -> None:
    table = TABLES[kind]
    with market.database.write() as connection:
        connection.execute(update(table).where(table.c.id == f"r{number:03}").values(published_at=at))


def on_the_day(age: int) -> str:
    return f"{(TODAY - timedelta(days=age)).isoformat()}T08:00:00.000000Z"


@pytest.fixture
def filled(market):
    """Forty records of all kinds, places, ages and standings, some of which nobody may see."""
    for kind in (Need, Offer):
        records = [record(number, kind, historic=number % 7 == 3) for number in range(20)]
        market.store.save_many(records, actor="t", publish=True)
        for number in range(20):
            published(market, number, on_the_day(AGES[number % len(AGES)]), kind_of(records[0]))
        market.move(kind_of(records[0]), "r005", State.CLOSED, actor="t", reason=CloseReason.NO_AGREEMENT)
        market.move(kind_of(records[0]), "r006", State.CLOSED, actor="t", reason=CloseReason.WITHDRAWN)
        market.move(kind_of(records[0]), "r007", State.DRAFT, actor="t")
        market.store.save(record(30, kind), actor="t")
    return market


def whole(market) -> list[Need | Offer]:
    """Everything that anybody may see, as anybody may see it."""
    found = []
    for kind in (RecordKind.NEED, RecordKind.OFFER):
        found += market.public_records(kind, [each.id for each in market.all_records(kind)])
    return found


def fields_named(each: Need | Offer) -> tuple[str, ...]:
    best = load_taxonomy().best
    return best(f"{each.title} {' '.join(each.fields)}") or best("", each.description)


def fits(each: Need | Offer, chosen: ListingFilter) -> bool:
    since = (TODAY - timedelta(days=chosen.within_days)).isoformat()
    return (
        (chosen.kind is None or kind_of(each) is chosen.kind)
        and (not chosen.field or chosen.field in fields_named(each))
        and (not chosen.place or chosen.place in places_in(each.region))
        and (chosen.standing is None or each.standing is chosen.standing)
        and (not chosen.within_days or (each.published_at or "") >= since)
    )


def all_pages(market, chosen: ListingFilter) -> list[Need | Offer]:
    first = market.browse(chosen)
    pages = [first, *(market.browse(chosen, page=number) for number in range(2, first.pages + 1))]
    assert all(len(each.records) <= PAGE_SIZE for each in pages)
    assert {each.total for each in pages} == {first.total}
    return [each for page in pages for each in page.records]


def key(each: Need | Offer) -> tuple[str, str]:
    return kind_of(each).value, each.id


FILTERS = st.builds(
    ListingFilter,
    kind=st.sampled_from((None, RecordKind.NEED, RecordKind.OFFER)),
    field=st.sampled_from(("", *FIELDS)),
    place=st.sampled_from(("", *PLACES)),
    within_days=st.sampled_from((0, *PERIODS)),
    standing=st.sampled_from((None, *Standing)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=FILTERS)
def test_what_is_filtered_is_what_fits_in_the_whole(filled, chosen):
    listed = all_pages(filled, chosen)
    wanted = [each for each in whole(filled) if fits(each, chosen)]
    assert sorted(map(key, listed)) == sorted(map(key, wanted))
    assert len(set(map(key, listed))) == len(listed)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=FILTERS)
def test_every_count_is_what_choosing_it_lists(filled, chosen):
    listing = filled.browse(chosen)
    told = {
        "kind": listing.kinds, "field": listing.fields, "place": listing.places,
        "standing": listing.standings, "within_days": listing.periods,
    }  # fmt: skip
    readers = {"kind": RecordKind, "standing": Standing, "within_days": int, "field": str, "place": str}
    for name, choices in told.items():
        for choice in choices:
            narrowed = replace(chosen, **{name: readers[name](choice.value)})
            assert filled.browse(narrowed).total == choice.count > 0, (name, choice)


def test_every_combination_of_two_is_counted(filled):
    records = whole(filled)
    for field, place in product(FIELDS, PLACES):
        chosen = ListingFilter(field=field, place=place)
        assert filled.browse(chosen).total == sum(fits(each, chosen) for each in records)


def test_open_ones_come_first_and_the_newest_of_them(filled):
    listed = all_pages(filled, ListingFilter())
    ranks = [list(Standing).index(each.standing) for each in listed]
    assert ranks == sorted(
        ranks, key=[list(Standing).index(s) for s in (Standing.OPEN, Standing.HISTORIC, Standing.CLOSED)].index
    )
    for standing in Standing:
        days = [each.published_at for each in listed if each.standing is standing]
        assert days == sorted(days, reverse=True)


def test_a_page_that_is_not_there_is_the_last_one(filled):
    first = filled.browse(ListingFilter())
    assert first.pages == 2 and first.page == 1
    assert filled.browse(ListingFilter(), page=99).page == 2
    assert filled.browse(ListingFilter(), page=-3).records == first.records
    empty = filled.browse(ListingFilter(field="数学与计算科学"))
    assert (empty.total, empty.records, empty.pages, empty.page) == (0, (), 1, 1)


def test_the_list_follows_every_change(filled):
    chosen = ListingFilter(kind=RecordKind.NEED, place="苏州")
    before = filled.browse(chosen).total
    filled.store.save_many([record(40, Need, region="江苏省苏州市")], actor="t", publish=True)
    assert filled.browse(chosen).total == before + 1
    filled.store.save(replace(filled.need("r040"), region="重庆"), actor="t")
    assert filled.browse(chosen).total == before
    assert filled.browse(ListingFilter(place="重庆")).total == 1
    filled.move(RecordKind.NEED, "r040", State.CLOSED, actor="t", reason=CloseReason.WITHDRAWN)
    assert filled.browse(ListingFilter(place="重庆")).total == 0


def test_a_search_is_narrowed_to_what_was_found(filled):
    among = [(RecordKind.NEED, "r000"), (RecordKind.OFFER, "r001"), (RecordKind.NEED, "r006"), (RecordKind.NEED, "no")]
    assert {key(each) for each in filled.browse(ListingFilter(), among=among).records} == {
        ("needs", "r000"), ("offers", "r001"),
    }  # fmt: skip
    kept = filled.browse(ListingFilter(kind=RecordKind.OFFER), among=among)
    assert [key(each) for each in kept.records] == [("offers", "r001")] and kept.total == 1
    assert filled.browse(ListingFilter(), among=[]).total == 0


HIDDEN = [
    ("region", "上海，电话13812345678", "上海"),
    ("region", "苏州工业园区星湖街328号", "苏州"),
    ("title", "联系人钱七的锂电池低温快充", "13812345678"),
    ("title", "专利号ZL202010123456.7的锂电池", "ZL202010123456.7"),
    ("fields", ("示例苏州锂电有限公司", "化工"), "示例苏州锂电有限公司"),
]


@pytest.mark.parametrize(("field", "value", "_"), HIDDEN)
def test_nothing_hidden_is_listed_or_counted(market, field, value, _):
    market.store.save(Organisation(id="o1", title="示例苏州锂电有限公司"), actor="t")
    made = Need(id="n1", title="示例工业清洗", owner_id="o1", confidentiality=Confidentiality.CONFIDENTIAL)
    market.store.save_many([replace(made, **{field: value})], actor="t", publish=True)
    market.store.set_contacts(RecordKind.NEED, {"n1": PrivateContact(name="钱七", phone="13812345678")}, actor="t")
    listing = market.browse(ListingFilter())
    shown = market.public_record(RecordKind.NEED, "n1")
    assert listing.records == (shown,)
    assert {each.value for each in listing.places} == set(places_in(shown.region))
    assert {each.value for each in listing.fields} == set(fields_named(shown))
    told = repr((listing.records, listing.fields, listing.places))
    assert not any(secret in told for secret in ("钱七", "13812345678", "ZL202010123456.7", "示例苏州锂电有限公司"))


def test_the_place_in_the_name_of_a_confidential_owner_finds_nothing(market):
    market.store.save(Organisation(id="o1", title="苏州锂电示例有限公司"), actor="t")
    made = Need(
        id="n1", title="示例工业清洗", region="苏州锂电示例有限公司", owner_id="o1",
        confidentiality=Confidentiality.CONFIDENTIAL, description="苏州锂电示例有限公司要清洗",
    )  # fmt: skip
    market.store.save_many([made], actor="t", publish=True)
    listing = market.browse(ListingFilter())
    assert listing.total == 1 and listing.places == () and "新能源与电力" not in {each.value for each in listing.fields}
    assert market.browse(ListingFilter(place="苏州")).total == 0


def test_a_name_that_becomes_private_later_is_hidden_from_then_on(market):
    market.store.save(Organisation(id="o1", title="示例有限公司"), actor="t")
    made = Need(
        id="n1", title="示例工业清洗", region="大兴苏州厂", owner_id="o1", confidentiality=Confidentiality.CONFIDENTIAL
    )
    market.store.save_many([made], actor="t", publish=True)
    assert market.browse(ListingFilter(place="苏州")).total == 1
    market.store.save(Organisation(id="o1", title="大兴苏州厂"), actor="t")
    assert market.browse(ListingFilter(place="苏州")).total == 0
    market.store.save(Organisation(id="o1", title="示例有限公司"), actor="t")
    assert market.browse(ListingFilter(place="苏州")).total == 1
    market.store.set_contacts(RecordKind.NEED, {"n1": PrivateContact(name="大兴苏州厂")}, actor="t")
    assert market.browse(ListingFilter(place="苏州")).total == 0


HOSTILE = [
    "'", '"', "' OR 1=1 --", "%", "_", "苏%", "苏_", "\\", "\x00", "\n", "；", "<script>", "苏州' --",
    "𠮷" * 50, "a" * 5000, "../../etc", "NULL", "０", "苏州 ", "field",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_lists_nothing(filled, value):
    assert filled.browse(ListingFilter(field=value)).total == 0
    assert filled.browse(ListingFilter(place=value)).total == 0
    listing = filled.browse(ListingFilter(place=value, field=value))
    assert listing.records == () and filled.browse(ListingFilter()).total > 20


@pytest.mark.parametrize("days", [-1, 1, 31, 10**9])
def test_only_the_offered_periods_are_taken(filled, days):
    with pytest.raises(UsageError):
        filled.browse(ListingFilter(within_days=days))


def test_what_is_not_taken_in_yet_is_said(filled, monkeypatch):
    monkeypatch.setattr("bot.market.browsing.TAKEN_IN_AT_ONCE", 3)
    monkeypatch.setattr("bot.market.browsing.PATIENCE_SECONDS", 0.0)
    first = filled.browse(ListingFilter())
    assert not first.complete
    for _ in range(200):
        if (last := filled.browse(ListingFilter())).complete:
            break
    assert last.complete and last.total == len(whole(filled))
