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


def save(page, button: str, path):
    with page.expect_download() as download:
        page.click(button)
    download.value.save_as(path)
    return download.value.suggested_filename


def test_an_answer_and_the_conversation_are_saved_and_printed_with_their_evidence(visitor, tmp_path):
    import pdfplumber
    from docx import Document

    for question in (QUESTION, SECOND, "天气怎么样？"):
        visitor.ask(question)
    page = visitor.page
    # As Word.
    page.click("#exchange-1 .more-actions summary")
    name = save(page, "#exchange-1 [data-export=docx]", tmp_path / "answer.docx")
    assert name.endswith(".docx")
    words = "\n".join(each.text for each in Document(tmp_path / "answer.docx").paragraphs)
    for part in (QUESTION, "最高不超过30万元", "支持期限为12个月", "施行中", QUOTE, "示科〔2031〕7号", "[1]", "[2]"):
        assert part in words
    assert SECOND not in words
    # As PDF.
    if not page.is_visible("#exchange-1 [data-export=pdf]"):
        page.click("#exchange-1 .more-actions summary")
    save(page, "#exchange-1 [data-export=pdf]", tmp_path / "answer.pdf")
    with pdfplumber.open(tmp_path / "answer.pdf") as opened:
        words = "".join(each.extract_text() for each in opened.pages).replace("\n", "")
    for part in (QUESTION, "最高不超过30万元", QUOTE, "示科〔2031〕7号"):
        assert part in words
    # The whole conversation.
    page.click("[data-conversations]")
    save(page, "#conversations [data-export-all=docx]", tmp_path / "all.docx")
    words = "\n".join(each.text for each in Document(tmp_path / "all.docx").paragraphs)
    assert words.index(QUESTION) < words.index(QUOTE) < words.index(SECOND) < words.index("天气怎么样？")
    # On paper the evidence stands below its answer, and there is no frame.
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for number in (1, 2):
        assert page.is_visible(f"#exchange-{number} .evidence-store mark >> nth=0")
    assert page.is_visible("text=第五条说明 >> nth=0")
    frame = ("#composer", "#evidence", ".views-nav", "[data-conversations]", "[data-choose-language=en]")
    for part in (*frame, "#exchange-1 .actions", "#exchange-1 .evidence-buttons", "#exchange-1 [data-edit]"):
        assert page.locator(part).first.is_hidden(), part


def test_a_link_to_an_answer_opens_it_with_its_evidence_and_holds_nothing_private(visitor, visit, server):
    from urllib.parse import unquote

    page = visitor.page

    def ask_for_a_link(question: str, told: str) -> None:
        # A link holds what a question was understood as: each is asked with nothing before it.
        page.click("[data-restart]")
        visitor.asked = 0
        visitor.ask(question)
        page.click("#exchange-1 .more-actions summary")
        page.click("#exchange-1 [data-link]")
        page.wait_for_selector(f"text={told}")

    ask_for_a_link(QUESTION, CHINESE.kept.link_copied)
    link = visitor.copied()
    ask_for_a_link("我的电话是13800138000，示例攻关项目支持多少？", CHINESE.kept.link_masked)
    masked = unquote(visitor.copied())
    assert "13800138000" not in masked and "示例攻关项目支持多少" in masked
    # A question of nothing but private words gets no link.
    ask_for_a_link("13800138000", CHINESE.kept.link_nothing_left)
    # Somebody else opens the first.
    other = visit(DESKTOP, link)
    shown(other.page)
    assert other.page.is_visible("#evidence-1-1 mark")
    turns = len(server.assistant.turns)
    other.page.reload()
    shown(other.page)
    assert len(server.assistant.turns) == turns


def test_what_a_link_holds_is_read_as_typed_words(visit, server):
    hostile = "%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E%E6%94%AF%E6%8C%81"
    page = visit(DESKTOP, f"{server.address}/#/ask/{hostile}").page
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    assert "<img" in page.inner_text("#exchange-1 .question") and page.title() == "示例助手"
    for bad in ("%E0%A4%A", "", "%20%20", "x" * 5000):
        page.goto("about:blank")
        page.goto(f"{server.address}/#/ask/{bad}")
        page.wait_for_function("document.querySelector('#log[role=log]') !== null")
        # The link was read: its question, if any, is on its way.
        page.wait_for_function("window.location.hash === '#/chat'")
        page.wait_for_timeout(100)
        assert all("x" * 2001 not in turn.question for turn in server.assistant.turns), bad[:20]
