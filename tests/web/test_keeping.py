"""What a visitor does, and what may come between: nothing told or typed is lost."""

from __future__ import annotations

import json

import pytest

from bot.settings import Settings
from bot.web.texts import CHINESE
from tests.support.served import Relay, held_back, restartable

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
BOX = "#question textarea"
QUESTION = "示例攻关项目支持多少？"
SECOND = "支持期限多长？"
QUOTE = "对示例攻关项目，给予最高不超过30万元支持。"


@pytest.fixture
def server(tmp_path, scripted):
    """A page that can be stopped and started again at the same address."""
    with restartable(scripted, Settings(data_dir=tmp_path / "data")) as running:
        yield running


@pytest.fixture
def relay(server):
    """A connection to the page that can be cut."""
    with Relay(server.settings.port) as running:
        yield running


@pytest.fixture
def visitor(visit, server):
    return visit(DESKTOP, server.address)


def shown(page, question: str = QUESTION) -> None:
    """The first question stands there with its answer and its evidence."""
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    assert question in page.inner_text("#exchange-1 .question")
    assert "最高不超过30万元" in page.inner_text("#exchange-1 .answer")
    page.click("#exchange-1 .answer .marker >> text=[1]")
    page.wait_for_selector("#evidence-1-1 mark")
    assert page.locator("#evidence-1-1 mark").all_text_contents() == [QUOTE]


def come_back(page, how: str, server) -> None:
    """Each way a page may go away and come back."""
    if how == "reload":
        page.reload()
    elif how == "restart":
        server.restart()
        page.reload()
    elif how == "restart-unseen":
        server.restart()
    elif how == "back":
        page.goto("about:blank")
        page.go_back()
    elif how == "language":
        page.click("[data-choose-language=en]")
        page.wait_for_function("document.documentElement.lang === 'en'")
        page.wait_for_selector("[data-views-language=en]", state="attached")
        return
    page.wait_for_function("document.querySelector('#log[role=log]') !== null")


INTERRUPTIONS = ["reload", "restart", "restart-unseen", "back", "language"]


@pytest.mark.parametrize("how", INTERRUPTIONS)
def test_the_conversation_and_its_evidence_are_still_there(visitor, server, how):
    visitor.ask(QUESTION)
    come_back(visitor.page, how, server)
    shown(visitor.page)
    assert not visitor.complaints_of_the_page()


@pytest.mark.parametrize("how", INTERRUPTIONS)
def test_a_follow_up_still_knows_what_was_asked(visitor, server, how):
    visitor.ask(QUESTION)
    come_back(visitor.page, how, server)
    visitor.page.wait_for_selector("#exchange-1 .answer")
    visitor.ask(SECOND)
    assert server.assistant.turns[-1].history == (QUESTION,)
    assert QUESTION in visitor.page.inner_text("#exchange-1 .question")


@pytest.mark.parametrize("how", INTERRUPTIONS)
def test_a_verdict_after_it_goes_to_the_right_answer(visitor, server, how):
    visitor.ask(QUESTION)
    visitor.ask("天气怎么样？")
    come_back(visitor.page, how, server)
    visitor.page.wait_for_selector("#exchange-2 .answer")
    visitor.page.click("#rate-yes-1")
    visitor.page.wait_for_selector(".notice-done")
    kept = server.assistant.feedback[-1]
    assert kept.question == QUESTION and "30万元" in kept.answer


def test_a_draft_told_in_the_conversation_goes_on(visitor, server):
    visitor.ask("登记需求：想找人做示例攻关，联系人示例甲，电话021-55500001")
    come_back(visitor.page, "restart", server)
    visitor.page.wait_for_selector("#exchange-1 .draft-card")
    visitor.ask("预算30万元")
    draft = server.assistant.turns[-1].draft
    assert draft is not None and draft.value("title") == "示例攻关"
    assert draft.contact.phone == "021-55500001"
    kept = visitor.page.evaluate("Object.values(localStorage).filter((each) => each.includes('\"draft\":{'))")
    assert kept and not any("021-55500001" in json.dumps(json.loads(each)["answer"]["draft"]) for each in kept)


