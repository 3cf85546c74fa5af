"""Consent as events, on both databases: what counts, for how long, and what it ties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.exc import DBAPIError

from bot.errors import ConsentError, MarketError, UsageError
from bot.market.consents import Consent, ConsentChannel, ConsentScope, ConsentStanding, ConsentState, ConsentStep
from bot.market.records import CloseReason, Interest, Need, Offer, Organisation, Side, State
from bot.market.service import Market
from bot.settings import load_settings
from bot.store import migrate as migrations
from bot.store.database import Database
from bot.store.tables import interests
from bot.types import PrivateContact, RecordKind

NEED, OFFER = RecordKind.NEED, RecordKind.OFFER
ASKED, GIVEN, REFUSED, WITHDRAWN = ConsentStep
NEEDS, OFFERS = Side.NEED_OWNER, Side.OFFER_OWNER
PHONES = {"n1": "13900000001", "o1": "13900000002"}


class Clock:
    """A day that tests set, for what is judged by it; wall time is set by :func:`wall_time`."""

    def __init__(self) -> None:
        self.today = date.today()

    def __call__(self) -> date:
        return self.today


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def market(either_database: Database, tmp_path: Path, clock: Clock) -> Iterator[Market]:
    settings = load_settings(
        environment={},
        settings_file=tmp_path / "none.toml",
        data_dir=tmp_path / "data",
        database_url=either_database.url,
        consent_days=180,
    )
    made = Market(settings, today=clock)
    owners = [Organisation(id=f"g{number}", title=f"示例{name}") for number, name in enumerate("零甲乙丙")]
    made.store.save_many(owners, actor="t")
    made.store.save_many(
        [Need(id="n1", title="风机降噪", description="噪声超标", owner_id="g1")], actor="t", publish=True
    )
    made.store.save_many([Offer(id="o1", title="仿生叶片", description="降噪", owner_id="g2")], actor="t", publish=True)
    for kind, record_id in ((NEED, "n1"), (OFFER, "o1")):
        made.store.set_contacts(kind, {record_id: PrivateContact(name="示例人", phone=PHONES[record_id])}, actor="t")
    yield made
    made.close()


def said(side: Side, step: ConsentStep = GIVEN, **more: object) -> Consent:
    told = Consent(
        need_id="n1",
        offer_id="o1",
        side=side,
        step=step,
        channel=ConsentChannel.PHONE,
        said_by="示例公司 张经理",
        actor="desk",
    )
    return replace(told, **more)  # type: ignore[arg-type]


def agree(market: Market) -> ConsentState:
    market.record_consent(said(NEEDS))
    return market.record_consent(said(OFFERS))


def standings(market: Market) -> tuple[str, str]:
    state = market.consent_state("n1", "o1")
    return state.need_owner.standing.value, state.offer_owner.standing.value


def reword(market: Market) -> None:
    market.store.save(replace(market.need("n1"), description="另外的内容"), actor="t")


@pytest.fixture
def wall_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock of everything that is written."""

    def set_to(stamp: str) -> None:
        for module in ("batch", "writing", "contacts", "receipts", "intake.former"):
            monkeypatch.setattr(f"bot.market.{module}.utc_now", lambda: stamp)

    return set_to


def test_what_is_said_is_told_with_who_when_how_and_scope(market):
    market.record_consent(said(OFFERS, ASKED, channel=ConsentChannel.MAIL, said_by="值班经理"))
    assert standings(market) == ("not_asked", "pending")
    state = market.record_consent(said(OFFERS, scope=(ConsentScope.NAME,), evidence="2 分钟的通话"))
    rests_on = state.offer_owner.rests_on
    assert (rests_on.said_by, rests_on.channel, rests_on.scope) == (
        "示例公司 张经理",
        ConsentChannel.PHONE,
        (ConsentScope.NAME,),
    )
    assert rests_on.at.startswith("20") and rests_on.actor == "desk" and rests_on.event > 0
    assert [each.step for each in market.consent_history("n1", "o1")] == [ASKED, GIVEN]
    assert state.missing == (NEEDS,)


def test_both_agree_and_their_parties_are_told(market):
    assert agree(market).agreed
    parties = market.agreed_parties("n1", "o1")
    assert parties[NEEDS].organisation.title == "示例甲" and parties[OFFERS].contact.phone == PHONES["o1"]


