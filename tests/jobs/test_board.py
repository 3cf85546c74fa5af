"""Long work on record, on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import JobError
from bot.jobs.board import GIVEN_UP_AFTER, WRITING_A_ROW, JobBoard
from bot.jobs.records import JobKind, JobState


class Clock:
    def __init__(self):
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board(either_database, clock):
    return JobBoard(either_database, clock)


def asked(board, kind=JobKind.INGEST):
    return board.ask(kind, "示例", {"rebuild": True}, by="staff")


def test_work_goes_from_asking_to_its_end(board):
    job = asked(board)
    assert (job.state, job.parameters, job.asked_by) == (JobState.WAITING, {"rebuild": True}, "staff")
    assert board.take(job.id).state is JobState.RUNNING
    assert board.sign(job.id, "读取文件", 3, 7) is False
    seen = board.job(job.id)
    assert (seen.stage, seen.done, seen.total, seen.state) == ("读取文件", 3, 7, JobState.RUNNING)
    board.end(job.id, JobState.DONE, result={"held": 2})
    ended = board.job(job.id)
    assert (ended.state, ended.result) == (JobState.DONE, {"held": 2}) and ended.ended_at
    with pytest.raises(JobError, match="不能再继续"):
        board.again(job.id)


def test_one_piece_of_a_kind_at_a_time(board):
    first = asked(board)
    with pytest.raises(JobError, match="已经有一项导入资料在进行"):
        asked(board)
    other = asked(board, JobKind.BENCH)
    board.take(first.id)
    board.end(first.id, JobState.STOPPED)
    again = asked(board)
    with pytest.raises(JobError, match="已经有一项"):
        board.again(first.id)
    assert {each.id for each in board.newest()} == {first.id, other.id, again.id}
    assert [each.id for each in board.newest(kind=JobKind.INGEST)] == [again.id, first.id]


def test_two_workers_do_not_take_one_piece(board):
    job = asked(board)
    board.take(job.id)
    with pytest.raises(JobError, match="已有人在做"):
        board.take(job.id)


def test_stopping_is_asked_for_and_told_to_the_worker(board):
    job = asked(board)
    board.take(job.id)
    assert board.ask_to_stop(job.id).stop_asked
    assert board.sign(job.id, "x", 1, 2) is True
    board.end(job.id, JobState.STOPPED)
    once_more = board.again(job.id)
    assert (
        once_more.state is JobState.WAITING and not once_more.stop_asked and once_more.parameters == {"rebuild": True}
    )


def test_work_without_a_sign_of_life_was_interrupted_and_may_be_taken_up(board, clock):
    job = asked(board)
    board.take(job.id)
    clock.at += GIVEN_UP_AFTER
    assert board.job(job.id).state is JobState.RUNNING
    clock.at += timedelta(seconds=1)
    assert board.job(job.id).state is JobState.INTERRUPTED
    assert board.again(job.id).state is JobState.WAITING
    board.take(job.id)
    board.fail_if_left(job.id, "意外结束")
    assert (board.job(job.id).state, board.job(job.id).note) == (JobState.FAILED, "意外结束")


@pytest.mark.parametrize("rows", [0, 1_000, 30_000])
def test_an_import_is_given_up_later_the_more_rows_it_writes_at_once(board, clock, rows):
    job = asked(board, JobKind.IMPORT)
    board.take(job.id)
    board.sign(job.id, "写入", 0, rows)
    clock.at += GIVEN_UP_AFTER + WRITING_A_ROW * rows
    assert board.job(job.id).state is JobState.RUNNING
    clock.at += timedelta(seconds=1)
    assert board.job(job.id).state is JobState.INTERRUPTED


def test_how_work_ended_is_not_overwritten(board):
    job = asked(board)
    board.take(job.id)
    board.end(job.id, JobState.DONE)
    board.fail_if_left(job.id, "意外结束")
    assert board.job(job.id).state is JobState.DONE
    with pytest.raises(JobError, match="没有这项工作"):
        board.job(99)
