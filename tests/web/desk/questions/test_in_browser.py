"""The real program in a real browser: a question nobody could answer, a gap, a document, an answer, a reply."""

import shutil

import pytest

from bot.candidates import publish_candidate, waiting_candidate
from bot.ingestion import ingest
from bot.inquiries.office import InquiryOffice
from bot.questions.records import QuestionFilter
from bot.questions.store import QuestionStore
from bot.settings import load_settings
from bot.store.database import shared_database
from bot.types import PrivateContact
from tests.conftest import SHARED_CACHE
from tests.support.program import running_program
from tests.web.conftest import free_port
from tests.web.desk.conftest import PASSWORD

pytestmark = pytest.mark.browser
QUESTION = "人才公寓可以养猫吗"
DOCUMENT = "# 示例区人才公寓管理规定\n\n人才公寓可以养猫，但须向示例区房管中心登记，每户不超过一只。\n"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "voucher.md").write_text("# 示例区创新券办法\n\n创新券每家企业每年最高20万元。\n", encoding="utf-8")
    return folder


@pytest.fixture
def program(tmp_path, accounts_folder, corpus):
    """The server as an office starts it; ended as an office ends it."""
    data = tmp_path / "data"
    shutil.copytree(accounts_folder, data)
    settings = load_settings(environment={}, corpus_dir=corpus, data_dir=data, embedding_cache=SHARED_CACHE)
    ingest(settings)
    with running_program(data, corpus, free_port()) as running:
        yield running, settings


def test_from_a_question_nobody_could_answer_to_a_reply(program, corpus, visit):
    running, settings = program
    address, process = running.address, running.process
    database = shared_database(settings.resolved_database_url)
    visitor = visit(address=address, locale="zh-CN")
    assert "留 90 天" in visitor.page.inner_text("#first")
    visitor.ask(f"{QUESTION}？我的电话是13800000001")
    visitor.page.click("#rate-no-1")
    visitor.page.fill("#reason-1", "没有答")
    visitor.page.click("#reason-form-1 button[type=submit]")
    visitor.page.wait_for_selector(".notice-done")
    left = InquiryOffice(database).leave(QUESTION, PrivateContact(phone="13800000001"), agreed=True)

    desk = visit(address=address, locale="zh-CN")
    page = desk.page
    running.signed_in(page, PASSWORD, "/desk/questions/not-useful")
    assert "没有答" in page.inner_text("main") and "〔电话略〕" in page.inner_text("main")
    page.click("main .rooms >> text=答不上的")
    assert "13800000001" not in page.content()
    page.click("main td a")
    page.click("text=记为要补的缺口")
    page.fill("#question", QUESTION)
    page.click("text=记下")
    assert "待补" in page.inner_text("main") and "还没有再问过" in page.inner_text("main")
    gap = page.url

    (corpus / "cats.md").write_text(DOCUMENT, encoding="utf-8")
    ingest(settings, hold=True)
    page.goto(gap)
    page.click("text=问待启用的版本")
    page.wait_for_selector("text=待启用的版本（第")
    assert "答了" in page.inner_text("main") and "待补" in page.inner_text("main")
    publish_candidate(settings, waiting_candidate(settings).version)
    page.goto(gap)
    page.click("text=问现用的资料")
    page.wait_for_selector("text=已补上")

    page.goto(f"{address}/desk/inquiries/{left.inquiry.id}")
    page.fill("#words", "可以，先登记。")
    page.click("text=发出答复")
    page.wait_for_selector(".message-office")
    assert [each.text for each in InquiryOffice(database).opened(left.receipt).replies] == ["可以，先登记。"]
    assert desk.complaints_of_the_page() == []

    visitor.ask(QUESTION)
    assert "登记" in visitor.page.inner_text("#exchange-2 .answer >> nth=0")
    process.terminate()
    process.wait(30)
    kept = QuestionStore(database).listed(QuestionFilter())
    assert [each.outcome for each in kept][:1] == ["answered"], "what waits is written before the program ends"
    assert "13800000001" not in "".join(each.question + each.answer for each in kept)
    database.close()