def test_a_scope_without_the_contact_keeps_the_contact_back(market):
    market.record_consent(said(NEEDS, scope=(ConsentScope.NAME,)))
    market.record_consent(said(OFFERS))
    parties = market.agreed_parties("n1", "o1")
    assert parties[NEEDS].organisation.title == "示例甲" and parties[NEEDS].contact is None
    assert parties[OFFERS].contact is not None


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("step", [ASKED, REFUSED, None])
def test_one_yes_gives_nothing_away(market, side, step):
    market.record_consent(said(side))
    if step is not None:
        market.record_consent(said(OFFERS if side is NEEDS else NEEDS, step))
    with pytest.raises(ConsentError):
        market.agreed_parties("n1", "o1")


def test_a_clock_that_was_ahead_lets_no_yes_survive_a_change(market, wall_time):
    wall_time("2999-01-01T00:00:00.000000Z")
    agree(market)
    wall_time("2026-01-02T00:00:00.000000Z")
    reword(market)
    assert standings(market) == ("lapsed", "lapsed")


def test_a_clock_that_was_set_back_takes_no_yes_away(market, wall_time):
    wall_time("2001-01-01T00:00:00.000000Z")
    reword(market)
    wall_time(f"{date.today().isoformat()}T00:00:00.000000Z")
    agree(market)
    assert standings(market) == ("given", "given")
    wall_time("2001-01-01T00:00:00.000000Z")
    market.record_consent(said(NEEDS, WITHDRAWN))
    assert standings(market) == ("withdrawn", "given")


def test_a_withdrawn_yes_is_revived_by_no_clock(market, wall_time, clock):
    agree(market)
    wall_time("2001-01-01T00:00:00.000000Z")
    market.record_consent(said(NEEDS, WITHDRAWN))
    for day in (date(1999, 1, 1), date.today(), date(2999, 1, 1)):
        clock.today = day
        assert market.consent_state("n1", "o1").need_owner.standing is ConsentStanding.WITHDRAWN


def test_a_yes_runs_out_after_its_term(market, clock):
    agree(market)
    until = market.consent_state("n1", "o1").need_owner.until
    clock.today = until
    assert standings(market) == ("given", "given")
    clock.today = until + timedelta(days=1)
    assert standings(market) == ("expired", "expired")
    with pytest.raises(ConsentError, match="已过期"):
        market.agreed_parties("n1", "o1")
    assert market.counterparts(market.need("n1")) == ()


def test_a_yes_given_under_a_clock_that_was_ahead_lasts_no_longer(market, wall_time, clock):
    wall_time("2999-01-01T00:00:00.000000Z")
    agree(market)
    wall_time("2026-01-02T00:00:00.000000Z")
    market.store.save(Organisation(id="g9", title="示例丁"), actor="t")
    clock.today = date(2026, 1, 2) + timedelta(days=181)
    assert standings(market) == ("expired", "expired")


def test_withdrawn_then_given_again_counts(market):
    agree(market)
    market.record_consent(said(NEEDS, WITHDRAWN))
    assert standings(market) == ("withdrawn", "given")
    market.record_consent(said(NEEDS))
    assert market.consent_state("n1", "o1").agreed


def test_a_refusal_is_no_yes_and_can_be_thought_over(market):
    market.record_consent(said(NEEDS, REFUSED))
    assert standings(market) == ("refused", "not_asked")
    market.record_consent(said(NEEDS))
    assert standings(market) == ("given", "not_asked")


def test_two_tabs_that_withdraw_withdraw_once(market):
    agree(market)
    for _ in range(2):
        market.record_consent(said(NEEDS, WITHDRAWN))
    assert [each.step for each in market.consent_history("n1", "o1")] == [GIVEN, GIVEN, WITHDRAWN]


def test_a_yes_to_what_was_read_before_a_change_is_refused(market):
    seen = market.consent_state("n1", "o1").changed
    reword(market)
    with pytest.raises(ConsentError, match="刚刚改过"):
        market.record_consent(said(OFFERS), seen=seen)
    assert standings(market) == ("not_asked", "not_asked")
    market.record_consent(said(OFFERS), seen=market.consent_state("n1", "o1").changed)
    assert standings(market) == ("not_asked", "given")


