"""An import works everything out before its transaction, and again where somebody came in between."""

import functools
import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.errors import MarketError
from bot.market import batch, importing, rows, writing
from bot.market.importing import ImportStage, import_file
from bot.market.intake import arrivals
from bot.market.records import CloseReason, Need, Organisation, State
from bot.market.store import MarketStore
from bot.store.database import Database
from bot.store.tables import METADATA
from bot.types import PrivateContact, RecordKind

NEED, OFFER, ORGANISATION = RecordKind.NEED, RecordKind.OFFER, RecordKind.ORGANISATION
ROWS = 25
#: What no two runs have in common.
_CLOCKED = {"at", "created_at", "updated_at", "published_at"}
GOOD = "需要一种提高涡轮叶片热障涂层耐温能力和抗热震寿命的办法，工作温度 1400 ℃，预算 80 万元，示例。"


@pytest.fixture
def store(either_database, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    return MarketStore(either_database)


@pytest.fixture
def other(store):
    """The market as another process sees it."""
    database = Database(store.database.url)
    yield MarketStore(database)
    database.close()


def lines(path, *told):
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in told), encoding="utf-8")
    return path


def sheet(folder, version, rows_made=ROWS, **more):
    told = (
        {
            "id": f"n{row}",
            "title": f"示例{row}",
            "description": f"{GOOD}{version}",
            "owner_id": f"示例单位{version}{row % 3}",
            "联系人": f"示例{version}",
            "备忘": version,
            **more,
        }
        for row in range(rows_made)
    )
    return lines(folder / "list.jsonl", *told)


def send(store, path, progress=None, **named):
    return import_file(store, path, NEED, actor="t", source="示例", progress=progress, **named)


def between(work, total=ROWS):
    """Progress that has ``work`` done once, when every row is ready and nothing is written."""
    done = []

    def told(stage, ready, _total):
        if stage is ImportStage.WRITING and ready == total and not done:
            done.append(work())

    return told


def before(work):
    """Progress that has ``work`` done when none is ready."""
    return lambda stage, ready, _total: stage is ImportStage.WRITING and ready == 0 and work() and None


def whole_content(store):
    found = {}
    with store.database.read() as connection:
        for table in METADATA.sorted_tables:
            columns = [column for column in table.c if column.name not in _CLOCKED]
            order = list(table.primary_key.columns or table.c)
            found[table.name] = [tuple(map(repr, row)) for row in connection.execute(select(*columns).order_by(*order))]
    return found


def descriptions(store):
    return {record.description.removeprefix(GOOD) for record in store.iterate(NEED)}


@pytest.fixture
def worked_out(store, monkeypatch):
    """Whether the transaction that writes was open, for every row that was worked out or read."""
    seen = []

    def watch(module, name):
        real = getattr(module, name)

        @functools.wraps(real)
        def watched(*given, **named):
            seen.append((name, store.database.within))
            return real(*given, **named)

        monkeypatch.setattr(module, name, watched)

    for module, name in (
        (batch, "to_row"),
        (rows, "to_row"),
        (batch, "field_changes"),
        (batch, "_with_life"),
        (writing, "from_row"),
    ):
        watch(module, name)
    return seen


# --- what is in the transaction -------------------------------------------------------------------


@pytest.mark.parametrize("publish", [False, True])
def test_no_row_is_worked_out_while_others_wait(store, tmp_path, worked_out, publish):
    for version in ("甲", "乙", "乙"):
        send(store, sheet(tmp_path, version), publish=publish)
    assert {name for name, _ in worked_out} == {"to_row", "field_changes", "_with_life", "from_row"}
    assert [name for name, within in worked_out if within] == []
    assert descriptions(store) == {"乙"} and store.need("n0").owner_id == store.need("n3").owner_id


