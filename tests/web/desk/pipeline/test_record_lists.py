"""The managers' pages of many records over HTTP: list, duplicates, new matches, files; the words of every page."""

import csv
import io
import re

from openpyxl import load_workbook

from bot.market.consents import WHOLE_SCOPE
from bot.market.records import Interest, Need, Offer, Side, State
from bot.types import PrivateContact, RecordKind
from tests.pipeline.conftest import CONTACT, GOOD, GOOD_OFFER, OTHER_PHONE, PHONE
from tests.web.desk.pipeline.conftest import NEED, OFFER, RECORDS, about, address, submitted, trail, workbook
from tests.web.desk.test_languages import untold

# --- the list ---------------------------------------------------------------------------------------


def test_the_list_filters_sorts_and_pages_by_its_address(desk):
    desk.market.store.save_many([Need(id=f"n{n}", title=f"示例需求{n}", region="示例省") for n in range(60)], actor="t")
    desk.market.store.save_many([Offer(id="o1", title="示例成果")], actor="t", publish=True)
    client = desk.browser("manager")
    page = client.get(f"{RECORDS}?kind=needs&sorting=title").text
    assert "共 60 条" in page and "示例成果" not in page and page.count('href="/desk/records/needs/') == 50
    assert "kind=needs&amp;sorting=title&amp;page=2" in page
    assert client.get(f"{RECORDS}?kind=needs&page=2&sorting=title").text.count('href="/desk/records/needs/') == 10
    assert "共 1 条" in client.get(f"{RECORDS}?state=published").text
    typed = client.get(f"{RECORDS}?words=%22%3E%3Cscript%3E&region=x").text
    assert "&quot;&gt;&lt;script&gt;" in typed and "<script" not in typed
    for odd in (
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "kind=organisations",
        "state=nope",
        "since=x",
    ):
        assert client.get(f"{RECORDS}?{odd}").status_code == 200, odd


def test_mine_are_those_i_took_and_a_colleague_sees_who(desk):
    record = submitted(desk).record
    both, manager = desk.browser("both"), desk.browser("manager")
    assert desk.post(manager, f"{RECORDS}/take", about(desk, record)).status_code == 303
    late = desk.post(both, f"{RECORDS}/take", about(desk, record))
    assert late.status_code == 409 and "manager" in late.text and "已经有人负责" in late.text
    assert record.id in manager.get(f"{RECORDS}?whose=mine").text
    assert record.id not in both.get(f"{RECORDS}?whose=mine").text
    assert record.id not in both.get(f"{RECORDS}?whose=nobodys").text
    given = desk.post(both, f"{RECORDS}/hand-on", about(desk, record, to="both", holder="manager"))
    assert given.status_code == 303 and record.id in both.get(f"{RECORDS}?whose=mine").text
    strange = desk.post(both, f"{RECORDS}/hand-on", about(desk, record, to="staff", holder="both"))
    assert strange.status_code == 409, "only to a manager"
    assert desk.post(both, f"{RECORDS}/let-go", about(desk, record)).status_code == 303
    assert {action for _, action, _ in trail(desk)} >= {"case.taken", "case.handed_on", "case.let_go"}


def test_filters_are_kept_by_name_and_dropped(desk):
    client = desk.browser("manager")
    sent = {"name": "省内需求", "query": "kind=needs&region=%E7%9C%81&evil=1&page=7"}
    led = desk.post(client, f"{RECORDS}/filters", sent)
    assert led.status_code == 303 and "evil" not in led.headers["location"]
    page = client.get(RECORDS).text
    assert "省内需求" in page and "kind=needs&amp;region=%E7%9C%81" in page
    refused = desk.post(client, f"{RECORDS}/filters", {"name": "长" * 61, "query": "kind=needs"})
    assert refused.status_code == 400 and "长" * 61 in refused.text
    assert "省内需求" not in desk.browser("both").get(RECORDS).text
    number = re.search(r'name="number" value="(\d+)"', page)[1]
    desk.post(client, f"{RECORDS}/filters/drop", {"number": number})
    assert "省内需求" not in client.get(RECORDS).text