@pytest.mark.parametrize("how", ["reload", "restart"])
def test_an_answer_that_was_cut_off_says_so_and_can_be_asked_again(visitor, server, how):
    page = visitor.page
    with held_back(server.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-1[data-busy]")
        come_back(page, how, server)
        page.wait_for_selector(f"#exchange-1 >> text={CHINESE.kept.interrupted}")
    page.click("#exchange-1 [data-retry]")
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    assert "30万元" in page.inner_text("#exchange-1 .answer")
    assert page.locator(".exchange").count() == 1


def test_a_connection_that_breaks_while_answering_is_told(visit, server, relay):
    visitor = visit(DESKTOP, relay.address)
    page = visitor.page
    with held_back(server.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-1[data-busy]")
        relay.cut()
        page.wait_for_selector(f"#exchange-1 >> text={CHINESE.kept.interrupted}")
        page.wait_for_selector("#send", state="visible")
    page.click("#exchange-1 [data-retry]")
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    assert "30万元" in page.inner_text("#exchange-1 .answer")


def test_a_changed_document_is_told_with_the_words_cited(visitor, server):
    visitor.ask(QUESTION)
    server.assistant.rewritten = {"notices/measures.md": "示例区科技创新若干措施\n\n全文改过了。"}
    visitor.page.reload()
    visitor.page.wait_for_selector("#exchange-1 .answer .marker")
    visitor.page.click("#exchange-1 .answer .marker >> text=[1]")
    card = visitor.page.inner_text("#evidence-1-1")
    assert CHINESE.evidence_changed in card and QUOTE in card


# --- what the browser keeps is not trusted ------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        "value => 'not json'",
        "value => '[]'",
        "value => value.replace('\"policy\"', '\"nonsense\"')",
        'value => value.replace(/"citations":\\[/, \'"citations":[7,\')',
        'value => value.replace(\'"answer":{\', \'"answer":{"unheard":1,\')',
        'value => value.replace(\'"start":\', \'"start":"x","begin":\')',
        "value => value.replace('\"notes\":[', '\"notes\":[\"' + 'x'.repeat(1500000) + '\",')",
    ],
)
def test_what_was_tampered_with_is_refused_quietly(visitor, server, spoil, caplog):
    visitor.ask(QUESTION)
    page = visitor.page
    page.evaluate(
        f"""() => {{ const spoil = {spoil};
        for (const key of Object.keys(localStorage)) if (key.startsWith("assistant-exchange"))
          localStorage.setItem(key, spoil(localStorage.getItem(key))); }}"""
    )
    page.reload()
    page.wait_for_function("document.querySelector('#log[role=log]') !== null")
    page.wait_for_selector(f"text={CHINESE.kept.unreadable}")
    assert "Traceback" not in page.content() and "Traceback" not in caplog.text
    visitor.asked = page.locator(".exchange").count()
    visitor.ask(SECOND)
    assert "30万元" in visitor.reply()


