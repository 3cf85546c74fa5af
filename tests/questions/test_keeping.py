"""Questions are kept beside answering: masked, for their time, and never in the way of an answer."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from bot.questions import keeping
from bot.questions.feedback import list_feedback, record_feedback
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAt, QuestionFilter
from bot.questions.store import QuestionStore
from bot.store.database import Database
from bot.types import DraftState, Feedback, RecordDraft, RecordKind
from tests.questions.conftest import answer_to

SECRET = "13800000001"
ALL = QuestionFilter()


def kept_in(database):
    return QuestionStore(database).listed(ALL)


def test_a_question_is_kept_masked_with_its_answer_and_evidence(either_database, keep, clock):
    keep(
        answer_to(
            f"我的电话是{SECRET}，租金补贴多少",
            standalone=f"租金补贴多少 {SECRET}",
            words=f"给30%[1]。您说的{SECRET}",
            outcome="answered",
            quotes=["给30%"],
            notes=(f"另见{SECRET}",),
            elapsed_ms=12.5,
        ),
        key="page-key-1",
    )
    (kept,) = kept_in(either_database)
    assert kept.question == "我的电话是〔电话略〕，租金补贴多少" and kept.standalone == "租金补贴多少 〔电话略〕"
    assert kept.answer == "给30%[1]。您说的〔电话略〕" and kept.notes == ("另见〔电话略〕",)
    assert [each.quote for each in kept.sources] == ["给30%"] and kept.sources[0].document_id == "file-1.txt"
    assert (kept.outcome, kept.mode, kept.language, kept.elapsed_ms) == ("answered", "offline", "zh", 12.5)
    assert kept.asked_at == "2026-03-02T08:00:00.000000Z" and kept.door is AskedAt.PAGE


def test_nothing_is_kept_where_none_are_to_be(either_database, keep):
    keep(answer_to("问"), days=0)
    assert kept_in(either_database) == ()


def test_what_is_told_to_register_is_no_question(either_database, keep):
    told = DraftState(RecordDraft(RecordKind.NEED, (), started=True), (), (), None)
    keep(
        answer_to("预算五十万", draft=told),
        answer_to("想找团队", draft=replace(told, draft=replace(told.draft, started=False))),
    )
    assert [each.question for each in kept_in(either_database)] == ["想找团队"]


def test_no_page_key_address_or_receipt_stands_in_the_file(tmp_path, clock):
    database = Database(f"sqlite:///{tmp_path / 'q.sqlite3'}")
    keeper = QuestionKeeper(database, 90, clock)
    keeper.keep(answer_to(f"问{SECRET}"), AskedAt.PAGE, "page-key-1")
    keeper.close()
    database.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"page-key-1" not in content and SECRET.encode() not in content and "问〔电话略〕".encode() in content


def test_a_question_past_its_time_leaves_the_database_and_its_files(tmp_path, clock):
    database = Database(f"sqlite:///{tmp_path / 'q.sqlite3'}")
    keeper = QuestionKeeper(database, 30, clock)
    keeper.keep(answer_to("很久以前的独一无二一问"), AskedAt.PAGE)
    keeper.close()
    clock.go_on(days=29)
    QuestionKeeper(database, 30, clock).sweep()
    assert len(kept_in(database)) == 1
    clock.go_on(days=1)
    record_feedback(database, Feedback("新的评价", "答", True))
    assert QuestionKeeper(database, 30, clock).sweep() == 1
    assert kept_in(database) == () and len(list_feedback(database)) == 1
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "独一无二".encode() not in content
    database.close()


def test_verdicts_go_too_and_all_go_where_none_are_to_be_kept(either_database, keep, clock):
    record_feedback(either_database, Feedback("问", "答", False, "没说清"))
    keep(answer_to("问"))
    clock.go_on(days=36_500)
    assert QuestionKeeper(either_database, 0, clock).sweep() == 2
    assert list_feedback(either_database) == ()


def test_the_sweep_comes_at_the_start_and_every_day(database, clock, monkeypatch):
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.02)
    keeper = QuestionKeeper(database, 1, clock, lambda: clock.now.timestamp())
    swept = []
    monkeypatch.setattr(QuestionKeeper, "sweep", lambda self: swept.append(self._swept))
    keeper.start()
    deadline = time.monotonic() + 10
    while len(swept) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
        clock.go_on(days=1)
    keeper.close()
    assert len(swept) >= 3 and len(set(swept)) == len(swept)


class Away:
    """A database that hangs or fails."""

    def __init__(self, gate=None):
        self.gate, self.tried, self.returned = gate, threading.Event(), False

    def write(self):
        self.tried.set()
        if self.gate is not None:
            self.gate.wait(60)
        self.returned = True
        raise OSError(f"away, {SECRET}")


def test_an_answer_never_waits_for_a_database_that_hangs(clock, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_WAITING", 5)
    gate = threading.Event()
    away = Away(gate)
    keeper = QuestionKeeper(away, 90, clock)
    keeper.start()
    for number in range(50):
        keeper.keep(answer_to(f"问{number}"), AskedAt.PAGE)
    keeper.close(seconds=0.2)
    assert away.tried.wait(60) and not away.returned
    gate.set()
    # What it says when the database fails is said before the next test listens.
    keeper.close(seconds=60)
    assert away.returned


def test_a_failure_says_nothing_private_and_the_next_question_is_kept(database, clock, caplog, monkeypatch):
    away = Away()
    keeper = QuestionKeeper(away, 90, clock)
    keeper.keep(answer_to(f"问{SECRET}"), AskedAt.PAGE)
    assert away.tried.wait(10)
    deadline = time.monotonic() + 60
    while "could not be kept" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.02)
    keeper._database = database
    keeper.keep(answer_to("后来的"), AskedAt.PAGE)
    keeper.close()
    assert [each.question for each in kept_in(database)] == ["后来的"]
    assert "OSError" in caplog.text and SECRET not in caplog.text and "问" not in caplog.text


def test_what_waits_is_written_before_the_program_ends(either_database, clock):
    keeper = QuestionKeeper(either_database, 90, clock)
    for number in range(450):
        keeper.keep(answer_to(f"问{number}"), AskedAt.API)
    keeper.close(seconds=60)
    found = QuestionStore(either_database).listed(ALL, limit=1000)
    assert [each.question for each in found] == [f"问{number}" for number in reversed(range(450))]


@pytest.mark.parametrize("pause", [0.2, 0.7])
def test_killed_amid_writing_whole_questions_are_there_and_none_half(tmp_path, pause):
    program = textwrap.dedent(
        """
        import sys, time
        from bot.questions.keeping import QuestionKeeper
        from bot.questions.records import AskedAt
        from bot.store.database import Database
        from tests.questions.conftest import answer_to
        keeper = QuestionKeeper(Database(sys.argv[1]), 90)
        for number in range(100_000):
            keeper.keep(answer_to(f"问{number}", quotes=["依据"]), AskedAt.PAGE)
            time.sleep(0.005)
        """
    )
    database = Database(f"sqlite:///{tmp_path / 'q.sqlite3'}")
    store = QuestionStore(database)
    assert store.listed(ALL) == ()
    with subprocess.Popen([sys.executable, "-c", program, database.url]) as running:
        deadline = time.monotonic() + 120
        while not store.listed(ALL, limit=1) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(pause)
        os.kill(running.pid, signal.SIGKILL)
    found = store.listed(ALL, limit=100_000)
    assert found and all(each.sources for each in found)
    assert [each.question for each in reversed(found)] == [f"问{number}" for number in range(len(found))]
    database.close()
    with closing(sqlite3.connect(tmp_path / "q.sqlite3")) as looked:
        assert looked.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("first", ["question", "verdict"])
def test_a_verdict_finds_its_question_whichever_is_written_first(either_database, keep, first):
    told = Feedback("问", "答", False, f"打{SECRET}", exchange="page-key-1")
    if first == "verdict":
        record_feedback(either_database, told)
    keep(answer_to("问"), key="page-key-1")
    keep(answer_to("问"), key="page-key-2")
    if first == "question":
        record_feedback(either_database, told)
    other, rated = kept_in(either_database)
    assert other.verdict is None
    assert rated.verdict is not None and not rated.verdict.useful and rated.verdict.reason == "打〔电话略〕"


def test_who_rates_again_changes_what_they_said(either_database, keep):
    keep(answer_to("问"), key="page-key-1")
    for useful in (True, True, False):
        record_feedback(either_database, Feedback("问", "答", useful, "", "page-key-1"))
    assert [each.feedback.useful for each in list_feedback(either_database)] == [False]
    record_feedback(either_database, Feedback("问", "答", True))
    record_feedback(either_database, Feedback("问", "答", True))
    assert len(list_feedback(either_database)) == 3
