"""A clock that is set back or ahead deletes no question unseen, and keeps none for ever."""

import time
from datetime import timedelta

import pytest

from bot.questions import keeping
from bot.questions.feedback import list_feedback, record_feedback
from bot.questions.keeping import JUMP, SURE_AFTER, QuestionKeeper
from bot.questions.records import AskedAt, QuestionFilter
from bot.questions.store import QuestionStore
from bot.types import Feedback
from tests.questions.conftest import answer_to
from tests.support.clocks import DAY, clock

__all__ = ["clock"]


#: How often each keeper has looked at the clock.
LOOKS: dict[QuestionKeeper, int] = {}


@pytest.fixture
def keepers(either_database, clock, monkeypatch):
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)
    made = []

    def begin():
        keeper = QuestionKeeper(either_database, 90, clock, lambda: clock.steady)
        keeper.start()
        made.append(keeper)
        return keeper

    real = QuestionKeeper._look_at_the_clock

    def counted(self):
        real(self)
        LOOKS[self] = LOOKS.get(self, 0) + 1

    monkeypatch.setattr(QuestionKeeper, "_look_at_the_clock", counted)
    yield begin
    for each in made:
        each.close()


def questions(database):
    return [each.question for each in QuestionStore(database).listed(QuestionFilter())]


def ask(keeper, database, words):
    keeper.keep(answer_to(words), AskedAt.PAGE)
    until = time.monotonic() + 60
    while words not in questions(database) and time.monotonic() < until:
        time.sleep(0.02)


def looked(keeper):
    """Let the keeper look at the clock twice more."""
    seen = LOOKS.get(keeper, 0)
    until = time.monotonic() + 60
    while LOOKS.get(keeper, 0) < seen + 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert LOOKS[keeper] >= seen + 2


def test_a_clock_ahead_and_back_deletes_nothing(either_database, clock, keepers, caplog):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    looked(keeper)
    clock.set_by(400 * DAY)
    looked(keeper)
    ask(keeper, either_database, "其间一问")
    looked(keeper)
    assert "clock" in caplog.text
    clock.set_by(-400 * DAY)
    clock.go_on(2 * SURE_AFTER)
    looked(keeper)
    assert questions(either_database) == ["其间一问", "早先一问"]


def test_a_clock_ahead_when_a_program_begins_is_believed_once_it_stays(either_database, clock, keepers):
    first = keepers()
    ask(first, either_database, "早先一问")
    first.close()
    clock.set_by(400 * DAY)
    second = keepers()
    looked(second)
    ask(second, either_database, "其间一问")
    second.close()
    third = keepers()
    looked(third)
    assert questions(either_database) == ["其间一问", "早先一问"]
    clock.go_on(SURE_AFTER + timedelta(minutes=1))
    looked(third)
    assert questions(either_database) == ["其间一问"]


def test_a_program_that_goes_on_deletes_on_the_day(either_database, clock, keepers):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    record_feedback(either_database, Feedback("早先一问", "答", True))
    for _ in range(92):
        clock.go_on(DAY)
        looked(keeper)
    assert questions(either_database) == []
    # Written down by the machine's own clock, which is later.
    assert len(list_feedback(either_database)) == 1


@pytest.mark.parametrize("off", [(0 * DAY, -400 * DAY), (400 * DAY, 0 * DAY)], ids=["set back", "ahead"])
def test_what_came_first_leaves_with_what_came_after(either_database, clock, keepers, off):
    keeper = keepers()
    for words, by in zip(("早先一问", "后来一问"), off, strict=True):
        clock.set_by(by)
        ask(keeper, either_database, words)
        clock.set_by(-by)
    for _ in range(89):
        clock.go_on(DAY)
        looked(keeper)
    assert questions(either_database) == ["后来一问", "早先一问"]
    clock.go_on(2 * DAY)
    looked(keeper)
    assert questions(either_database) == []


def test_the_hands_of_a_clock_that_is_a_little_off_disturb_nothing(either_database, clock, keepers, caplog):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    for _ in range(10):
        clock.go_on(DAY)
        clock.set_by(JUMP / 2)
        looked(keeper)
    assert "clock" not in caplog.text
