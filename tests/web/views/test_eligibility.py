"""政策体检 in the page: every condition with its words, nothing promised."""

from __future__ import annotations

from bot.web.views.chinese import CHINESE_VIEWS
from bot.web.views.english import ENGLISH_VIEWS


def test_conditions_are_compared_with_their_words(act, parse):
    shown = parse(act("eligibility", need="缺钱", size="小微企业", region="示例区").html)
    assert CHINESE_VIEWS.eligibility_found.format(1) in shown.text and "旧办法" not in shown.text
    assert "满足小微企业" in shown.text and "最高不超过30万元" in shown.text
    assert "示例区科技创新若干措施" in shown.text and CHINESE_VIEWS.eligibility_caveat in shown.text


def test_what_was_not_told_is_not_judged(act, parse):
    text = parse(act("eligibility").html).text
    assert CHINESE_VIEWS.eligibility_found.format(2) in text and "您未填写" in text


def test_a_condition_that_is_not_met_folds_the_programme(act, parse):
    html = act("eligibility", need="缺钱", size="上市公司").html
    assert "不满足" in parse(html).text and "<details>" in html


def test_nothing_on_file_is_said_plainly(act, parse):
    assert CHINESE_VIEWS.eligibility_none in parse(act("eligibility", need="养猫").html).text


def test_the_report_is_a_file_to_print(act):
    download = act("eligibility_report", need="缺钱").download
    assert download.name.endswith(".md") and "示例攻关项目" in download.content.decode()


def test_names_stay_words(act, parse):
    assert "script" not in parse(act("eligibility").html).tags


def test_the_frame_is_english_where_asked(act, parse):
    text = parse(act("eligibility", language="en").html).text
    assert ENGLISH_VIEWS.eligibility_caveat in text and "您未填写" not in text
