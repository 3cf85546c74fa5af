"""Inquiries on a real database, SQLite and PostgreSQL alike."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.errors import InquiryError
from bot.inquiries.office import (
    LONGEST_MESSAGE,
    LONGEST_PART,
    MOST_EXCHANGES,
    MOST_MESSAGES,
    InquiryOffice,
)
from bot.inquiries.records import Exchanged, InquiryState, Writer
from bot.types import PrivateContact

CONTACT = PrivateContact(name="示例联系人", phone="13800000000", email="")
BEFORE = (Exchanged("有补贴吗", "文件未写明"),)


@pytest.fixture
def office(either_database):
    return InquiryOffice(either_database)


def left(office, question="租房补贴怎么领？", **more):
    return office.leave(question, CONTACT, conversation=BEFORE, agreed=True, **more)


def test_a_question_waits_with_its_conversation_and_contact(office):
    done = left(office)
    (waiting,) = office.listed()
    assert office.waiting() == 1
    assert waiting == done.inquiry == office.opened(done.receipt)
    assert (waiting.question, waiting.conversation, waiting.contact) == ("租房补贴怎么领？", BEFORE, CONTACT)
    assert waiting.state is InquiryState.WAITING


def test_the_answer_comes_back_under_the_receipt(office):
    done = left(office)
    office.reply(done.inquiry.id, "请到窗口办理。", by="示例工作人员")
    seen = office.opened(done.receipt)
    assert [(each.text, each.author) for each in seen.replies] == [("请到窗口办理。", "示例工作人员")]
    assert seen.state is InquiryState.ANSWERED
    assert office.listed() == () and office.waiting() == 0


def test_a_further_question_puts_it_on_the_list_again(office):
    done = left(office)
    office.reply(done.inquiry.id, "请到窗口办理。", by="示例工作人员")
    assert office.add(done.receipt, "哪个窗口？").state is InquiryState.WAITING
    (waiting,) = office.listed()
    assert [each.writer for each in waiting.messages] == [Writer.ASKER, Writer.OFFICE, Writer.ASKER]


def test_nothing_is_kept_without_consent(office):
    with pytest.raises(InquiryError):
        office.leave("问题", CONTACT, agreed=False)
    assert office.listed(tuple(InquiryState)) == ()


@pytest.mark.parametrize("contact", [PrivateContact(), PrivateContact(name="示例"), PrivateContact(phone="  ")])
def test_somebody_must_be_reachable(office, contact):
    with pytest.raises(InquiryError):
        office.leave("问题", contact, agreed=True)


def test_a_withdrawn_question_leaves_nothing_but_its_dates(office, either_database):
    done = left(office, "只有我知道的事")
    office.reply(done.inquiry.id, "回信里的话", by="示例工作人员")
    office.withdraw(done.receipt)
    seen = office.opened(done.receipt)
    assert seen.state is InquiryState.WITHDRAWN
    assert (seen.messages, seen.conversation, seen.contact) == ((), (), PrivateContact())
    with either_database.read() as connection:
        rows = [str(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in TABLES]
    assert not any(word in "".join(rows) for word in ("只有我知道的事", "13800000000", "回信里的话", "有补贴吗"))


TABLES = ("inquiries", "inquiry_messages")


def test_a_closed_question_keeps_its_answer_and_loses_its_contact(office):
    done = left(office)
    office.reply(done.inquiry.id, "请到窗口办理。", by="示例工作人员")
    office.close(done.inquiry.id)
    seen = office.opened(done.receipt)
    assert (seen.state, seen.contact) == (InquiryState.CLOSED, PrivateContact())
    assert len(seen.replies) == 1


@pytest.mark.parametrize("end", ["close", "withdraw"])
def test_nothing_is_added_to_what_has_ended(office, end):
    done = left(office)
    office.close(done.inquiry.id) if end == "close" else office.withdraw(done.receipt)
    for add in (
        lambda: office.add(done.receipt, "还有"),
        lambda: office.reply(done.inquiry.id, "答", by="示例"),
        lambda: office.close(done.inquiry.id),
    ):
        with pytest.raises(InquiryError):
            add()


def test_a_receipt_is_read_however_it_is_typed_and_stored_as_a_hash(office, either_database):
    done = left(office)
    typed = done.receipt.lower().replace("-", " ").translate({c: c + 0xFEE0 for c in range(0x30, 0x7B)})
    assert office.opens(typed) and office.opened(typed).id == done.inquiry.id
    with either_database.read() as connection:
        stored = str(connection.execute(text("SELECT * FROM inquiries")).all())
    assert done.receipt not in stored and done.receipt.replace("-", "") not in stored


def test_a_wrong_receipt_is_refused_and_not_repeated(office):
    with pytest.raises(InquiryError) as refused:
        office.opened("AAAAA-BBBBB")
    assert "AAAAA" not in str(refused.value)
    assert not office.opens("AAAAA-BBBBB")


def test_one_receipt_opens_one_question(office):
    first, second = left(office, "甲"), left(office, "乙")
    assert office.opened(first.receipt).question == "甲"
    assert office.opened(second.receipt).question == "乙"


def test_what_is_too_long_is_refused_and_the_conversation_is_bounded(office):
    with pytest.raises(InquiryError):
        left(office, "问" * (LONGEST_MESSAGE + 1))
    long = tuple(Exchanged(str(n), "答" * (LONGEST_PART + 5)) for n in range(MOST_EXCHANGES + 3))
    done = office.leave("问", CONTACT, conversation=long, agreed=True)
    kept = done.inquiry.conversation
    assert [each.question for each in kept] == [str(n) for n in range(3, MOST_EXCHANGES + 3)]
    assert {len(each.answer) for each in kept} == {LONGEST_PART}


def test_messages_under_one_question_are_bounded(office):
    done = left(office)
    for number in range(MOST_MESSAGES - 1):
        office.add(done.receipt, f"再问{number}")
    with pytest.raises(InquiryError):
        office.add(done.receipt, "再问")


def test_a_reply_names_who_gave_it(office):
    done = left(office)
    with pytest.raises(InquiryError):
        office.reply(done.inquiry.id, "答", by="  ")
    with pytest.raises(InquiryError):
        office.reply(done.inquiry.id + 1, "答", by="示例")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_kept_or_refused(database, told):
    office = InquiryOffice(database)
    try:
        done = office.leave(told, CONTACT, conversation=(Exchanged(told, told),), agreed=True)
    except InquiryError:
        assert not any(character.isprintable() and not character.isspace() for character in told)
        return
    assert office.opened(done.receipt).question == done.inquiry.question
    assert [c for c in done.inquiry.question if c.isalnum()] == [c for c in told if c.isalnum()]
