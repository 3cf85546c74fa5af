"""The model reads a document as long work; what it proposes waits, checked, and nothing enters by itself."""

import pytest

from bot.curation.proposals import ProposalBook
from bot.ingestion import ingest
from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind, JobState
from bot.settings import LlmSettings
from bot.store.database import shared_database
from bot.work.worker import run_job
from tests.curation.conftest import files
from tests.support.openai_server import OpenAIServer, Reply

CARD = {
    "id": "shili",
    "name": "示例项目",
    "kind": "资金",
    "summary": {"value": "最高支持20万元", "quote": "示例项目最高支持20万元"},
    "amount": {"value": "最高90万元", "quote": "示例项目最高支持20万元"},
}


@pytest.fixture
def asked(settings, corpus):
    ingest(settings)
    database = shared_database(settings.resolved_database_url)
    job = JobBoard(database).ask(JobKind.PROPOSE, "通知.txt", {"document": "通知.txt"}, by="甲")
    yield job.id, ProposalBook(database)
    database.close()


def test_proposals_wait_checked_and_the_corpus_is_untouched(settings, corpus, asked):
    number, book = asked
    before = files(corpus)
    with OpenAIServer(Reply(tool={"programmes": [CARD]})) as server:
        llm = LlmSettings(base_url=server.base_url, model="test-model")
        done = run_job(number, settings.model_copy(update={"llm": llm}))
    assert done.state is JobState.DONE and done.result == {"document": "通知.txt", "new": 1, "left_out": 1}
    (waiting,) = book.waiting()
    assert (waiting.file, waiting.by_name, waiting.record["name"]) == ("programmes.yaml", "甲", "示例项目")
    assert "amount" not in waiting.record and files(corpus) == before


def test_without_a_model_it_fails_with_the_remedy(settings, asked):
    number, book = asked
    done = run_job(number, settings)
    assert done.state is JobState.FAILED and "[llm]" in done.note and book.waiting() == ()
