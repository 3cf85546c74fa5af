"""Sent again because the answer never came: one record or question, and its receipt once more. On both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select

from bot.errors import InquiryError, MarketError
from bot.inquiries.office import InquiryOffice
from bot.inquiries.records import LeftInquiry
from bot.market.publishing import Submission
from bot.market.records import CloseReason, State
from bot.market.service import Market
from bot.store.database import Database
from bot.store.tables import inquiries, receipts
from bot.types import PrivateContact, RecordKind
from tests.support.market_forms import NEED_VALUES

KEY, OTHER_KEY = "3f" * 24, "a7" * 24
CONTACT = PrivateContact(name="示例人", phone="13900000001")


@pytest.fixture
def office(either_database: Database) -> InquiryOffice:
    return InquiryOffice(either_database)


def submit(market: Market, key: str = KEY, owner: str = "示例甲", **more: str) -> Submission:
    return market.submit(RecordKind.NEED, {**NEED_VALUES, **more}, owner=owner, contact=CONTACT, key=key)


def wish(market: Market, key: str = KEY, told: str = "想找人解决风机噪声") -> Submission:
    return market.hand_over(told, owner="示例甲", contact=CONTACT, key=key)


def leave(office: InquiryOffice, key: str = KEY, question: str = "租房补贴怎么领？") -> LeftInquiry:
    return office.leave(question, CONTACT, agreed=True, key=key)


def on_file(market: Market) -> int:
    return sum(1 for _ in market.all_records(RecordKind.NEED))


# --- records --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sending", [submit, wish])
def test_the_same_is_one_record_under_one_receipt(market: Market, sending: Callable[[Market], Submission]) -> None:
    first, again = sending(market), sending(market)
    assert (first.again, again.again) == (False, True)
    assert again.receipt == first.receipt and again.record == first.record
    assert market.claim(again.receipt)[1] == first.record and on_file(market) == 1
    with market.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(receipts)).scalar_one() == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda market: submit(market, OTHER_KEY),
        lambda market: submit(market, budget="不超过61万元"),
        lambda market: submit(market, owner="示例乙"),
        lambda market: market.submit(RecordKind.NEED, NEED_VALUES, owner="示例甲", key=KEY),
        lambda market: market.submit(RecordKind.NEED, NEED_VALUES, owner="示例甲", contact=CONTACT),
    ],
    ids=["another window", "another budget", "another owner", "another contact", "no key"],
)
def test_anything_else_is_a_record_of_its_own(market: Market, other: Callable[[Market], Submission]) -> None:
    first, second = submit(market), other(market)
    assert not second.again and second.receipt != first.receipt and second.record.id != first.record.id


def test_without_a_key_everything_is_new(market: Market) -> None:
    assert submit(market, key="").receipt != submit(market, key="").receipt and on_file(market) == 2


def test_a_need_and_an_offer_of_the_same_words_are_two(market: Market) -> None:
    said = {"title": "矿井轴流风机降噪"}
    made = [market.submit(kind, said, owner="", key=KEY) for kind in (RecordKind.NEED, RecordKind.OFFER)]
    assert made[0].receipt != made[1].receipt and not made[1].again


def test_what_was_changed_since_stays_changed(market: Market) -> None:
    first = submit(market)
    market.revise(first.receipt, {"budget": "不超过90万元"})
    again = submit(market)
    assert again.again and again.record.id == first.record.id
    assert market.claim(first.receipt)[1].budget == "不超过90万元"  # type: ignore[union-attr]


def test_after_withdrawing_it_can_be_registered_anew(market: Market) -> None:
    first = submit(market)
    market.withdraw(first.receipt)
    anew, once_more = submit(market), submit(market)
    assert not anew.again and anew.receipt != first.receipt and anew.record.state is State.PUBLISHED
    assert once_more.again and once_more.receipt == anew.receipt
    assert market.claim(first.receipt)[1].close_reason is CloseReason.WITHDRAWN


def test_what_was_refused_is_taken_once_it_is_right(market: Market) -> None:
    with pytest.raises(MarketError):
        submit(market, owner="示例甲 电话13900000001")
    assert not submit(market).again and on_file(market) == 1


def test_stopped_before_it_was_kept_the_second_sending_is_the_first(market: Market, either_database: Database) -> None:
    submit(market, OTHER_KEY)

    class Stopped(RuntimeError):
        pass

    def stop(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO receipts"):
            raise Stopped

    engine = market.database._ready()
    event.listen(engine, "before_cursor_execute", stop)
    try:
        with pytest.raises(Stopped):
            submit(market)
    finally:
        event.remove(engine, "before_cursor_execute", stop)
    assert not submit(market).again and submit(market).again and on_file(market) == 2


def at_once(work: Callable[[], str], times: int = 6) -> list[str]:
    start, told, lock = threading.Barrier(times), [], threading.Lock()

    def run() -> None:
        start.wait()
        code = work()
        with lock:
            told.append(code)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == times
    return told


def test_two_clicks_at_once_make_one_record(market: Market) -> None:
    assert len(set(at_once(lambda: submit(market).receipt))) == 1 and on_file(market) == 1


# --- questions ------------------------------------------------------------------------------------


def test_a_question_sent_again_is_one(office: InquiryOffice) -> None:
    first, again = leave(office), leave(office)
    assert (first.again, again.again) == (False, True)
    assert again.receipt == first.receipt and again.inquiry == first.inquiry and office.waiting() == 1


def test_other_questions_and_other_windows_are_others(office: InquiryOffice) -> None:
    sent = [
        leave(office),
        leave(office, OTHER_KEY),
        leave(office, question="多少钱？"),
        leave(office, ""),
        leave(office, ""),
    ]
    assert len({each.receipt for each in sent}) == 5 == office.waiting() and not any(each.again for each in sent)


def test_a_question_taken_back_can_be_left_anew(office: InquiryOffice) -> None:
    first = leave(office)
    office.withdraw(first.receipt)
    anew = leave(office)
    assert not anew.again and anew.receipt != first.receipt and leave(office).receipt == anew.receipt
    assert office.opened(first.receipt).messages == ()


def test_an_answered_question_sent_again_shows_its_answer(office: InquiryOffice) -> None:
    first = leave(office)
    office.reply(first.inquiry.id, "请到窗口办理。", by="示例工作人员")
    assert leave(office).inquiry.replies and office.waiting() == 0


def test_questions_at_once_are_one(office: InquiryOffice, either_database: Database) -> None:
    assert len(set(at_once(lambda: leave(office).receipt))) == 1
    with either_database.read() as connection:
        assert connection.execute(select(func.count()).select_from(inquiries)).scalar_one() == 1


def test_a_further_message_sent_again_stands_once(office: InquiryOffice) -> None:
    receipt = leave(office).receipt
    office.add(receipt, "我还想问期限。")
    assert [each.text for each in office.add(receipt, "我还想问期限。 ").messages][1:] == ["我还想问期限。"]
    office.reply(office.opened(receipt).id, "没有期限。", by="示例工作人员")
    assert len(office.add(receipt, "我还想问期限。").messages) == 4


def test_without_consent_it_is_refused_also_the_second_time(office: InquiryOffice) -> None:
    leave(office)
    with pytest.raises(InquiryError):
        office.leave("租房补贴怎么领？", CONTACT, agreed=False, key=KEY)