def test_what_was_handed_over_is_found_by_its_former_address_and_counted(desk):
    left = desk.market.hand_over("我们想找低温快充电池技术", contact=CONTACT)
    client = desk.browser("manager")
    home = client.get("/desk").text
    assert "转办" in home and "1 条等着处理" in home
    led = client.get("/desk/requests")
    page = client.get(led.headers["location"]).text
    assert left.record.id in page and PHONE not in page
    assert PHONE in client.get(address(left.record, RecordKind(NEED))).text
    desk.post(client, f"{RECORDS}/take", about(desk, left.record))
    assert "1 条等着处理" not in client.get("/desk").text


# --- duplicates -------------------------------------------------------------------------------------


def test_two_records_are_compared_and_merged_field_by_field(desk):
    kept, merged = submitted(desk), submitted(desk, budget="不超过80万元", contact=PrivateContact(phone=OTHER_PHONE))
    client = desk.browser("manager")
    listed = client.get(f"{RECORDS}/duplicates").text
    assert "单位和名称相同" in listed
    ids = f"kind=needs&kept={kept.record.id}&merged={merged.record.id}"
    page = client.get(f"{RECORDS}/merge?{ids}").text
    assert "不超过80万元" in page and PHONE in page and OTHER_PHONE in page
    assert ("manager", "contact.seen", f"needs:{merged.record.id}") in trail(desk)
    fields = dict(re.findall(r'name="(kind|kept|merged|seen_kept|seen_merged)" value="([^"]*)"', page))
    sent = {**fields, "take-budget": "other", "take-contact": "other", "take-title": "kept"}
    asked = desk.post(client, f"{RECORDS}/merge", sent)
    assert asked.status_code == 200 and 'value="other"' in asked.text
    assert desk.market.need(merged.record.id).state is State.PUBLISHED
    done = desk.post(client, f"{RECORDS}/merge", {**sent, "sure": "1"})
    assert done.status_code == 303 and desk.market.need(kept.record.id).budget == "不超过80万元"
    assert desk.market.own_contact(NEED, kept.record.id).phone == OTHER_PHONE
    assert desk.market.claim(merged.receipt)[1].id == kept.record.id
    assert kept.record.id in client.get(address(merged.record)).text
    again = desk.post(client, f"{RECORDS}/merge", {**sent, "sure": "1"})
    assert again.status_code == 409


def test_that_they_are_two_is_remembered(desk):
    one, other = submitted(desk).record, submitted(desk).record
    client = desk.browser("manager")
    client.get(f"{RECORDS}/duplicates")
    sent = {"kind": "needs", "one": one.id, "other": other.id}
    assert desk.post(client, f"{RECORDS}/different", sent).status_code == 303
    assert one.id not in client.get(f"{RECORDS}/duplicates").text
    assert desk.post(client, f"{RECORDS}/different", {**sent, "one": "x"}).status_code == 409


# --- new matches ------------------------------------------------------------------------------------


def test_new_matches_are_counted_listed_and_seen(desk):
    need, offer = submitted(desk).record, submitted(desk, OFFER, owner="示例乙").record
    client = desk.browser("manager")
    page = client.get(f"{RECORDS}/matches").text
    assert GOOD["title"] in page and GOOD_OFFER["title"] in page
    assert "没有人负责的新匹配" in client.get("/desk").text and "1 条等着处理" in client.get("/desk").text
    seen = {"need": [need.id], "offer": [offer.id], "scope": "all"}
    assert desk.post(client, f"{RECORDS}/matches/see", seen).status_code == 303
    assert GOOD_OFFER["title"] not in client.get(f"{RECORDS}/matches").text
    assert GOOD_OFFER["title"] in client.get(f"{RECORDS}/matches?seen=1").text
    assert GOOD_OFFER["title"] in desk.browser("both").get(f"{RECORDS}/matches").text