def test_records_held_back_are_worked_out_before_as_well(store, tmp_path, worked_out):
    send(store, sheet(tmp_path, "甲"), publish=True)
    report = send(store, sheet(tmp_path, "乙", description="涂层"))
    assert len(report.held) == ROWS and {record.state for record in store.iterate(NEED)} == {State.DRAFT}
    assert [name for name, within in worked_out if within] == []
    told = [(each.action, each.from_state, each.to_state) for each in store.events(NEED, "n7")]
    assert told[-3:] == [
        ("import", State.PUBLISHED, State.PUBLISHED),
        ("contact", State.PUBLISHED, State.PUBLISHED),
        ("move", State.PUBLISHED, State.DRAFT),
    ]
    assert all("质量" in each.reason for each in store.events(NEED, "n7") if each.action == "move")


def test_an_organisation_that_is_made_comes_before_what_it_owns(store, tmp_path):
    send(store, sheet(tmp_path, "甲"))
    owner = store.need("n9").owner_id
    made = [each.id for each in store.events(ORGANISATION, owner)]
    assert len(made) == 1 and made[0] < store.events(NEED, "n0")[0].id
    numbers = [store.events(NEED, f"n{row}")[0].id for row in range(ROWS)]
    assert numbers == sorted(numbers)


def test_readers_see_what_was_there_until_all_of_it_is(store, other, tmp_path):
    send(store, sheet(tmp_path, "甲"))
    seen = []

    def told(stage, _done, _total):
        if stage is ImportStage.WRITING:
            owners = {each.title[:5] for each in other.iterate(ORGANISATION)}
            contacts = {each.name for each in other.private_contacts(NEED, ["n0", "n24"]).values()}
            seen.append((store.database.within, descriptions(other), owners, contacts))

    send(store, sheet(tmp_path, "乙"), progress=told)
    assert {within for within, *_ in seen} == {False, True}
    assert {repr(rest) for _, *rest in seen} == {repr([{"甲"}, {"示例单位甲"}, {"示例甲"}])}
    assert descriptions(other) == {"乙"}


def test_others_write_while_rows_are_made_ready(store, other, tmp_path):
    told = before(lambda: other.save(Need(id="x1", title="别人的"), actor="别人"))
    assert send(store, sheet(tmp_path, "甲"), progress=told).added == ROWS
    assert other.need("x1").title == "别人的"


@pytest.mark.parametrize(("at", "within"), [(0, False), (10, False), (ROWS, False), (ROWS, True)])
def test_stopped_while_rows_are_made_ready_or_written_nothing_went_in(store, tmp_path, at, within):
    send(store, sheet(tmp_path, "甲"))
    there = whole_content(store)

    def stop(stage, ready, _total):
        if stage is ImportStage.WRITING and (ready, store.database.within) == (at, within):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(store, sheet(tmp_path, "乙"), progress=stop)
    assert whole_content(store) == there


# --- somebody comes in between --------------------------------------------------------------------


def changed_content(market, _folder):
    market.save(replace(market.need("n3"), description="持有人刚写的"), actor="持有人")


def changed_state(market, _folder):
    market.move(NEED, "n3", State.CLOSED, actor="持有人", reason=CloseReason.DUPLICATE)


def changed_contact(market, _folder):
    market.set_contacts(NEED, {"n3": PrivateContact(name="刚换的人", phone="00000001")}, actor="经理")


def changed_contact_unlogged(market, _folder):
    market.save(market.need("n3"), actor="持有人", contact=PrivateContact(name="刚换的人", note="晚上打"))


def changed_source(market, folder):
    folder.mkdir(exist_ok=True)
    path = lines(folder / "别的.jsonl", {"id": "n3", "title": market.need("n3").title, "备忘": "别的名单写的"})
    import_file(market, path, NEED, actor="别人", source="别的名单")


def changed_aside(market, folder):
    folder.mkdir(exist_ok=True)
    path = lines(folder / "list.jsonl", {"id": "n3", "title": market.need("n3").title, "备忘": "又写了"})
    import_file(market, path, NEED, actor="别人", source="示例")


