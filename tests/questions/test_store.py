"""Lists of kept questions: filtered, counted, asked most, unanswered, not useful; gaps; the workbook; their speed."""

import io
import time

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from bot.errors import QuestionsError
from bot.questions.asking_again import ask_again, wordings
from bot.questions.feedback import record_feedback
from bot.questions.gaps import GapBook, GapChanged
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAgain, GapState, QuestionFilter, Repetition
from bot.questions.store import NOT_USEFUL, UNRATED, Counted, QuestionStore
from bot.questions.tables import kept_questions
from bot.questions.workbook import workbook
from bot.types import Feedback, Outcome
from tests.questions.conftest import answer_to

ALL = QuestionFilter()


@pytest.fixture
def store(either_database, keep, clock):
    keep(answer_to("租金补贴多少", outcome="answered", quotes=["30%"]), key="key-1")
    clock.go_on(days=1)
    keep(answer_to("能养猫吗"), answer_to("能养猫吗？", outcome="nearest"), key="")
    clock.go_on(days=1)
    keep(answer_to("下雨吗 100%", outcome="out_of_scope"), key="key-2")
    record_feedback(either_database, Feedback("租金补贴多少", "答", False, "不对", "key-1"))
    record_feedback(either_database, Feedback("下雨吗", "答", True, "", "key-2"))
    return QuestionStore(either_database)


def asked(found):
    return [each.question for each in found]


def test_the_newest_come_first_and_older_ones_behind_them(store):
    first = store.listed(ALL, limit=2)
    assert asked(first) == ["下雨吗 100%", "能养猫吗？"]
    assert asked(store.listed(ALL, limit=2, before=first[-1].number)) == ["能养猫吗", "租金补贴多少"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (QuestionFilter(words="养猫"), ["能养猫吗？", "能养猫吗"]),
        (QuestionFilter(words="100% 下雨"), ["下雨吗 100%"]),
        (QuestionFilter(words="_"), []),
        (QuestionFilter(outcome="nearest"), ["能养猫吗？"]),
        (QuestionFilter(mode="llm"), []),
        (QuestionFilter(verdict=NOT_USEFUL), ["租金补贴多少"]),
        (QuestionFilter(verdict=UNRATED), ["能养猫吗？", "能养猫吗"]),
        (QuestionFilter(since="2026-03-03", until="2026-03-03"), ["能养猫吗？", "能养猫吗"]),
        (QuestionFilter(until="2026-03-02"), ["租金补贴多少"]),
    ],
)
def test_a_filter_finds_what_it_says(store, wanted, found):
    assert asked(store.listed(wanted)) == found


def test_counts_by_day_and_outcome(store):
    assert store.counts(ALL, "day") == (Counted("2026-03-02", 1), Counted("2026-03-03", 2), Counted("2026-03-04", 1))
    assert dict((each.value, each.count) for each in store.counts(ALL, "outcome"))["nearest"] == 1
    assert store.counts(QuestionFilter(outcome="answered"), "mode") == (Counted("offline", 1),)


def test_asked_most_counts_wordings_and_unanswered_leaves_out_answers(store):
    most = store.asked_most(ALL)
    assert (most[0].question, most[0].count) == ("能养猫吗？", 2)
    assert [(each.question, each.count) for each in store.unanswered(ALL)] == [("下雨吗 100%", 1), ("能养猫吗？", 2)]
    assert [each.question for each in store.unanswered(ALL, limit=1)] == ["下雨吗 100%"]


def test_not_useful_leads_to_the_question_or_holds_its_words(store, either_database):
    record_feedback(either_database, Feedback("没有留下的问题", "答", False, "看不懂"))
    (first, words, verdict), (second, _, told) = store.not_useful()
    assert first is None and words == "没有留下的问题" and verdict.reason == "看不懂"
    assert second is not None and second.question == "租金补贴多少" and told.reason == "不对"


def test_a_question_that_is_gone_is_said_to_be(store):
    with pytest.raises(QuestionsError, match="没有这条问题"):
        store.question(999)


def test_a_workbook_runs_nothing(store, keep):
    keep(answer_to("=HYPERLINK(1)", words="+1\x08"))
    sheet = load_workbook(io.BytesIO(workbook(store.listed(ALL)))).active
    assert sheet["D2"].value == "=HYPERLINK(1)" and sheet["D2"].data_type == "s" and sheet["I2"].value == "+1"
    assert sheet.max_row == 6 and sheet["L6"].value == "不对"


# --- gaps ------------------------------------------------------------------------------------------


def test_a_gap_is_noted_with_its_questions_and_outlives_them(store, either_database, clock):
    book = GapBook(either_database)
    numbers = [each.number for each in store.listed(QuestionFilter(words="养猫"))]
    gap = book.add(" 能养猫吗 ", "问房管", by="甲示例", questions=[*numbers, 999], inquiry=4)
    assert (gap.question, gap.state, gap.questions, gap.inquiry) == ("能养猫吗", GapState.OPEN, tuple(numbers), 4)
    assert book.of_questions(numbers[:1]) == (gap,) == book.of_inquiry(4) == book.listed([GapState.OPEN])
    clock.go_on(days=91)
    QuestionKeeper(either_database, 90, clock).sweep()
    assert book.gap(gap.number).questions == () and book.of_questions(numbers) == ()


