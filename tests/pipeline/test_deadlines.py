"""Deadlines and the calendar file, read back by the library and line by line."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from bot.market.consents import Consent, ConsentChannel, ConsentStep
from bot.market.records import CloseReason, Need, Offer, Side, State
from bot.market.service import Market
from bot.pipeline.deadlines import Deadline, DeadlineKind, calendar_file, deadlines
from bot.settings import load_settings
from bot.types import RecordKind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTILE = "BEGIN:VALARM\r\n关闭;示例,\\n" + "长" * 200


@pytest.fixture
def settings(tmp_path):
    return load_settings(environment={}, data_dir=tmp_path, consent_days=30)


@pytest.fixture
def market(settings):
    made = Market(settings, date.today)
    yield made
    made.close()


def keep(market, **deadline_of):
    market.keep_trusted(
        [Need(id=name, title=f"示例{name}", deadline=told) for name, told in deadline_of.items()], actor="t"
    )


def say(market, step, side=Side.NEED_OWNER):
    market.record_consent(
        Consent(need_id="n1", offer_id="o1", side=side, step=step, channel=ConsentChannel.PHONE, said_by="x", actor="t")
    )


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2027年12月31日前", date(2027, 12, 31)),
        ("2027年6月", date(2027, 6, 30)),
        ("2027年前", date(2026, 12, 31)),
        ("尽快", None),
        ("", None),
        ("2027年以后", None),
        ("2026年3月到2027年5月", date(2027, 5, 31)),
    ],
)
def test_a_need_runs_out_on_the_last_day_it_surely_allows(market, settings, told, day):
    keep(market, n1=told)
    found = deadlines(market, settings, date(2026, 3, 2))
    assert [each.day for each in found] == ([day] if day else [])
    assert all(each.kind is DeadlineKind.NEED and each.need_id == "n1" for each in found)


def test_closed_needs_and_long_past_days_are_no_deadlines(market, settings):
    keep(market, n1="2027年1月1日", n2="2020年1月1日", n3="2026年2月20日")
    market.move(RecordKind.NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.TOO_EARLY)
    assert [each.need_id for each in deadlines(market, settings, date(2026, 3, 2))] == ["n3"]


def test_a_consent_and_a_waiting_question_run_out(market, settings):
    keep(market, n1="")
    market.keep_trusted([Offer(id="o1", title="示例成果")], actor="t")
    say(market, ConsentStep.ASKED)
    say(market, ConsentStep.GIVEN)
    say(market, ConsentStep.ASKED, Side.OFFER_OWNER)
    today = datetime.now(UTC).date()
    found = {each.kind: each for each in deadlines(market, settings, today)}
    assert found[DeadlineKind.CONSENT].day == today + timedelta(days=30)
    assert found[DeadlineKind.ANSWER].day == today + timedelta(days=settings.desk.reminder_days)
    assert "示例n1 × 示例成果（需求方）" in found[DeadlineKind.CONSENT].about
    say(market, ConsentStep.WITHDRAWN)
    assert DeadlineKind.CONSENT not in {each.kind for each in deadlines(market, settings, today)}


def test_the_file_is_read_back_whole_and_holds_no_foreign_entry():
    told = [
        Deadline(date(2026, 5, 1), DeadlineKind.NEED, HOSTILE, "n1"),
        Deadline(date(2026, 4, 1), DeadlineKind.CONSENT, "甲 × 乙（需求方）", "n1", "o1"),
    ]
    written = calendar_file(told, NOW)
    read = Calendar.from_ical(written)
    events = read.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [date(2026, 5, 1), date(2026, 4, 1)]
    assert len(read.walk("VALARM")) == 0 and str(events[1]["summary"]) == "同意到期：甲 × 乙（需求方）"
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert written.startswith(b"BEGIN:VCALENDAR") and b"VERSION:2.0" in written
    again = Calendar.from_ical(calendar_file(reversed(told), NOW)).walk("VEVENT")
    assert {event["uid"] for event in again} == {event["uid"] for event in events} and len(
        set(event["uid"] for event in events)
    ) == 2