def made_owner(market, _folder):
    market.save(Organisation(id="g7", title="示例单位乙1"), actor="别人")


def renamed_owner(market, _folder):
    owner = market.organisations_by_name(["示例单位甲1"])["示例单位甲1"]
    market.save(Organisation(id=owner.id, title="示例单位甲1改名"), actor="别人")


def id_of_owner(market, _folder):
    market.save(Organisation(id="示例单位乙1", title="编号像名称"), actor="别人")


COMERS = [
    changed_content, changed_state, changed_contact, changed_contact_unlogged, changed_source, changed_aside,
    made_owner, renamed_owner, id_of_owner,
]  # fmt: skip


@pytest.mark.parametrize("version", ["甲", "乙"])
@pytest.mark.parametrize("comes", COMERS)
def test_it_is_as_if_the_other_had_come_first(database, tmp_path, monkeypatch, worked_out_of, comes, version):
    """In one market the other comes when everything is ready, in the next before anything is."""
    monkeypatch.setattr(importing, "BATCH", 10)
    ends = []
    for name, when in (("late", between), ("early", before)):
        market = MarketStore(Database(f"sqlite:///{tmp_path / name}.sqlite3"))
        send(market, sheet(tmp_path, "甲"), publish=True)
        person = MarketStore(Database(market.database.url))
        told = when(functools.partial(comes, person, tmp_path / "else"))
        within = worked_out_of(market)
        report = send(market, strip_aside(sheet(tmp_path, version)), progress=told)
        ends.append((whole_content(market), report))
        assert within == [], "and still nothing was worked out while others waited"
        for each in (market, person):
            each.database.close()
    late, early = ends
    assert late[0] == early[0]
    assert late[1] == early[1]


def strip_aside(path):
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return lines(path, *({name: cell for name, cell in each.items() if name != "备忘"} for each in told))


@pytest.mark.parametrize("comes", [changed_content, changed_contact_unlogged, changed_aside])
def test_who_comes_while_what_is_on_file_is_read_is_seen_to_have_come(store, other, tmp_path, monkeypatch, comes):
    send(store, sheet(tmp_path, "甲"))
    real, done = arrivals.read_contacts, []

    def read_before(connection, kind, ids):
        found = real(connection, kind, ids)
        if kind is NEED and not done:
            done.append(True)
            comes(other, tmp_path / "else")
        return found

    steps, told = made_ready()
    monkeypatch.setattr(arrivals, "read_contacts", read_before)
    report = send(store, strip_aside(sheet(tmp_path, "甲", 联系人="示例乙")), progress=told)
    assert steps == [0, 10, 20, 25, 25, 25, 25, 25] and len(report.failed) == (comes is changed_content)
    assert store.need("n3").description == ("持有人刚写的" if comes is changed_content else f"{GOOD}甲")
    assert any(each.note for each in store.private_contacts(NEED, ["n3"]).values()) == (
        comes is changed_contact_unlogged
    )
    assert ("又写了" in store.origins(NEED, ["n3"])["n3"].aside.values()) == (comes is changed_aside)


@pytest.fixture
def worked_out_of(monkeypatch):
    """Of a market the rows that are worked out within its transaction."""

    def watch(market):
        within = []
        real = batch.Batch._event

        def watched(*given):
            if market.database.within:
                within.append(given[1:])
            return real(*given)

        monkeypatch.setattr(batch.Batch, "_event", watched)
        return within

    return watch


def made_ready(progress=None):
    """Progress that counts how often rows became ready outside of the transaction, and within."""
    steps = []

    def told(stage, ready, total):
        if stage is ImportStage.WRITING:
            steps.append(ready)
        if progress is not None:
            progress(stage, ready, total)

    return steps, told


#: Three batches become ready, then they are written.
UNDISTURBED = [0, 10, 20, 25, 25, 25, 25]


