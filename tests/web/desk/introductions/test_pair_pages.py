"""The pages of pairs: what waits, where both sides stand, what is recorded, what stays closed."""

from datetime import date

import pytest

from bot.introductions.stages import PairStage, pair_stages
from bot.market.records import CloseReason, Interest, Side, State
from bot.types import RecordKind
from tests.support.introducing import MAIL, PAIR, PHONE, Manager, problem


def rows(page):
    return page.count("<tr>") - 1 if "<tbody>" in page else 0


def trail(desk, action):
    return [each.subject for each in desk.trail.newest() if each.action == action]


def both_agreed(manager):
    for side in Side:
        manager.say(side.value)


def test_what_waits_is_listed_with_since_when_and_for_whom(pair, manager, monkeypatch):
    # What happens here bears the time of day: with the desk's own day it would come from a clock that was ahead.
    monkeypatch.setattr(pair.market, "today", date.today)
    assert "没有这样的配对" in manager.get("/desk/introductions")
    pair.market.express_interest(Interest(need_id="n1", offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可"))
    assert "没有这样的配对" not in manager.get("/desk/introductions?waiting=manager&whose=free")
    assert "没有这样的配对" in manager.get("/desk/introductions?whose=mine")
    manager.step("take-up")
    mine = manager.get("/desk/introductions?whose=mine")
    assert "矿井轴流风机降噪" in mine and "征询需求方" in mine and PAIR in mine and "manager" in mine
    other = Manager(pair, "both").get("/desk/introductions?whose=mine&waiting=all")
    assert "没有这样的配对" in other


def test_a_pair_is_opened_by_its_numbers(manager, pair):
    reply = manager.client.get("/desk/pairs", params={"need": "n1", "offer": "o1"})
    assert reply.status_code == 303 and reply.headers["location"] == PAIR
    for unknown in ("/desk/pairs/n1/o9", "/desk/pairs?need=&offer="):
        assert problem(manager.get(unknown, 404))
    assert "征询需求方" in manager.get(PAIR)


def test_ids_may_hold_anything(manager, pair):
    from bot.market.records import Need

    odd = "甲/1?#%&=“x”"
    pair.market.store.save_many([Need(id=odd, title="另一条需求", description="噪声")], actor="t", publish=True)
    where = manager.send("/desk/pairs/take-up", need=odd, offer="o1")
    page = manager.get(where)
    assert "另一条需求" in page and "跟进人" in page
    assert where in manager.get("/desk/introductions?waiting=all")


def test_contacts_are_shown_only_when_asked_for_and_each_is_on_the_trail(manager, pair):
    assert PHONE not in manager.get(PAIR) and MAIL not in manager.get(PAIR) and trail(pair, "contact.seen") == []
    shown = manager.get(f"{PAIR}?contacts=1")
    assert PHONE in shown and MAIL in shown
    assert sorted(trail(pair, "contact.seen")) == ["needs:n1", "offers:o1"]


def test_what_a_side_said_is_recorded_with_who_how_scope_and_evidence(manager, pair):
    manager.say("need_owner", "asked", evidence="通话记录3")
    manager.say("need_owner", "given", scope="name", channel="written")
    asked, given = pair.market.consent_history("n1", "o1")
    assert (asked.evidence, asked.actor, given.channel.value, given.scope) == (
        "通话记录3",
        "manager",
        "written",
        ("name",),
    )
    page = manager.get(PAIR)
    assert "同意" in page and "告知单位名称" in page and "通话记录3" in page and "有效至" in page
    assert trail(pair, "consent.recorded") == ["pair:n1/o1"] * 2


def test_a_refused_answer_shows_why_and_keeps_what_was_typed(manager, pair):
    page = manager.say("offer_owner", said_by="", evidence="长话" * 3, status=400)
    assert any("谁说的" in each for each in problem(page)) and 'value="长话长话长话"' in page
    assert page.count("open") >= 1 and pair.market.consent_history("n1", "o1") == ()
    for wrong in ({"step": "maybe"}, {"channel": "fax"}, {"scope": "everything"}, {"side": "x"}):
        manager.step(
            "said",
            400,
            **{
                "side": "need_owner",
                "step": "given",
                "channel": "phone",
                "said_by": "甲",
                "scope": "name",
                "seen": "0",
                **wrong,
            },
        )
    assert pair.market.consent_history("n1", "o1") == ()


def test_a_yes_to_what_was_changed_since_is_refused(manager, pair):
    from dataclasses import replace

    seen = pair.market.consent_state("n1", "o1").changed
    pair.market.store.save(replace(pair.market.need("n1"), description="改了"), actor="t")
    page = manager.say("need_owner", seen=str(seen), status=400)
    assert any("刚刚改过" in each for each in problem(page)) and f'name="seen" value="{seen}"' in page


def test_the_joint_letter_comes_only_after_both_consents(manager, pair):
    page = manager.step("draft", 400, stage="joint", form="letter", language="zh")
    assert problem(page) and PHONE not in page
    manager.say("need_owner")
    manager.step("draft", 400, stage="joint", form="letter", language="zh")
    manager.say("offer_owner")
    assert "双方已同意，写双方引荐" in manager.get(PAIR)
    letter = manager.draft("joint")
    assert PHONE in manager.get(letter)


def test_the_way_from_asking_to_an_agreement(manager, pair):
    manager.hand_out(manager.draft("ask_need_owner"))
    assert "征询成果方" in manager.get(PAIR)
    manager.say("need_owner")
    manager.hand_out(manager.draft("ask_offer_owner"), means="post", day="2026-03-01")
    page = manager.get(PAIR)
    assert "等成果方答复" in page and "纸质函件" in page and "同意" in page
    manager.say("offer_owner")
    manager.hand_out(manager.draft("joint"), sides="both")
    page = manager.get(PAIR)
    assert "已引荐，等双方答复" in page and page.count("/desk/pairs/answered") == 2
    about = sorted({int(each.split('"')[0]) for each in page.split('name="about" value="')[1:]})
    for number in about:
        manager.step("answered", about=str(number), answer="愿意见面", day="2026-03-02")
    assert "愿意见面" in manager.get(PAIR) and "已引荐，问双方谈得怎样" in manager.get(PAIR)
    manager.step("met", day="2026-03-02", note="看了样机")
    manager.step("agreed", day="2026-03-02", note="签了意向书")
    page = manager.get(PAIR)
    assert "已谈成" in page and "签了意向书" in page
    (came,) = pair_stages(pair.market)
    assert came.stage is PairStage.AGREED and came.keeper == "manager"
    done = [each.action for each in pair.trail.newest() if each.subject == "pair:n1/o1"]
    assert {"letter.drafted", "consent.recorded", "letter.answered", "pair.met", "pair.agreed"} <= set(done)


def test_a_consent_withdrawn_closes_what_it_allowed_and_the_page_says_why(manager, pair):
    both_agreed(manager)
    letter = manager.draft("joint")
    manager.hand_out(letter, sides="both")
    assert "/desk/pairs/put-off" in manager.get(PAIR)
    manager.say("offer_owner", "withdrawn")
    page = manager.get(PAIR)
    assert "成果方已撤回" in page and "/desk/pairs/put-off" not in page and f'href="{letter}"' not in page
    assert "有一方不同意或撤回了" in page
    for path in (letter, f"{letter}/docx", f"{letter}/pdf", f"{letter}?version=1"):
        shut = manager.get(path, 404)
        assert PHONE not in shut and any("成果方已撤回" in each for each in problem(shut))
    sent = manager.hand_out(letter, 404, sides="both")
    assert PHONE not in sent and len([each for each in pair_stages(pair.market)]) == 1
    refused = manager.send(f"{letter}/save", 404, base="1", **{"kind-0": "paragraph", "part-0": "改"})
    assert PHONE not in refused
    manager.send(f"{letter}/restore", 404, base="1", number="1")


def test_a_pair_of_a_closed_record_says_why_it_is_over(manager, pair):
    manager.say("need_owner")
    pair.market.move(RecordKind.NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.WITHDRAWN)
    page = manager.get(PAIR)
    assert any("现在不能引荐" in each for each in problem(page)) and "因记录变更失效" in page
    assert "没有这样的配对" not in manager.get("/desk/introductions?waiting=over")


def test_reminders_come_are_done_and_put_off(manager, pair):
    manager.hand_out(manager.draft("ask_need_owner"), day="2026-02-01")
    page = manager.get(PAIR)
    assert any("需求方自 2026-02-01 未答" in each for each in problem(page))
    listed = manager.get("/desk/introductions")
    assert "过期未答，该催了" in listed and "2026-02-08" in listed
    about = page.split('name="about" value="')[1].split('"')[0]
    kept = manager.step("put-off", 400, about=about, until="2026-03-02")
    assert any("推后的日期不对" in each for each in problem(kept)) and 'value="2026-03-02"' in kept
    manager.step("reminded", about=about, day="2026-03-02", note="打了电话")
    page = manager.get(PAIR)
    assert "该催了" not in page and "2026-03-09 起催办" in page and "打了电话" in page
    manager.step("put-off", about=about, until="2026-04-01")
    assert "2026-04-01 起催办" in manager.get(PAIR)


@pytest.mark.parametrize("day", ["", "明天", "2026-13-01", "2026-03-03", "20260302000"])
def test_a_day_that_is_none_or_to_come_is_refused(manager, pair, day):
    page = manager.step("ended", 400, reason="no_interest", day=day, note="说过的话")
    assert problem(page) and "说过的话" in page and pair_stages(pair.market) == ()


def test_a_pair_that_came_to_nothing_says_why(manager, pair):
    manager.say("need_owner", "refused")
    manager.step("ended", 400, reason="bored", day="2026-03-02")
    manager.step("ended", reason="benefit_unclear", day="2026-03-02", note="没有预算")
    page = manager.get(PAIR)
    assert "已结束" in page and "效益不清" in page and "没有预算" in page


def test_markup_in_what_people_say_stays_words(manager, pair):
    from bot.market.consents import ConsentStep

    bad = "<script>alert(1)</script>"
    manager.say("need_owner", said_by=bad, evidence=bad)
    manager.step("ended", reason="no_interest", day="2026-03-02", note=bad)
    raw = manager.client.get(PAIR).text
    assert "<script" not in raw and "&lt;script&gt;" in raw
    assert pair.market.consent_history("n1", "o1")[0].step is ConsentStep.GIVEN