@pytest.mark.parametrize("step", [ASKED, GIVEN])
def test_nothing_is_asked_or_given_for_a_closed_record(market, step):
    market.move(OFFER, "o1", State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
    with pytest.raises(ConsentError):
        market.record_consent(said(NEEDS, step))
    assert market.consent_history("n1", "o1") == ()


@pytest.mark.parametrize(
    ("consent", "error"),
    [
        (said(NEEDS, said_by=" "), UsageError),
        (said(NEEDS, said_by="甲" * 501), UsageError),
        (said(NEEDS, evidence="甲" * 501), UsageError),
        (said(NEEDS, evidence="\x00"), UsageError),
        (said(NEEDS, channel=ConsentChannel.UNSTATED), UsageError),
        (said(NEEDS, scope=()), UsageError),
        (said(NEEDS, scope=(ConsentScope.CONTACT,)), UsageError),
        (said(NEEDS, need_id="never"), MarketError),
        (said(OFFERS, need_id="never"), MarketError),
        (said(NEEDS, WITHDRAWN), ConsentError),
    ],
)
def test_what_makes_no_sense_is_not_recorded(market, consent, error):
    before = market.store.revision()
    with pytest.raises(error):
        market.record_consent(consent)
    assert market.store.revision() == before and market.consent_history("n1", "o1") == ()


def test_nobody_is_asked_who_agreed(market):
    agree(market)
    with pytest.raises(ConsentError):
        market.record_consent(said(NEEDS, ASKED))
    assert market.consent_state("n1", "o1").agreed


# --- what ends it -----------------------------------------------------------------------------


def another_owner(market: Market) -> None:
    market.store.save(replace(market.need("n1"), owner_id="g3"), actor="t")


def owner_renamed_to_another(market: Market) -> None:
    market.store.save(Organisation(id="g1", title="完全不同的一家"), actor="t")


def closed_and_opened_again(market: Market) -> None:
    market.move(NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
    market.move(NEED, "n1", State.DRAFT, actor="t")
    market.move(NEED, "n1", State.CHECKED, actor="t")
    market.move(NEED, "n1", State.PUBLISHED, actor="t")


PARTINGS = [another_owner, owner_renamed_to_another, closed_and_opened_again]


@pytest.mark.parametrize("end", [reword, *PARTINGS])
def test_a_yes_ends_with_what_it_was_given_to(market, end):
    agree(market)
    end(market)
    assert standings(market) == ("lapsed", "lapsed")
    assert market.counterparts(market.offer("o1")) == ()
    with pytest.raises(ConsentError, match="因记录变更失效"):
        market.agreed_parties("n1", "o1")


@pytest.mark.parametrize("end", PARTINGS)
@pytest.mark.parametrize("step", [ASKED, REFUSED])
def test_with_another_owner_all_that_was_said_ends(market, end, step):
    market.record_consent(said(NEEDS, step))
    end(market)
    assert standings(market) == ("lapsed", "not_asked")
    assert market.counterparts(market.need("n1")) == ()


@pytest.mark.parametrize("step", [ASKED, REFUSED])
def test_a_question_and_a_no_outlast_a_change_of_words(market, step):
    market.record_consent(said(NEEDS, step))
    reword(market)
    assert market.consent_state("n1", "o1").need_owner.rests_on.step is step
    assert standings(market)[0] == ("pending" if step is ASKED else "refused")


def test_a_change_that_changes_nothing_ends_nothing(market):
    agree(market)
    market.store.save(market.need("n1"), actor="t")
    market.store.set_contacts(NEED, {"n1": PrivateContact(phone="13900000009")}, actor="t")
    market.store.save(Organisation(id="g1", title="示例甲", description="补充介绍"), actor="t")
    assert market.consent_state("n1", "o1").agreed


def test_the_same_owner_named_by_staff_keeps_question_and_interest(market):
    from bot.market.records import declared_id, named_id

    ids = declared_id("示例戊"), named_id("示例戊")
    market.store.save_many([Organisation(id=each, title="示例戊") for each in ids], actor="t")
    market.store.save_many([Need(id="n2", title="风机", owner_id=ids[0])], actor="t", publish=True)
    market.record_consent(said(NEEDS, ASKED, need_id="n2"))
    market.store.save(replace(market.need("n2"), owner_id=ids[1]), actor="t")
    assert market.consent_state("n2", "o1").need_owner.standing is ConsentStanding.PENDING


def test_an_owner_named_for_the_first_time_takes_over_question_and_interest(market):
    market.store.save_many([Need(id="n3", title="风机")], actor="t", publish=True)
    market.express_interest(Interest(need_id="n3", offer_id="o1", side=OFFERS, cooperation_sought="许可"))
    market.store.save(replace(market.need("n3"), owner_id="g3"), actor="t")
    assert market.consent_state("n3", "o1").need_owner.standing is ConsentStanding.PENDING
    assert market.counterparts(market.need("n3")) == ("o1",)


# --- what it ties -------------------------------------------------------------------------------


def wish(side: Side) -> Interest:
    return Interest(need_id="n1", offer_id="o1", side=side, cooperation_sought="许可")


@pytest.mark.parametrize("side", list(Side))
def test_a_yes_in_force_ties_and_one_taken_back_does_not(market, side):
    market.record_consent(said(side))
    assert market.counterparts(market.need("n1")) == ("o1",)
    assert market.counterparts(market.offer("o1")) == ("n1",)
    market.record_consent(said(side, WITHDRAWN))
    assert market.counterparts(market.need("n1")) == () == market.counterparts(market.offer("o1"))
    (pair,) = market.pairings(market.need("n1"))
    assert not pair.linked and pair.consents.of(side).standing is ConsentStanding.WITHDRAWN


def test_both_withdraw_and_nothing_ties_them(market):
    agree(market)
    for side in Side:
        market.record_consent(said(side, WITHDRAWN))
    assert standings(market) == ("withdrawn", "withdrawn")
    assert market.counterparts(market.need("n1")) == ()


@pytest.mark.parametrize("step", [REFUSED, WITHDRAWN])
def test_an_interest_ties_whatever_was_answered(market, step):
    market.express_interest(wish(OFFERS))
    if step is WITHDRAWN:
        market.record_consent(said(NEEDS))
    market.record_consent(said(NEEDS, step))
    assert market.counterparts(market.need("n1")) == ("o1",)


@pytest.mark.parametrize("end", PARTINGS)
@pytest.mark.parametrize("side", list(Side))
def test_what_a_former_owner_wanted_ties_nobody(market, end, side):
    market.express_interest(wish(side))
    end(market)
    assert market.counterparts(market.need("n1")) == () == market.counterparts(market.offer("o1"))
    assert all(pair.interests == () for pair in market.pairings(market.offer("o1")))


def test_an_interest_asks_the_other_side_and_gives_the_own_yes(market):
    market.express_interest(wish(NEEDS), consent=tuple(ConsentScope))
    assert standings(market) == ("given", "pending")
    market.record_consent(said(OFFERS, channel=ConsentChannel.PAGE))
    assert market.consent_state("n1", "o1").agreed


def test_an_interest_without_a_yes_only_asks(market):
    market.express_interest(wish(NEEDS))
    assert standings(market) == ("not_asked", "pending")


@pytest.mark.parametrize("answer", [REFUSED, WITHDRAWN])
def test_who_said_no_is_not_asked_again_by_mere_interest(market, answer):
    market.express_interest(wish(NEEDS))
    if answer is WITHDRAWN:
        market.record_consent(said(OFFERS))
    market.record_consent(said(OFFERS, answer))
    market.express_interest(wish(NEEDS))
    assert market.consent_state("n1", "o1").offer_owner.rests_on.step is answer


def test_a_new_owner_is_not_held_to_the_interests_of_the_former_one(market):
    for _ in range(5):
        market.express_interest(wish(NEEDS))
    with pytest.raises(MarketError, match="已经"):
        market.express_interest(wish(NEEDS))
    another_owner(market)
    market.express_interest(wish(NEEDS))
    assert market.counterparts(market.offer("o1")) == ("n1",)


# --- how it is kept -----------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE consent_events SET step = 'given'", "DELETE FROM consent_events"])
def test_consents_are_append_only(market, either_database, statement):
    market.record_consent(said(NEEDS, REFUSED))
    with pytest.raises(DBAPIError, match="append-only"), either_database.write() as connection:
        connection.execute(text(statement))
    assert standings(market)[0] == "refused"


def test_a_consent_stands_in_the_one_log(market):
    state = agree(market)
    numbers = [state.of(side).rests_on.event for side in Side]
    assert numbers == sorted(numbers) and numbers[-1] == market.store.revision()
    (event,) = [each for each in market.history(OFFER, "o1") if each.action == "given"]
    assert event.id == numbers[-1] and event.changes == ()


def _yesterday() -> str:
    """A day of which every hour is over, whenever the test runs."""
    return (date.today() - timedelta(days=1)).isoformat()


OLD_CONSENTS = [
    # (id, side, given, at), the last change of a record being at ten o'clock
    ("in order", [(1, "need_owner", True, "11:00"), (2, "offer_owner", True, "11:01")], ("given", "given")),
    ("before the change", [(1, "need_owner", True, "09:30"), (2, "offer_owner", True, "11:00")], ("lapsed", "given")),
    ("taken back", [(1, "need_owner", True, "11:00"), (2, "need_owner", False, "11:05")], ("withdrawn", "not_asked")),
    (
        "clock back between",
        [(1, "need_owner", False, "12:00"), (2, "need_owner", True, "11:00")],
        ("lapsed", "not_asked"),
    ),
    ("clock ahead", [(1, "need_owner", True, "2999")], ("lapsed", "not_asked")),
    (
        "taken back under a clock set back",
        [(1, "need_owner", True, "11:00"), (2, "need_owner", False, "2001")],
        ("withdrawn", "not_asked"),
    ),
]


@pytest.mark.parametrize(("name", "rows", "expected"), OLD_CONSENTS, ids=[name for name, *_ in OLD_CONSENTS])
def test_old_consents_are_taken_over_and_doubtful_ones_lapse(tmp_path, name, rows, expected):
    today = _yesterday()
    database = _old_database(tmp_path, [("08:00", "[]"), ("10:00", '[["description", "a", "b"]]')])
    with database.begin() as connection:
        for number, side, given, at in rows:
            when = f"{today}T{at}:00.000000Z" if ":" in at else f"{at}-01-01T00:00:00.000000Z"
            values = {"id": number, "side": side, "given": given, "at": when}
            connection.execute(
                text(
                    "INSERT INTO consents (id, need_id, offer_id, side, given, given_by, evidence, at, actor) "
                    "VALUES (:id, 'n1', 'o1', :side, :given, '张经理', '电话', :at, 'desk')"
                ),
                values,
            )
    database.dispose()
    market = _market_on(database, tmp_path, date.today() + timedelta(days=1))
    assert standings(market) == expected
    history = market.consent_history("n1", "o1")
    assert [each.at for each in history] and {each.channel for each in history} == {ConsentChannel.UNSTATED}
    market.close()


def test_events_out_of_order_leave_no_old_yes_in_force(tmp_path):
    """A change was written under a clock that was behind: it may have come before the yes or after it."""
    today = _yesterday()
    database = _old_database(tmp_path, [("12:00", "[]"), ("10:00", '[["description", "a", "b"]]')])
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO consents (id, need_id, offer_id, side, given, given_by, evidence, at, actor) VALUES "
                f"(1, 'n1', 'o1', 'need_owner', true, '张经理', '电话', '{today}T11:00:00.000000Z', 'desk')"
            )
        )
    database.dispose()
    market = _market_on(database, tmp_path, date.today())
    assert standings(market)[0] == "lapsed"
    market.close()