@pytest.mark.parametrize(
    "comes",
    [
        lambda market: market.save(Need(id="x1", title="别人的"), actor="别人"),
        lambda market: market.save(Organisation(id="g7", title="别的单位"), actor="别人"),
        # The same id, of another kind.
        lambda market: market.save(Organisation(id="n3", title="编号相同的单位"), actor="别人"),
    ],
)
def test_what_concerns_no_row_makes_nothing_to_be_worked_out_again(store, other, tmp_path, comes):
    send(store, sheet(tmp_path, "甲"))
    steps, told = made_ready(between(lambda: comes(other)))
    assert send(store, sheet(tmp_path, "乙"), progress=told).updated == ROWS
    assert steps == UNDISTURBED


def test_only_the_rows_beside_the_changed_one_are_worked_out_again(store, other, tmp_path):
    send(store, sheet(tmp_path, "甲"))
    steps, told = made_ready(between(lambda: changed_content(other, tmp_path)))
    report = send(store, sheet(tmp_path, "乙"), progress=told)
    assert [each.row for each in report.failed] == [4] and report.updated == ROWS - 1
    assert steps == [0, 10, 20, 25, 25, 25, 25, 25]
    assert store.need("n3").description == "持有人刚写的" and store.need("n4").description == f"{GOOD}乙"


def test_another_owner_has_all_rows_worked_out_again(store, other, tmp_path):
    steps, told = made_ready(between(lambda: made_owner(other, tmp_path)))
    assert send(store, sheet(tmp_path, "乙"), progress=told).added == ROWS
    assert steps == [0, 10, 20, 25, 10, 20, 25, 25, 25, 25]
    assert store.need("n1").owner_id == "g7" and len(list(store.iterate(ORGANISATION))) == 3


def test_a_busy_market_puts_off_no_import_for_ever(database, tmp_path, monkeypatch):
    """Whenever the rows are ready somebody has changed one of them; the last time they wait."""
    monkeypatch.setattr(importing, "BATCH", 10)
    store, other = MarketStore(database), MarketStore(Database(database.url))
    send(store, sheet(tmp_path, "甲", owner_id="示例单位"))
    within, turns = [], []

    def told(stage, ready, _total):
        if stage is ImportStage.WRITING and ready == ROWS:
            within.append(store.database.within)
            if not store.database.within:
                turns.append(1)
                contact = PrivateContact(name="示例甲", phone=f"{len(turns)}")
                other.set_contacts(NEED, {"n3": contact}, actor="经理")

    report = send(store, sheet(tmp_path, "乙", owner_id="示例单位"), progress=told)
    other.database.close()
    assert report.updated == ROWS and descriptions(store) == {"乙"}
    # At first, three times again, within, and the three batches are written.
    assert within == [False] * 4 + [True] * 4
    contact = store.private_contacts(NEED, ["n3"])["n3"]
    assert (contact.name, contact.phone) == ("示例乙", "4")


def test_all_or_nothing_takes_nothing_where_somebody_came_in_between(store, other, tmp_path):
    send(store, sheet(tmp_path, "甲"))
    told = between(lambda: changed_content(other, tmp_path))
    with pytest.raises(MarketError, match="核对之后"):
        send(store, sheet(tmp_path, "乙"), progress=told, all_or_nothing=True)
    assert descriptions(store) == {"甲", "持有人刚写的"} and len(list(store.iterate(ORGANISATION))) == 3


def test_two_imports_of_one_list_leave_what_the_later_one_says(store, other, tmp_path):
    send(store, sheet(tmp_path, "甲"))
    second = tmp_path / "second"
    second.mkdir()
    told = between(lambda: send(other, sheet(second, "丙")))
    report = send(store, sheet(tmp_path, "乙"), progress=told)
    assert len(report.failed) == ROWS and descriptions(store) == {"丙"}
    assert {each.name for each in store.private_contacts(NEED, ["n0", "n24"]).values()} == {"示例丙"}
