"""Two web processes that are asked for the same work at once start it once."""

from __future__ import annotations

import threading

from bot.errors import JobError
from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind, JobState
from bot.store.database import Database

AT_ONCE, ROUNDS = 4, 6


def test_of_those_who_ask_at_once_one_gets_it(either_database: Database) -> None:
    boards = [JobBoard(Database(either_database.url)) for _ in range(AT_ONCE)]
    for board in boards:
        board.newest(1)
    for _ in range(ROUNDS):
        given: list[int] = []
        together = threading.Barrier(AT_ONCE)

        def ask(board: JobBoard, given: list[int] = given, together: threading.Barrier = together) -> None:
            together.wait()
            try:
                given.append(board.ask(JobKind.INGEST, "导入资料", {}, by="示例").id)
            except JobError:
                pass

        threads = [threading.Thread(target=ask, args=(board,)) for board in boards]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(given) == 1
        boards[0].end(given[0], JobState.DONE)
