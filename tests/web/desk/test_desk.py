"""The desk over HTTP: sign-in, forms, the trail, answering a question."""

import pytest
from fastapi.testclient import TestClient

from bot.inquiries.records import Exchanged
from bot.types import PrivateContact
from tests.web.desk.conftest import PASSWORD, csrf

CONTACT = PrivateContact(name="示例联系人", phone="13800000000")
HOSTILE = "<script>alert(1)</script>"


def test_a_question_is_answered_under_its_receipt(desk):
    left = desk.office.leave(HOSTILE, CONTACT, conversation=(Exchanged("先前的问题", "先前的答复"),), agreed=True)
    client = desk.browser("staff")
    assert "1 条等着处理" in client.get("/desk").text
    shown = client.get("/desk/inquiries/1").text
    assert "13800000000" in shown and "先前的答复" in shown and HOSTILE not in shown
    reply = client.post("/desk/inquiries/1/reply", data={"csrf": csrf(client), "words": "请到窗口办理。"})
    assert reply.status_code == 303
    assert [each.text for each in desk.office.opened(left.receipt).replies] == ["请到窗口办理。"]
    assert "请到窗口办理。" in client.get("/desk/inquiries/1").text
    client.post("/desk/inquiries/1/close", data={"csrf": csrf(client)})
    assert "13800000000" not in client.get("/desk/inquiries/1").text
    actions = [(each.user_name, each.action, each.subject) for each in desk.trail.all()]
    assert ("staff", "contact.seen", "inquiry:1") in actions and ("staff", "inquiry.close", "inquiry:1") in actions


def test_what_is_refused_keeps_the_words(desk):
    desk.office.leave("问题", CONTACT, agreed=True)
    client = desk.browser("staff")
    desk.office.close(1)
    reply = client.post("/desk/inquiries/1/reply", data={"csrf": csrf(client), "words": "写了很久的答复"})
    assert reply.status_code == 400 and "写了很久的答复" in reply.text
    assert client.get("/desk/inquiries/99").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "一"}], ids=["missing", "empty", "other", "odd"]
)
def test_a_form_of_another_page_is_refused(desk, wrong):
    desk.office.leave("问题", CONTACT, agreed=True)
    client = desk.browser("staff")
    assert client.post("/desk/inquiries/1/reply", data={**wrong, "words": "x"}).status_code == 403
    assert desk.office.inquiry(1).replies == ()


def test_a_form_from_another_site_is_refused_even_with_the_right_word(desk):
    desk.office.leave("问题", CONTACT, agreed=True)
    client = desk.browser("staff")
    data = {"csrf": csrf(client), "words": "x"}
    for origin in ("http://elsewhere.test", "null"):
        assert client.post("/desk/inquiries/1/reply", data=data, headers={"Origin": origin}).status_code == 403
    same = {"Origin": "http://desk.test"}
    assert client.post("/desk/inquiries/1/reply", data=data, headers=same).status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(desk):
    done = desk.browser().post("/desk/sign-in", data={"name": "staff", "password": PASSWORD})
    cookie = done.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/desk")) and "Secure" not in cookie
    secure = TestClient(desk.site, base_url="https://desk.test", follow_redirects=False)
    assert "Secure" in secure.post("/desk/sign-in", data={"name": "staff", "password": PASSWORD}).headers["set-cookie"]


def test_a_wrong_password_is_told_and_the_name_kept(desk):
    reply = desk.browser().post("/desk/sign-in", data={"name": "<b>", "password": "不对的密码不对"})
    assert reply.status_code == 401 and "用户名或密码不对" in reply.text and "&lt;b&gt;" in reply.text
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/desk/trail", "/desk/trail"),
        ("https://elsewhere.test/desk", "/desk"),
        ("//elsewhere.test/desk", "/desk"),
        ("/desk\\..\\x", "/desk"),
        ("/", "/desk"),
        ("/deskother", "/desk"),
        ("javascript:alert(1)", "/desk"),
    ],
)
def test_signing_in_leads_to_the_desk_and_nowhere_else(desk, asked, led):
    done = desk.browser().post("/desk/sign-in", data={"name": "staff", "password": PASSWORD, "next": asked})
    assert done.headers["location"] == led


def test_signing_out_ends_it_here_and_everywhere(desk):
    first, second = desk.browser("staff"), desk.browser("staff")
    kept = dict(first.cookies)
    assert first.post("/desk/sign-out", data={"csrf": csrf(first)}).headers["location"] == "/desk/sign-in"
    first.cookies.update(kept)
    assert first.get("/desk").status_code == 303, "the old cookie opens nothing"
    third = desk.browser("staff")
    second.post("/desk/sign-out-everywhere", data={"csrf": csrf(second)})
    assert third.get("/desk").status_code == 303


def test_a_wish_handed_over_is_shown_to_managers_and_noted(desk):
    desk.market.hand_over("我们想找低温快充电池技术", contact=CONTACT)
    client = desk.browser("manager")
    led = client.get("/desk/requests")
    assert led.status_code == 303 and "低温快充电池技术" in client.get(led.headers["location"]).text
    (record,) = desk.market.handed_over()
    assert "13800000000" in client.get(f"/desk/records/needs/{record.id}").text
    assert any(each.action == "contact.seen" and each.user_name == "manager" for each in desk.trail.all())


@pytest.mark.parametrize("name", ["../guard.py", "..%2fguard.py", "nothing.css", "%00"])
def test_no_other_file_is_served(desk, name):
    assert desk.browser().get(f"/desk/static/{name}").status_code in (404, 307)


def test_pages_need_no_script_and_nothing_from_elsewhere(desk):
    client = desk.browser("staff")
    for path in ("/desk", "/desk/inquiries", "/desk/trail"):
        page = client.get(path).text
        assert "<script" not in page and "http" not in page and 'lang="zh-CN"' in page