def test_hostile_words_kept_stay_words(visitor):
    visitor.ask(QUESTION)
    page = visitor.page
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
          const hostile = '<img src=x onerror="document.title=1">';
          localStorage.setItem(key, localStorage.getItem(key).replaceAll("示例攻关项目", JSON.stringify(hostile).slice(1, -1)));
        } }"""
    )
    page.reload()
    page.wait_for_selector("#exchange-1 .question")
    page.click("[data-conversations]")
    assert "onerror" in page.inner_text("#exchange-1 .question")
    assert page.title() == "示例助手" and page.locator("#log img, #conversations img").count() == 0


# --- several conversations ------------------------------------------------------------------------


def titles(page) -> list[str]:
    return page.locator("#conversations .conversation-title").all_inner_texts()


def test_conversations_have_titles_and_are_changed_between(visitor, server):
    visitor.ask(QUESTION)
    page = visitor.page
    page.click("[data-restart]")
    page.wait_for_selector(".welcome")
    visitor.asked = 0
    visitor.ask("天气怎么样？")
    assert server.assistant.turns[-1].history == ()
    page.click("[data-conversations]")
    assert titles(page) == ["天气怎么样？", QUESTION]
    assert CHINESE.kept.kept_where in page.inner_text("#conversations")
    page.click(f"#conversations .conversation-title >> text={QUESTION}")
    shown(page)
    visitor.asked = 1
    visitor.ask(SECOND)
    assert server.assistant.turns[-1].history == (QUESTION,)


def test_a_conversation_is_renamed_and_deleted_and_all_are_deleted(visitor):
    page = visitor.page
    for question in (QUESTION, "天气怎么样？", "第三个问题"):
        visitor.asked = 0
        visitor.ask(question)
        page.click("[data-restart]")
        page.wait_for_selector(".welcome")
    page.click("[data-conversations]")
    page.click("#conversations li >> nth=2 >> [data-rename]")
    page.locator("#conversations input").fill("攻关项目")
    page.keyboard.press("Enter")
    assert titles(page) == ["第三个问题", "天气怎么样？", "攻关项目"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#conversations li >> nth=0 >> [data-delete]")
    page.reload()
    page.wait_for_selector(".welcome")
    page.click("[data-conversations]")
    assert titles(page) == ["天气怎么样？", "攻关项目"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#conversations [data-delete-all]")
    assert titles(page) == []
    left = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "天气" not in left and "攻关" not in left


def test_the_list_is_used_with_the_keyboard(visitor):
    visitor.ask(QUESTION)
    page = visitor.page
    page.focus("[data-conversations]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#conversations li")
    assert page.get_attribute("[data-conversations]", "aria-expanded") == "true"
    assert page.evaluate("document.activeElement.closest('#conversations') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector("#conversations li", state="hidden")
    assert page.evaluate("document.activeElement.matches('[data-conversations]')")


def test_two_windows_do_not_overwrite_each_other(visitor, server):
    visitor.ask(QUESTION)
    page, other = visitor.page, visitor.page.context.new_page()
    other.goto(server.address)
    other.wait_for_selector(".welcome")
    other.fill(BOX, "天气怎么样？")
    other.press(BOX, "Enter")
    other.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    visitor.ask(SECOND)
    for each in (page, other):
        each.click("[data-conversations]")
        each.wait_for_selector(f"#conversations .conversation-title >> text={QUESTION}")
        assert sorted(titles(each)) == sorted(["天气怎么样？", QUESTION])


def test_the_same_conversation_in_two_windows_keeps_both_questions(visitor, server):
    visitor.ask(QUESTION)
    page, other = visitor.page, visitor.page.context.new_page()
    other.goto(server.address)
    other.click("[data-conversations]")
    other.click(f"#conversations .conversation-title >> text={QUESTION}")
    other.wait_for_selector("#exchange-1 .answer")
    other.fill(BOX, SECOND)
    other.press(BOX, "Enter")
    other.wait_for_selector("#exchange-2:not([data-busy]) .answer")
    page.wait_for_selector(f"#exchange-2 .question >> text={SECOND}")
    visitor.asked = 2
    visitor.ask("找谁申报？")
    assert server.assistant.turns[-1].history == (QUESTION, SECOND)
    other.reload()
    other.wait_for_selector("#exchange-3 .answer")


def test_a_window_opened_anew_offers_the_last_conversation(visitor, server):
    visitor.ask(QUESTION)
    other = visitor.page.context.new_page()
    other.goto(server.address)
    other.click(f"#resume >> text={QUESTION}")
    shown(other)


# --- forms ------------------------------------------------------------------------------------------

FORMS = {
    "question": ("chat", {BOX: "问到一半"}),
    "tell": ("publish", {"#tell-told": "讲到一半的需求"}),
    "publish": (
        "publish",
        {"#publish-title": "填到一半", "#publish-unit": "示例单位", "#publish-contact_phone": "021-55500002"},
    ),
    "find": ("market", {"#find-told": "找到一半"}),
    "introduce": ("introduce", {"#introduce-need": "n-1", "#introduce-offer": "o-2"}),
    "eligibility": (
        "eligibility",
        {".view[data-name=eligibility] textarea, .view[data-name=eligibility] input[type=text]": "示例"},
    ),
}


@pytest.mark.parametrize("how", INTERRUPTIONS)
@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_still_there(visitor, server, form, how):
    page = visitor.page
    view, entries = FORMS[form]
    if view != "chat":
        page.click(f"#masthead [data-go={view}]")
    for selector, words in entries.items():
        page.locator(selector).first.fill(words)
    come_back(page, how, server)
    for selector, words in entries.items():
        page.locator(selector).first.wait_for(state="visible")
        page.wait_for_function(
            "([selector, words]) => document.querySelector(selector).value === words", arg=[selector, words]
        )


def test_choices_of_a_form_are_still_there(visitor, server):
    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.check("#tell-form input[value=offers]")
    page.wait_for_selector("#publish-confidentiality", state="attached")
    page.evaluate("document.querySelector('#record-form details').open = true")
    page.select_option("#publish-confidentiality", index=1)
    chosen = page.input_value("#publish-confidentiality")
    come_back(page, "restart", server)
    page.wait_for_selector("#publish-confidentiality", state="attached")
    page.wait_for_function(f"document.querySelector('#publish-confidentiality').value === '{chosen}'")
    assert page.is_checked("#tell-form input[value=offers]")


@pytest.mark.parametrize("how", ["reload", "restart", "language"])
def test_a_form_that_was_opened_by_a_button_opens_again(visitor, server, how):
    page = visitor.page
    page.click("#masthead [data-go=market]")
    page.fill("#find-told", "没有谁做的示例事情")
    page.click("#find-form [type=submit]")
    page.click("#market-results [data-action=hand_over_form]")
    page.fill("#hand-over-unit", "示例单位")
    page.fill("#hand-over-contact_phone", "021-55500003")
    come_back(page, how, server)
    page.wait_for_selector("#hand-over-unit")
    page.wait_for_function("document.querySelector('#hand-over-unit').value === '示例单位'")
    assert page.input_value("#hand-over-contact_phone") == "021-55500003"


def test_private_entries_and_receipts_are_not_kept_beyond_the_window(visitor):
    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.fill("#publish-contact_phone", "021-55500004")
    page.click("#masthead [data-go=mine]")
    page.fill("#mine-receipt", "ABCD-EFGH-JKLM")
    page.wait_for_timeout(500)
    assert "021-55500004" not in page.evaluate("JSON.stringify({...localStorage})")
    assert "ABCD-EFGH" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_form_that_was_sent_is_forgotten(visitor, server):
    from tests.support.market_forms import NEED_FORM

    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.wait_for_selector("#publish-title")
    page.evaluate("document.querySelector('#record-form details').open = true")
    for name, words in NEED_FORM.items():
        if page.locator(f"#record-form [name={name}]:not([type=hidden])").count():
            page.locator(f"#record-form [name={name}]").fill(words)
    page.click("#record-form [type=submit] >> nth=0")
    page.click("#confirm-form [type=submit] >> nth=0")
    page.wait_for_selector(".receipt-code")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("#publish-title")
    page.wait_for_timeout(300)
    assert page.input_value("#publish-title") == ""


def test_a_receipt_is_not_wiped_by_a_change_of_language(visitor, server):
    from tests.support.market_forms import NEED_FORM

    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.wait_for_selector("#publish-title")
    page.evaluate("document.querySelector('#record-form details').open = true")
    for name, words in NEED_FORM.items():
        if page.locator(f"#record-form [name={name}]:not([type=hidden])").count():
            page.locator(f"#record-form [name={name}]").fill(words)
    page.click("#record-form [type=submit] >> nth=0")
    page.click("#confirm-form [type=submit] >> nth=0")
    code = page.inner_text(".receipt-code")
    come_back(page, "language", server)
    page.wait_for_timeout(500)
    assert page.inner_text(".receipt-code") == code


# --- the back button ---------------------------------------------------------------------------------


def test_back_closes_the_sheet_then_the_view_and_never_leaves(visit, server):
    visitor = visit(PHONE, server.address)
    visitor.ask(QUESTION)
    page = visitor.page
    page.tap("#masthead [data-go=market]")
    page.wait_for_selector("#find-told")
    page.go_back()
    page.wait_for_selector("#exchange-1 .answer", state="visible")
    page.tap("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.go_back()
    page.wait_for_selector("#evidence", state="hidden")
    page.tap("[data-conversations]")
    page.wait_for_selector("#conversations li", state="visible")
    page.go_back()
    page.wait_for_selector("#conversations li", state="hidden")
    assert page.is_visible("#exchange-1 .answer") and page.url.startswith(server.address)


def test_a_reload_opens_the_same_view_and_back_still_works(visit, server):
    visitor = visit(PHONE, server.address)
    page = visitor.page
    page.tap("#masthead [data-go=eligibility]")
    page.wait_for_selector(".view[data-name=eligibility] h2", state="visible")
    page.reload()
    page.wait_for_selector(".view[data-name=eligibility] h2", state="visible")
    page.go_back()
    page.wait_for_selector(".welcome", state="visible")


def test_back_after_a_reload_with_the_sheet_open_is_not_spent_on_nothing(visit, server):
    visitor = visit(PHONE, server.address)
    visitor.ask(QUESTION)
    page = visitor.page
    page.tap("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.reload()
    page.wait_for_selector("#exchange-1 .answer")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.go_back()
    page.wait_for_selector("#evidence", state="hidden")
    assert page.is_visible("#exchange-1 .answer")


# --- asking again, stopping ------------------------------------------------------------------------


def edit(page, number: int, words: str) -> None:
    page.click(f"#exchange-{number} [data-edit]")
    page.locator(f"#exchange-{number} .edit-question textarea").fill(words)
    page.click(f"#exchange-{number} .edit-question [type=submit]")


def test_the_newest_question_is_edited_and_asked_again(visitor, server):
    visitor.ask(QUESTION)
    visitor.ask("天气怎么样？")
    edit(visitor.page, 2, SECOND)
    visitor.page.wait_for_selector("#exchange-2:not([data-busy]) >> text=30万元")
    assert server.assistant.turns[-1].history == (QUESTION,)
    visitor.page.reload()
    visitor.page.wait_for_selector(f"#exchange-2 .question >> text={SECOND}")
    assert visitor.page.locator(".exchange").count() == 2


def test_an_earlier_question_edited_keeps_the_later_ones_as_a_conversation_of_their_own(visitor, server):
    visitor.ask("天气怎么样？")
    visitor.ask(SECOND)
    page = visitor.page
    edit(page, 1, QUESTION)
    page.wait_for_selector("#exchange-1:not([data-busy]) >> text=30万元")
    assert page.locator(".exchange").count() == 1
    assert server.assistant.turns[-1].history == ()
    page.wait_for_selector(f"text={CHINESE.kept.kept_before_edit[:8]}")
    page.click("[data-conversations]")
    page.click("#conversations .conversation-title >> text=改问前")
    page.wait_for_selector(f"#exchange-2 .question >> text={SECOND}")
    assert "天气怎么样" in page.inner_text("#exchange-1 .question")


def test_editing_can_be_given_up(visitor):
    visitor.ask(QUESTION)
    page = visitor.page
    page.click("#exchange-1 [data-edit]")
    page.locator(".edit-question textarea").fill("别的")
    page.keyboard.press("Escape")
    assert page.locator(".edit-question").count() == 0
    shown(page)


def test_a_stopped_answer_stays_stopped_after_a_reload(visitor, server):
    page = visitor.page
    with held_back(server.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-1[data-busy] .answer")
        page.click("#stop")
        page.wait_for_selector(f"#exchange-1:not([data-busy]) >> text={CHINESE.stopped}")
    page.reload()
    page.wait_for_selector(f"#exchange-1 >> text={CHINESE.stopped}")


# --- taking an answer along --------------------------------------------------------------------------


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


# --- waiting ---------------------------------------------------------------------------------------------


def test_who_waits_is_told_how_many_are_before(visit, server):
    visitors = [visit(DESKTOP, server.address) for _ in range(2)]
    server.line.at_once = 1
    with held_back(server.assistant):
        for each in visitors:
            each.page.fill(BOX, QUESTION)
            each.page.press(BOX, "Enter")
            each.page.wait_for_selector("#exchange-1[data-busy]")
        visitors[1].page.wait_for_selector(f"#exchange-1 >> text={CHINESE.kept.ahead.format(1)}")
        assert "queue" not in visitors[1].page.inner_text("body")
    for each in visitors:
        each.answered()


def test_busy_is_told_apart_from_a_lost_connection(visitor, server):
    server.line.longest = 0
    server.line.at_once = 0
    page = visitor.page
    page.fill(BOX, QUESTION)
    page.press(BOX, "Enter")
    page.wait_for_selector(f"text={CHINESE.kept.busy}")
    assert CHINESE.connection_lost not in page.inner_text("body")
    assert page.input_value(BOX) == QUESTION
    server.line.longest, server.line.at_once = 10, 8
    page.press(BOX, "Enter")
    visitor.answered()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_each_answer_begins_in_sight(visit, server, viewport):
    visitor = visit(viewport, server.address)
    for number, question in enumerate((QUESTION, "天气怎么样？", SECOND, QUESTION), 1):
        visitor.ask(question)
        visitor.page.wait_for_timeout(300)
        log = visitor.page.locator("#log").bounding_box()
        top = visitor.page.locator(f"#exchange-{number}").bounding_box()["y"] - log["y"]
        assert -2 <= top < log["height"] / 3


def test_a_long_conversation_is_as_fast_as_a_short_one(visitor, server):
    page = visitor.page
    visitor.ask(QUESTION)
    page.evaluate(
        """() => { const [key] = Object.keys(localStorage).filter((each) => each.startsWith("assistant-exchange"));
          const value = JSON.parse(localStorage.getItem(key));
          for (let each = 0; each < 120; each += 1) { const id = `copy${each}`;
            localStorage.setItem(key.replace(value.id, id), JSON.stringify({...value, id, asked: value.asked + each + 1})); } }"""
    )
    page.reload()
    page.wait_for_selector("#exchange-121 .answer")
    assert page.locator(".exchange").count() == 20
    visitor.asked = 121
    sent = []
    page.on("request", lambda request: sent.append(len(request.post_data or "")))
    visitor.ask(SECOND)
    assert max(sent) < 10_000
    assert len(server.assistant.turns[-1].history) == 20
    page.click("#show-earlier")
    page.wait_for_selector("#exchange-82", state="attached")
    assert page.locator(".exchange").first.get_attribute("id") == "exchange-82"
