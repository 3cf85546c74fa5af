"""English whole: no Chinese of the page's own in any view, answer, form, error or file, and quotes marked as Chinese."""

from __future__ import annotations

import io
import json
import re
from base64 import b64encode
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

import bot.introductions
import bot.web.english
from bot.introductions.records import Form, Stage
from bot.types import Turn
from bot.web import frame, rendering
from bot.web.actions.actions import ViewActions
from bot.web.chat import Chat
from bot.web.conversation import Asked, Ending, Exchange, KeptExchange
from bot.web.copying import answer_for_copy
from bot.web.evidence import gather
from bot.web.exporting import exported_file
from bot.web.kept import conversations_panel
from bot.web.texts import ENGLISH, Language
from bot.web.texts.views_english import ENGLISH_VIEWS
from bot.web.views.shells import views
from tests.support.english_frame import frame_of_text, met_in, unmarked_words
from tests.support.market_forms import NEED_FORM, OFFER_FORM, receipt
from tests.support.scripted import CATALOGUE, NEWS, NOTICE

EN = Language.ENGLISH.value
ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
FOLDER = Path(bot.introductions.__file__).parent
GATES = "".join((Path(bot.web.english.__file__).parent / "phrases/gates.yaml").read_text(encoding="utf-8"))
WEAK_NEED = {
    "kind": "needs",
    "title": "技术",
    "description": "噪声",
    "region": "示例省",
    "contact_phone": "13912345678",
}
FULL_OFFER = {**OFFER_FORM, "price": "50万元", "available_from": "2027年6月", "exclusions": "不考虑中介"}
FULL_NEED = {
    **NEED_FORM,
    "deadline": "2027年12月31日前",
    "ip_ownership": "双方共有",
    "solver_region": "限示例省",
    "trl_required": "8",
    "exclusions": "不要机器人",
}
SAID = {
    "cooperation_sought": "想谈许可",
    "unclear": "叶片寿命多长",
    "introduction": "我们做风机",
}
ASKED = "风机噪声怎么办"
TO_TYPE = (
    "eligibility_need_hint",
    "eligibility_industry_hint",
    "eligibility_size_hint",
    "eligibility_qualifications_hint",
    "eligibility_about_hint",
    "find_placeholder",
    "told_placeholder",
    "eligibility_question",
)
DATA = (
    *FULL_NEED.values(),
    *FULL_OFFER.values(),
    *WEAK_NEED.values(),
    *SAID.values(),
    ASKED,
    NOTICE.text,
    NEWS.text,
    CATALOGUE.model_dump_json(),
    # What must be typed in Chinese to be understood is shown in Chinese.
    *(getattr(ENGLISH_VIEWS, name) for name in TO_TYPE),
    "面议 不限 国际领先 是 否",
    # What the visitor told the check-up, and what the scripted answer is made of.
    "小微企业大型企业隔壁老王的店缺钱",
    "示例攻关项目有50万元吗？ 示例攻关项目 示例助手 示例窗口 示例路1号 攻关项目申报 示例研究院 设有攻关中试线 最高金额 示科〔2031〕7号",
    "有支持，单个项目最高不超过30万元。另有说法为40万元 文件未写明申报材料由窗口受理。支持期限为12个月。第五条说明 坏 支持期限多长？ 找谁申报？",
    "示例攻关项目支持多少？ 谁能一起做示例攻关？ 攻关项目找谁问？ 登记 已起草 按文件所述，截至 申报截止日期：文件未写明",
    *(
        metadata
        for document in (NOTICE, NEWS)
        for metadata in (document.metadata.title, document.metadata.issuer or "")
    ),
)


@pytest.fixture
def english(scripted):
    actions = ViewActions.over(scripted)

    def call(action: str, **sent: str):
        return actions.reply(action, sent, EN)

    return call


@pytest.fixture
def codes(english):
    """Receipts of a need and an offer on file, and their ids."""
    need, offer = receipt(english("submit", **FULL_NEED)), receipt(english("submit", **FULL_OFFER))
    return need, offer


