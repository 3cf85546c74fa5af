"""The pages of pairs and letters hold no fixed Chinese word that the tables do not say in English."""

import pytest

from bot.market.records import Side
from tests.support.introducing import PAIR, changed, editor
from tests.web.desk.test_languages import untold


def pages(manager):
    yield manager.client.get("/desk/introductions?waiting=all").text
    yield manager.client.get(PAIR).text
    letter = manager.draft()
    yield manager.client.get(letter).text
    manager.send(f"{letter}/save", **changed(editor(manager.get(letter)), "请予函复", "请尽快函复"))
    yield manager.client.get(letter).text
    yield manager.client.get(f"{letter}?version=1").text
    yield manager.desk.post(manager.client, f"{letter}/save", {"base": "1", **editor(manager.get(letter))}).text
    stale = {**editor(manager.get(letter)), "base": "1"}
    yield manager.desk.post(manager.client, f"{letter}/save", changed(stale, "请尽快函复", "请本周函复")).text
    yield manager.desk.post(manager.client, f"{letter}/send", {"version": "1", "whom": ""}).text
    manager.hand_out(letter, day="2026-02-01")
    yield manager.client.get(PAIR).text
    for step in ("refused", "asked", "given"):
        manager.say("need_owner", step)
    manager.say("offer_owner", scope="name")
    yield manager.client.get(f"{PAIR}?contacts=1").text
    yield manager.client.get("/desk/introductions?waiting=all").text
    joint = manager.draft("joint")
    yield manager.client.get(joint).text
    manager.hand_out(joint, sides="both")
    yield manager.client.get(PAIR).text
    manager.step("met", day="2026-03-02", note="")
    yield manager.client.get(PAIR).text
    manager.say("offer_owner", "withdrawn")
    yield manager.client.get(joint).text
    yield manager.client.get(PAIR).text
    yield manager.desk.post(
        manager.client, "/desk/pairs/said", {"need": "n1", "offer": "o1", "side": "need_owner"}
    ).text
    yield manager.desk.post(
        manager.client, "/desk/pairs/put-off", {"need": "n1", "offer": "o1", "about": "1", "until": "x"}
    ).text
    manager.step("ended", reason="no_agreement", day="2026-03-02", note="")
    yield manager.client.get(PAIR).text
    yield manager.client.get("/desk/introductions?waiting=over").text
    yield manager.client.get("/desk/letters/99").text
    yield manager.client.get("/desk/pairs/n1/o7").text


def test_no_fixed_word_stays_chinese(manager):
    left = dict.fromkeys(words for page in pages(manager) for words in untold(page))
    assert list(left) == []


@pytest.mark.parametrize("side", list(Side))
def test_what_people_said_stays_as_it_is(manager, side):
    manager.say(side.value, said_by="停下")
    manager.client.get("/desk/language?to=en")
    page = manager.get(PAIR)
    assert '<html lang="en">' in page and "停下" in page and ">Stop<" not in page
