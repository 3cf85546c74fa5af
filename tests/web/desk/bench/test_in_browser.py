"""The real program in a real browser: a case written, run, an answer changed by the corpus, compared, reported."""

import shutil

import pytest

from bot.ingestion import ingest
from bot.settings import load_settings
from tests.conftest import SHARED_CACHE
from tests.support.program import running_program
from tests.web.conftest import free_port
from tests.web.desk.conftest import PASSWORD

pytestmark = pytest.mark.browser
VOUCHER = "# 示例区创新券办法\n\n创新券每家企业每年最高{}，由示例区科技中心受理。\n"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "voucher.md").write_text(VOUCHER.format("20万元"), encoding="utf-8")
    return folder


@pytest.fixture
def program(tmp_path, accounts_folder, corpus):
    """The server as an office starts it."""
    data = tmp_path / "data"
    shutil.copytree(accounts_folder, data)
    settings = load_settings(environment={}, corpus_dir=corpus, data_dir=data, embedding_cache=SHARED_CACHE)
    ingest(settings)
    with running_program(data, corpus, free_port()) as running:
        yield running, settings


def run_to_the_end(page):
    page.wait_for_selector("text=看结果", timeout=120_000)
    page.click("text=看结果")


def test_from_a_case_to_a_report(program, corpus, visit, tmp_path):
    running, settings = program
    page = visit(address=running.address, locale="zh-CN").page
    complaints = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    running.signed_in(page, PASSWORD, "/desk/bench")

    page.click("text=写一条")
    page.fill("#case-question", "创新券每家企业最高多少？")
    page.fill("#case-contains_all", "20万元")
    page.click("button:has-text('保存')")
    assert "用例写得不对" in page.inner_text("[role=alert]")
    assert page.input_value("#case-contains_all") == "20万元", "nothing typed is lost"
    page.fill("#case-id", "voucher-1")
    page.fill("#case-tags", "金额")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=照着再写一条")

    page.click("nav >> text=测试台")
    page.click("button:text-is('开始')")
    run_to_the_end(page)
    assert "1/1 条通过" in page.inner_text("main")

    (corpus / "voucher.md").write_text(VOUCHER.format("35万元"), encoding="utf-8")
    ingest(settings, hold=True)
    page.click("nav >> text=测试台")
    assert "待启用的版本还没有跑过测试" in page.inner_text(".gate")
    page.click("button:text-is('跑测试再启用')")
    run_to_the_end(page)
    told = page.inner_text("main")
    assert "1 条答案变了" in told and "变错 1" in told
    assert page.inner_text(".change del") == "20" and page.inner_text(".change ins") == "35"

    with page.expect_download() as waited:
        page.click("text=下载报告（HTML）")
    report = tmp_path / "report.html"
    waited.value.save_as(report)
    offline = page.context.browser.new_context(offline=True)
    shown = offline.new_page()
    asked = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(report.as_uri())
    assert shown.inner_text("h1").startswith("测试报告") and "35" in shown.inner_text("ins")
    assert asked == [report.as_uri()], "it needs nothing else"
    offline.close()
    with page.expect_download() as waited:
        page.click("text=下载报告（xlsx）")
    assert waited.value.suggested_filename.endswith(".xlsx")

    page.click("nav >> text=测试台")
    assert "变错 1" in page.inner_text(".gate"), "what became wrong waits for a person"
    page.click(".gate >> button:text-is('启用')")
    page.click("main >> button:text-is('启用')")
    page.wait_for_selector("text=跑过的测试")
    assert page.locator(".gate").count() == 0
    # Of the page that was left for the desk a call may have been cut off.
    complaints = [each for each in complaints if "AbortError" not in each and "errored out" not in each]
    refused = [each for each in complaints if "400" in each]
    assert complaints == refused and len(refused) == 1, "the form that was refused on purpose"