def _pages(scripted, english, codes):
    """Every reply of the views, by what was done."""
    need_code, offer_code = codes
    market = scripted.market
    need, offer = market.claim(need_code)[1].id, market.claim(offer_code)[1].id
    yield "form", english("form", kind="needs")
    yield "form of an offer", english("form", kind="offers")
    yield "told", english("tell", told=NEED_FORM["description"], kind="needs")
    yield "checked", english("check", **WEAK_NEED)
    yield "preview", english("preview", **FULL_NEED)
    yield "preview of a weak one", english("preview", **WEAK_NEED)
    yield "held", english("submit", **WEAK_NEED)
    yield "browse", english("browse")
    yield "found", english("find", told=NEED_FORM["description"])
    yield "widened", english("find", told=ASKED, widened="1")
    yield "record", english("record", kind="needs", id=need)
    yield "record of an offer", english("record", kind="offers", id=offer)
    yield "matches", english("matches", kind="needs", id=need)
    yield "interest form", english("interest_form", kind="offers", id=offer)
    yield "hand over form", english("hand_over_form", told=ASKED)
    yield "handed over", english("hand_over", told=ASKED, contact_phone="13912345678")
    yield "pairs", english("pairs", need=need)
    yield "introduction form", english("introduction_form")
    for stage in (Stage.ASK_NEED_OWNER, Stage.JOINT):
        sent = {"need": need, "offer": offer, "form": Form.LETTER.value, "stage": stage.value, "language": "en"}
        yield f"letter {stage.value}", english("introduce", receipt=need_code, **sent)
    yield "chinese letter", english("introduce", **{**sent, "stage": Stage.ASK_NEED_OWNER.value, "language": "zh"})
    yield "claim", english("claim", receipt=need_code)
    yield "interest", english("interest", kind="offers", id=offer, receipt=need_code, consent="yes", **SAID)
    yield "claim after interest", english("claim", receipt=offer_code)
    yield "agreed", english("agree", receipt=offer_code, other=need, contact="yes")
    yield "claimed after consent", english("claim", receipt=need_code)
    yield "joint", english("joint", receipt=need_code, need=need, offer=offer)
    yield "taken back", english("take_back", receipt=need_code, other=offer)
    yield "revised", english("revise", receipt=need_code, **{**FULL_NEED, "budget": "60万元"})
    yield "joint after taking back", english("joint", receipt=need_code, need=need, offer=offer)
    yield "withdrawn", english("withdraw", receipt=need_code)
    yield "eligibility", english("eligibility", need="缺钱", size="小微企业", region="示例区", about="隔壁老王的店")
    yield "eligibility unfilled", english("eligibility")
    yield "eligibility not met", english("eligibility", need="缺钱", size="大型企业")
    yield "choices", english("eligibility_choices")
    yield "inquiry form", english("inquiry_form", question=ASKED, region="office-1")
    told = {"question": ASKED, "contact_phone": "13800000000", "agreed": "yes", "with_conversation": "yes"}
    left = english("inquire", conversation=json.dumps([[ASKED, NOTICE.text[:12]]]), **told)
    yield "inquiry left", left
    yield "inquiry opened", english("claim", receipt=receipt(left))
    yield "inquiry withdrawn", english("inquiry_withdraw", receipt=receipt(left))


def _shown(scripted, answer) -> str:
    evidence = gather(answer.citations, scripted.document)
    return rendering.exchange(Exchange(1, answer.question, answer, evidence, finished=True), ENGLISH)


@pytest.fixture
def markups(scripted, english, codes, full_answer):
    found = {name: reply.html for name, reply in _pages(scripted, english, codes)}
    found["views"] = views(EN)
    found["masthead"] = frame.masthead(scripted, ENGLISH)
    found["panel"] = frame.evidence_panel(ENGLISH)
    found["conversations"] = conversations_panel(ENGLISH)
    found["first"] = Chat(scripted).first_screen(EN)
    found["answer"] = _shown(scripted, full_answer)
    found["draft"] = _shown(scripted, list(scripted.stream(Turn("登记")))[-1])
    return found


#: The letter somebody asked for in Chinese is Chinese.
CHINESE_LETTER = (FOLDER / "templates.yaml").read_text(encoding="utf-8") + "成熟度可能不符"


def test_no_chinese_of_the_pages_own_is_left_in_english(markups):
    letters = {"chinese letter": (CHINESE_LETTER, GATES)}
    met = {name: met_in(html, (*DATA, *letters.get(name, ()))).frame for name, html in markups.items()}
    assert len(met) > 45 and {name: found for name, found in met.items() if found} == {}


def test_what_is_chinese_is_marked_as_chinese(markups):
    met = {name: met_in(html, DATA).unmarked for name, html in markups.items()}
    assert {name: found for name, found in met.items() if found} == {}


def test_no_day_is_left_in_figures(markups):
    shown = {name: [each for each in unmarked_words(html) if ISO_DAY.search(each)] for name, html in markups.items()}
    assert {name: found for name, found in shown.items() if found} == {}


def test_every_page_is_there_in_both_languages(scripted, english):
    """The same actions in Chinese hold Chinese, and no sentence of the English page."""
    assert ENGLISH_VIEWS.market_heading not in views(Language.CHINESE.value)
    assert (
        "not stated" in english("eligibility").html.lower()
        and "文件未写明" in ViewActions.over(scripted).reply("eligibility", {}, Language.CHINESE.value).html
    )


def test_an_answer_that_is_copied_or_exported_is_english_but_for_its_quotes(scripted, full_answer):
    kept = KeptExchange(full_answer.question, Ending.DONE, "", full_answer)
    words = answer_for_copy(full_answer, ENGLISH)
    assert frame_of_text(words, DATA) == [] and "Evidence" in words and "2 April 2031" in words
    for suffix, read in (("docx", _docx), ("pdf", _pdf)):
        file = exported_file(suffix, ASKED, [kept], scripted.document, date(2031, 5, 1), ENGLISH)
        assert frame_of_text(read(file.content), DATA) == [] and "Exported on 1 May 2031" in read(file.content)