def _market_on(database: Engine, tmp_path: Path, today: date) -> Market:
    settings = load_settings(
        environment={}, settings_file=tmp_path / "x", data_dir=tmp_path / "d", database_url=str(database.url)
    )
    return Market(settings, today=lambda: today)


def _old_database(tmp_path: Path, events: list[tuple[str, str]]) -> Engine:
    """A database as the program before consents were events left it, with a need, an offer and some events."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    today = _yesterday()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004_letters")
        for statement in (
            *(
                f"INSERT INTO {table} (id, title, fields, confidentiality, historic, sample, state, created_at, updated_at) "
                f"VALUES ('{record_id}', '示例', '[]', 'open', false, false, 'published', 'x', 'x')"
                for table, record_id in (("needs", "n1"), ("offers", "o1"))
            ),
            *(
                "INSERT INTO record_events (kind, record_id, at, actor, action, from_state, to_state, changes) VALUES "
                f"('needs', 'n1', '{today}T{at}:00.000000Z', 't', 'save', 'published', 'published', '{changes}')"
                for at, changes in events
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return engine


def test_interests_of_an_older_program_still_tie(market, either_database):
    with either_database.write() as connection:
        connection.execute(
            insert(interests),
            {"need_id": "n1", "offer_id": "o1", "side": "need_owner", "at": "x", "event_id": None},
        )
    assert market.counterparts(market.need("n1")) == ("o1",)
    another_owner(market)
    assert market.counterparts(market.offer("o1")) == ()
