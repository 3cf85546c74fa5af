"""Questions at the desk: lists, one question, groups, gaps, cases, the workbook; what is shown in English."""

import io
import re

import pytest
from openpyxl import load_workbook

from bot.evaluation.case_store import CaseStore
from bot.questions.feedback import record_feedback
from bot.questions.gaps import GapBook
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAgain, AskedAt, GapState, QuestionFilter, Repetition
from bot.questions.store import QuestionStore
from bot.types import Feedback, Outcome, PrivateContact
from tests.questions.conftest import answer_to
from tests.web.desk.test_languages import untold

PATH = "/desk/questions"
CAT, DOG, RENT, PIE = "人才公寓能养猫吗", "人才公寓可以养宠物吗", "租金补贴给多少", "装修费用可以补贴吗"


@pytest.fixture
def kept(desk):
    keeper = QuestionKeeper(desk.database, 90)
    keeper.keep(
        answer_to(RENT, words="给30%[1]。", outcome="answered", quotes=["租金补贴30%"]), AskedAt.PAGE, "key-rent"
    )
    for question in (CAT, CAT, DOG, PIE):
        keeper.keep(answer_to(question), AskedAt.API)
    keeper.close()
    record_feedback(desk.database, Feedback(RENT, "答", False, "<b>不对</b>", "key-rent"))
    return {each.question: each.number for each in QuestionStore(desk.database).listed(QuestionFilter())}


@pytest.fixture
def staff(desk):
    return desk.browser("staff")


def test_everything_is_listed_counted_and_filtered(desk, kept, staff):
    page = staff.get(PATH).text
    assert all(question in page for question in kept) and "&lt;b&gt;不对" in page and "<b>不对" not in page
    assert 'class="bar"' in page and "留 90 天" in page
    found = staff.get(PATH, params={"q": "公寓", "outcome": "not_stated", "mode": "offline"}).text
    assert CAT in found and RENT not in found
    assert RENT in staff.get(PATH, params={"verdict": "not_useful"}).text
    odd = staff.get(PATH, params={"outcome": "x", "since": "昨天", "q": "\x00%"})
    assert odd.status_code == 200 and "没有这样的问题" in odd.text


def test_one_question_shows_what_was_answered_and_on_what(desk, kept, staff):
    page = staff.get(f"{PATH}/{kept[RENT]}").text
    assert "给30%[1]。" in page and "租金补贴30%" in page and "示例文件1" in page and "答了" in page
    assert staff.get(f"{PATH}/999").status_code == 404


def test_what_means_the_same_is_one_group(desk, kept, staff):
    page = staff.get(f"{PATH}/unanswered").text
    assert PIE in page and (CAT in page) is not (DOG in page) and RENT not in page
    group = staff.get(f"{PATH}/unanswered/{kept[DOG]}").text
    assert CAT in group and DOG in group and PIE not in group and "2 种问法，共 3 次" in group
    assert staff.get(f"{PATH}/unanswered/{kept[RENT]}").status_code == 404


def test_asked_most_and_not_useful(desk, kept, staff):
    most = staff.get(f"{PATH}/most-asked").text
    assert re.search(rf"{CAT}.*?<td>2</td>", most)
    poor = staff.get(f"{PATH}/not-useful").text
    assert RENT in poor and CAT not in poor


def test_a_case_is_filled_in_edited_and_kept(desk, kept, staff):
    page = staff.get(f"{PATH}/cases/new?question={kept[RENT]}").text
    assert RENT in page and "file-1.txt" in page and f"question-{kept[RENT]}" in page
    boxes = {"case-id": "租金", "case-question": RENT, "case-tags": "来自提问"}
    refused = desk.post(staff, f"{PATH}/cases/new", boxes)
    assert refused.status_code == 400 and 'value="租金"' in refused.text
    done = desk.post(staff, f"{PATH}/cases/new?source=问题 1", boxes | {"case-document": "file-1.txt"})
    assert done.status_code == 303 and done.headers["location"].startswith("/desk/bench/cases/")
    (case,) = CaseStore(desk.database).listed()
    assert (case.case.question, case.case.expect.document, case.source) == (RENT, ("file-1.txt",), "问题 1")
    assert (case.added_by, desk.trail.newest(1)[0].action) == ("staff", "case.add")


