"""From a document to the highlighted sentence: ingest, assistant and page together."""

from __future__ import annotations

import pytest

from bot.settings import Settings

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory, port):
    return Settings(port=port, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def address(settings):
    """The page over the project's own corpus, freshly ingested."""
    from bot.assistant import Assistant
    from bot.ingestion import ingest
    from bot.web.app import build_app, launch

    report = ingest(settings)
    assert report.documents
    page = build_app(Assistant.open(settings), settings)
    launch(page, settings)
    yield f"http://127.0.0.1:{settings.port}"
    page.close()


def test_a_new_user_sees_the_amount_with_its_sentence_highlighted(visit, address):
    visitor = visit(address=address)
    visitor.ask("联合创新项目最高支持多少？")
    page = visitor.page
    assert "50" in page.inner_text("#exchange-1 .answer strong >> nth=0")
    page.click("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence .evidence-card.active mark")
    assert "50" in page.inner_text("#evidence .evidence-card.active mark >> nth=0")
    assert not visitor.complaints


def test_the_whole_document_opens_at_the_same_words(visit, address):
    visitor = visit(address=address)
    visitor.ask("联合创新项目最高支持多少？")
    page = visitor.page
    quoted = page.inner_text("#evidence mark >> nth=0")
    page.click("#evidence [data-document] >> nth=0")
    page.wait_for_selector("#evidence .document mark")
    assert page.inner_text("#evidence .document mark >> nth=0") == quoted


def test_a_verdict_reaches_the_database(visit, address, settings):
    from bot.questions.feedback import list_feedback
    from bot.store.database import shared_database

    visitor = visit(address=address)
    visitor.ask("联合创新项目最高支持多少？")
    visitor.page.click("#rate-yes-1")
    visitor.page.wait_for_selector(".notice-done")
    kept = list_feedback(shared_database(settings.resolved_database_url))
    assert [each.feedback.useful for each in kept] == [True]
    assert kept[0].feedback.question == "联合创新项目最高支持多少？"
