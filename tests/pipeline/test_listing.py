"""The desk's list: what is asked for is what is shown, once, in order, and quickly in a large market."""

import itertools
import time

import pytest
from sqlalchemy import insert, text, update

from bot.market.desk_listing import PAGE_SIZE, RecordFilter, Sorting
from bot.market.records import CloseReason, Need, Offer, Organisation, State
from bot.market.tables import TABLES
from bot.types import PrivateContact, RecordKind
from tests.pipeline.conftest import HOSTILE

KINDS = {RecordKind.NEED: Need, RecordKind.OFFER: Offer}
STATES = (State.DRAFT, State.PUBLISHED, State.CLOSED)


@pytest.fixture
def filled(market):
    """Of each kind twelve records in three states, two regions, two fields, two owners, three days."""
    market.store.save_many(
        [Organisation(id="g1", title="示例甲公司"), Organisation(id="g2", title="示例乙大学")], actor="t"
    )
    for kind, made in KINDS.items():
        for number in range(12):
            record = made(
                id=f"r{number:02}",
                title=f"示例{('电池', '水泵', '机床')[number % 3]}{number}",
                description=f"说明{number}" + ("，带百分号100%" if number == 5 else ""),
                fields=(("新材料",), ("新能源", "环保"))[number % 2],
                region=("示例省甲市", "示例省乙市")[number // 2 % 2],
                owner_id=(None, "g1", "g2")[number % 3],
            )
            state = STATES[number // 4]
            market.store.save_many([record], actor="t", publish=state is not State.DRAFT)
            if state is State.CLOSED:
                market.move(kind, record.id, State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
            with market.database.write() as connection:
                table = TABLES[kind]
                day = f"2026-01-{number % 3 + 10}T08:00:0{number % 10}.000000Z"
                connection.execute(update(table).where(table.c.id == record.id).values(updated_at=day))
    market.hand_over("想找示例自吸泵的厂家", contact=PrivateContact(phone="13900000003"))
    return market


def expected(market, chosen):
    """The same by reading everything."""
    names = {each.id: each.title for each in market.all_records(RecordKind.ORGANISATION)}
    found = set()
    for kind in KINDS:
        handed = {each.id for each in market.handed_over()}
        for record in market.all_records(kind):
            with market.database.read() as connection:
                table = TABLES[kind]
                changed = (
                    connection.execute(table.select().where(table.c.id == record.id)).mappings().one()["updated_at"]
                )
            told = (record.id, record.title, record.description, names.get(record.owner_id, ""))
            if (
                (chosen.kind in (None, kind))
                and (chosen.state in (None, record.state))
                and (not chosen.words or any(chosen.words.strip() in each for each in told))
                and (not chosen.field or any(chosen.field in each for each in record.fields))
                and (not chosen.region or chosen.region in record.region)
                and (not chosen.owner or chosen.owner in names.get(record.owner_id, ""))
                and (not chosen.since or changed[:10] >= chosen.since)
                and (not chosen.until or changed[:10] <= chosen.until)
                and (not chosen.handed_over or record.id in handed)
            ):
                found.add((kind, record.id))
    return found


FILTERS = [
    RecordFilter(**dict(zip(("kind", "state", "region", "field", "since"), each, strict=True)))
    for each in itertools.product(
        (None, RecordKind.NEED), (None, State.PUBLISHED), ("", "甲市"), ("", "新能源"), ("", "2026-01-11")
    )
] + [
    RecordFilter(words="电池"),
    RecordFilter(words="100%"),
    RecordFilter(words="示例乙"),
    RecordFilter(words="r07"),
    RecordFilter(owner="甲公司", state=State.CLOSED),
    RecordFilter(until="2026-01-10"),
    RecordFilter(since="2026-01-11", until="2026-01-11"),
    RecordFilter(handed_over=True),
    RecordFilter(words="没有这样的"),
]


def test_every_filter_lists_what_fits_and_nothing_else(filled):
    for chosen in FILTERS:
        page = filled.listed(chosen)
        assert page.total == len(page.rows) and filled.count(chosen) == page.total, chosen
        assert {(row.kind, row.id) for row in page.rows} == expected(filled, chosen), chosen
    assert sum(bool(filled.count(chosen)) for chosen in FILTERS) > 30, "the filters are no filters if nothing fits"


@pytest.mark.parametrize("sorting", Sorting)
def test_pages_hold_every_record_once_in_order(filled, sorting):
    with filled.store.writing("t") as writing:
        for made in KINDS.values():
            writing.save_many([made(id=f"m{n:03}", title=f"标题{n % 7}") for n in range(70)])
    total, seen = 70 * 2 + 12 * 2 + 1, []
    page = filled.listed(RecordFilter(sorting=sorting))
    assert page.total == total and page.pages == -(-total // PAGE_SIZE)
    for number in range(1, page.pages + 1):
        rows = filled.listed(RecordFilter(sorting=sorting), page=number).rows
        assert len(rows) == PAGE_SIZE or number == page.pages
        seen += rows
    assert len({(row.kind, row.id) for row in seen}) == total
    keys = [row.title if sorting is Sorting.TITLE else getattr(row, f"{sorting.value}_at") or "" for row in seen]
    assert keys == sorted(keys, reverse=sorting is not Sorting.TITLE)
    for beyond in (99, 0, -3, 10**12):
        assert filled.listed(RecordFilter(sorting=sorting), page=beyond).page in (1, page.pages)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_breaks_the_list_or_is_taken_for_a_pattern(filled, words):
    for chosen in (
        RecordFilter(words=words),
        RecordFilter(region=words),
        RecordFilter(field=words),
        RecordFilter(owner=words),
    ):
        page = filled.listed(chosen)
        assert page.total in (0, 25) and (page.total == 0 or not words.strip()), words
    for dates in (RecordFilter(since=words), RecordFilter(until=words)):
        assert filled.listed(dates).total in (0, 25)


def test_a_row_tells_what_the_list_shows(filled):
    row = filled.listed(RecordFilter(kind=RecordKind.OFFER, words="r08")).rows[0]
    assert (row.title, row.state, row.close_reason, row.owner, row.region) == (
        "示例机床8",
        State.CLOSED,
        CloseReason.NO_INTEREST,
        "示例乙大学",
        "示例省甲市",
    )


def test_all_that_fits_is_read_for_a_file(filled):
    chosen = RecordFilter(kind=RecordKind.NEED, region="甲市")
    assert {each.id for each in filled.found(RecordKind.NEED, chosen)} == {row.id for row in filled.listed(chosen).rows}
    assert list(filled.found(RecordKind.OFFER, chosen)) == []


def test_a_list_of_100_000_is_as_fast_as_the_eye(market):
    """As ratios to a list of 1,000 on the same machine: the first pages, sorted and filtered, and a page far behind."""
    small = fill(market, 0, 1_000)
    few = seconds(market)
    fill(market, small, 100_000)
    with market.database.write() as connection:
        # What a database does by itself after a while.
        connection.execute(text("ANALYZE"))
    many = seconds(market)
    told = {name: round(many[name] / few[name], 1) for name in few}
    # A hundred times the records: nowhere near a hundred times the time, and what reads them all no more than that.
    assert max(told[name] for name in ("first", "by title", "by state")) < 12, told
    assert max(told.values()) < 100, told


def fill(market, start, end):
    row = dict.fromkeys((column.name for column in TABLES[RecordKind.NEED].columns), "")
    now = "2026-01-{:02}T08:00:00.{:06}Z"
    rows = [
        {
            **row,
            "id": f"n{n:06}",
            "title": f"示例需求{n}",
            "description": "说明" * 60,
            "fields": ["新能源"] if n % 9 == 0 else ["新材料"],
            "region": "示例省甲市" if n % 11 == 0 else "示例省乙市",
            "historic": False,
            "sample": False,
            "confidentiality": "open",
            "trl_required": None,
            "owner_id": None,
            "as_of": None,
            "close_reason": None,
            "state": "published" if n % 5 else "draft",
            "published_at": now.format(n % 28 + 1, n) if n % 5 else None,
            "created_at": now.format(n % 28 + 1, n),
            "updated_at": now.format(n % 28 + 1, n),
        }
        for n in range(start, end)
    ]
    with market.database.write() as connection:
        for at in range(0, len(rows), 5_000):
            connection.execute(insert(TABLES[RecordKind.NEED]), rows[at : at + 5_000])
    return end


def seconds(market):
    asked = {
        "first": (RecordFilter(), 1),
        "by title": (RecordFilter(sorting=Sorting.TITLE), 1),
        "by state": (RecordFilter(state=State.DRAFT), 1),
        "region": (RecordFilter(region="甲市"), 1),
        "field": (RecordFilter(field="新能源"), 1),
        "words": (RecordFilter(words="需求77"), 1),
        "last": (RecordFilter(), 10**6),
    }
    found = {}
    for name, (chosen, page) in asked.items():
        best = []
        for _ in range(3):
            began = time.perf_counter()
            market.listed(chosen, page=page)
            best.append(time.perf_counter() - began)
        found[name] = min(best)
    return found