def test_a_gap_of_a_group_is_noted_changed_and_of_two_the_second_is_told(desk, kept, staff):
    numbers = f"{kept[CAT]},{kept[DOG]},x,{'9' * 30}"
    begun = desk.post(staff, f"{PATH}/gaps/begin", {"question": CAT, "questions": numbers}).text
    assert CAT in begun and "连同 2 个问题" in begun and GapBook(desk.database).listed() == ()
    assert desk.post(staff, f"{PATH}/gaps/new", {"question": " ", "note": "写到一半"}).text.count("写到一半") == 1
    done = desk.post(staff, f"{PATH}/gaps/new", {"question": CAT, "note": "问房管", "questions": numbers})
    address = done.headers["location"]
    page = staff.get(address).text
    assert done.status_code == 303 and DOG in page and "待补" in page
    change = {"question": CAT, "note": "在写", "state": "writing", "revision": "1"}
    assert desk.post(staff, address, change).status_code == 303
    late = desk.post(staff, address, change | {"note": "晚来的"})
    assert late.status_code == 409 and "晚来的" in late.text and "被改过" in late.text
    (gap,) = GapBook(desk.database).listed()
    assert (gap.note, gap.state, set(gap.questions)) == ("在写", GapState.WRITING, {kept[CAT], kept[DOG]})
    assert [each.action for each in desk.trail.newest(2)] == ["gap.change", "gap.add"]
    assert CAT in staff.get(f"{PATH}/{kept[DOG]}").text


def test_asking_again_without_an_index_says_what_is_missing(desk, kept, staff):
    gap = GapBook(desk.database).add(CAT, "", by="甲示例")
    refused = desk.post(staff, f"{PATH}/gaps/{gap.number}/again", {"version": "in_force"})
    assert refused.status_code == 409 and "problem" in refused.text
    refused = desk.post(staff, f"{PATH}/gaps/{gap.number}/again", {"version": "waiting"})
    assert refused.status_code == 409 and "没有待启用的版本" in refused.text
    assert GapBook(desk.database).gap(gap.number).repetition is None


def test_an_inquiry_in_the_same_words_is_found_and_used(desk, kept, staff):
    left = desk.office.leave(f"{CAT}？电话13800000001", PrivateContact(phone="13800000001"), agreed=True)
    desk.office.leave(f"{CAT}？", PrivateContact(phone="13800000002"), agreed=True)
    page = staff.get(f"{PATH}/{kept[CAT]}").text
    assert "答复提问 2" in page and "答复提问 1" not in page and "13800000002" not in page
    number = left.inquiry.id
    assert f"{PATH}/gaps/new?inquiry={number}" in staff.get(f"/desk/inquiries/{number}").text
    for form in (f"{PATH}/gaps/new?inquiry={number}", f"{PATH}/cases/new?inquiry={number}"):
        shown = staff.get(form).text
        assert CAT in shown and "13800000001" not in shown and "〔电话略〕" in shown
    done = desk.post(staff, f"{PATH}/gaps/new", {"question": CAT, "inquiry": str(number)})
    assert f"/desk/inquiries/{number}" in staff.get(done.headers["location"]).text
    assert staff.get(f"{PATH}/gaps/new?inquiry=99").status_code == 404


def test_the_export_is_what_the_filter_shows_and_is_on_record(desk, kept, staff):
    reply = staff.get(f"{PATH}/export.xlsx", params={"q": "公寓"})
    sheet = load_workbook(io.BytesIO(reply.content)).active
    assert sheet.max_row == 4 and "attachment" in reply.headers["content-disposition"]
    assert (desk.trail.newest(1)[0].action, desk.trail.newest(1)[0].detail) == ("questions.exported", "3")


def test_no_fixed_word_stays_chinese(desk, kept, staff):
    book = GapBook(desk.database)
    gap = book.add(CAT, "", by="甲示例", questions=[kept[CAT]], inquiry=1)
    desk.office.leave(CAT, PrivateContact(phone="13800000001"), agreed=True)
    told = (AskedAgain(CAT, Outcome.ANSWERED, "答", Outcome.NOT_STATED),)
    book.asked_again(gap.number, Repetition("2026-03-02T00:00:00Z", "甲示例", 3, True, told))
    places = [
        *("", "/unanswered", "/not-useful", "/most-asked", "/gaps", "/gaps/new", f"/gaps/{gap.number}", "/999"),
        *(f"/{kept[CAT]}", f"/{kept[RENT]}", f"/unanswered/{kept[CAT]}", f"/unanswered/{kept[RENT]}", "/cases/new"),
    ]
    found = {place: untold(staff.get(PATH + place).text) for place in places}
    begun = desk.post(staff, f"{PATH}/gaps/begin", {"question": CAT, "questions": "1,2"}).text
    empty = desk.post(staff, f"{PATH}/gaps/new", {"question": " "}).text
    found |= {"begin": untold(begun), "empty": untold(empty), "inquiry": untold(staff.get("/desk/inquiries/1").text)}
    assert {place: words for place, words in found.items() if words} == {}
