"""政策体检 in the page: every condition with its words, nothing promised."""

from __future__ import annotations

import io

import pytest
from docx import Document

from bot.catalogue.models import Catalogue
from bot.web.actions.eligibility import profile_of
from bot.web.texts.views_chinese import CHINESE_VIEWS
from bot.web.texts.views_english import ENGLISH_VIEWS
from tests.support.visits import go


def test_conditions_are_compared_with_their_words(act, parse):
    shown = parse(act("eligibility", need="缺钱", size="小微企业", region="示例区").html)
    assert CHINESE_VIEWS.eligibility_found.format(1) in shown.text and "旧办法" not in shown.text
    assert "满足小微企业" in shown.text and "最高不超过30万元" in shown.text
    assert "示例区科技创新若干措施" in shown.text and CHINESE_VIEWS.eligibility_caveat in shown.text
    assert "可能符合，须由受理部门审核" in shown.text


def test_what_was_not_told_is_not_judged(act, parse):
    text = parse(act("eligibility").html).text
    assert CHINESE_VIEWS.eligibility_found.format(2) in text and "您未填写" in text


def test_a_condition_that_is_not_met_folds_the_programme(act, parse):
    html = act("eligibility", need="缺钱", size="大型企业").html
    assert "不满足" in parse(html).text and "<details>" in html


def test_a_word_nobody_knows_turns_nobody_away(act, parse):
    text = parse(act("eligibility", need="缺钱", size="上市公司").html).text
    assert "不满足" not in text and "无法判断" in text


def test_what_was_typed_is_shown_as_understood(act, parse):
    text = parse(act("eligibility", size="三十来人的小公司，隔壁老王的店").html).text
    assert "小微企业" in text and "职工人数27至33人" in text
    assert CHINESE_VIEWS.eligibility_unclear.format("隔壁老王的店") in text


def test_nothing_on_file_is_said_plainly(act, parse):
    assert CHINESE_VIEWS.eligibility_none in parse(act("eligibility", need="养猫").html).text


@pytest.mark.parametrize("action", ["eligibility", "eligibility_choices"])
def test_an_empty_catalogue_is_said_to_be_empty(scripted, act, parse, monkeypatch, action):
    monkeypatch.setattr(scripted, "catalogue", Catalogue())
    assert CHINESE_VIEWS.eligibility_empty in parse(act(action).html).text


def test_choices_come_from_the_catalogue_with_their_number(act, parse):
    html = act("eligibility_choices").html
    assert CHINESE_VIEWS.eligibility_asked.format("小微企业", 1) in parse(html).text
    assert 'id="eligibility-choice-size-小微企业"' in html and 'name="choice-size-小微企业"' in html


def test_boxes_ticked_are_told_beside_what_was_typed():
    told = profile_of({"size": "30人", "choice-size-小微企业": "小微企业", "qualifications": "高企、专精特新"})
    assert told.size == "30人、小微企业" and told.qualifications == ("高企", "专精特新")


def test_the_report_is_a_word_file(act):
    download = act("eligibility_word", need="缺钱", size="小微企业").download
    assert download.name.startswith("政策体检-") and download.name.endswith(".docx")
    text = "\n".join(each.text for each in Document(io.BytesIO(download.content)).paragraphs)
    assert "示例攻关项目" in text and "可能符合，须由受理部门审核" in text and "最高不超过30万元" in text


def test_the_report_is_a_pdf(act):
    import pypdfium2

    download = act("eligibility_pdf", need="缺钱", size="小微企业").download
    assert download.name.endswith(".pdf")
    document = pypdfium2.PdfDocument(download.content)
    text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
    assert "示例攻关项目" in text and "可能符合，须由受理部门审核" in text and "最高不超过30万元" in text


def test_names_stay_words(act, parse):
    assert "script" not in parse(act("eligibility").html).tags


def test_the_frame_is_english_where_asked(act, parse):
    text = parse(act("eligibility", language="en", size="上市公司").html).text
    assert ENGLISH_VIEWS.eligibility_caveat in text and "您未填写" not in text and "无法判断" not in text


# --- in a real browser --------------------------------------------------------------------------

BOX = "[id='eligibility-choice-size-小微企业']"


def opened(visit, viewport):
    page = visit(viewport).page
    go(page, "eligibility")
    page.wait_for_selector(BOX)
    return page


@pytest.mark.parametrize(
    "viewport", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["desk", "phone"]
)
@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_boxes_are_ticked_by_keyboard_survive_a_reload_and_nothing_sticks_out(visit, viewport):
    page = opened(visit, viewport)
    page.fill("#eligibility-need", "缺钱")
    page.focus(BOX)
    page.keyboard.press("Space")
    page.press("#eligibility-need", "Enter")
    page.wait_for_selector("#eligibility-results .verdict-may-fit")
    assert page.evaluate("document.activeElement.closest('#eligibility-results') !== null")
    page.click(".next-questions summary")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.reload()
    page.wait_for_selector(BOX)
    assert page.is_checked(BOX) and page.input_value("#eligibility-need") == "缺钱"


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_the_report_is_downloaded(visit):
    page = opened(visit, {"width": 1440, "height": 900})
    with page.expect_download() as download:
        page.click("[data-send-to=eligibility_word]")
    assert download.value.suggested_filename.endswith(".docx")
