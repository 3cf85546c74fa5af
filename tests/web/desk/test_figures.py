"""Figures and calendar at the desk."""

import re

from bot.market.records import Need
from tests.web.desk.test_languages import untold


def test_figures_stand_beside_their_bars_and_the_anchors(desk):
    desk.market.keep_trusted([Need(id="n1", title="示例需求", deadline="2026年12月31日")], actor="t")
    client = desk.browser("manager")
    page = client.get("/desk/figures").text
    assert "12.7%" in page and "<svg" in page and 'width="100.0"' in page
    assert untold(page) == []
    assert "最近一年" in client.get("/desk/figures?period=year").text
    assert client.get("/desk/figures?period=<script>").status_code == 200


def test_the_calendar_is_shown_and_saved_and_that_is_recorded(desk):
    desk.market.keep_trusted([Need(id="n1", title="示例<b>需求", deadline="2026年12月31日")], actor="t")
    client = desk.browser("manager")
    page = client.get("/desk/calendar").text
    (address,) = re.findall(r'href="(/desk/records[^"]*n1[^"]*)"', page)
    assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert "2026-12-31" in page and "304" in page and "示例&lt;b&gt;需求" in page and untold(page) == []
    saved = client.get("/desk/calendar.ics")
    assert (
        saved.headers["content-type"].startswith("text/calendar")
        and "attachment" in saved.headers["content-disposition"]
    )
    assert b"DTSTART;VALUE=DATE:20261231" in saved.content
    assert ("manager", "calendar.exported") in {(each.user_name, each.action) for each in desk.trail.all()}
