"""The assistant at the desk: records and pairs by number or name, documents as on the page, kept over reloads."""

import html
import shutil

import pytest

from bot.introductions.conversations import SHOWN
from bot.introductions.sending import PairWork
from bot.market.consents import Consent, ConsentChannel, ConsentStep
from bot.market.records import CloseReason, Need, Offer, Side, State
from bot.types import RecordKind
from tests.web.desk.test_languages import untold

PATH = "/desk/assistant"


@pytest.fixture
def records(desk):
    store = desk.market.store
    needs = [
        Need(id="N0012", title="矿井轴流风机降噪", description="风机噪声超过95分贝，要降到80分贝以下", budget="60万元"),
        Need(id="N0005", title="隧道轴流风机降噪治理", description="隧道射流风机噪声大"),
    ]
    offers = [
        Offer(id="O0007", title="仿生降噪风机叶片", description="用于轴流风机，噪声降低12分贝"),
        Offer(id="O0008", title="冷链温度标签", description="一次性标签，记录温度"),
    ]
    store.save_many(needs, actor="t", publish=True)
    store.save_many(offers, actor="t", publish=True)
    return desk


@pytest.fixture
def ask(records):
    client = records.browser("manager")

    def asked(question, status=303):
        reply = records.post(client, PATH, {"question": question})
        assert reply.status_code == status
        page = client.get(PATH).text if status == 303 else reply.text
        return html.unescape(page)

    return asked


def newest(page):
    return page.split('id="newest"')[-1] if 'id="newest"' in page else page.split('class="turn"')[-1]


def say(desk, side, step=ConsentStep.GIVEN, pair=("N0012", "O0007")):
    consent = Consent(
        need_id=pair[0],
        offer_id=pair[1],
        side=side,
        step=step,
        channel=ConsentChannel.PHONE,
        said_by="示例联系人",
        actor="manager",
    )
    PairWork(desk.market).record_said(consent)


def test_a_record_named_by_number_is_matched_and_followed_up(ask, records):
    page = ask("需求 N0012 的匹配")
    assert "仿生降噪风机叶片" in page and "/desk/pairs/N0012/O0007" in page and "第" in page
    say(records, Side.NEED_OWNER, ConsentStep.REFUSED, ("N0005", "O0007"))
    PairWork(records.market).end("N0005", "O0007", CloseReason.BENEFIT_UNCLEAR, "", records.desk.today(), actor="t")
    page = ask("跟它像的案例")
    assert "/desk/pairs/N0005/O0007" in page and "效益不清" in page and "未成" in page


def test_a_pair_leads_to_its_draft_with_the_stage_it_stands_at(ask, records):
    page = ask("给 N0012 和 O0007 起草一封征询信")
    assert "/desk/pairs/N0012/O0007?stage=ask_need_owner#letters" in page
    for side in Side:
        say(records, side)
    assert "stage=joint#letters" in ask("那就写双方引荐吧")
    client = records.browser("manager")
    shown = client.get("/desk/pairs/N0012/O0007?stage=joint").text
    assert '<option value="joint" selected>' in shown and "<details open" in shown


def test_a_draft_for_one_record_offers_whom_to_pair_it_with(ask):
    page = ask("帮 N0012 写一封征询函")
    assert "/desk/pairs/N0012/O0007?stage=ask_need_owner#letters" in page and "O0008" not in page


def test_where_a_pair_stands_and_what_a_record_says(ask, records):
    assert "还没有和谁配成一对" in ask("N0012 进展怎么样")
    say(records, Side.NEED_OWNER)
    page = ask("N0012 进展怎么样")
    assert "征询成果方" in page
    page = ask("N0012 的内容是什么")
    assert "60万元" in page and "/desk/records/needs/N0012" in page


def test_what_waits_is_listed_for_its_manager(ask, records):
    assert "没有等着处理的配对" in ask("今天有什么要我处理")
    say(records, Side.NEED_OWNER)
    page = ask("今天有什么要我处理")
    assert "有 1 对在等" in page and "/desk/pairs/N0012/O0007" in page


def test_questions_and_answers_outlive_a_reload_and_are_ones_own(ask, records):
    ask("需求 N0012 的匹配")
    again = records.browser("manager").get(PATH).text
    assert "需求 N0012 的匹配" in again and "仿生降噪风机叶片" in again
    assert "N0012" not in records.browser("both").get(PATH).text
    client = records.browser("manager")
    assert "找不回来" in client.get(f"{PATH}/clear").text
    records.post(client, f"{PATH}/clear", {})
    assert "N0012" in client.get(PATH).text
    records.post(client, f"{PATH}/clear", {"sure": "1"})
    assert "需求 N0012 的匹配" not in client.get(PATH).text


def test_a_long_conversation_shows_its_newest_part(ask, records):
    for number in range(SHOWN + 2):
        page = ask(f"N0012 的内容是什么（第{number}次）")
    assert "更早的还有 2 问" in page and "第0次" not in page and f"第{SHOWN + 1}次" in page


@pytest.mark.parametrize("question", ["", "   ", "长" * 2_001, "a\x00b"])
def test_what_is_no_question_is_refused_and_stays_typed(ask, question):
    page = ask(question, 400)
    assert 'class="problem"' in page and question.strip() in page


def test_without_documents_the_question_is_kept_with_what_went_wrong(ask):
    page = ask("补贴最高能拿多少钱")
    assert "补贴最高能拿多少钱" in page and 'class="problem"' in page


def test_markup_in_questions_and_records_stays_words(ask, records):
    bad = "<script>alert(1)</script>"
    records.market.store.save_many([Need(id="N9", title=bad, description=bad)], actor="t")
    records.post(records.browser("manager"), PATH, {"question": f"N9 的内容是什么 {bad}"})
    raw = records.browser("manager").get(PATH).text
    assert "<script" not in raw and "&lt;script&gt;" in raw


def test_the_documents_answer_as_on_the_page_with_their_evidence(ask, records, corpus_settings):
    shutil.copytree(corpus_settings.data_dir / "index", records.settings.data_dir / "index")
    page = ask("联合创新项目最高能给多少？")
    assert 'class="answer"' in page and "evidence-card" in page and 'href="#evidence-' in page
    assert '<button type="button"' not in page
    page = ask("N0012 的内容是什么")
    assert "60万元" in page
    # The question for the documents leans on the one for the documents, not on the record between them.
    assert "N0012" not in newest(ask("怎么申请？")).split("</section>")[0].replace("N0012 的内容是什么", "")


def test_no_fixed_word_stays_chinese(ask, records):
    for side in Side:
        say(records, side)
    records.market.move(RecordKind.NEED, "N0005", State.CLOSED, actor="t", reason=CloseReason.NO_AGREEMENT)
    pages = [records.browser("manager").get(PATH).text]
    for question in (
        "需求 N0012 的匹配",
        "跟它像的案例",
        "给 N0012 和 O0007 起草一封征询信",
        "帮 N0012 写一封征询函",
        "N0012 进展怎么样",
        "O0008 进展怎么样",
        "N0012 的内容是什么",
        "今天有什么要我处理",
        "O0008 的匹配",
    ):
        ask(question)
    pages += [records.browser("manager").get(path).text for path in (PATH, f"{PATH}/clear")]
    left = list(dict.fromkeys(words for page in pages for words in untold(page)))
    assert left == []
