"""Answers to keep, and a database whose clock the tests hold."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAt
from bot.types import Answer, Citation, Intent


class Clock:
    def __init__(self):
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self):
        return self.now

    def go_on(self, **time):
        self.now += timedelta(**time)


def answer_to(question, *, standalone="", words="文件未写明。", outcome="not_stated", quotes=(), **more):
    citations = tuple(
        Citation(n, f"file-{n}.txt", f"示例文件{n}", None, "一", 0, len(quote), quote)
        for n, quote in enumerate(quotes, 1)
    )
    kinds = {
        "answered": {"abstained": False},
        "nearest": {"abstained": False, "nearest": True},
        "not_stated": {"abstained": True},
        "out_of_scope": {"abstained": True, "intent": Intent.OUT_OF_SCOPE},
        "smalltalk": {"abstained": False, "intent": Intent.SMALLTALK},
    }
    told = {"intent": Intent.POLICY, **kinds[outcome], **more}
    return Answer(question, standalone or question, answer=words, citations=citations, **told)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keep(either_database, clock):
    """Keep answers at once: ``keep(answer, key="")``."""

    def kept(*answers, days=90, key="", door=AskedAt.PAGE):
        keeper = QuestionKeeper(either_database, days, clock)
        for answer in answers:
            keeper.keep(answer, door, key)
        keeper.close()

    return kept
