"""What is done for a pair, on both databases: what each step rests on, what waits, and how far it came."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import ConsentError, MarketError, UsageError
from bot.introductions.letters import Letters
from bot.introductions.pair_events import Means, PairAction
from bot.introductions.records import Form, Introduction, Stage
from bot.introductions.sending import PairWork, Sending
from bot.introductions.stages import PairStage, pair_stages
from bot.introductions.waiting import NextStep, pair_file, pair_files
from bot.market.consents import WHOLE_SCOPE, Consent, ConsentChannel, ConsentScope, ConsentStep
from bot.market.records import CloseReason, Interest, Need, Offer, Organisation, Side, State
from bot.market.service import Market
from bot.printing.blocks import Block, BlockKind
from bot.settings import OfficeSettings, load_settings
from bot.types import PrivateContact, RecordKind

DAYS = 7
NEEDS, OFFERS = Side
PAIR = ("n1", "o1")
PHONE = "13900000001"


class Clock:
    def __init__(self):
        self.today = date.today()

    def __call__(self):
        return self.today


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def market(either_database, tmp_path, clock):
    settings = load_settings(
        environment={},
        settings_file=tmp_path / "none.toml",
        data_dir=tmp_path / "data",
        database_url=either_database.url,
        consent_days=180,
    )
    made = Market(settings, today=clock)
    made.store.save_many([Organisation(id=f"g{n}", title=f"示例单位{n}") for n in (1, 2, 3)], actor="t")
    need = Need(id="n1", title="风机降噪", description="噪声超标", owner_id="g1")
    offers = [Offer(id=f"o{n}", title=f"降噪叶片{n}", description="降低噪声", owner_id=f"g{n + 1}") for n in (1, 2)]
    made.store.save_many([need], actor="t", publish=True)
    made.store.save_many(offers, actor="t", publish=True)
    made.store.set_contacts(RecordKind.ORGANISATION, {"g1": PrivateContact(name="甲示例", phone=PHONE)}, actor="t")
    yield made
    made.close()


@pytest.fixture
def work(market):
    return PairWork(market)


@pytest.fixture
def keep(market):
    def kept(stage, words="正文。", pair=PAIR):
        drafted = Introduction(*pair, stage, Form.LETTER, words, blocks=(Block(BlockKind.PARAGRAPH, words),))
        return Letters(market, OfficeSettings()).keep(drafted, actor="赵示例")

    return kept


@pytest.fixture
def say(work):
    def told(side, step=ConsentStep.GIVEN, scope=WHOLE_SCOPE, pair=PAIR):
        consent = Consent(
            need_id=pair[0],
            offer_id=pair[1],
            side=side,
            step=step,
            channel=ConsentChannel.PHONE,
            said_by="示例联系人",
            actor="赵示例",
            scope=scope,
        )
        return work.record_said(consent)

    return told


@pytest.fixture
def agreed(say):
    for side in Side:
        say(side)


def sending(letter, today, *sides, **more):
    told = {"whom": "示例公司 办公室", "means": Means.MAIL, "day": today, "sides": sides, **more}
    return Sending(letter.id, letter.newest.number, **told)


def stood(market, pair=PAIR):
    return pair_file(market, *pair, DAYS)


def steps_of(market, pair=PAIR):
    (came,) = pair_stages(market, [pair])
    return [each.stage for each in came.reached]


# --- asking and joining ---------------------------------------------------------------------------


def test_a_pair_from_the_first_question_to_an_agreement(market, work, keep, say, clock):
    assert stood(market).step is NextStep.ASK_NEED_OWNER and steps_of_nothing(market)
    work.send(sending(keep(Stage.ASK_NEED_OWNER), clock.today), actor="赵示例")
    assert stood(market).step is NextStep.ASK_OFFER_OWNER
    say(NEEDS)
    work.send(sending(keep(Stage.ASK_OFFER_OWNER), clock.today), actor="赵示例")
    assert stood(market).step is NextStep.WAIT_OFFER_OWNER
    say(OFFERS)
    assert stood(market).step is NextStep.WRITE_JOINT
    work.send(sending(keep(Stage.JOINT), clock.today, *Side), actor="赵示例")
    now = stood(market)
    assert now.step is NextStep.WAIT_BOTH and [each.side for each in now.questions] == list(Side)
    assert {market.need("n1").state, market.offer("o1").state} == {State.INTRODUCED}
    for question in now.questions:
        work.answer(*PAIR, question.about, "下周见面", clock.today, actor="赵示例")
    assert stood(market).step is NextStep.FOLLOW_UP and stood(market).questions == ()
    work.met(*PAIR, "看了样机", clock.today, actor="赵示例")
    assert market.need("n1").state is State.MET
    work.agreed(*PAIR, "签了意向", clock.today, actor="赵示例")
    assert stood(market).step is NextStep.AGREED
    assert steps_of(market) == [each for each in PairStage if each is not PairStage.ENDED]
    assert stood(market).progress.keeper == "赵示例"


def steps_of_nothing(market):
    return pair_stages(market) == () and pair_files(market, DAYS) == ()


def test_a_letter_that_asks_puts_the_question_on_record_with_it(market, work, keep, clock):
    letter = keep(Stage.ASK_NEED_OWNER)
    work.send(sending(letter, clock.today, means=Means.POST), actor="赵示例")
    (asked,) = market.consent_history(*PAIR)
    assert (asked.step, asked.side, asked.channel) == (ConsentStep.ASKED, NEEDS, ConsentChannel.WRITTEN)
    assert str(letter.id) in asked.evidence and asked.said_by == "示例公司 办公室"
    (sent,) = [each for each in stood(market).events if each.action is PairAction.SENT]
    assert sent.event == asked.event and (sent.introduction_id, sent.version) == (letter.id, 1)


def test_a_side_that_agreed_is_not_asked_again(market, work, keep, say, clock):
    letter = keep(Stage.ASK_NEED_OWNER)
    say(NEEDS)
    with pytest.raises(ConsentError, match="已经同意"):
        work.send(sending(letter, clock.today), actor="赵示例")
    assert not [each for each in stood(market).events if each.action is PairAction.SENT]


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize("end", ["withdrawn", "refused", "expired", "changed", "closed", "owner", "narrowed"])
def test_what_ends_a_consent_ends_the_joint_letter(market, work, keep, say, clock, end):
    letter = keep(Stage.JOINT, f"请打{PHONE}。")
    work.send(sending(letter, clock.today, NEEDS), actor="赵示例")
    clock.today += timedelta(days=DAYS)
    assert stood(market).step is NextStep.REMIND
    if end == "expired":
        clock.today += timedelta(days=200)
    elif end == "changed":
        market.store.save(replace(market.offer("o1"), description="另一种"), actor="t")
    elif end == "owner":
        market.store.save(replace(market.offer("o1"), owner_id="g3"), actor="t")
    elif end == "closed":
        market.move(RecordKind.NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.WITHDRAWN)
    elif end == "narrowed":
        say(NEEDS, ConsentStep.WITHDRAWN)
        say(NEEDS, scope=(ConsentScope.NAME,))
    else:
        say(NEEDS, ConsentStep(end))
    now = stood(market)
    assert now.questions == () and now.step is not NextStep.REMIND
    (head,) = Letters(market, OfficeSettings()).of_pair(*PAIR)
    assert head.shut
    for refused in (
        lambda: Letters(market, OfficeSettings()).open(letter.id),
        lambda: work.send(sending(letter, clock.today, OFFERS), actor="赵示例"),
    ):
        with pytest.raises(MarketError):
            refused()
    assert len([each for each in stood(market).events if each.action is PairAction.SENT]) == 1


@pytest.mark.usefixtures("agreed")
def test_a_joint_draft_is_not_kept_after_a_consent_ended(market, keep, say):
    say(OFFERS, ConsentStep.WITHDRAWN)
    with pytest.raises(ConsentError):
        keep(Stage.JOINT)
    assert Letters(market, OfficeSettings()).of_pair(*PAIR) == ()


@pytest.mark.usefixtures("agreed")
def test_order_is_by_the_log_and_not_by_the_clock(market, work, keep, say, clock, monkeypatch):
    """A clock set back between a withdrawal and the sending opens nothing."""
    letter = keep(Stage.JOINT)
    say(NEEDS, ConsentStep.WITHDRAWN)
    clock.today -= timedelta(days=400)
    for module in ("bot.introductions.pair_events", "bot.market.writing"):
        monkeypatch.setattr(f"{module}.utc_now", lambda: "2001-01-01T00:00:00.000000Z")
    with pytest.raises(ConsentError):
        work.send(sending(letter, clock.today, NEEDS), actor="赵示例")
    say(NEEDS)
    assert stood(market).state.of(NEEDS).rests_on.at.startswith("2001")
    clock.today = date(2001, 1, 2)
    assert stood(market).step is NextStep.WRITE_JOINT
    work.send(sending(letter, clock.today, NEEDS), actor="赵示例")
    say(NEEDS, ConsentStep.WITHDRAWN)
    assert stood(market).step is NextStep.DECIDE and stood(market).questions == ()


def test_of_a_sending_and_a_withdrawal_at_once_the_log_holds_one_order(market, work, keep, say, clock, agreed):
    letter, told = keep(Stage.JOINT), []

    def send():
        try:
            work.send(sending(letter, clock.today, NEEDS), actor="赵示例")
            told.append("sent")
        except ConsentError:
            told.append("refused")

    threads = [threading.Thread(target=send), threading.Thread(target=lambda: say(NEEDS, ConsentStep.WITHDRAWN))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    back = next(each for each in market.consent_history(*PAIR) if each.step is ConsentStep.WITHDRAWN)
    sent = [each for each in stood(market).events if each.action is PairAction.SENT]
    assert (told == ["sent"]) is bool(sent) and all(each.event < back.event for each in sent)
    assert stood(market).questions == ()


# --- reminders ------------------------------------------------------------------------------------


def test_reminders_come_after_the_days_set_and_are_done_or_put_off(market, work, keep, say, clock):
    work.send(sending(keep(Stage.ASK_NEED_OWNER), clock.today), actor="赵示例")
    (question,) = stood(market).questions
    assert question.due == clock.today + timedelta(days=DAYS) and question.whom == "示例公司 办公室"
    clock.today += timedelta(days=DAYS - 1)
    assert stood(market).step is not NextStep.REMIND
    clock.today += timedelta(days=1)
    assert stood(market).step is NextStep.REMIND and stood(market).due(clock.today) == stood(market).questions
    work.reminded(*PAIR, question.about, "打了电话", clock.today, actor="赵示例")
    assert stood(market).questions[0].due == clock.today + timedelta(days=DAYS)
    work.put_off(*PAIR, question.about, clock.today + timedelta(days=30), actor="赵示例")
    clock.today += timedelta(days=29)
    assert stood(market).step is not NextStep.REMIND
    clock.today += timedelta(days=1)
    assert stood(market).step is NextStep.REMIND
    say(NEEDS, ConsentStep.REFUSED)
    assert stood(market).questions == () and stood(market).step is NextStep.DECIDE


def test_a_question_asked_through_the_page_is_reminded_of_too(market, clock):
    market.express_interest(Interest(need_id="n1", offer_id="o1", side=NEEDS, cooperation_sought="许可"))
    (question,) = stood(market).questions
    assert question.side is OFFERS and question.due >= clock.today


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_reminder_is_put_off_to_a_day_to_come(work, keep, market, clock, days):
    work.send(sending(keep(Stage.ASK_NEED_OWNER), clock.today), actor="赵示例")
    (question,) = stood(market).questions
    with pytest.raises(UsageError):
        work.put_off(*PAIR, question.about, clock.today + timedelta(days=days), actor="赵示例")


def test_nothing_is_noted_about_what_never_happened(market, work, keep, clock):
    work.send(sending(keep(Stage.ASK_NEED_OWNER), clock.today), actor="赵示例")
    (question,) = stood(market).questions
    with pytest.raises(MarketError):
        work.reminded(*PAIR, question.about + 1, "", clock.today, actor="赵示例")
    # The answer to a question is a consent, never a note.
    with pytest.raises(MarketError):
        work.answer(*PAIR, question.about, "好的", clock.today, actor="赵示例")


# --- how it went on -------------------------------------------------------------------------------


def test_nobody_met_before_a_joint_letter_was_sent(market, work, keep, clock, agreed):
    for step in (work.met, work.agreed):
        with pytest.raises(ConsentError, match="还没有发出"):
            step(*PAIR, "", clock.today, actor="赵示例")
    assert market.need("n1").state is State.PUBLISHED


def test_a_pair_that_ended_has_its_reason_until_it_goes_on(market, work, say, clock):
    say(NEEDS, ConsentStep.REFUSED)
    work.end(*PAIR, CloseReason.NO_AGREEMENT, "价格谈不拢", clock.today, actor="赵示例")
    (came,) = pair_stages(market, [PAIR])
    assert (came.stage, came.ended_for) == (PairStage.ENDED, CloseReason.NO_AGREEMENT)
    assert stood(market).step is NextStep.ENDED
    say(NEEDS, ConsentStep.ASKED)
    (came,) = pair_stages(market, [PAIR])
    assert came.ended_for is None and PairStage.ENDED not in steps_of(market)
    work.end(*PAIR, CloseReason.TOO_EARLY, "", clock.today, actor="赵示例")
    assert stood(market).progress.ended_for is CloseReason.TOO_EARLY and market.need("n1").state is State.PUBLISHED


def test_both_agreed_is_reached_where_the_second_yes_stands(market, say):
    say(NEEDS)
    say(NEEDS, ConsentStep.WITHDRAWN)
    say(OFFERS)
    assert PairStage.BOTH_AGREED not in steps_of(market)
    say(NEEDS)
    (came,) = pair_stages(market, [PAIR])
    assert came.at(PairStage.BOTH_AGREED).event == market.consent_history(*PAIR)[-1].event


def test_every_pair_stands_for_itself(market, work, keep, say, clock):
    say(NEEDS, pair=("n1", "o2"))
    work.send(sending(keep(Stage.ASK_NEED_OWNER), clock.today), actor="赵示例")
    found = {each.pair: each.step for each in pair_files(market, DAYS)}
    assert found == {("n1", "o1"): NextStep.ASK_OFFER_OWNER, ("n1", "o2"): NextStep.ASK_OFFER_OWNER}
    assert [each.stage for each in pair_stages(market)] == [PairStage.MATCHED, PairStage.ASKED]
    clock.today += timedelta(days=DAYS)
    assert [each.step for each in pair_files(market, DAYS)] == [NextStep.REMIND, NextStep.ASK_OFFER_OWNER]


def test_whoever_takes_a_pair_up_last_looks_after_it(market, work, say):
    say(NEEDS)
    assert stood(market).progress.keeper == "赵示例"
    work.take_up(*PAIR, actor="钱示例")
    say(OFFERS)
    assert stood(market).progress.keeper == "钱示例"


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize(
    "wrong",
    [
        {"whom": " "},
        {"whom": "长" * 101},
        {"whom": "a\x00b"},
        {"note": "长" * 2_001},
        {"day": date.today() + timedelta(days=1)},
        {"sides": ()},
    ],
)
def test_a_sending_says_whom_when_and_to_which_side(market, work, keep, clock, wrong):
    letter = keep(Stage.JOINT)
    with pytest.raises(UsageError):
        work.send(replace(sending(letter, clock.today, NEEDS), **wrong), actor="赵示例")
    assert not [each for each in stood(market).events if each.action is PairAction.SENT]
    assert market.need("n1").state is State.PUBLISHED


def test_unknown_pairs_letters_and_versions_are_refused(market, work, keep, clock):
    letter = keep(Stage.ASK_NEED_OWNER)
    for wrong in ({"letter_id": letter.id + 9}, {"version": 9}):
        with pytest.raises(MarketError):
            work.send(replace(sending(letter, clock.today), **wrong), actor="赵示例")
    for unknown in (("n1", "o9"), ("n9", "o1")):
        with pytest.raises(MarketError):
            work.take_up(*unknown, actor="赵示例")
        with pytest.raises(MarketError):
            pair_file(market, *unknown, DAYS)


def test_what_was_done_is_never_changed(market, work, say):
    say(NEEDS)
    for statement in ("UPDATE pair_events SET actor = 'x'", "DELETE FROM pair_events"):
        with pytest.raises(DBAPIError, match="append-only"), market.database.write() as connection:
            connection.execute(text(statement))


@pytest.mark.usefixtures("agreed")
def test_a_step_that_fails_at_its_last_word_leaves_nothing(market, work, keep, clock, monkeypatch):
    letter = keep(Stage.JOINT)
    before = market.store.revision()

    def fails(*_):
        raise RuntimeError("killed")

    monkeypatch.setattr("bot.introductions.sending.take_up_if_free", fails)
    with pytest.raises(RuntimeError):
        work.send(sending(letter, clock.today, *Side), actor="赵示例")
    assert market.store.revision() == before and stood(market).step is NextStep.WRITE_JOINT