def test_of_two_who_change_one_gap_the_second_is_told(either_database):
    book = GapBook(either_database)
    gap = book.add("缺", "", by="甲示例")
    changed = book.change(gap.number, "缺什么", "查", GapState.WRITING, revision=gap.revision, by="乙示例")
    assert (changed.question, changed.state, changed.changed_by) == ("缺什么", GapState.WRITING, "乙示例")
    with pytest.raises(GapChanged) as told:
        book.change(gap.number, "丢", "", GapState.OPEN, revision=gap.revision, by="丙示例")
    assert told.value.kept == changed == book.gap(gap.number)
    with pytest.raises(QuestionsError, match="没有写缺什么"):
        book.add(" \x00", "", by="甲示例")


def repetition(*outcomes, waiting=False):
    askings = tuple(AskedAgain("问", outcome, "答", Outcome.NOT_STATED) for outcome in outcomes)
    return Repetition("2026-03-04T00:00:00Z", "甲示例", 7 if waiting else None, waiting, askings)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (repetition(Outcome.ANSWERED, Outcome.ANSWERED), GapState.FILLED),
        (repetition(Outcome.ANSWERED, Outcome.NEAREST), GapState.OPEN),
        (repetition(Outcome.ANSWERED, waiting=True), GapState.OPEN),
        (repetition(), GapState.OPEN),
    ],
)
def test_a_gap_is_filled_when_the_index_in_force_answers_all(either_database, told, state):
    book = GapBook(either_database)
    gap = book.add("缺", "", by="甲示例")
    after = book.asked_again(gap.number, told)
    assert after.state is state and after.repetition == told and after.revision == gap.revision + 1


class Answers:
    def __init__(self, **outcomes):
        self.outcomes, self.asked = outcomes, []

    def ask(self, turn):
        self.asked.append(turn.question)
        if turn.question == "错":
            raise QuestionsError("问不了")
        return answer_to(turn.question, outcome=self.outcomes.get(turn.question, "not_stated"))


def test_each_wording_is_asked_once_and_told_beside_what_it_was(store, either_database):
    book = GapBook(either_database)
    linked = store.listed(QuestionFilter(words="养猫"))
    gap = book.add("公寓能养猫吗", "", by="甲示例", questions=[each.number for each in linked])
    found = wordings(gap, linked)
    assert found == (("公寓能养猫吗", None), ("能养猫吗？", Outcome.NEAREST))
    answers = Answers(**{"能养猫吗？": "answered"})
    told = ask_again((*found, ("错", None)), answers)
    assert answers.asked == ["公寓能养猫吗", "能养猫吗？", "错"]
    assert [(each.outcome, each.before) for each in told][1] == (Outcome.ANSWERED, Outcome.NEAREST)
    assert "问不了" in told[2].answer and not told[2].answered
    again = book.asked_again(gap.number, Repetition("x", "甲示例", None, False, told))
    assert wordings(again, linked)[1] == ("能养猫吗？", Outcome.ANSWERED)


# --- many ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hundred_times_as_many_questions_cost_not_a_hundred_times_as_much(database):
    def fill(count):
        row = {
            "exchange": None, "door": "page", "answer": "答" * 200, "notes": [], "evidence": [], "outcome": "not_stated",
            "mode": "offline", "language": "zh", "elapsed_ms": 1.0,
        }  # fmt: skip
        with database.write() as connection:
            connection.execute(
                insert(kept_questions),
                [
                    row | {"asked_at": f"2026-03-{1 + n % 28:02}T00:00:00Z", "question": f"问{n % 5000}",
                           "standalone": f"问{n % 5000}", "wording": f"{n % 5000:064}"}
                    for n in range(count)
                ],
            )  # fmt: skip

    store = QuestionStore(database)

    def seconds(work):
        times = []
        for _ in range(4):
            began = time.process_time()
            work()
            times.append(time.process_time() - began)
        # Of this process alone, and the quickest: other programs on the machine are not measured.
        return min(times)

    works = {
        "listed": lambda: store.listed(ALL),
        "page": lambda: store.listed(ALL, before=500),
        "question": lambda: store.question(700),
        "unanswered": lambda: store.unanswered(ALL),
        "asked_most": lambda: store.asked_most(ALL),
        "day": lambda: store.counts(ALL, "day"),
        "search": lambda: store.listed(QuestionFilter(words="没有的字")),
    }
    fill(1_000)
    before = {name: seconds(work) for name, work in works.items()}
    fill(99_000)
    ratios = {name: seconds(work) / before[name] for name, work in works.items()}
    print({name: round(ratio, 1) for name, ratio in ratios.items()})  # noqa: T201 - told where one looks at figures
    # What reads one page or one row is as fast as before; what counts all grows with them (100 rows for one) and,
    # the first table being so small that a call costs as much as its rows, a little more.
    assert all(ratios[name] < 6 for name in ("listed", "page", "question"))
    assert all(ratios[name] < 400 for name in ("unanswered", "asked_most", "day", "search"))
