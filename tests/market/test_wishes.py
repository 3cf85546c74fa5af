import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.drafting import start_draft
from bot.market.wishes import is_told, recognise, sought_by
from bot.types import RecordKind


@pytest.mark.parametrize(
    "text",
    [
        "我们想找能做低温快充的技术团队",
        "寻求替代进口的密封件技术，有没有合适的团队？",
        "我们有一项散热技术想转让，找谁对接",
        "课题组研发了一种膜材料，想找企业合作产业化",
        "急需攻关高速轴承润滑，哪家院所能做？",
    ],
)
def test_a_wish_of_ones_own_is_told(text):
    assert is_told(text)


@pytest.mark.parametrize(
    "text",
    [
        "技术难题在哪里发榜？",
        "我们厂想跟大学一块儿搞研发，能给多少钱？",
        "做机器人的企业可以找哪家院所合作？",
        "联盟去年发布了多少需求？",
        "集市建好了没有，我想发布需求",
        "人才公寓怎么申请",
        "你好",
        "",
    ],
)
def test_a_question_is_no_wish(text):
    assert not is_told(text)


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("想找能做膜材料的团队", RecordKind.OFFER),
        ("我们有一项散热技术，可以转让", RecordKind.NEED),
        ("今天天气", None),
    ],
)
def test_a_need_looks_for_offers_and_an_offer_for_needs(text, sought):
    assert sought_by(text) is sought


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("我们有一项机器人检测技术想转让，找谁对接", "机器人检测技术"),
        ("我校有一种可降解地膜配方希望对外许可", "可降解地膜配方"),
        ("课题组研发了一种膜材料，想找企业合作产业化", "膜材料"),
    ],
)
def test_what_an_owner_wants_is_no_part_of_the_name(text, title):
    assert start_draft(text).value("title") == title


@pytest.mark.parametrize(
    "told",
    [
        "想找会修古籍的团队，电话13912345678",
        "想找会修古籍的团队，邮箱：a.b@example.com。",
        "联系电话 13912345678，想找会修古籍的团队",
    ],
)
def test_nothing_is_left_of_a_clause_that_only_told_how_to_reach_somebody(told):
    draft = start_draft(told * 2)
    text = "".join(value.text for value in draft.values)
    assert "略〕" not in text and "电话" not in text and "邮箱" not in text and not draft.contact.empty


@given(st.text(max_size=200))
def test_any_text_is_read_without_fail(text):
    assert recognise(text) in (None, RecordKind.NEED, RecordKind.OFFER)
    assert is_told(text) in (True, False)
    draft = start_draft(text, RecordKind.NEED)
    assert draft.value("title") in text or draft.value("title") == ""
