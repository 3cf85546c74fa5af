"""A conversation of questions that each point at a list is answered with a bounded number of askings."""

from bot.types import Turn


def test_pointing_back_asks_no_more_for_a_long_conversation(assistant, monkeypatch):
    answerer = assistant._current()
    planned, plan = [], answerer.planner.plan
    monkeypatch.setattr(answerer.planner, "plan", lambda asking: planned.append(1) or plan(asking))
    counts = []
    for length in (1, 2, 5, 20):
        planned.clear()
        answerer.ask(Turn("第二个是哪家银行的？", ("有哪些面向科创企业的贷款产品？", *["第三个呢？"] * (length - 1))))
        counts.append(len(planned))
    assert counts == [2, 3, 3, 3]
