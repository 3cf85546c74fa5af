"""The real program in a real browser: a document added, looked at, ingested, put in force, and answered from."""

import shutil

import pytest

from tests.support.program import running_program
from tests.web.conftest import free_port
from tests.web.desk.conftest import PASSWORD

pytestmark = pytest.mark.browser
NEW = "示例引进设备补贴办法\n示例字〔2026〕3号\n企业引进检测设备，给予最高12万元补贴。\n示例区科学技术委员会\n2026年1月5日\n"


@pytest.fixture
def program(tmp_path, accounts_folder, corpus_ingested):
    """The server as an office starts it, over a small corpus."""
    shutil.copytree(corpus_ingested / "corpus", tmp_path / "corpus")
    shutil.copytree(corpus_ingested / "data", tmp_path / "data")
    shutil.copytree(accounts_folder, tmp_path / "data", dirs_exist_ok=True)
    with running_program(tmp_path / "data", tmp_path / "corpus", free_port()) as running:
        yield running, tmp_path / "corpus"


def test_a_document_reaches_the_answers(program, visit, tmp_path):
    running, corpus = program
    address = running.address
    question = "引进检测设备最高补贴多少？"
    visitor = visit(address=address, locale="zh-CN")
    visitor.ask(question)
    assert "12" not in visitor.page.inner_text("#exchange-1 .answer")

    desk = visit(address=address, locale="zh-CN")
    page = desk.page
    running.signed_in(page, PASSWORD)
    page.click("nav >> text=资料")
    page.click("main >> text=加入文件")
    handed = tmp_path / "补贴 办法?.txt"
    handed.write_text(NEW, encoding="utf-8")
    page.set_input_files("#file", str(handed))
    page.click("text=交上来看一看")
    page.wait_for_selector("text=示例字〔2026〕3号")
    assert not (corpus / "补贴 办法_.txt").exists(), "looked at before it counts"
    page.click("summary:has-text('清洗后的正文')")
    assert "最高12万元" in page.inner_text(".clean")
    page.fill("#note", "示例来源")
    page.click("text=加入资料夹")
    page.wait_for_selector("[role=status]")
    assert (corpus / "补贴 办法_.txt").read_text(encoding="utf-8") == NEW

    page.click("main >> button:text-is('导入')")
    page.wait_for_selector("section.job")
    page.wait_for_selector("text=看结果", timeout=120_000)
    page.click("text=看结果")
    assert "示例引进设备补贴办法" in page.inner_text("main")
    visitor.ask(question)
    assert "12" not in visitor.page.inner_text("#exchange-2 .answer"), "nothing counts before it is put in force"

    page.click("text=启用这个版本")
    page.click("main >> button:text-is('启用')")
    page.wait_for_selector("text=已启用")
    visitor.ask(question)
    assert "12" in visitor.page.inner_text("#exchange-3 .answer")
    page.click("nav >> text=操作记录")
    assert "启用新版本" in page.inner_text("main table") and desk.complaints_of_the_page() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_fits_and_works_by_keyboard(program, visit, width):
    running, _ = program
    address = running.address
    page = visit(address=address, viewport={"width": width, "height": 800}).page
    running.signed_in(page, PASSWORD)
    places = [
        "",
        "/upload",
        "/waiting",
        "/catalogue",
        "/catalogue/programmes.yaml",
        "/catalogue/programmes.yaml/record",
    ]
    places += ["/disagreements", "/validity", "/history", "/document?id=通知.txt"]
    for place in places:
        page.goto(f"{address}/desk/corpus{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        unnamed = page.eval_on_selector_all(
            "main input:not([type=hidden]), main select, main textarea",
            "controls => controls.filter(each => !each.labels || !each.labels.length).map(each => each.name)",
        )
        assert unnamed == [], place
        ids = page.eval_on_selector_all("[id]", "all => all.map(each => each.id)")
        assert len(ids) == len(set(ids)), place
    page.goto(f"{address}/desk/corpus/document?id=通知.txt")
    page.focus("summary >> nth=0")
    page.keyboard.press("Enter")
    assert page.is_visible(".clean")