def test_the_report_of_the_check_up_is_english_but_for_its_quotes(english):
    sent = {"need": "缺钱", "size": "小微企业", "region": "示例区", "about": "隔壁老王的店"}
    for action, read in (("eligibility_word", _docx), ("eligibility_pdf", _pdf)):
        file = english(action, **sent).download
        words = read(file.content)
        assert frame_of_text(words, DATA) == [] and "Policy check-up" in words and "Ask" in words
        assert file.name.startswith("Policy check-up-")


def test_files_have_english_names(english, codes):
    assert english("template", kind="needs", suffix="csv").download.name == "Template for needs.csv"
    rows = "名称,要解决的问题,联系电话\n" + f"{FULL_NEED['title']},{FULL_NEED['description']},13912345678\n"
    sent = {"kind": "needs", "file_name": "a.csv", "file": b64encode(rows.encode()).decode()}
    reply = english("bulk", **sent)
    assert (
        met_in(reply.html, DATA).frame == [] and frame_of_text(reply.download.content.decode("utf-8-sig"), DATA) == []
    )


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        ("claim", {"receipt": "AAAAA-AAAAA-AAAAA-AAAAA"}),
        ("record", {"kind": "needs", "id": "none"}),
        ("find", {"told": ""}),
        ("hand_over", {"told": ASKED}),
        ("hand_over", {"told": ""}),
        ("submit", {"kind": "needs", "title": ""}),
        ("submit", {**NEED_FORM, "as_of": "x", "trl_required": "99"}),
        ("submit", {**NEED_FORM, "unit": "13912345678"}),
        ("check", {"kind": "organisations"}),
        ("bulk", {"kind": "needs", "file_name": "a.zip", "file": ""}),
        ("bulk", {"kind": "needs", "file_name": "a.csv", "file": ""}),
        ("bulk", {"kind": "needs", "file_name": "a.xlsx", "file": "AAAA"}),
        ("template", {"kind": "needs", "suffix": "doc"}),
        ("introduce", {"need": "x", "offer": "y", "form": "letter", "stage": "ask_need_owner"}),
        ("introduce", {"form": "none"}),
        ("word", {"draft": "gone"}),
        ("inquire", {"question": ASKED}),
        ("inquire", {"question": "", "agreed": "yes", "contact_phone": "13912345678"}),
        ("inquiry_add", {"receipt": "x", "message": ""}),
    ],
)
def test_what_goes_wrong_is_said_in_english(english, action, sent):
    reply = english(action, **sent)
    assert reply.failed and met_in(reply.html, DATA).frame == [], reply.html
    assert ENGLISH.told_in_chinese.partition("{")[0] not in reply.html


def test_a_question_that_cannot_be_answered_is_said_so_in_english(scripted):
    for asked in ("过长", "故障"):
        *_, last = Chat(scripted).ask(Asked("k" * 8, 1, asked, EN))
        assert met_in(rendering.exchange(last, ENGLISH), ("过长故障",)).frame == []
    assert met_in(Chat(scripted).open_document("none", 0, 1, EN), ()).frame == []


@pytest.mark.parametrize(
    "question",
    [
        "你好",
        "今天天气怎么样？",
        "月亮上能种菜吗？",
        "我想登记一个需求",
        "这份答复的联系电话是多少？",
        "有哪些贷款？",
        "贷款能贷多少年？",
        "做人工智能的可以找谁合作？",
        "找一家养猫的合作方",
        "怎么申请科技贷款？",
        "2024年发布了哪些文件？",
        "What loans are there for companies?",
        "Can I grow vegetables on the moon?",
    ],
)
def test_answers_from_documents_are_framed_in_english(assistant, question):
    """The corpus on file: every Chinese word shown stands in its documents or cards, in the question, or is a name."""
    *_, answer = assistant.stream(Turn(question))
    shown = rendering.exchange(
        Exchange(1, question, answer, gather(answer.citations, assistant.document), finished=True), ENGLISH
    )
    cited = [assistant.document(citation.document_id) for citation in answer.citations]
    data = [
        question,
        answer.standalone_question,
        assistant.scope.model_dump_json(),
        assistant.catalogue.model_dump_json(),
    ]
    data += [path.read_text(encoding="utf-8") for path in Path("corpus").rglob("*") if path.suffix in (".md", ".yaml")]
    data += [re.sub(r"\s", "", told) for each in cited for told in (each.text, each.metadata.title)]
    # What is typed or pressed in Chinese is named in Chinese, with its meaning behind it.
    met = met_in(shown, (*data, "跳过 就这些", *(getattr(ENGLISH_VIEWS, name) for name in TO_TYPE)))
    assert met.unmarked == [] and met.frame == []


def _docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    # A line that is broken is one text.
    return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