# --- files ------------------------------------------------------------------------------------------


def test_the_list_goes_out_as_it_is_filtered_and_no_cell_runs(desk):
    desk.market.store.save_many(
        [Need(id="n1", title="=HYPERLINK(1)", region="示例甲省"), Need(id="n2", title="别处的", region="示例乙省")],
        actor="t",
    )
    client = desk.browser("manager")
    book = client.get(f"{RECORDS}/export?kind=needs&region=%E7%94%B2%E7%9C%81")
    sheet = load_workbook(io.BytesIO(book.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["n1"] and rows[1][1] == "'=HYPERLINK(1)"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    plain = client.get(f"{RECORDS}/export?kind=needs&suffix=csv")
    told = list(csv.reader(io.StringIO(plain.content.decode("utf-8-sig"))))
    assert [row[0] for row in told[1:]] == ["n1", "n2"] and told[1][1].startswith("'=")
    exported = [each for each in desk.trail.all() if each.action == "records.exported"]
    assert len(exported) == 2 and exported[0].user_name == "manager"
    assert client.get(f"{RECORDS}/export?kind=organisations").status_code == 404


def test_a_list_is_looked_through_and_then_goes_in(desk):
    desk.market.store.save_many([Need(id="n0", title="别人的")], actor="t")
    client = desk.browser("manager")
    content = workbook(("n1", "示例新需求", "说明", PHONE), ("n2", "", "没有名称", ""))
    led = desk.post(client, f"{RECORDS}/import", {"kind": "needs"}, files={"list": ("名单<b>.xlsx", content)})
    assert led.status_code == 303
    place = led.headers["location"]
    page = client.get(place).text
    assert "示例新需求" in page and "拒收" in page and PHONE not in page and "名单&lt;b&gt;.xlsx" in page
    assert desk.market.find(NEED, "n1") is None
    asked = desk.post(client, f"{place}/run")
    assert asked.status_code == 200 and desk.market.find(NEED, "n1") is None
    assert desk.post(client, f"{place}/run", {"sure": "1"}).status_code == 303
    assert desk.market.need("n1").title == "示例新需求" and "已导入" in client.get(place).text
    assert ("manager", "records.imported", "needs") in trail(desk)
    assert list(desk.settings.data_dir.rglob("list.*")) == []
    again = desk.post(client, f"{place}/run", {"sure": "1"})
    assert again.status_code == 409


def test_a_list_that_is_none_is_told_and_the_form_kept(desk):
    client = desk.browser("manager")
    for files in ({"list": ("x.exe", b"MZ")}, {"list": ("x.xlsx", b"no zip")}, {"list": ("", b"")}, None):
        reply = desk.post(client, f"{RECORDS}/import", {"kind": "offers", "source": "示例来源"}, files=files)
        assert reply.status_code in (400, 422) and "示例来源" in reply.text and "problem" in reply.text, files
    assert client.get(f"{RECORDS}/import/{'a' * 32}").status_code == 404
    assert client.get(f"{RECORDS}/import/..%2f..").status_code == 404


def test_a_dropped_list_is_gone(desk):
    client = desk.browser("manager")
    files = {"list": ("x.xlsx", workbook(("n1", "示例", "", "")))}
    place = desk.post(client, f"{RECORDS}/import", {"kind": "needs"}, files=files).headers["location"]
    assert desk.post(client, f"{place}/drop").status_code == 303
    assert client.get(place).status_code == 404 and desk.market.find(NEED, "n1") is None


def test_a_large_list_goes_through_a_process_of_its_own(desk, monkeypatch):
    import time

    monkeypatch.setattr("bot.pipeline.imports.AT_ONCE_BYTES", 10)
    client = desk.browser("manager")
    content = "\n".join(["编号,名称", *(f"n{n},示例{n}" for n in range(1_200))]).encode()
    place = desk.post(client, f"{RECORDS}/import", {"kind": "needs"}, files={"list": ("大名单.csv", content)}).headers[
        "location"
    ]

    def until(words):
        ends = time.monotonic() + 90
        while words not in (page := client.get(place).text):
            assert time.monotonic() < ends, page
            time.sleep(0.3)

    until("</span> 1200")
    assert desk.market.find(NEED, "n1") is None
    assert desk.post(client, f"{place}/run", {"sure": "1"}).status_code == 303
    until("已导入")
    assert desk.market.need("n1199").title == "示例1199"


# --- English and reading -----------------------------------------------------------------------------


def test_no_fixed_word_of_any_page_stays_chinese(waiting):
    need, twin = submitted(waiting), submitted(waiting)
    offer = submitted(waiting, OFFER, owner="示例乙")
    market = waiting.market
    for each, kind in ((need, NEED), (offer, OFFER)):
        market.move(kind, each.record.id, State.PUBLISHED, actor="t")
    want = Interest(need_id=need.record.id, offer_id=offer.record.id, side=Side.NEED_OWNER, cooperation_sought="许可")
    market.express_interest(want, consent=WHOLE_SCOPE)
    market.send_back(NEED, twin.record.id, "请补充", actor="both")
    handed = market.hand_over("想找低温快充电池技术", contact=CONTACT).record
    held = submitted(
        waiting, title="示例缺内容的需求", description="略", indicators="", budget="", contact=PrivateContact()
    )
    client = waiting.browser("both")
    waiting.post(client, f"{RECORDS}/take", about(waiting, need.record))
    waiting.post(client, f"{RECORDS}/note", about(waiting, need.record, words="备注"))
    files = {"list": ("x.xlsx", workbook(("n1", "示例", "", ""), ("n2", "", "", "")))}
    place = waiting.post(client, f"{RECORDS}/import", {"kind": "needs"}, files=files).headers["location"]
    merge = f"{RECORDS}/merge?kind=needs&kept={need.record.id}&merged={twin.record.id}"
    pages = {
        path: client.get(path).text
        for path in (
            "/desk",
            RECORDS,
            f"{RECORDS}?words=%E6%B2%A1%E6%9C%89",
            *(address(each) for each in (need.record, twin.record, handed, held.record)),
            address(offer.record, OFFER),
            f"{RECORDS}/edit?kind=needs&id={need.record.id}",
            f"{RECORDS}/edit?kind=offers&id={offer.record.id}",
            f"{RECORDS}/duplicates",
            merge,
            f"{RECORDS}/matches",
            f"{RECORDS}/import",
            place,
        )
    }
    sent = about(waiting, need.record, why="withdrawn")
    pages["close"] = waiting.post(client, f"{RECORDS}/close", sent).text
    pages["run"] = waiting.post(client, f"{place}/run").text
    waiting.post(client, f"{place}/run", {"sure": "1"})
    pages["result"] = client.get(place).text
    pages["stale"] = waiting.post(client, f"{RECORDS}/publish", {**sent, "seen": "1"}).text
    pages["taken"] = waiting.post(waiting.browser("manager"), f"{RECORDS}/take", sent).text
    pages["close"] += waiting.post(client, f"{RECORDS}/close", {**sent, "sure": "1"}).text
    pages["closed"] = client.get(address(need.record)).text
    left = {name: untold(page) for name, page in pages.items()}
    assert not {name: words for name, words in left.items() if words}


def test_every_page_has_labels_for_its_controls(desk):
    record = submitted(desk).record
    client = desk.browser("manager")
    for path in (
        RECORDS,
        address(record),
        f"{RECORDS}/edit?kind=needs&id={record.id}",
        f"{RECORDS}/import",
        f"{RECORDS}/matches",
    ):
        page = client.get(path).text
        ids = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', page)
        labels = re.findall(r'<label for="([^"]+)"', page)
        assert len(ids) == len(set(ids)) and set(ids) <= set(labels), path
