"""The desk in English: no fixed word stays Chinese, what people said stays as it is."""

import html
import re

import pytest

from bot.types import PrivateContact
from bot.web.desk.frame import PLACES
from bot.web.desk.languages import book, section_of

HAN = re.compile(r"[\u3400-\u9fff]")
TOKEN = re.compile(r"<[^>]*>|[^<]+")
SPOKEN = re.compile(r' (?:aria-label|title|placeholder|alt)="([^"]*)"')
VOID = {"br", "hr", "img", "input", "meta", "link", "!doctype"}


def untold(page):
    """The fixed Chinese words of a page in Chinese that the tables do not say in English."""
    kept, found = [False], []
    for token in TOKEN.findall(page):
        if not token.startswith("<"):
            words = html.unescape(token.strip())
            if not kept[-1] and HAN.search(words) and HAN.search(book().value(words)):
                found.append(words)
            continue
        name = re.match(r"</?([a-z0-9!]+)", token)[1]
        foreign = kept[-1] or (' lang="zh' in token and name != "html")
        if not foreign:
            spoken = map(html.unescape, SPOKEN.findall(token))
            found += [words for words in spoken if HAN.search(words) and HAN.search(book().value(words))]
        if name in VOID or token.endswith("/>"):
            continue
        if token.startswith("</"):
            kept.pop()
        else:
            kept.append(foreign or name in {"textarea", "style", "code"})
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_no_fixed_word_of_a_place_stays_chinese(desk, place):
    assert untold(desk.browser("both").get(place.path).text) == []


def test_what_a_person_wrote_stays_as_it_is(desk):
    desk.office.leave("停下", PrivateContact(phone="13800000000"), agreed=True)
    client = desk.browser("staff")
    back = client.get("/desk/language?to=en", headers={"referer": "http://desk.test/desk/inquiries"})
    assert back.status_code == 303 and back.headers["location"] == "/desk/inquiries"
    page = client.get("/desk/inquiries").text
    assert '<html lang="en">' in page and "Inquiries" in page and "停下" in page and ">Stop<" not in page
    client.get("/desk/language?to=zh-CN")
    assert '<html lang="zh-CN">' in client.get("/desk/inquiries").text


def test_a_browser_that_asks_for_english_gets_it_and_is_led_nowhere_else(desk):
    stranger = desk.browser()
    assert "Sign in" in stranger.get("/desk/sign-in", headers={"accept-language": "en-GB,en;q=0.8"}).text
    assert "登录" in stranger.get("/desk/sign-in", headers={"accept-language": "zh-CN"}).text
    moved = stranger.get("/desk/language?to=en", headers={"referer": "https://elsewhere.test/evil"})
    assert moved.headers["location"] == "/desk"


def test_a_section_s_own_words_go_before_those_of_others():
    assert book("corpus").value("导入") == "Ingest" and book("pipeline").value("导入") == "Import"
    assert section_of("/desk/records/need/n1") == "pipeline" and section_of("/desk/corpus") == "corpus"
    assert section_of("/desk") == ""
