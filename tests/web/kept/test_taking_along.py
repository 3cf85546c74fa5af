"""Files, paper and links."""

from __future__ import annotations

import pytest

from bot.web.texts import CHINESE
from tests.support.visits import DESKTOP, QUESTION, QUOTE, SECOND, shown

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def test_an_answer_is_exported_as_word_with_its_evidence(visitor, tmp_path):
    from docx import Document

    visitor.ask(QUESTION)
    page = visitor.page
    page.click("#exchange-1 .more-actions summary")
    with page.expect_download() as download:
        page.click("#exchange-1 [data-export=docx]")
    path = tmp_path / "answer.docx"
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(".docx")
    words = "\n".join(each.text for each in Document(path).paragraphs)
    for part in (QUESTION, "最高不超过30万元", "支持期限为12个月", "施行中", QUOTE, "示科〔2031〕7号", "[1]", "[2]"):
        assert part in words


def test_the_whole_conversation_is_exported(visitor, tmp_path):
    from docx import Document

    visitor.ask(QUESTION)
    visitor.ask("天气怎么样？")
    page = visitor.page
    page.click("[data-conversations]")
    with page.expect_download() as download:
        page.click("#conversations [data-export-all=docx]")
    path = tmp_path / "all.docx"
    download.value.save_as(path)
    words = "\n".join(each.text for each in Document(path).paragraphs)
    assert words.index(QUESTION) < words.index(QUOTE) < words.index("天气怎么样？")


@pytest.mark.parametrize("extension", ["pdf"])
def test_an_answer_is_exported_as_pdf(visitor, tmp_path, extension):
    import pdfplumber

    visitor.ask(QUESTION)
    page = visitor.page
    page.click("#exchange-1 .more-actions summary")
    with page.expect_download() as download:
        page.click("#exchange-1 [data-export=pdf]")
    path = tmp_path / "answer.pdf"
    download.value.save_as(path)
    with pdfplumber.open(path) as opened:
        words = "".join(each.extract_text() for each in opened.pages).replace("\n", "")
    for part in (QUESTION, "最高不超过30万元", QUOTE, "示科〔2031〕7号"):
        assert part in words


def test_print_shows_the_evidence_below_its_answer_and_no_frame(visitor):
    visitor.ask(QUESTION)
    visitor.ask(SECOND)
    page = visitor.page
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for number in (1, 2):
        assert page.is_visible(f"#exchange-{number} .evidence-store mark >> nth=0")
    assert page.is_visible("text=第五条说明 >> nth=0")
    frame = ("#composer", "#evidence", ".views-nav", "[data-conversations]", "[data-choose-language=en]")
    for part in (*frame, "#exchange-1 .actions", "#exchange-1 .evidence-buttons", "#exchange-1 [data-edit]"):
        assert page.locator(part).first.is_hidden()


def test_a_link_to_an_answer_opens_it_with_its_evidence(visitor, visit, server):
    visitor.ask(QUESTION)
    page = visitor.page
    page.click("#exchange-1 .more-actions summary")
    page.click("#exchange-1 [data-link]")
    page.wait_for_selector(f"text={CHINESE.kept.link_copied}")
    link = visitor.copied()
    other = visit(DESKTOP, server.address)
    other.page.goto("about:blank")
    other.page.goto(link)
    shown(other.page)
    assert other.page.is_visible("#evidence-1-1 mark")
    turns = len(server.assistant.turns)
    other.page.reload()
    shown(other.page)
    assert len(server.assistant.turns) == turns


def test_a_link_holds_nothing_private(visitor):
    visitor.ask("我的电话是13800138000，示例攻关项目支持多少？")
    page = visitor.page
    page.click("#exchange-1 .more-actions summary")
    page.click("#exchange-1 [data-link]")
    page.wait_for_selector(f"text={CHINESE.kept.link_masked}")
    from urllib.parse import unquote

    link = unquote(visitor.copied())
    assert "13800138000" not in link and "示例攻关项目支持多少" in link


def test_a_question_of_nothing_but_private_words_gets_no_link(visitor):
    visitor.ask("13800138000")
    page = visitor.page
    page.click("#exchange-1 .more-actions summary")
    page.click("#exchange-1 [data-link]")
    page.wait_for_selector(f"text={CHINESE.kept.link_nothing_left}")


def test_what_a_link_holds_is_read_as_typed_words(visit, server):
    visitor = visit(DESKTOP, server.address)
    page = visitor.page
    page.goto("about:blank")
    page.goto(server.address + "/#/ask/" + "%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E%E6%94%AF%E6%8C%81")
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    assert "<img" in page.inner_text("#exchange-1 .question") and page.title() == "示例助手"
    for bad in ("%E0%A4%A", "", "%20%20", "x" * 5000):
        page.goto("about:blank")
        page.goto(f"{server.address}/#/ask/{bad}")
        page.wait_for_function("document.querySelector('#log[role=log]') !== null")
        page.wait_for_timeout(300)
        assert all("x" * 2001 not in turn.question for turn in server.assistant.turns)
