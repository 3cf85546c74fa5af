"""The one place where the test bench speaks up before a version is put in force."""

from __future__ import annotations

from bot.evaluation.gate import Standing, Verdict, verdict
from bot.web.desk.context import Desk
from bot.web.desk.guard import ROOT
from bot.web.markup import EMPTY, Html, join, tag, text

BENCH = f"{ROOT}/bench"
_QUESTIONS = {
    Standing.NOT_RUN: "这个版本还没有跑过测试，就这样启用吗？",
    Standing.BECAME_WRONG: "有用例变错了，还是启用吗？",
}
_UNDECIDED = "测试还说明不了好坏，就这样启用吗？"


def bench_verdict(desk: Desk) -> Verdict:
    """What the bench says of the version that waits."""
    return verdict(desk.database, desk.settings)


def verdict_shown(found: Verdict) -> Html:
    """The verdict with the way to the bench; nothing where nothing waits."""
    if found.standing is Standing.NOTHING_WAITS:
        return EMPTY
    way = tag("a", text("去跑测试"), href=BENCH) if found.after is None else EMPTY
    kind = "notice" if found.clear else "problem" if found.became_wrong else "hint"
    return join((tag("p", text("测试："), tag("span", text(found.sentence)), text(" "), way, class_=kind),))


def question_of(found: Verdict) -> str:
    """What is asked once more before a version is put in force that the bench does not clear."""
    return _QUESTIONS.get(found.standing, _UNDECIDED)
